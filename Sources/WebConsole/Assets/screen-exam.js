// The exam: protocol, picture and spectrum, settings, measurements and the transport.

import { AreaTool } from "./area-tool.js";
import { Axes } from "./axes.js";
import { Calipers, kinds } from "./calipers.js";
import { Cine, PhysiologyCine } from "./cine.js";
import { Depth } from "./depth.js";
import { h, setText } from "./dom.js";
import { Protocol } from "./exam-protocol.js";
import { Measures } from "./exam-measures.js";
import { Settings } from "./exam-settings.js";
import { Task } from "./exam-task.js";
import { TopLine } from "./exam-top.js";
import { Transport } from "./exam-transport.js";
import { examKey } from "./exam-keys.js";
import { HandTrace, sides } from "./hand-trace.js";
import { flag, fullShift, notMeasured } from "./pieces.js";
import { Sound } from "./sound.js";
import { sharpness } from "./sharpness.js";
import { Plot, Spectrum } from "./spectrum.js";
import { ageMs, clockOffsetMs, count, note, total } from "./stats.js";
import { Strip } from "./strip.js";
import { view, watch } from "./view.js";
import { number, quantity, t } from "./words.js";

/** Whether the probe transmits and pieces come. */
export const runs = (exam) => exam?.isTransmitting ?? ["live", "recording"].includes(exam?.phase);

/** How often the picture is put into words for those who do not see it, milliseconds. */
const wordsEveryMs = 2000;
const fullRatio = () => Math.min(2, window.devicePixelRatio || 1);
const watched = new Set();
watch(() => watched.forEach((screen) => { screen.isStale = true; }));

export class ExamScreen {
  /** A screen; what an earlier one in another language has kept goes on in it. */
  constructor(app, earlier) {
    this.app = app;
    this.exam = null;
    this.cine = earlier?.cine ?? new Cine();
    this.physiology = earlier?.physiology ?? new PhysiologyCine();
    this.calipers = new Calipers();
    this.trace = earlier?.trace ?? new HandTrace(this.cine);
    this.area = earlier?.area ?? new AreaTool();
    this.sound = earlier?.sound ?? new Sound(app.live);
    this.sound.onPlayed = (played) => this.played(played);
    this.backSeconds = 0;
    this.waiting = [];
    this.isStale = true;
    this.build();
    watched.clear();
    watched.add(this);
    this.isRunning = true;
    requestAnimationFrame(() => this.frame());
  }

  end() {
    this.isRunning = false;
    this.task.end();
    this.transport.end();
  }

  build() {
    this.top = new TopLine(this);
    this.protocol = new Protocol(this);
    this.task = new Task(this);
    this.settings = new Settings(this);
    this.measures = new Measures(this);
    this.transport = new Transport(this);
    this.depthCanvas = h("canvas", { class: "depth", role: "img", "aria-label": t("depth.title") });
    this.plotCanvas = h("canvas", { class: "plot", "aria-hidden": "true" });
    this.axesCanvas = h("canvas", { class: "axes", role: "img", "aria-label": t("spectrum.title") });
    this.stripCanvas = h("canvas", { class: "strip", role: "img", "aria-label": t("strip.title") });
    this.legend = h("div", { class: "legend", "aria-hidden": "true" });
    this.spectrum = new Spectrum(this.plotCanvas, this.cine);
    this.axes = new Axes(this.axesCanvas);
    this.depth = new Depth(this.depthCanvas);
    this.strip = new Strip(this.stripCanvas, this.physiology);
    this.spectrumBox = h("div", { class: "spectrum" }, this.plotCanvas, this.axesCanvas, this.legend);
    this.centre = h("section", { class: "exam-centre", "aria-label": t("exam.picture") },
      this.task.root, h("div", { class: "depth-box" }, this.depthCanvas), this.spectrumBox,
      h("div", { class: "strip-box" }, this.stripCanvas));
    this.none = h("div", { class: "nothing-open" }, h("h1", {}, t("exam.none")), h("p", {}, t("exam.noneNext")),
      h("a", { href: "#patients", class: "button primary" }, t("screen.patients"), " ", h("kbd", { "aria-hidden": "true" }, "1")));
    this.whole = h("div", { class: "exam" }, this.top.root, this.protocol.root, this.centre,
      h("aside", { class: "exam-right", "aria-label": t("exam.right") }, this.settings.root, this.measures.root),
      this.transport.root);
    this.root = h("section", { class: "screen exam-screen", id: "screen-exam", "aria-label": t("screen.exam") }, this.none, this.whole);
    this.pointers();
  }

  shown() {
    this.isStale = true;
    this.spectrum.fit();
  }

  // What the server says.

