// The line above the exam: who, where, from which source, how much was lost, and what is transmitted.

import { h, setAttribute, setText } from "./dom.js";
import { clock, named, number, personWords, t, veinWords } from "./words.js";

const cells = ["patient", "posture", "side", "vein", "source", "losses", "output", "transmit"];

export class TopLine {
  constructor(screen) {
    this.screen = screen;
    this.values = {};
    this.root = h("dl", { class: "top-line", "aria-label": t("top.title") }, cells.map((name) => {
      this.values[name] = h("dd", {});
      return h("div", { class: `cell cell-${name}` }, h("dt", {}, t(`top.${name}`)), this.values[name]);
    }));
  }

  update(exam) {
    const step = exam.steps?.find((one) => one.number === exam.step);
    const place = step ?? exam.area ?? exam.lumen;
    setText(this.values.patient, exam.name ? `${exam.subjectCode} · ${personWords(exam.name)}` : exam.subjectCode);
    setText(this.values.posture, `${postureSign(exam.posture ?? place?.posture)} ${named("posture", exam.posture ?? place?.posture) || "–"}`);
    setText(this.values.side, place?.side ? sideWords(place.side) : "–");
    setText(this.values.vein, step ? veinWords(step) : place?.level ? `${t("vein.internalJugular")} ${place.level.toUpperCase()}` : "–");
    setText(this.values.source, exam.origin?.device ?? exam.origin?.specifier ?? "–");
    this.values.source.title = exam.origin?.specifier ?? "";
    this.losses = exam.losses;
    this.showLosses();
    setText(this.values.output, outputWords(exam));
    setText(this.values.transmit, `${screenIsTransmitting(exam) ? "◉ " : ""}${clock(exam.transmitSeconds ?? 0)}`);
    setAttribute(this.values.transmit, "data-state", screenIsTransmitting(exam) ? "on" : null);
    setAttribute(this.values.transmit, "aria-label", screenIsTransmitting(exam) ? `${t("top.transmits")} ${clock(exam.transmitSeconds ?? 0)}` : null);
  }

  missed(pieces) {
    this.screenMissed = pieces;
    this.showLosses();
  }

  showLosses() {
    const losses = this.losses;
    const total = losses ? ["probe", "link", "ring"].reduce((sum, name) => sum + (losses[name] ?? 0), 0) : null;
    const seen = losses?.screen ?? 0;
    const words = total === null ? t("status.notMeasured") : total === 0 ? t("top.noLosses") : t("top.lost", { n: number(total) });
    setText(this.values.losses, seen > 0 || this.screenMissed ? `${words} (${t("top.screenLost", { n: this.screenMissed ?? number(seen) })})` : words);
    setAttribute(this.values.losses, "data-state", total > 0 ? "bad" : null);
    if (losses) {
      this.values.losses.title = ["probe", "link", "ring", "screen"].map((name) => `${t(`loss.${name}`)}: ${number(losses[name])}`).join("\n");
    }
  }
}

const screenIsTransmitting = (exam) => exam.isTransmitting ?? ["live", "recording"].includes(exam.phase);

/** Left and right as the patient's sides, with an arrow as they are seen from the front. */
export function sideWords(side) { return side === "left" ? `${t("side.left")} ▶` : `◀ ${t("side.right")}`; }

export function postureSign(posture) { return posture === "sitting" ? "⟂" : posture === "supine" ? "▬" : ""; }

/** The indices as they are declared, or that none is known; nothing is computed here. */
function outputWords(exam) {
  const { mechanicalIndex: mi, thermalIndex: ti } = exam.acoustic ?? {};
  const has = (value) => value !== null && value !== undefined;
  if (!has(mi) && !has(ti)) return exam.isSimulated ? t("top.noOutput") : t("top.notAvailable");
  return [["MI", mi], ["TI", ti]].map(([name, value]) => `${name} ${has(value) ? number(value, 1) : t("top.notAvailable")}`).join("  ");
}
