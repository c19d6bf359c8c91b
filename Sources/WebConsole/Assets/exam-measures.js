// Measurements of the step, calipers, takes and the marks of reflux.

import { paths, post } from "./api.js";
import { kinds } from "./calipers.js";
import { button, filler, h, setAttribute } from "./dom.js";
import { fullShift, notMeasured } from "./pieces.js";
import { view } from "./view.js";
import { named, number, quantity, t } from "./words.js";

const statusSigns = { notMeasured: "–", notAssessable: "?", nothingFound: "0" };

export class Measures {
  constructor(screen) {
    this.screen = screen;
    this.marks = new Map();
    this.now = h("dl", { class: "readings now", "aria-label": t("measures.now") });
    this.values = h("dl", { class: "readings" });
    this.tools = h("div", { class: "tools", role: "group", "aria-label": t("caliper.title") },
      kinds.map((kind) => button(t(`caliper.${kind}`), null, () => screen.caliper(screen.calipers.kind === kind ? null : kind),
        { class: "small tool", "aria-pressed": "false", "data-kind": kind })), h("kbd", { "aria-hidden": "true" }, "C"));
    this.readings = h("dl", { class: "readings", "aria-live": "polite" });
    this.takes = h("div", { class: "takes" });
    this.fillValues = filler(this.values);
    this.fillTakes = filler(this.takes);
    this.fillReadings = filler(this.readings);
    this.root = h("section", { class: "measures", tabindex: "0", "aria-label": t("measures.title") },
      h("h2", {}, t("measures.title")), this.now, this.values, this.takes, h("h2", {}, t("caliper.title")), this.tools, this.readings);
  }

  update(exam) {
    this.exam = exam;
    if (exam.step !== this.step) {
      this.step = exam.step;
      this.marks.clear();
    }
    const values = Array.isArray(exam.measurements) ? exam.measurements : [];
    this.fillValues(values, () => values.map((value) => reading(value)));
    this.showTakes();
  }

  /** The take that is looked at: the last one. */
  get take() { return this.exam?.takes?.[this.exam.takes.length - 1] ?? null; }

  marksOf(take) {
    if (!take) return [];
    const key = `${this.step}/${take.take}`;
    if (!this.marks.has(key)) {
      this.marks.set(key, (take.refluxes ?? []).map((one) => ({
        startSeconds: one.startSeconds, endSeconds: one.endSeconds, state: "proposed",
        proposed: { startSeconds: one.startSeconds, endSeconds: one.endSeconds }, peakCmPerS: one.peakCmPerS ?? null,
      })));
    }
    return this.marks.get(key);
  }

  /** What is drawn over the spectrum: only while the take that it belongs to is what is seen. */
  get stretches() {
    const phase = this.exam?.phase;
    if (phase !== "reviewing") return [];
    return this.marksOf(this.take).map((mark, index) => ({ ...mark, label: String(index + 1) }));
  }

  showTakes() {
    const { exam } = this;
    const takes = exam.takes ?? [];
    const isReviewing = exam.phase === "reviewing";
    const marks = isReviewing ? this.marksOf(this.take) : [];
    const changed = this.fillTakes([takes, isReviewing, marks, this.screen.app.isOperating], () => [
      takes.length > 0 ? h("h3", {}, t("takes.title")) : null,
      h("ul", { class: "take-list" }, takes.map((take) => h("li", { class: take.isComplete ? "whole" : "partial" },
        h("strong", {}, `${take.isComplete ? "✓" : "◔"} ${t("takes.take", { n: number(take.take) })}`), " ",
        take.signalDb === null || take.signalDb === undefined ? h("span", { class: "status-notMeasured" }, t("status.notMeasured"))
          : h("span", {}, quantity(take.signalDb, 0, "dB")),
        take.reachesLeastSignal === false ? h("span", { class: "warn" }, ` ⚠ ${t("takes.weak")}`) : null,
        take.words ? h("p", {}, take.words) : null))),
      isReviewing ? this.markList(marks) : null,
    ]);
    if (changed) this.screen.isStale = true;
  }

  markList(marks) {
    const rows = marks.map((mark, index) => this.markRow(mark, index));
    return h("section", { class: "marks", "aria-label": t("mark.title") }, h("h3", {}, t("mark.title")),
      marks.length === 0 ? h("p", { class: "status-nothingFound" }, t("mark.none")) : null, rows,
      button(t("trace.correct"), "E", () => this.screen.nextTrace(), { class: "small", "data-at": "trace" }),
      button(t("mark.add"), "M", () => this.addMark(this.screen.markSeconds), { class: "small", "data-at": "mark-add" }));
  }