  update(exam) {
    const before = this.exam;
    this.exam = exam;
    this.none.hidden = exam !== null && exam !== undefined;
    this.whole.hidden = !this.none.hidden;
    this.root.dataset.phase = exam?.phase ?? "none";
    if (!exam) return;
    if (before?.examID !== exam.examID) this.trace.forget();
    if (exam.phase !== "reviewing" && this.trace.isOpen) this.trace.begin(null);
    // An outline belongs to one vein in one posture.
    if (before?.step !== exam.step || before?.examID !== exam.examID || before?.area?.name !== exam.area?.name) {
      this.area.clear();
      this.calipers.begin(null);
    }
    const isRunning = runs(exam);
    if (before && isRunning && (exam.run === undefined ? !runs(before) : exam.run !== before.run)) this.begin();
    if (!isRunning) this.sound.clear();
    if (before?.phase !== exam.phase) this.app.say(t(`phase.${exam.phase}`));
    for (const part of [this.top, this.protocol, this.task, this.settings, this.measures, this.transport]) part.update(exam);
    this.isStale = true;
  }

  get isLive() { return runs(this.exam); }

  /** A run begins: what was kept of the one before goes. */
  begin() {
    this.backSeconds = 0;
    this.cine.clear();
    this.physiology.clear();
    this.depth.clear();
    this.sound.clear();
    this.calipers.begin(null);
  }

  takePiece(piece) {
    count("pieces");
    if (piece.kind === "columns") {
      count("columns", piece.count);
      this.cine.take(piece);
      this.waiting.push(piece.sampledAtMs);
    } else if (piece.kind === "profile") {
      count("profiles");
      this.depth.takeProfile(piece);
    } else if (piece.kind === "picture") this.depth.takePicture(piece);
    else if (piece.kind === "physiology") this.physiology.take(piece, this.cine.prfHz ?? this.exam?.settings?.prfHz);
  }

  played({ playedMs, storedMs, ages, outputMs, underruns, skipped }) {
    for (const age of ages) note("bufferMs", age + clockOffsetMs());
    note("soundMs", ageMs(playedMs) + outputMs);
    note("storedMs", storedMs);
    note("outputMs", outputMs);
    total("underruns", underruns);
    total("skippedFrames", skipped);
  }

  missed(pieces) { this.top.missed(pieces); }

  // The picture.

  frame() {
    if (!this.isRunning) return;
    requestAnimationFrame(() => this.frame());
    const began = performance.now();
    if (this.lastFrame) {
      note("frameMs", began - this.lastFrame);
      if (sharpness.note(this.isDrawn ? began - this.lastFrame : 0, this.isLive)) this.isStale = true;
    }
    this.lastFrame = began;
    this.isDrawn = !this.root.hidden && !this.whole.hidden;
    if (!this.isDrawn) {
      this.waiting.length = 0;
      return;
    }
    this.drawAll();
    count("frames");
    note("drawMs", performance.now() - began);
    for (const sampledAtMs of this.waiting) note("pixelMs", ageMs(sampledAtMs));
    this.waiting.length = 0;
    if (began - (this.wordsAt ?? 0) > wordsEveryMs) {
      this.wordsAt = began;
      this.putIntoWords();
    }
  }

  get endSeconds() {
    const least = this.cine.startSeconds + Math.min(view.sweepSeconds, this.cine.endSeconds - this.cine.startSeconds);
    return Math.max(least, this.cine.endSeconds - this.backSeconds);
  }

  drawAll() {
    const { spectrum, axes, cine } = this;
    if (spectrum.fit()) this.isStale = true;
    const newest = cine.newest;
    const isNew = newest !== this.drawnNewest || cine.generation !== this.drawnGeneration;
    if (isNew || this.isStale) {
      spectrum.draw(this.endSeconds, view.sweepSeconds);
      this.strip.draw(spectrum.plot, this.gutter);
      this.drawnNewest = newest;
      this.drawnGeneration = cine.generation;
      this.drawLegend();
    }
    const needsAxes = this.isStale || (isNew && this.measures.stretches.length > 0) || axes.fit(fullRatio());
    if (needsAxes) this.drawAxes();
    this.depth.draw(this.exam, this.exam?.phase === "measuring" ? this.area : null, spectrum.plot, cine.prfHz);
    this.isStale = false;
  }

  get gutter() { return this.plotCanvas.offsetLeft * (this.spectrum.ratio ?? 1); }

  drawAxes() {
    const ratio = fullRatio();
    this.axes.fit(ratio);
    const plot = new Plot(this.cine, this.plotCanvas.clientWidth * ratio, this.plotCanvas.clientHeight * ratio);
    plot.place(this.endSeconds, view.sweepSeconds);
    this.axes.draw({
      plot, left: this.plotCanvas.offsetLeft * ratio, scale: this.exam?.scale, isFrozen: !this.isLive && !this.cine.isEmpty,
      newestSeconds: this.cine.endSeconds, calipers: this.calipers, stretches: this.measures.stretches,
      trace: this.exam?.phase === "reviewing" ? this.trace : null, recordingID: this.measures.take?.recordingID,
    });
    this.measures.showReadings();
  }

