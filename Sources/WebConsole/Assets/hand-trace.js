// The envelope corrected by hand: points that the operator sets. What the analyser traced stays, and both are shown.

import { paths, post } from "./api.js";
import { flag, fullShift, notMeasured } from "./pieces.js";
import { number, quantity, t } from "./words.js";

export const sides = ["towards", "away"];
/** The most points of one correction (the server's limit). */
const mostPoints = 2000;
const notUsable = flag.settling | flag.noSignal | flag.notTransmitting | flag.tap;
const colour = "#ffe08a";

export class HandTrace {
  constructor(cine) {
    this.cine = cine;
    this.side = null;
    this.forget();
  }

  /** Forgets what was kept: another exam, other recordings. */
  forget() {
    this.side = null;
    this.points = [];
    this.kept = new Map();
  }

  get isOpen() { return this.side !== null; }

  /** Takes what the archive has of a recording: `[{side, points: [{seconds, velocityCmPerS}]}]`. */
  know(recordingID, traces, nyquist) {
    for (const side of sides) this.kept.delete(`${recordingID}/${side}`);
    if (!(nyquist > 0)) return;
    for (const { side, points } of traces ?? []) {
      this.kept.set(`${recordingID}/${side}`, points.map((one) => ({ seconds: one.seconds, share: one.velocityCmPerS / nyquist })));
    }
  }

  /** Opens one side of a recording, with the caret in the middle of what is in view; `null` leaves without keeping. */
  begin(side, recordingID, plot) {
    this.side = side;
    this.recordingID = recordingID;
    this.points = side === null ? [] : [...(this.kept.get(`${recordingID}/${side}`) ?? [])];
    if (side === null) return;
    const seconds = plot.endSeconds - plot.sweepSeconds / 2;
    this.caret = { seconds, share: this.traced(seconds) ?? 0 };
  }

  /** What the analyser traced at a moment, as a share of Nyquist; `null` where it measured nothing. */
  traced(seconds, side = this.side) {
    const slot = this.cine.slot(this.cine.columnAt(seconds));
    if (slot < 0 || this.cine.flags[slot] & notUsable) return null;
    const value = this.cine[side][slot];
    return value === notMeasured ? null : value / fullShift;
  }

  /** The corrected envelope at a moment: straight between the points, `null` outside of them. */
  drawn(seconds) {
    const after = this.points.findIndex((one) => one.seconds >= seconds);
    if (after < 0) return null;
    const b = this.points[after];
    if (b.seconds === seconds) return b.share;
    if (after === 0) return null;
    const a = this.points[after - 1];
    return a.share + ((b.share - a.share) * (seconds - a.seconds)) / (b.seconds - a.seconds);
  }

  /** Moves the caret by columns and pixels; it keeps within the recording and this side of the baseline. */
  move(columns, pixels, plot) {
    const { cine, caret } = this;
    if (columns !== 0) {
      caret.seconds = Math.min(cine.endSeconds, Math.max(cine.startSeconds, caret.seconds + columns / cine.columnsPerSecond));
      caret.share = this.drawn(caret.seconds) ?? this.traced(caret.seconds) ?? caret.share;
    }
    const up = plot.y(0) > plot.y(0.01) ? 1 : -1;
    caret.share = this.within(caret.share + (up * 2 * pixels) / plot.height);
  }

  within(share) { return this.side === "towards" ? Math.min(1, Math.max(0, share)) : Math.max(-1, Math.min(0, share)); }

  /** Sets a point at the caret; one of the same column gives way. */
  set() {
    const column = this.cine.columnAt(this.caret.seconds);
    const others = this.points.filter((one) => this.cine.columnAt(one.seconds) !== column);
    if (others.length >= mostPoints) return;
    this.points = [...others, { ...this.caret }].sort((a, b) => a.seconds - b.seconds);
  }

  /** Takes the point nearest to the caret away. */
  remove() {
    const far = (one) => Math.abs(one.seconds - this.caret.seconds);
    const nearest = this.points.reduce((best, one) => (best === null || far(one) < far(best) ? one : best), null);
    this.points = this.points.filter((one) => one !== nearest);
  }

  /** The pointer draws: each column that it passes gets its point. */
  press(x, y, plot) {
    this.last = null;
    this.drag(x, y, plot);
  }

