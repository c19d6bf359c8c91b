// How many pixels the moving pictures get: all of them, unless the computer cannot draw so many in time.

/** Intervals between pictures that are looked at together. */
const watchedFrames = 40;
/** Above this median the picture no longer runs smoothly, milliseconds (a sixtieth of a second and a half). */
const slowMs = 25;
const factor = 0.7;
const least = 0.4;

/** Lowers the number of pixels while a picture runs too slowly; a frozen one is always drawn whole. */
export class Sharpness {
  constructor() {
    this.live = 1;
    this.isLive = false;
    this.intervals = [];
  }

  /** Pixels of a canvas for each of the page's. */
  get ratio() { return Math.min(2, window.devicePixelRatio || 1) * (this.isLive ? this.live : 1); }

  /** Takes an interval between two pictures; true where the number of pixels has changed. */
  note(milliseconds, isLive) {
    const before = this.ratio;
    if (isLive !== this.isLive) this.intervals.length = 0;
    this.isLive = isLive;
    if (isLive && milliseconds > 0) this.intervals.push(milliseconds);
    if (this.intervals.length >= watchedFrames) {
      const median = [...this.intervals].sort((a, b) => a - b)[watchedFrames >> 1];
      if (median > slowMs) this.live = Math.max(least, this.live * factor);
      this.intervals.length = 0;
    }
    return this.ratio !== before;
  }
}

/** That of the exam. */
export const sharpness = new Sharpness();
