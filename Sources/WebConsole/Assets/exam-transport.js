// The bar below: live and freeze, looking back, marks, record and save, and the sound.

import { button, h, setAttribute, setText } from "./dom.js";
import { change, view, watch } from "./view.js";
import { number, quantity, t } from "./words.js";

const watched = new Set();
watch(() => watched.forEach((bar) => bar.showSound()));

/** What Space does and what Enter does, in each phase: the act, and the key of its words. */
const space = { ready: "live", frozen: "live", live: "freeze", recording: "stop" };
const enter = { ready: ["record", "record"], live: ["record", "record"], frozen: ["record", "record"], recording: ["stop", "stop"], reviewing: ["accept", "accept"] };

/** While an area is measured or a lumen looked at the picture may run, too. */
function spaceAct(exam) {
  if (exam.phase === "measuring" || exam.phase === "inspecting") return exam.isTransmitting ? "freeze" : "live";
  return space[exam.phase] ?? null;
}

export class Transport {
  constructor(screen) {
    this.screen = screen;
    const { app } = screen;
    this.freezeButton = button(t("transport.live"), "␣", () => this.freeze(), { class: "big", id: "freeze" });
    this.primaryButton = button(t("transport.record"), "↵", () => this.primary(), { class: "big primary", id: "primary" });
    this.repeatButton = button(t("transport.repeat"), "⌫", () => this.repeat(), { hidden: true, id: "repeat" });
    this.markButton = button(t("transport.mark"), "M", () => this.mark(), { id: "mark" });
    this.valsalvaButton = button(t("transport.valsalva"), "V", () => this.valsalva(), { id: "valsalva" });
    this.slider = h("input", {
      type: "range", min: "0", max: "30", step: "0.1", value: "30", "aria-label": t("transport.cine"), class: "cine-slider",
      oninput: () => screen.lookBack(Number(this.slider.max) - Number(this.slider.value)),
    });
    this.cineWords = h("output", { class: "cine-words" });
    this.progress = h("progress", { max: "1", value: "0", "aria-label": t("transport.recorded"), hidden: true });
    this.volume = h("input", {
      type: "range", min: "0", max: "100", step: "5", "aria-label": t("sound.volume"), class: "volume",
      oninput: () => change({ volume: Number(this.volume.value) / 100, muted: false }),
    });
    this.mute = button(t("sound.mute"), "Q", () => change({ muted: !view.muted }), { class: "small", "aria-pressed": "false" });
    this.swap = button("", "X", () => change({ swapped: !view.swapped }), { class: "small swap", "aria-pressed": "false" });
    this.root = h("section", { class: "transport", "aria-label": t("transport.title") },
      h("div", { class: "row" }, this.freezeButton, this.primaryButton, this.repeatButton, this.markButton, this.valsalvaButton),
      h("div", { class: "cine" }, this.progress, this.slider, this.cineWords),
      h("div", { class: "row sound", role: "group", "aria-label": t("sound.title") }, this.volume, this.mute, this.swap));
    watched.clear();
    watched.add(this);
    this.showSound();
    this.cineTimer = setInterval(() => this.showCine(), 200);
    this.app = app;
  }

  end() { clearInterval(this.cineTimer); }

  update(exam) {
    this.exam = exam;
    const { phase } = exam;
    const mayAct = this.app.isOperating;
    const act = spaceAct(exam);
    setText(this.freezeButton.firstChild, t(`transport.${act ?? "freeze"}`));
    this.freezeButton.disabled = !mayAct || !act;
    setText(this.primaryButton.firstChild, t(`transport.${this.primaryWords(phase)}`));
    this.primaryButton.disabled = !mayAct || !(phase in enter || ["resting", "measuring", "inspecting", "ended"].includes(phase));
    this.repeatButton.hidden = phase !== "reviewing";
    this.repeatButton.disabled = !mayAct;
    this.markButton.disabled = !mayAct || !["recording", "reviewing"].includes(phase);
    this.valsalvaButton.disabled = !mayAct || !["live", "recording"].includes(phase);
    setAttribute(this.root, "data-phase", phase);
    this.progress.hidden = phase !== "recording";
    if (phase === "recording") {
      this.progress.value = exam.plannedSeconds > 0 ? Math.min(1, (exam.recordedSeconds ?? 0) / exam.plannedSeconds) : 0;
    }
    this.showCine();
  }

  primaryWords(phase) {
    return { resting: "rested", measuring: "saveArea", inspecting: "saveLumen", ended: "review" }[phase] ?? enter[phase]?.[1] ?? "record";
  }

  showCine() {
    const { cine, isLive, backSeconds } = this.screen;
    const kept = cine.endSeconds - cine.startSeconds;
    const span = Math.max(0, kept - view.sweepSeconds);
    this.slider.hidden = this.exam?.phase === "recording";
    this.slider.disabled = isLive || span <= 0;
    setAttribute(this.slider, "max", span.toFixed(1));
    const value = (span - backSeconds).toFixed(1);
    if (document.activeElement !== this.slider || isLive) this.slider.value = value;
    const words = this.exam?.phase === "recording"
      ? `● ${quantity(this.exam.recordedSeconds ?? 0, 0, "s")} / ${quantity(this.exam.plannedSeconds ?? 0, 0, "s")}`
      : isLive ? `${t("transport.kept")} ${quantity(kept, 0, "s")}`
        : cine.isEmpty ? t("transport.empty") : `❄ −${number(backSeconds, 1)}\u202fs / ${quantity(kept, 0, "s")}`;
    setText(this.cineWords, words);
    setAttribute(this.slider, "aria-valuetext", words);
  }

  showSound() {
    this.volume.value = String(Math.round(view.volume * 100));
    setAttribute(this.mute, "aria-pressed", view.muted ? "true" : "false");
    setText(this.mute.firstChild, view.muted ? `∅ ${t("sound.muted")}` : `♪ ${t("sound.mute")}`);
    setText(this.swap.firstChild, view.swapped ? `L ▼ · R ▲` : `L ▲ · R ▼`);
    setAttribute(this.swap, "aria-pressed", view.swapped ? "true" : "false");
    setAttribute(this.swap, "aria-label", view.swapped ? t("sound.swapped") : t("sound.straight"));
  }

  // Acts.

  freeze() {
    const act = this.exam && spaceAct(this.exam);
    if (act && this.app.isOperating) this.app.act(act);
  }

  async primary() {
    if (!this.exam || !this.app.isOperating || this.isBusy) return;
    if (this.screen.task.enter()) return;
    const act = enter[this.exam.phase];
    if (!act) return;
    this.isBusy = true;
    try {
      if (act[0] === "accept") {
        if (await this.screen.measures.keepMarks()) await this.app.act("accept", { take: this.screen.measures.take?.take ?? null });
      } else await this.app.act(act[0]);
    } finally {
      this.isBusy = false;
    }
  }

  repeat() {
    if (this.exam?.phase === "reviewing" && this.app.isOperating) this.app.act("repeat");
  }

  mark() {
    if (this.exam?.phase === "reviewing") this.screen.measures.addMark(this.screen.markSeconds);
    else if (this.exam?.phase === "recording") this.app.act("mark", { seconds: this.screen.markSeconds, label: "mark" });
  }

  valsalva() {
    if (!this.screen.isLive) return;
    this.screen.task.startValsalva();
    this.app.act("valsalva");
  }
}
