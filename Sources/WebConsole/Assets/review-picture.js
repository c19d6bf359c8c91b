// The picture that shows a finding: a whole recording, drawn as the live spectrum is.

import { bytes, paths } from "./api.js";
import { Axes } from "./axes.js";
import { Cine } from "./cine.js";
import { button, filler, h, setAttribute, setText } from "./dom.js";
import { HandTrace, sides } from "./hand-trace.js";
import { piece } from "./pieces.js";
import { Spectrum } from "./spectrum.js";
import { watch } from "./view.js";
import { named, number, quantity, t } from "./words.js";

const watched = new Set();
watch(() => watched.forEach((picture) => picture.draw()));

/** The kept seconds of a recording in the review: all of it, within reason. */
class WholeCine extends Cine {
  begin(found) {
    super.begin(found);
    if (found.count <= this.capacity) return;
    const { noise, floorDb, settled } = this;
    this.capacity = Math.min(found.count, 60000);
    for (const name of ["mean", "towards", "away"]) this[name] = new Int16Array(this.capacity);
    this.flags = new Uint16Array(this.capacity);
    this.power = new Uint8Array(this.capacity * this.bins);
    this.at = new Float64Array(this.capacity).fill(-1);
    Object.assign(this, { noise, floorDb, settled });
  }
}

export class ReviewPicture {
  constructor(screen) {
    this.screen = screen;
    this.cine = new WholeCine();
    this.title = h("h3", { class: "picture-title" }, t("review.pictureNone"));
    this.words = h("p", { class: "help picture-words" });
    this.plot = h("canvas", { class: "plot", "aria-hidden": "true" });
    this.axesCanvas = h("canvas", { class: "axes", role: "img", "aria-label": t("spectrum.title") });
    this.spectrum = new Spectrum(this.plot, this.cine, true);
    this.axes = new Axes(this.axesCanvas);
    this.box = h("div", { class: "spectrum" }, this.plot, this.axesCanvas);
    this.earlier = button(t("review.earlier"), "‹", () => this.move(-0.5), { class: "small" });
    this.later = button(t("review.later"), "›", () => this.move(0.5), { class: "small" });
    this.all = button(t("review.all"), null, () => this.whole(), { class: "small" });
    this.near = button(t("review.near"), null, () => this.span(5), { class: "small" });
    this.trace = new HandTrace(this.cine);
    this.hand = sides.map((side) => button(t(`trace.${side}`), side === sides[0] ? "E" : null, () => this.correct(side),
      { class: "small", "aria-pressed": "false", "data-side": side }));
    this.keepButton = button(t("trace.keep"), "↵", () => this.keep(), { class: "small primary" });
    this.readings = h("dl", { class: "readings trace-readings", "aria-live": "polite" });
    this.fillReadings = filler(this.readings);
    this.root = h("figure", { class: "review-picture" }, h("figcaption", {}, this.title, this.words), this.box, h("div", { class: "row wrap" }, this.earlier, this.later, this.near, this.all, this.hand, this.keepButton), this.readings);
    this.pointers();
    watched.clear();
    watched.add(this);
    new ResizeObserver(() => this.draw()).observe(this.box);
  }

  place(where) {
    if (!where) return;
    where.replaceChildren(this.root);
    const first = this.screen.definition?.criteria.flatMap((one) => one.evidence ?? [])[0] ?? this.screen.review.exam.recordings?.[0]?.recordingID;
    const isOther = this.examID !== this.screen.review.exam.examID;
    if (isOther) this.trace.forget();
    else this.know();
    if (isOther && first) this.show(first);
    else this.draw();
  }

  async show(id) {
    const { exam } = this.screen.review;
    this.examID = exam.examID;
    this.recording = this.screen.recording(id);
    setText(this.title, this.screen.recordingWords(id));
    const buffer = await this.screen.app.attempt(() => bytes(paths.columns(exam.examID, id)));
    const found = buffer ? piece(buffer) : null;
    this.cine.clear();
    if (found?.kind === "columns") this.cine.take(found);
    this.trace.begin(null);
    this.know();
    this.whole();
    setText(this.words, this.factWords());
    this.axesCanvas.setAttribute("aria-label", `${t("spectrum.title")}. ${this.title.textContent}. ${this.words.textContent}`);
  }

  /** Takes the marks and the corrections that the archive has of this recording. */
  know() {
    const id = this.recording?.recordingID;
    this.marks = this.screen.review.marks?.find((one) => one.recordingID === id);
    this.trace.know(id, this.marks?.traces, this.nyquist);
  }

  get nyquist() { return this.recording?.nyquistVelocityCmPerS; }
  get mayCorrect() { return this.nyquist > 0 && this.screen.review?.state !== "signed" && this.screen.app.isOperating; }