  drag(x, y, plot) {
    const seconds = Math.min(this.cine.endSeconds, Math.max(this.cine.startSeconds, plot.seconds(x)));
    const share = this.within(plot.share(Math.min(plot.height, Math.max(0, y))));
    if (this.last) {
      const [from, to] = [this.last.seconds, seconds].sort((a, b) => a - b);
      this.points = this.points.filter((one) => one.seconds <= from || one.seconds >= to);
    }
    this.caret = { seconds, share };
    this.set();
    this.last = this.caret;
  }

  /** What both say of the stretch between the first point and the last: mean and peak, by the analyser and by hand. */
  readings(nyquist) {
    if (this.points.length < 2 || !(nyquist > 0)) return [];
    const [from, to] = [this.points[0].seconds, this.points[this.points.length - 1].seconds];
    const read = (value) => {
      const values = [];
      for (let column = this.cine.columnAt(from); column <= this.cine.columnAt(to); column += 1) {
        const found = value(Math.min(to, Math.max(from, this.cine.secondsOf(column + 0.5))));
        if (found !== null) values.push(found * nyquist);
      }
      if (values.length === 0) return t("status.notMeasured");
      const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
      const peak = values.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most), 0);
      return `${number(mean, 1)} / ${quantity(peak, 1, "cm/s")}`;
    };
    return [
      [t("trace.stretch"), `${number(from, 2)}–${quantity(to, 2, "s")}`],
      [t("trace.byAnalyser"), read((seconds) => this.traced(seconds))], [t("trace.byHand"), read((seconds) => this.drawn(seconds))],
    ];
  }

  /** Keeps the correction in the exam; without points, what was kept goes. True when the server has it. */
  async keep(app, examID, nyquist) {
    const { recordingID, side } = this;
    const points = this.points.map(({ seconds, share }) => ({ seconds, velocityCmPerS: share * nyquist }));
    const done = await app.attempt(async () => {
      await post(paths.trace(examID), { recordingID, side, points });
      return true;
    });
    if (!done) return false;
    this.kept.set(`${recordingID}/${side}`, this.points);
    this.begin(null);
    return true;
  }

  /** Draws what was kept of a recording, and what is being drawn. */
  draw(context, plot, recordingID, font) {
    for (const side of sides) {
      const isOpen = side === this.side && recordingID === this.recordingID;
      this.line(context, plot, isOpen ? this.points : this.kept.get(`${recordingID}/${side}`) ?? [], font, isOpen);
    }
    if (!this.isOpen) return;
    const [x, y] = [plot.x(this.caret.seconds), plot.y(this.caret.share)];
    context.strokeStyle = "#fff";
    context.beginPath();
    context.moveTo(x, y - font);
    context.lineTo(x, y + font);
    context.moveTo(x - font, y);
    context.lineTo(x + font, y);
    context.stroke();
  }

  line(context, plot, points, font, isOpen) {
    if (points.length === 0) return;
    context.save();
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = Math.max(1.5, font / 7);
    context.setLineDash(isOpen ? [] : [font * 0.8, font * 0.4]);
    context.beginPath();
    for (const [index, one] of points.entries()) context[index === 0 ? "moveTo" : "lineTo"](plot.x(one.seconds), plot.y(one.share));
    context.stroke();
    const half = Math.max(2, font / 5);
    if (isOpen) for (const one of points) context.fillRect(plot.x(one.seconds) - half, plot.y(one.share) - half, half * 2, half * 2);
    context.textBaseline = "bottom";
    context.textAlign = "left";
    context.fillText(t("trace.sign"), plot.x(points[0].seconds), plot.y(points[0].share) - half * 2);
    context.restore();
  }

  /** Keys while a correction is open: `true` where the key was one of them. Escape is the screen's own. */
  key(key, event, plot, { changed, keep }) {
    if (!this.isOpen) return false;
    const far = event.shiftKey ? 10 : 1;
    const acts = {
      ArrowLeft: () => this.move(-far, 0, plot), ArrowRight: () => this.move(far, 0, plot),
      ArrowUp: () => this.move(0, far, plot), ArrowDown: () => this.move(0, -far, plot),
      " ": () => this.set(), Backspace: () => this.remove(), Enter: keep,
    };
    if (!(key in acts)) return false;
    acts[key]();
    changed();
    return true;
  }
}