  drawLegend() {
    const words = [...this.spectrum.seen].sort().map((name) => t(`flag.${name}`)).join("   ");
    setText(this.legend, words);
  }

  /** The newest column in words. */
  putIntoWords() {
    const { cine, exam } = this;
    const slot = cine.isEmpty ? -1 : cine.slot(cine.newest);
    const nyquist = exam?.scale?.nyquistCmPerS;
    let words = t("spectrum.empty");
    if (slot >= 0 && nyquist > 0) {
      const speed = (value) => (value === notMeasured ? t("status.notMeasured") : quantity((value / fullShift) * nyquist, 0, "cm/s"));
      words = t("spectrum.words", {
        mean: speed(cine.mean[slot]), towards: speed(cine.towards[slot]), away: speed(cine.away[slot]),
        aliased: cine.flags[slot] & flag.aliased ? t("flag.aliased") : "",
      });
    }
    this.axesCanvas.setAttribute("aria-label", `${t("spectrum.title")}. ${words}`);
    this.measures.live(slot, nyquist);
  }

  // Looking back, and the tools.

  lookBack(seconds) {
    const most = Math.max(0, this.cine.endSeconds - this.cine.startSeconds - view.sweepSeconds);
    this.backSeconds = Math.min(most, Math.max(0, seconds));
    this.isStale = true;
    this.transport.showCine();
  }

  caliper(kind) {
    this.calipers.begin(kind, this.spectrum.plot);
    this.isStale = true;
    this.measures.showTools();
    this.app.say(kind ? t(`caliper.${kind}`) : t("caliper.off"));
  }

  /** Corrects the envelope of the take by hand: towards, then away, then no more. */
  nextTrace() {
    const recordingID = this.measures.take?.recordingID;
    if (!recordingID || !(this.exam.scale?.nyquistCmPerS > 0) || !this.app.isOperating) return;
    const side = this.trace.isOpen ? sides[sides.indexOf(this.trace.side) + 1] ?? null : sides[0];
    this.caliper(null);
    this.trace.begin(side, recordingID, this.spectrum.plot);
    this.app.say(side ? t(`trace.${side}`) : t("trace.off"));
    this.isStale = true;
  }

  async keepTrace() {
    if (await this.trace.keep(this.app, this.exam.examID, this.exam.scale.nyquistCmPerS)) this.app.say(t("trace.kept"));
    this.isStale = true;
  }

  nextCaliper() {
    const index = this.calipers.kind ? kinds.indexOf(this.calipers.kind) + 1 : 0;
    this.caliper(kinds[index] ?? null);
  }

  pointers() {
    const place = (event) => {
      const box = this.plotCanvas.getBoundingClientRect();
      const ratio = this.spectrum.ratio ?? 1;
      return [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio];
    };
    this.axesCanvas.addEventListener("pointerdown", (event) => {
      const tool = this.trace.isOpen ? this.trace : this.calipers.kind ? this.calipers : null;
      if (!tool) return;
      this.axesCanvas.setPointerCapture(event.pointerId);
      tool.press(...place(event), this.spectrum.plot);
      this.isStale = true;
    });
    this.axesCanvas.addEventListener("pointermove", (event) => {
      const tool = this.trace.isOpen ? this.trace : this.calipers.kind ? this.calipers : null;
      if (!tool || event.buttons === 0) return;
      tool.drag(...place(event), this.spectrum.plot);
      this.isStale = true;
    });
    const shape = (name) => (event) => {
      if (this.exam?.phase !== "measuring") return;
      if (name === "drag" && event.buttons === 0) return;
      const at = this.depth.placeAt(event);
      if (name === "press" && at) this.depthCanvas.setPointerCapture(event.pointerId);
      if (at || name === "release") this.area[name](at);
      if (name === "release") this.task.showArea();
    };
    this.depthCanvas.addEventListener("pointerdown", shape("press"));
    this.depthCanvas.addEventListener("pointermove", shape("drag"));
    this.depthCanvas.addEventListener("pointerup", shape("release"));
  }

  key(key, event) { return this.exam ? examKey(this, key, event) : false; }

  back() {
    if (this.task.close()) return true;
    if (this.trace.isOpen) {
      this.trace.begin(null);
      this.app.say(t("trace.off"));
      this.isStale = true;
      return true;
    }
    if (this.calipers.kind) {
      this.caliper(null);
      return true;
    }
    if (this.protocol.selected !== null) {
      this.protocol.select(null);
      return true;
    }
    return false;
  }

  /** The time in the spectrum that a mark is meant for: the newest sample, or the middle of what is looked at. */
  get markSeconds() {
    return this.isLive ? this.cine.endSeconds : this.endSeconds - view.sweepSeconds / 2;
  }

  get marksWords() { return number(this.markSeconds, 1); }
}
