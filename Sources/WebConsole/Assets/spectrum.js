// The scrolling spectrum. New columns are painted once into a ring of pixels; a frame copies what is in view.

import { directionColours, table } from "./maps.js";
import { flag, fullShift, notMeasured } from "./pieces.js";
import { sharpness } from "./sharpness.js";
import { view } from "./view.js";

const marks = [
  [flag.aliased, "#ffcf5c", "aliased"], [flag.settling, "#8fa1b3", "settling"], [flag.tap, "#f28fd0", "tap"],
  [flag.clipped, "#ff8a80", "clipped"], [flag.notTransmitting | flag.noSignal, "#66727e", "noSignal"],
];

/** Where what is drawn in the plot: pixels from values and back. */
export class Plot {
  constructor(cine, width, height) {
    this.cine = cine;
    this.width = width;
    this.height = height;
    this.place(0, 1);
  }

  /** Takes the stretch of time that is in view. */
  place(endSeconds, sweepSeconds) {
    this.endSeconds = endSeconds;
    this.sweepSeconds = sweepSeconds;
    this.pixelsPerSecond = this.width / sweepSeconds;
  }

  /** The share of the height at which zero lies, from the top. */
  get zero() { return 0.5 - view.baseline; }
  x(seconds) { return this.width - (this.endSeconds - seconds) * this.pixelsPerSecond; }
  seconds(x) { return this.endSeconds - (this.width - x) / this.pixelsPerSecond; }

  /** The height of a shift (−1 to 1 of Nyquist); what the baseline moved past the edge comes in at the other. */
  y(share) {
    const up = (view.inverted ? -share : share) / 2;
    let at = this.zero - up;
    if (at < 0) at += 1;
    if (at > 1) at -= 1;
    return at * this.height;
  }

  /** The shift at a height, as a share of Nyquist with the sign that holds after the baseline's move. */
  share(y) {
    const up = (this.zero - y / this.height) * 2;
    return view.inverted ? -up : up;
  }
}

export class Spectrum {
  /** `isStill`: a picture that does not run is always drawn with all pixels. */
  constructor(canvas, cine, isStill = false) {
    this.canvas = canvas;
    this.cine = cine;
    this.wholeRatio = isStill;
    this.context = canvas.getContext("2d", { alpha: false });
    this.ring = document.createElement("canvas");
    this.generation = -1;
    this.plot = new Plot(cine, 1, 1);
    this.seen = new Set();
    this.rem = 14;
  }

  /** Fits the pixels to the element; true when they changed. */
  fit() {
    const box = this.canvas.getBoundingClientRect();
    const ratio = this.wholeRatio ? Math.min(2, window.devicePixelRatio || 1) : sharpness.ratio;
    const width = Math.max(1, Math.round(box.width * ratio));
    const height = Math.max(1, Math.round(box.height * ratio));
    if (this.canvas.width === width && this.canvas.height === height) return false;
    this.canvas.width = width;
    this.canvas.height = height;
    this.ratio = ratio;
    this.rem = ratio * parseFloat(getComputedStyle(document.documentElement).fontSize);
    return true;
  }

  lookup() {
    const { dbOfZero, dbPerStep, floorDb } = this.cine;
    const facts = [view.map, view.gainDb, view.rangeDb, floorDb, dbOfZero, dbPerStep].join();
    if (facts !== this.lookupFacts) {
      this.lookupFacts = facts;
      const floor = floorDb ?? dbOfZero + 96 * dbPerStep;
      this.pixels = table({ ...view, floorDb: floor, dbOfZero, dbPerStep });
      this.painted = -1;
    }
  }

  /** Paints the columns that came since the last frame into the ring. */
  paint() {
    const { cine } = this;
    if (this.generation !== cine.generation) {
      this.generation = cine.generation;
      this.ring.width = Math.max(1, cine.capacity);
      this.ring.height = Math.max(1, cine.bins);
      this.ringContext = this.ring.getContext("2d", { alpha: false, willReadFrequently: false });
      this.lookupFacts = null;
    }
    if (cine.isEmpty) return;
    this.lookup();
    let column = Math.max(this.painted + 1, cine.oldest);
    while (column <= cine.newest) {
      const slot = column % cine.capacity;
      const run = Math.min(cine.newest - column + 1, cine.capacity - slot, 512);
      this.paintRun(column, slot, run);
      column += run;
    }
    this.painted = cine.newest;
  }

  paintRun(column, slot, run) {
    const { cine, pixels } = this;
    const image = new ImageData(run, cine.bins);
    const target = new Uint32Array(image.data.buffer);
    const top = cine.bins - 1;
    for (let i = 0; i < run; i += 1) {
      if (cine.at[slot + i] !== column + i) continue;
      const base = (slot + i) * cine.bins;
      for (let bin = 0; bin < cine.bins; bin += 1) target[(top - bin) * run + i] = pixels[cine.power[base + bin]];
    }
    this.ringContext.putImageData(image, slot, 0);
  }

