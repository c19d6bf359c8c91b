// Plays stereo sound as it comes: a short store that evens out arrival, at the probe's rate, not faster and not later.

/** What is kept before playing starts, and from where on the store is too full, seconds. */
const wantedSeconds = 0.012;
const mostSeconds = 0.06;
const storeFrames = 1 << 15;

class DopplerSound extends AudioWorkletProcessor {
  constructor() {
    super();
    this.towards = new Float32Array(storeFrames);
    this.away = new Float32Array(storeFrames);
    this.empty();
    this.port.onmessage = ({ data }) => this.take(data);
  }

  empty() {
    this.written = 0;
    this.read = 0;
    this.isPlaying = false;
    this.rateHz = 0;
    this.stamps = [];
    this.underruns = 0;
    this.skipped = 0;
    this.blocks = 0;
  }

  take(data) {
    if (data.clear || data.rateHz !== this.rateHz) {
      this.empty();
      if (data.clear) return;
      this.rateHz = data.rateHz;
    }
    for (let i = 0; i < data.towards.length; i += 1) {
      const slot = (this.written + i) % storeFrames;
      this.towards[slot] = data.towards[i];
      this.away[slot] = data.away[i];
    }
    this.written += data.towards.length;
    this.stamps.push([this.written, data.sampledAtMs]);
    if (this.stamps.length > 64) this.stamps.shift();
    const left = this.written - this.read;
    if (left > mostSeconds * this.rateHz) {
      const keep = Math.round(wantedSeconds * this.rateHz);
      this.skipped += left - keep;
      this.read = this.written - keep;
    }
  }

  process(inputs, outputs) {
    const [left, right] = outputs[0];
    if (!right || this.rateHz === 0) return true;
    const step = this.rateHz / sampleRate;
    const stored = this.written - this.read;
    if (!this.isPlaying && stored >= wantedSeconds * this.rateHz) this.isPlaying = true;
    if (!this.isPlaying) return true;
    for (let i = 0; i < left.length; i += 1) {
      const at = Math.floor(this.read);
      if (at + 1 >= this.written) {
        this.isPlaying = false;
        this.underruns += 1;
        break;
      }
      const share = this.read - at;
      const a = at % storeFrames;
      const b = (at + 1) % storeFrames;
      left[i] = this.towards[a] + (this.towards[b] - this.towards[a]) * share;
      right[i] = this.away[a] + (this.away[b] - this.away[a]) * share;
      this.read += step;
    }
    this.blocks += 1;
    if (this.blocks % 16 === 0) this.report();
    return true;
  }

  /** Tells which moment's samples have just been handed to the loudspeaker. */
  report() {
    while (this.stamps.length > 1 && this.stamps[1][0] <= this.read) this.stamps.shift();
    const stamp = this.stamps.find(([frame]) => frame >= this.read);
    if (!stamp) return;
    const playedMs = stamp[1] - ((stamp[0] - this.read) / this.rateHz) * 1000;
    this.port.postMessage({ playedMs, underruns: this.underruns, skipped: this.skipped });
  }
}

registerProcessor("doppler-sound", DopplerSound);
