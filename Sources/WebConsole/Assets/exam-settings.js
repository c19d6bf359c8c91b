// Settings at the right: first those of the probe, which the server keeps, then those of the picture.

import { moveBaseline } from "./exam-keys.js";
import { paths, post } from "./api.js";
import { h, setAttribute, setText } from "./dom.js";
import { maps } from "./maps.js";
import { change, envelopes, gains, next, ranges, sweepsSeconds, view, watch } from "./view.js";
import { number, quantity, t } from "./words.js";

/** What may be asked of the probe: name, key, step, decimals, unit. */
const probe = [
  ["gateDepthMm", "↑↓", 1, 1, "mm"], ["gateLengthMm", "⇧↑↓", 0.5, 1, "mm"], ["prfHz", "Pg↑↓", 500, 0, "Hz"],
  ["wallFilterHz", "F", 10, 0, "Hz"], ["insonationAngleDegrees", "A", 1, 0, "°"], ["gate", "G", 1, 0, ""],
  ["transmitLevelPerMille", "", 50, 0, "‰"], ["receiveGainDb", "", 1, 0, "dB"], ["centreFrequencyHz", "", 0, 2, "MHz"],
];
/** Above this angle the error of an angle is no longer small (general vascular practice). */
const steepDegrees = 60;
const watched = new Set();
watch(() => watched.forEach((settings) => settings.showPicture()));

export class Settings {
  constructor(screen) {
    this.screen = screen;
    this.rows = {};
    this.angleLine = h("p", { class: "angle-line" });
    this.root = h("section", { class: "settings", "aria-label": t("settings.title") },
      h("div", { class: "probe-settings" }, h("h2", {}, t("settings.probe")), probe.map((row) => this.probeRow(...row)), this.angleLine),
      h("h2", {}, t("settings.picture")), this.pictureRows());
    this.root.addEventListener("keydown", (event) => this.arrow(event));
    watched.clear();
    watched.add(this);
    this.showPicture();
  }

  /** While a setting has the focus, the arrows up and down change it. */
  arrow(event) {
    const name = event.target.closest("[data-setting]")?.dataset.setting;
    const end = { ArrowUp: "plus", ArrowDown: "minus" }[event.key];
    if (!name || !end) return;
    event.preventDefault();
    event.stopPropagation();
    this.rows[name][end].click();
  }

  row(name, key, less, more, label) {
    const value = h("output", { class: "value" });
    const minus = h("button", { type: "button", class: "step-button", "aria-label": t("settings.less", { what: label }), onclick: less }, "−");
    const plus = h("button", { type: "button", class: "step-button", "aria-label": t("settings.more", { what: label }), onclick: more }, "+");
    const root = h("div", { class: "setting", role: "group", "aria-label": label, "data-setting": name },
      h("span", { class: "label" }, label, key ? h("kbd", { "aria-hidden": "true" }, key) : null), value, minus, plus);
    this.rows[name] = { root, value, minus, plus };
    return root;
  }

  probeRow(name, key) {
    return this.row(name, key, () => this.step(name, -1), () => this.step(name, 1), t(`settings.${name}`));
  }

  pictureRows() {
    const label = (name) => t(`settings.${name}`);
    const rows = [
      this.row("gainDb", "+ −", () => this.gain(-1), () => this.gain(1), label("gainDb")),
      this.row("rangeDb", "[ ]", () => this.range(-1), () => this.range(1), label("rangeDb")),
      this.row("baseline", "← →", () => moveBaseline(-1), () => moveBaseline(1), label("baseline")),
      this.row("inverted", "I", () => change({ inverted: false }), () => change({ inverted: true }), label("inverted")),
      this.row("sweepSeconds", "W", () => change({ sweepSeconds: next(sweepsSeconds, view.sweepSeconds, -1) }),
        () => change({ sweepSeconds: next(sweepsSeconds, view.sweepSeconds) }), label("sweepSeconds")),
      this.row("envelope", "T", () => change({ envelope: next(envelopes, view.envelope, -1) }),
        () => change({ envelope: next(envelopes, view.envelope) }), label("envelope")),
      this.row("map", "D", () => change({ map: next(maps, view.map, -1) }), () => change({ map: next(maps, view.map) }), label("map")),
    ];
    return rows;
  }

  gain(by) { change({ gainDb: Math.min(gains.most, Math.max(gains.least, view.gainDb + by)) }); }
  range(by) { change({ rangeDb: ranges[Math.min(ranges.length - 1, Math.max(0, ranges.indexOf(view.rangeDb) + by))] }); }

  showPicture() {
    const { rows } = this;
    setText(rows.gainDb.value, `${view.gainDb > 0 ? "+" : ""}${quantity(view.gainDb, 0, "dB")}`);
    setText(rows.rangeDb.value, quantity(view.rangeDb, 0, "dB"));
    setText(rows.baseline.value, view.baseline === 0 ? t("settings.middle") : `${view.baseline > 0 ? "▲ " : "▼ "}${quantity(Math.abs(view.baseline) * 100, 0, "%")}`);
    setText(rows.inverted.value, view.inverted ? `⇅ ${t("yes")}` : t("no"));
    setAttribute(rows.inverted.root, "data-on", view.inverted ? "yes" : null);
    setText(rows.sweepSeconds.value, quantity(view.sweepSeconds, 1, "s"));
    setText(rows.envelope.value, t(`envelope.${view.envelope}`));
    setText(rows.map.value, t(`map.${view.map}`));
  }