  /** Draws what is in view; `endSeconds` is the moment at the right edge. */
  draw(endSeconds, sweepSeconds) {
    const { canvas, context, cine, plot } = this;
    plot.width = canvas.width;
    plot.height = canvas.height;
    plot.place(endSeconds, sweepSeconds);
    context.fillStyle = "#000";
    context.fillRect(0, 0, canvas.width, canvas.height);
    this.seen.clear();
    if (cine.isEmpty) return;
    this.paint();
    const from = Math.max(cine.oldest, cine.columnAt(plot.seconds(0)));
    const to = Math.min(cine.newest, cine.columnAt(endSeconds));
    if (to < from) return;
    this.copy(from, to);
    this.drawFlags(from, to);
    if (view.envelope !== "off") this.drawEnvelopes(from, to);
  }

  /** Copies columns from the ring: at most two pieces in time (the ring's seam) by two in height (the baseline's). */
  copy(from, to) {
    const { cine, context, plot } = this;
    const middle = plot.zero * plot.height;
    for (let column = from; column <= to;) {
      const slot = column % cine.capacity;
      const run = Math.min(to - column + 1, cine.capacity - slot);
      const x = plot.x(cine.secondsOf(column));
      const width = plot.x(cine.secondsOf(column + run)) - x;
      for (const shift of [0, -1, 1]) {
        const top = middle - plot.height / 2 + shift * plot.height;
        if (top >= plot.height || top + plot.height <= 0) continue;
        context.save();
        if (view.inverted) {
          context.translate(0, 2 * top + plot.height);
          context.scale(1, -1);
        }
        context.drawImage(this.ring, slot, 0, run, cine.bins, x, top, width, plot.height);
        context.restore();
      }
      column += run;
    }
  }

  drawFlags(from, to) {
    const { cine, context, plot } = this;
    const height = Math.max(4, Math.round(plot.height * 0.014));
    let began = from;
    let before = this.kindOf(from);
    for (let column = from + 1; column <= to + 1; column += 1) {
      const kind = column > to ? -2 : this.kindOf(column);
      if (kind === before) continue;
      this.drawStretch(context, before, plot.x(cine.secondsOf(began)), plot.x(cine.secondsOf(column)), height);
      began = column;
      before = kind;
    }
  }

  /** What is to be marked at a column: −1 = lost, 0 = nothing, else 1 + the place in the list of marks. */
  kindOf(column) {
    const slot = this.cine.slot(column);
    if (slot < 0) return -1;
    const flags = this.cine.flags[slot];
    if ((flags & ~flag.noFlow) === 0) return 0;
    for (let i = 0; i < marks.length; i += 1) if (flags & marks[i][0]) return i + 1;
    return 0;
  }

  drawStretch(context, kind, left, right, height) {
    const { plot } = this;
    if (kind === 0 || right <= left) return;
    if (kind === -1) {
      this.seen.add("gap");
      context.fillStyle = "#20262c";
      context.fillRect(left, 0, right - left, plot.height);
      context.strokeStyle = "#5b6772";
      context.lineWidth = this.ratio ?? 1;
      context.beginPath();
      for (let y = -((right - left) | 0); y < plot.height; y += 12) {
        context.moveTo(left, y + (right - left));
        context.lineTo(right, y);
      }
      context.save();
      const clip = new Path2D();
      clip.rect(left, 0, right - left, plot.height);
      context.clip(clip);
      context.stroke();
      context.restore();
      return;
    }
    const [, colour, name] = marks[kind - 1];
    this.seen.add(name);
    context.fillStyle = colour;
    const width = Math.max(1, right - left);
    if (name === "settling" || name === "noSignal") {
      for (let x = left; x < right; x += height) {
        context.fillRect(x, plot.height - height, Math.max(1, Math.min(height / 2, right - x)), height);
      }
      if (name === "noSignal") context.fillRect(left, plot.height - height * 2, width, height / 2);
    } else if (name === "aliased") {
      context.fillRect(left, 0, width, height);
      context.fillRect(left, plot.height - height, width, height);
    } else {
      context.fillRect(left, plot.height - height * (name === "tap" ? 3 : 2), width, height);
    }
  }

  drawEnvelopes(from, to) {
    if (view.envelope !== "below") this.drawTrace(this.cine.towards, from, to, directionColours.towards);
    if (view.envelope !== "above") this.drawTrace(this.cine.away, from, to, directionColours.away);
    this.drawTrace(this.cine.mean, from, to, "#5ff0b4", true);
  }

  drawTrace(values, from, to, colour, isThin = false) {
    const { cine, context, plot } = this;
    const step = Math.max(1, Math.floor((to - from + 1) / plot.width));
    context.beginPath();
    let isDown = false;
    let last = 0;
    for (let column = from; column <= to; column += step) {
      const slot = cine.slot(column);
      const value = slot < 0 || cine.flags[slot] & (flag.settling | flag.noSignal | flag.notTransmitting | flag.tap)
        ? notMeasured : values[slot];
      if (value === notMeasured) {
        isDown = false;
        continue;
      }
      const x = plot.x(cine.secondsOf(column + 0.5));
      const y = plot.y(value / fullShift);
      if (isDown && Math.abs(y - last) < plot.height / 2) context.lineTo(x, y);
      else context.moveTo(x, y);
      isDown = true;
      last = y;
    }
    context.strokeStyle = colour;
    context.lineWidth = (isThin ? 0.08 : 0.12) * this.rem;
    context.lineJoin = "round";
    context.stroke();
  }
}