  markRow(mark, index) {
    const change = (values) => {
      Object.assign(mark, values);
      this.showTakes();
    };
    const time = (name) => h("input", {
      type: "number", step: "0.01", min: "0", value: mark[name].toFixed(2), "data-at": `mark-${index}-${name}`,
      "aria-label": t(`mark.${name}`, { n: index + 1 }),
      onchange: (event) => {
        const value = Number(event.target.value);
        if (!Number.isFinite(value) || value < 0) return;
        change({ [name]: value, state: mark.proposed ? "moved" : "added" });
      },
    });
    const set = (state, words, sign) => h("button", {
      type: "button", class: "button small", "aria-pressed": mark.state === state ? "true" : "false", "data-at": `mark-${index}-${state}`,
      "aria-label": `${words} ${index + 1}`, onclick: () => change({ state, ...(state === "accepted" ? mark.proposed : {}) }),
    }, sign);
    const long = Math.max(0, mark.endSeconds - mark.startSeconds);
    return h("div", { class: `mark mark-${mark.state}`, role: "group", "aria-label": `${t("mark.one")} ${index + 1}` },
      h("strong", {}, `${index + 1} ${t(`mark.${mark.state}`)}`),
      h("span", {}, quantity(long, 2, "s"), mark.peakCmPerS === null || mark.peakCmPerS === undefined ? "" : ` · ${quantity(mark.peakCmPerS, 0, "cm/s")}`),
      h("div", { class: "row" }, time("startSeconds"), "–", time("endSeconds"), "s",
        mark.proposed ? set("accepted", t("mark.accept"), "✓") : null, set("rejected", t("mark.reject"), "✕")),
      mark.state === "moved" ? h("p", { class: "help" }, t("mark.keptBoth", {
        start: number(mark.proposed.startSeconds, 2), end: number(mark.proposed.endSeconds, 2),
      })) : null);
  }

  addMark(seconds) {
    const start = Math.max(0, seconds - 0.5);
    this.marksOf(this.take).push({ startSeconds: start, endSeconds: start + 1, state: "added", proposed: null, peakCmPerS: null });
    this.showTakes();
  }

  /** Hands the operator's marks over, beside those of the analyser. True when there is nothing to be asked again. */
  async keepMarks() {
    const take = this.take;
    const marks = this.marksOf(take).filter((mark) => mark.state !== "proposed");
    if (marks.length === 0 || !take?.recordingID) return true;
    const sent = marks.map(({ startSeconds, endSeconds, state, proposed }) => ({ startSeconds, endSeconds, state, proposed }));
    const answer = await this.screen.app.attempt(async () => {
      await post(paths.marks(this.exam.examID), { recordingID: take.recordingID, marks: sent });
      return true;
    });
    return answer === true;
  }

  /** What the newest column shows. */
  live(slot, nyquist) {
    const { cine } = this.screen;
    const value = (values) => (slot < 0 || values[slot] === notMeasured || !(nyquist > 0) ? null : (values[slot] / fullShift) * nyquist);
    const rows = slot < 0 ? [] : [["mean", cine.mean, ""], ["towards", cine.towards, "▲"], ["away", cine.away, "▼"]];
    this.fillNow ??= filler(this.now);
    const facts = rows.map(([name, values, arrow]) => [name, value(values), arrow]);
    this.fillNow(facts.map(([name, speed]) => [name, speed === null ? null : Math.round(speed)]), () => facts.map(([name, speed, arrow]) =>
      h("div", {}, h("dt", {}, `${arrow} ${t(`measures.${name}`)}`.trim()), speed === null
        ? h("dd", { class: "status-notMeasured" }, t("status.notMeasured"))
        : h("dd", {}, `${speed > 0 ? "+" : ""}${quantity(speed, 0, "cm/s")}`))));
  }

  showTools() {
    for (const tool of this.tools.querySelectorAll("[data-kind]")) {
      setAttribute(tool, "aria-pressed", tool.dataset.kind === this.screen.calipers.kind ? "true" : "false");
    }
    this.showReadings();
  }

  showReadings() {
    const { trace, calipers } = this.screen;
    const rows = trace.isOpen ? trace.readings(this.exam?.scale?.nyquistCmPerS) : calipers.readings(this.exam?.scale, view.inverted);
    const changed = this.fillReadings(rows, () => rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
    if (changed && trace.isOpen) this.readings.scrollIntoView({ block: "nearest" });
  }
}

/** A measurement: not measured, not assessable and nothing found each have their own words and look. */
export function reading({ id, value, unit, status, words }) {
  const name = named("measure", id);
  if (id === "direction" && status === "measured") return h("div", {}, h("dt", {}, name), h("dd", {}, named("direction", words)));
  if (status !== "measured") {
    return h("div", {}, h("dt", {}, name), h("dd", { class: `status-${status}` },
      h("span", { "aria-hidden": "true" }, `${statusSigns[status] ?? "·"} `), words ?? t(`status.${status}`)));
  }
  const decimals = Math.abs(value) < 10 ? 1 : 0;
  const text = value === null || value === undefined ? words : quantity(value, decimals, unit ?? "");
  return h("div", {}, h("dt", {}, name), h("dd", {}, text ?? ""));
}