  /** Opens the correction of one side, or leaves it. */
  correct(side) {
    if (!this.mayCorrect || this.cine.isEmpty) return;
    this.trace.begin(this.trace.side === side ? null : side, this.recording.recordingID, this.spectrum.plot);
    document.getElementById("main").focus({ preventScroll: true });
    this.screen.app.say(this.trace.isOpen ? t(`trace.${side}`) : t("trace.off"));
    this.draw();
  }

  async keep() {
    if (!this.trace.isOpen) return;
    if (!(await this.trace.keep(this.screen.app, this.examID, this.nyquist))) return;
    this.screen.app.say(t("trace.kept"));
    await this.screen.shown();
    this.draw();
  }

  key(key, event) {
    if (key === "e" && this.root.isConnected) {
      const next = this.trace.isOpen ? sides[sides.indexOf(this.trace.side) + 1] ?? this.trace.side : sides[0];
      this.correct(next);
      return true;
    }
    return this.trace.key(key, event, this.spectrum.plot, { changed: () => this.draw(), keep: () => this.keep() });
  }

  /** Leaves a correction that is open; false where none is. */
  back() {
    if (!this.trace.isOpen) return false;
    this.trace.begin(null);
    this.screen.app.say(t("trace.off"));
    this.draw();
    return true;
  }

  pointers() {
    const take = (name) => (event) => {
      if (!this.trace.isOpen || (name === "drag" && event.buttons === 0)) return;
      if (name === "press") this.axesCanvas.setPointerCapture(event.pointerId);
      const box = this.plot.getBoundingClientRect();
      const ratio = this.spectrum.ratio ?? 1;
      this.trace[name]((event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio, this.spectrum.plot);
      this.draw();
    };
    this.axesCanvas.addEventListener("pointerdown", take("press"));
    this.axesCanvas.addEventListener("pointermove", take("drag"));
  }

  showTools() {
    for (const one of this.hand) {
      one.disabled = !this.mayCorrect;
      setAttribute(one, "aria-pressed", one.dataset.side === this.trace.side ? "true" : "false");
    }
    this.keepButton.hidden = !this.trace.isOpen;
    const rows = this.trace.isOpen ? this.trace.readings(this.nyquist) : [];
    this.readings.hidden = rows.length === 0;
    this.fillReadings(rows, () => rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  }

  factWords() {
    const one = this.recording;
    if (!one) return "";
    return [
      named("manoeuvre", one.manoeuvre), `f₀ ${quantity((one.scale?.centreFrequencyHz ?? NaN) / 1e6, 2, "MHz")}`,
      `PRF ${quantity((one.spectral?.prfHz ?? NaN) / 1000, 2, "kHz")}`, `${t("settings.insonationAngleDegrees")} ${number(one.scale?.insonationAngleDegrees)}°`,
      `${t("settings.wallFilterHz")} ${quantity(one.spectral?.wallFilterCutoffHz, 0, "Hz")}`, `${t("settings.gateDepthMm")} ${quantity(one.gateDepthMm, 0, "mm")}`,
      `FFT ${number(one.spectral?.fftLength)}/${number(one.spectral?.hopPulses)}`,
    ].join(" · ");
  }

  get length() { return Math.max(0.5, this.cine.endSeconds - this.cine.startSeconds); }

  whole() {
    this.endSeconds = this.cine.endSeconds;
    this.sweepSeconds = this.length;
    this.draw();
  }

  span(seconds) {
    this.sweepSeconds = Math.min(this.length, seconds);
    this.move(0);
  }

  move(share) {
    const least = this.cine.startSeconds + this.sweepSeconds;
    this.endSeconds = Math.min(this.cine.endSeconds, Math.max(least, this.endSeconds + share * this.sweepSeconds));
    this.draw();
  }

  get stretches() {
    const proposed = (this.marks?.proposed ?? []).map((one, index) => ({ ...one, state: "proposed", label: String(index + 1) }));
    const own = (this.marks?.marks ?? []).map((one, index) => ({ ...one, label: String(index + 1) }));
    return [...proposed, ...own];
  }

  draw() {
    if (!this.root.isConnected || this.box.clientWidth === 0) return;
    this.spectrum.fit();
    this.spectrum.draw(this.endSeconds ?? 0, this.sweepSeconds ?? 1);
    const ratio = this.spectrum.ratio ?? 1;
    this.axes.fit(ratio);
    this.axes.draw({
      plot: this.spectrum.plot, left: this.plot.offsetLeft * ratio, scale: {
        nyquistCmPerS: this.recording?.nyquistVelocityCmPerS, wallFilterCmPerS: this.recording?.wallFilterCmPerS,
      }, isFrozen: false, newestSeconds: this.cine.endSeconds, stretches: this.stretches,
      trace: this.trace, recordingID: this.recording?.recordingID,
    });
    this.showTools();
  }
}
