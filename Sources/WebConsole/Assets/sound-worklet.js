// Plays stereo sound as it comes: a short store that evens out arrival, as short as arrival lets it be.

/** What is kept before playing starts, and from where on the store is too full, seconds. */
const startSeconds = 0.008;
const mostSeconds = 0.2;
/** What the store should hold at its emptiest, seconds: at first, at most, and by how much more after each time it ran dry. */
const leastSeconds = 0.003;
const mostLeastSeconds = 0.03;
const dryStepSeconds = 0.003;
/** How long the store is watched for its emptiest, and how fast what it learnt from running dry is forgotten, seconds. */
const watchSeconds = 0.25;
const forgetPerSecond = 0.0002;
/** Playing goes faster or slower by this share at most: a twelfth of a semitone, which nobody hears. */
const mostBend = 0.005;
/** What is too much to be caught up with by playing faster is faded over, seconds. */
const skipSeconds = 0.015;
const storeFrames = 1 << 15;
const blocksOfReport = 16;

class DopplerSound extends AudioWorkletProcessor {
  constructor() {
    super();
    this.towards = new Float32Array(storeFrames);
    this.away = new Float32Array(storeFrames);
    this.leastSeconds = leastSeconds;
    this.isSwapped = false;
    this.empty();
    this.port.onmessage = ({ data }) => this.obey(data);
  }

  /** What the page says: where sound comes from, which ear hears what, and that a run has ended. */
  obey({ source, isSwapped, clear }) {
    if (source) source.onmessage = ({ data }) => this.take(data);
    if (isSwapped !== undefined) this.isSwapped = isSwapped;
    if (clear) this.empty();
  }

  empty() {
    this.written = 0;
    this.read = 0;
    this.isPlaying = false;
    this.rateHz = 0;
    this.bend = 0;
    this.stamps = [];
    this.ages = [];
    this.underruns = 0;
    this.skipped = 0;
    this.blocks = 0;
    this.watch();
  }

  /** Begins to watch for the emptiest. */
  watch() {
    this.emptiest = Infinity;
    this.watched = 0;
  }

  take(data) {
    if (data.rateHz !== this.rateHz) {
      this.empty();
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
    if (this.ages.length < 64 && Number.isFinite(data.sampledAtMs)) this.ages.push(Date.now() - data.sampledAtMs);
    if (this.written - this.read > mostSeconds * this.rateHz) this.skipTo(startSeconds);
  }

  /** Leaves out all but the newest. */
  skipTo(seconds) {
    const at = Math.max(this.read, this.written - Math.round(seconds * this.rateHz));
    this.skipped += at - this.read;
    this.read = at;
    this.watch();
  }

  process(inputs, outputs) {
    const [left, right] = this.isSwapped ? [outputs[0][1], outputs[0][0]] : outputs[0];
    if (!left || !right || this.rateHz === 0) return true;
    if (!this.isPlaying && this.written - this.read >= Math.max(startSeconds, this.leastSeconds) * this.rateHz) {
      this.isPlaying = true;
      this.watch();
    }
    if (!this.isPlaying) return true;
    const excess = this.adjust(left.length / sampleRate);
    this.play(left, right, excess);
    this.emptiest = Math.min(this.emptiest, this.written - this.read);
    this.blocks += 1;
    if (this.blocks % blocksOfReport === 0) this.report();
    return true;
  }

  /** Bends the speed after a watch; returns what is to be faded over now, frames. */
  adjust(seconds) {
    this.watched += seconds;
    this.leastSeconds = Math.max(leastSeconds, this.leastSeconds - forgetPerSecond * seconds);
    if (this.watched < watchSeconds) return 0;
    const excessSeconds = this.emptiest / this.rateHz - this.leastSeconds;
    this.watch();
    if (excessSeconds > skipSeconds) {
      this.bend = 0;
      return Math.floor(excessSeconds * this.rateHz);
    }
    this.bend = Math.max(-mostBend, Math.min(mostBend, excessSeconds));
    return 0;
  }

  /** Fills a block, and fades to a later place where something is to be left out. */
  play(left, right, excess) {
    const step = (this.rateHz / sampleRate) * (1 + this.bend);
    for (let i = 0; i < left.length; i += 1) {
      if (Math.floor(this.read) + excess + 1 >= this.written) {
        this.runDry();
        return;
      }
      const share = excess > 0 ? i / left.length : 0;
      left[i] = this.at(this.towards, this.read) * (1 - share);
      right[i] = this.at(this.away, this.read) * (1 - share);
      if (share > 0) {
        left[i] += this.at(this.towards, this.read + excess) * share;
        right[i] += this.at(this.away, this.read + excess) * share;
      }
      this.read += step;
    }
    this.read += excess;
    this.skipped += excess;
  }

  at(store, place) {
    const at = Math.floor(place);
    const a = store[at % storeFrames];
    return a + (store[(at + 1) % storeFrames] - a) * (place - at);
  }

  runDry() {
    this.isPlaying = false;
    this.underruns += 1;
    this.leastSeconds = Math.min(mostLeastSeconds, this.leastSeconds + dryStepSeconds);
  }

  /** Tells which moment's samples have just been handed to the loudspeaker, and how old samples were as they came here. */
  report() {
    while (this.stamps.length > 1 && this.stamps[1][0] <= this.read) this.stamps.shift();
    const stamp = this.stamps.find(([frame]) => frame >= this.read);
    if (!stamp) return;
    const playedMs = stamp[1] - ((stamp[0] - this.read) / this.rateHz) * 1000;
    const storedMs = ((this.written - this.read) / this.rateHz) * 1000;
    this.port.postMessage({ playedMs, storedMs, ages: this.ages, underruns: this.underruns, skipped: Math.round(this.skipped) });
    this.ages = [];
  }
}

registerProcessor("doppler-sound", DopplerSound);