  update(exam) {
    const settings = exam.settings ?? {};
    for (const [name, , , decimals, unit] of probe) {
      const row = this.rows[name];
      const value = settings[name];
      const isShown = value !== undefined && value !== null && !(name === "gate" && (settings.gates ?? 1) < 2);
      row.root.hidden = !isShown;
      if (!isShown) continue;
      setText(row.value, valueWords(name, value, decimals, unit, exam));
      const mayChange = Boolean(limitsOf(settings, name)) && this.screen.app.isOperating;
      row.minus.hidden = row.plus.hidden = !mayChange;
      row.root.classList.toggle("fixed", !mayChange);
    }
    this.showAngle(exam);
  }

  showAngle(exam) {
    const angle = exam.settings?.insonationAngleDegrees;
    const error = exam.scale?.angleErrorPercentPer3Degrees;
    const largest = exam.settings?.largestAngleDegrees ?? steepDegrees;
    const isSteep = angle > Math.min(steepDegrees, largest);
    const words = error === undefined || error === null ? "" : t("settings.angleError", { percent: number(error, error < 10 ? 1 : 0) });
    setText(this.angleLine, isSteep ? `⚠ ${t("settings.steep", { degrees: number(Math.min(steepDegrees, largest)) })} ${words}` : words);
    setAttribute(this.angleLine, "data-state", isSteep ? "warn" : null);
  }

  /** The next value that the limits allow; `isRound` begins again at the other end. */
  following(name, by, isRound) {
    const settings = this.screen.exam?.settings ?? {};
    const limits = limitsOf(settings, name);
    const value = settings[name];
    if (!limits || value === undefined) return null;
    if (Array.isArray(limits.values) && limits.values.length > 0) {
      const values = [...limits.values].sort((a, b) => a - b);
      const at = by > 0 ? values.findIndex((one) => one > value + 1e-9) : values.findLastIndex((one) => one < value - 1e-9);
      if (at >= 0) return values[at];
      return isRound ? values[by > 0 ? 0 : values.length - 1] : null;
    }
    if (name === "prfHz" || name === "wallFilterHz") return stepped(name, value, by, limits, isRound);
    const step = limits.step ?? probe.find(([one]) => one === name)?.[2] ?? 1;
    if (step === 0) return null;
    const wanted = Math.round((value + by * step) / step) * step;
    if (wanted > limits.most + 1e-9) return isRound ? limits.least : value < limits.most ? limits.most : null;
    if (wanted < limits.least - 1e-9) return isRound ? limits.most : value > limits.least ? limits.least : null;
    return wanted;
  }

  step(name, by, isRound = false) {
    const value = this.following(name, by, isRound);
    if (value === null) {
      this.screen.app.say(t("settings.limit", { what: t(`settings.${name}`) }));
      return;
    }
    this.send({ [name]: value });
  }

  /** Sends changes one after the other, the newest wish of each setting only. */
  async send(values) {
    this.wanted = { ...this.wanted, ...values };
    const exam = this.screen.exam;
    if (exam?.settings) {
      Object.assign(exam.settings, values);
      this.update(exam);
    }
    if (this.isSending) return;
    this.isSending = true;
    while (Object.keys(this.wanted).length > 0) {
      const now = this.wanted;
      this.wanted = {};
      const answer = await this.screen.app.attempt(() => post(paths.settings, now));
      const inForce = answer?.settings ?? answer;
      if (inForce && this.screen.exam?.settings && Object.keys(this.wanted).length === 0) {
        Object.assign(this.screen.exam.settings, inForce);
        this.update(this.screen.exam);
      }
    }
    this.isSending = false;
    this.screen.isStale = true;
  }

  focusOn(name) {
    const row = this.rows[name];
    if (!row.plus.hidden) row.plus.focus();
  }
}

/** What the server lets be changed; the gate is one of those that a live scan has. */
function limitsOf(settings, name) {
  if (name === "gate") return settings.gates > 1 ? { least: 0, most: settings.gates - 1 } : null;
  if (name === "centreFrequencyHz") return null;
  return settings.limits?.[name] ?? null;
}

/** Scale and filter go in the steps of a dial, within the limits. */
const dials = {
  prfHz: [500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 8000, 10000, 12000, 16000, 20000],
  wallFilterHz: [0, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 125, 150, 200, 250, 300, 400, 600, 800, 1200, 1600],
};

function stepped(name, value, by, limits, isRound) {
  const values = dials[name].filter((one) => one >= limits.least && one <= limits.most);
  const found = by > 0 ? values.find((one) => one > value + 1e-9) : values.findLast((one) => one < value - 1e-9);
  if (found !== undefined) return found;
  return isRound && values.length > 0 ? values[by > 0 ? 0 : values.length - 1] : null;
}

function valueWords(name, value, decimals, unit, exam) {
  if (name === "centreFrequencyHz") return `${quantity(value / 1e6, decimals, unit)} · ${quantity(exam.settings.prfHz / 1000, 2, "kHz")}`;
  if (name === "wallFilterHz" && exam.scale?.wallFilterCmPerS !== undefined) {
    return `${quantity(value, decimals, unit)} · ${quantity(exam.scale.wallFilterCmPerS, 1, "cm/s")}`;
  }
  if (name === "prfHz" && exam.scale?.nyquistCmPerS !== undefined) {
    return `±${quantity(exam.scale.nyquistCmPerS, 0, "cm/s")}`;
  }
  if (name === "transmitLevelPerMille") return quantity(value / 10, 0, "%");
  if (name === "gate") return `${number(value + 1)}/${number(exam.settings.gates)}`;
  return unit === "°" ? `${number(value, decimals)}°` : quantity(value, decimals, unit);
}
