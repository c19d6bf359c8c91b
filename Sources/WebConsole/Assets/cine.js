// The last 30 seconds of spectra: kept while live, looked at after the freeze.

import { flag } from "./pieces.js";

/** What is kept for looking back, seconds (Siemens S3000: 30 s of Doppler). */
export const keptSeconds = 30;
/** More columns than this are never kept, whatever the settings say. */
const mostColumns = 12000;
/** After so many settled columns the noise is known well enough for the picture's zero. */
const noiseColumns = [24, 160];

export class Cine {
  constructor() {
    this.generation = 0;
    this.clear();
  }

  clear() {
    this.bins = 0;
    this.capacity = 0;
    this.first = 0;
    this.newest = -1;
    this.count = 0;
    this.settled = 0;
    this.floorDb = null;
    this.generation += 1;
  }

  get isEmpty() { return this.newest < 0; }
  get columnsPerSecond() { return this.prfHz / this.hopPulses; }
  get oldest() { return Math.max(this.first, this.newest - this.capacity + 1); }
  /** The end of what is kept, seconds since the run's start. */
  get endSeconds() { return this.isEmpty ? 0 : this.secondsOf(this.newest + 1); }
  get startSeconds() { return this.isEmpty ? 0 : this.secondsOf(this.oldest); }
  secondsOf(column) { return (column * this.hopPulses) / this.prfHz; }
  columnAt(seconds) { return Math.floor((seconds * this.prfHz) / this.hopPulses); }

  /** The place of a column in the arrays, or -1 where it is not there: lost, or not kept any more. */
  slot(column) {
    if (column > this.newest || column < this.oldest) return -1;
    const slot = column % this.capacity;
    return this.at[slot] === column ? slot : -1;
  }

  begin(piece) {
    this.clear();
    this.bins = piece.bins;
    this.prfHz = piece.prfHz;
    this.hopPulses = piece.hopPulses;
    this.gate = piece.gate;
    this.dbOfZero = piece.dbOfZero;
    this.dbPerStep = piece.dbPerStep;
    const rate = piece.prfHz / piece.hopPulses;
    this.capacity = Math.max(64, Math.min(mostColumns, Math.ceil(keptSeconds * rate), Math.floor(6.4e7 / piece.bins)));
    this.power = new Uint8Array(this.capacity * piece.bins);
    this.mean = new Int16Array(this.capacity);
    this.towards = new Int16Array(this.capacity);
    this.away = new Int16Array(this.capacity);
    this.flags = new Uint16Array(this.capacity);
    this.at = new Float64Array(this.capacity).fill(-1);
    this.noise = new Uint32Array(256);
  }

  fits(piece) {
    return this.bins === piece.bins && this.prfHz === piece.prfHz && this.hopPulses === piece.hopPulses
      && this.gate === piece.gate && this.dbOfZero === piece.dbOfZero && this.dbPerStep === piece.dbPerStep;
  }

  /** Takes columns. Another run or other settings begin anew; a gap in the pulses stays a gap. */
  take(piece) {
    const from = Math.round(piece.firstPulse / piece.hopPulses);
    if (this.capacity === 0 || !this.fits(piece) || from < this.newest - this.capacity / 2) this.begin(piece);
    if (this.isEmpty) this.first = from;
    for (let i = 0; i < piece.count; i += 1) {
      const column = from + i;
      const slot = column % this.capacity;
      this.at[slot] = piece.flags[i] & flag.missing ? -1 : column;
      this.mean[slot] = piece.mean[i];
      this.towards[slot] = piece.towards[i];
      this.away[slot] = piece.away[i];
      this.flags[slot] = piece.flags[i];
      this.power.set(piece.power.subarray(i * piece.bins, (i + 1) * piece.bins), slot * piece.bins);
      if ((piece.flags[i] & (flag.settling | flag.noSignal | flag.notTransmitting | flag.missing)) === 0) this.countNoise(slot);
    }
    this.newest = Math.max(this.newest, from + piece.count - 1);
    this.count += piece.count;
  }

  /** The picture's zero lies at the median power of the first settled columns: most bins hold noise. */
  countNoise(slot) {
    if (this.settled >= noiseColumns[1]) return;
    const base = slot * this.bins;
    for (let bin = 0; bin < this.bins; bin += 1) this.noise[this.power[base + bin]] += 1;
    this.settled += 1;
    if (!noiseColumns.includes(this.settled)) return;
    let left = (this.settled * this.bins) / 2;
    let level = 0;
    while (level < 255 && left > this.noise[level]) {
      left -= this.noise[level];
      level += 1;
    }
    this.floorDb = this.dbOfZero + level * this.dbPerStep;
  }
}

/** The last 30 seconds of ECG and breathing. */
export class PhysiologyCine {
  constructor() { this.clear(); }

  clear() {
    this.rateHz = 0;
    this.length = 0;
    this.nextSeconds = 0;
  }

  take(piece, prfHz) {
    if (!(prfHz > 0)) return;
    const seconds = piece.pulse / prfHz;
    if (this.rateHz !== piece.rateHz || seconds < this.nextSeconds - keptSeconds / 2) {
      this.clear();
      this.rateHz = piece.rateHz;
      this.capacity = Math.min(200000, Math.ceil(keptSeconds * piece.rateHz) + 16);
      this.ecg = new Int16Array(this.capacity);
      this.breathing = new Int16Array(this.capacity);
      this.at = new Float64Array(this.capacity).fill(-1);
    }
    const from = Math.round(seconds * this.rateHz);
    for (let i = 0; i < piece.records; i += 1) {
      const slot = (from + i) % this.capacity;
      this.at[slot] = from + i;
      this.ecg[slot] = piece.ecg[i];
      this.breathing[slot] = piece.breathing[i];
    }
    this.nextSeconds = (from + piece.records) / this.rateHz;
    this.length += piece.records;
  }
}
