// The panel above the spectrum: the B-mode picture, or mean velocity and power of all gates over depth and time.

import { niceStep } from "./axes.js";
import { directionColours } from "./maps.js";
import { fullShift, notMeasured } from "./pieces.js";
import { sharpness } from "./sharpness.js";
import { number, quantity, t } from "./words.js";
import { view } from "./view.js";

/** Profiles that are kept for the strip over time. */
const keptProfiles = 900;
/** Half-decibel steps of power over the noise at which a gate is drawn at full strength. */
const fullPower = 80;
/** Below this power over the noise a gate shows no direction, half-decibel steps (6 dB, the steps' least signal). */
const leastPower = 12;

const rgb = { towards: [255, 180, 84], away: [96, 176, 255] };

export class Depth {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.ring = document.createElement("canvas");
    this.frame = document.createElement("canvas");
    this.clear();
  }

  clear() {
    this.profile = null;
    this.pulses = new Float64Array(keptProfiles);
    this.picture = null;
    this.count = 0;
    this.isStale = true;
  }

  /** What the panel shows now. */
  get mode() { return this.picture ? "picture" : this.profile && this.profile.gates > 1 ? "profile" : "none"; }

  takePicture(piece) {
    this.picture = piece;
    this.isStale = true;
    if (this.frame.width !== piece.lines || this.frame.height !== piece.samples) {
      this.frame.width = piece.lines;
      this.frame.height = piece.samples;
    }
    const image = new ImageData(piece.lines, piece.samples);
    const pixels = new Uint32Array(image.data.buffer);
    for (let line = 0; line < piece.lines; line += 1) {
      for (let sample = 0; sample < piece.samples; sample += 1) {
        const value = piece.brightness[line * piece.samples + sample];
        pixels[sample * piece.lines + line] = 0xff000000 | (value << 16) | (value << 8) | value;
      }
    }
    this.frame.getContext("2d").putImageData(image, 0, 0);
  }

  takeProfile(piece) {
    const before = this.profile;
    const isOther = !before || before.gates !== piece.gates || before.firstGateDepthMm !== piece.firstGateDepthMm
      || before.gateSpacingMm !== piece.gateSpacingMm || piece.pulse < before.pulse;
    if (isOther) {
      this.ring.width = keptProfiles;
      this.ring.height = piece.gates;
      this.ringContext = this.ring.getContext("2d");
      this.ringContext.clearRect(0, 0, keptProfiles, piece.gates);
      this.count = 0;
    }
    this.profile = piece;
    this.isStale = true;
    const image = new ImageData(1, piece.gates);
    for (let gate = 0; gate < piece.gates; gate += 1) image.data.set(this.colour(piece, gate), gate * 4);
    this.ringContext.putImageData(image, this.count % keptProfiles, 0);
    this.pulses[this.count % keptProfiles] = piece.pulse;
    this.count += 1;
  }

  colour(piece, gate) {
    const power = piece.power[gate];
    const strength = Math.min(1, power / fullPower);
    const shift = piece.mean[gate];
    if (shift === notMeasured || power < leastPower) {
      const grey = Math.round(60 * strength);
      return [grey, grey, grey, 255];
    }
    const hue = shift > 0 ? rgb.towards : rgb.away;
    const level = 0.25 + 0.75 * Math.min(1, (Math.abs(shift) / fullShift) * 2.2);
    return [...hue.map((value) => Math.round(value * level * (0.35 + 0.65 * strength))), 255];
  }

  fit() {
    const box = this.canvas.getBoundingClientRect();
    this.ratio = sharpness.ratio;
    const width = Math.max(1, Math.round(box.width * this.ratio));
    const height = Math.max(1, Math.round(box.height * this.ratio));
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.isStale = true;
  }

  /** Draws the panel; the strip over time has the spectrum's time axis. */
  draw(exam, area, plot, prfHz) {
    this.fit();
    const facts = JSON.stringify([exam?.settings, exam?.scale, exam?.phase, area?.shape, view.inverted, plot?.endSeconds, plot?.pixelsPerSecond]);
    if (!this.isStale && facts === this.facts) return;
    this.isStale = false;
    this.facts = facts;
    const { context, canvas } = this;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) * this.ratio;
    this.font = Math.max(11, Math.round(rem * 0.82));
    context.fillStyle = "#000";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.font = `${this.font}px "DejaVu Sans", "Liberation Sans", system-ui, sans-serif`;
    this.frameBox = null;
    this.width = canvas.width;
    const hasProfile = this.profile !== null && this.profile.gates > 1;
    const both = this.mode === "picture" && hasProfile && exam?.phase !== "measuring" && exam?.phase !== "inspecting";
    // With both, the picture keeps its shape at the left and the gates take what is left.
    if (both) this.width = Math.min(canvas.width / 2, this.pictureWidth());
    if (this.mode === "picture") this.drawPicture(exam, area);
    else if (this.mode === "profile") this.drawProfile(exam, plot, prfHz);
    else this.drawNothing(exam);
    if (!both) return;
    const left = this.width;
    this.width = canvas.width - left;
    context.save();
    context.translate(left, 0);
    this.drawProfile(exam, plot, prfHz);
    context.restore();
  }

  /** How wide the picture is at the panel's height, with its axis. */
  pictureWidth() {
    const { lines, linePitchMm, depthMm } = this.picture;
    return (lines * linePitchMm * (this.canvas.height - 1.2 * this.font)) / depthMm + this.font * 5;
  }

  drawNothing(exam) {
    const { context, canvas } = this;
    context.fillStyle = "#a5b3bf";
    context.textAlign = "center";
    context.textBaseline = "middle";
    const settings = exam?.settings;
    const line = settings && settings.gates === 1 ? t("depth.oneGate") : t("depth.none");
    context.fillText(line, this.width / 2, canvas.height / 2 - this.font);
    if (settings?.gateDepthMm !== undefined) {
      context.fillStyle = "#e6edf3";
      const gate = t("depth.gate", {
        depth: quantity(settings.gateDepthMm, 1, "mm"), length: quantity(settings.gateLengthMm, 1, "mm"),
      });
      context.fillText(gate, this.width / 2, canvas.height / 2 + this.font);
    }
  }

  depthAxis(x, top, height, fromMm, toMm) {
    const { context } = this;
    const step = niceStep(toMm - fromMm, height / (this.font * 2.2));
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (let mm = Math.ceil(fromMm / step) * step; mm <= toMm; mm += step) {
      const y = top + ((mm - fromMm) / (toMm - fromMm)) * height;
      if (y < top + this.font / 2 || y > top + height - this.font / 2) continue;
      context.fillStyle = "#4a5763";
      context.fillRect(x - this.font * 0.35, y, this.font * 0.35, 1);
      context.fillStyle = "#a5b3bf";
      context.fillText(number(mm, step < 1 ? 1 : 0), x - this.font * 0.55, y);
    }
    context.save();
    context.translate(x - this.font * 3.1, top + height / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillStyle = "#dbe4ec";
    context.fillText(`${t("depth.axis")} mm`, 0, 0);
    context.restore();
  }

  gateMark(settings, left, right, y, half) {
    const { context } = this;
    context.strokeStyle = "#f4f8fb";
    context.lineWidth = Math.max(1.5, this.font / 9);
    const shape = () => {
      context.beginPath();
      context.moveTo(left, y - half);
      context.lineTo(right, y - half);
      context.moveTo(left, y + half);
      context.lineTo(right, y + half);
      context.stroke();
    };
    context.save();
    context.strokeStyle = "#000";
    context.lineWidth += 2;
    shape();
    context.restore();
    shape();
  }

  drawProfile(exam, plot, prfHz) {
    const { context, canvas, profile } = this;
    const left = this.font * 3.9;
    const split = left + Math.max(this.font * 9, (this.width - left) * 0.24);
    const top = this.font * 1.6;
    const height = canvas.height - top - this.font * 0.4;
    const spacing = profile.gateSpacingMm;
    const from = profile.firstGateDepthMm - spacing / 2;
    const to = from + spacing * profile.gates;
    this.depthAxis(left, top, height, from, to);
    this.drawStrip(split, top, this.width - split, height, plot, prfHz);
    this.drawBars(exam, left, split, top, height);
    const settings = exam?.settings;
    if (settings?.gateDepthMm !== undefined) {
      const y = top + ((settings.gateDepthMm - from) / (to - from)) * height;
      const half = Math.max(3, (settings.gateLengthMm / (to - from)) * height / 2);
      if (y > top && y < top + height) this.gateMark(settings, left, this.width, y, half);
    }
    context.textBaseline = "top";
    context.textAlign = "left";
    context.fillStyle = "#dbe4ec";
    this.drawLegend(split);
  }

  /** The colours with sign and arrow, as far as there is room; the number of gates where there is more. */
  drawLegend(left) {
    const { context, profile } = this;
    context.textAlign = "right";
    let x = this.width - this.font * 0.6;
    for (const [word, arrow, sign] of [["towards", "▲", "+"], ["away", "▼", "−"]]) {
      const words = `${arrow} ${t(`direction.${word}`)} ${sign}`;
      context.fillStyle = directionColours[word];
      context.fillText(words, x, this.font * 0.3);
      x -= context.measureText(words).width + this.font * 1.4;
    }
    const words = t("depth.gates", { n: profile.gates });
    if (context.measureText(words).width > x - left - this.font) return;
    context.textAlign = "left";
    context.fillStyle = "#dbe4ec";
    context.fillText(words, left + this.font * 0.4, this.font * 0.3);
  }

  drawStrip(left, top, width, height, plot, prfHz) {
    const { context, profile } = this;
    const shown = Math.min(this.count, keptProfiles);
    if (!plot || !(prfHz > 0) || shown < 2) return;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.imageSmoothingEnabled = false;
    const first = this.count - shown;
    const each = (this.pulses[(this.count - 1) % keptProfiles] - this.pulses[first % keptProfiles]) / (shown - 1) / prfHz;
    const end = left + width;
    for (let index = first; index < this.count;) {
      const slot = index % keptProfiles;
      const run = Math.min(this.count - index, keptProfiles - slot);
      const from = end - (plot.endSeconds - this.pulses[slot] / prfHz) * plot.pixelsPerSecond;
      const to = end - (plot.endSeconds - this.pulses[slot + run - 1] / prfHz - each) * plot.pixelsPerSecond;
      if (to > left && from < end) context.drawImage(this.ring, slot, 0, run, profile.gates, from, top, to - from, height);
      index += run;
    }
    context.restore();
  }

  drawBars(exam, left, right, top, height) {
    const { context, profile } = this;
    const middle = (left + right) / 2;
    const half = (right - left) / 2 - this.font * 0.5;
    const each = height / profile.gates;
    context.fillStyle = "#0c1116";
    context.fillRect(left, top, right - left, height);
    for (let gate = 0; gate < profile.gates; gate += 1) {
      const shift = profile.mean[gate];
      if (shift === notMeasured || profile.power[gate] < leastPower) continue;
      context.fillStyle = shift > 0 ? directionColours.towards : directionColours.away;
      const length = (shift / fullShift) * half;
      context.fillRect(Math.min(middle, middle + length), top + gate * each, Math.abs(length), Math.max(1, each * 0.8));
    }
    context.fillStyle = "#dbe4ec";
    context.fillRect(middle, top, 1, height);
    const nyquist = exam?.scale?.nyquistCmPerS;
    context.textBaseline = "top";
    context.textAlign = "center";
    context.fillStyle = "#a5b3bf";
    context.fillText(nyquist > 0 ? `− 0 +   ±${quantity(nyquist, 0, "cm/s")}` : "− 0 +", middle, this.font * 0.3);
  }

  drawPicture(exam, area) {
    const { context, canvas, picture } = this;
    const left = this.font * 3.9;
    const widthMm = picture.lines * picture.linePitchMm;
    const pad = this.font * 0.6;
    const scale = Math.min((this.width - left - pad) / widthMm, (canvas.height - 2 * pad) / picture.depthMm);
    const width = widthMm * scale;
    const height = picture.depthMm * scale;
    const x = left + (this.width - left - width) / 2;
    this.frameBox = { x, y: pad, scale, widthMm, depthMm: picture.depthMm };
    context.drawImage(this.frame, x, pad, width, height);
    this.depthAxis(x, pad, height, 0, picture.depthMm);
    const settings = exam?.settings;
    if (settings?.gateDepthMm !== undefined && settings.gateDepthMm < picture.depthMm) {
      const y = pad + settings.gateDepthMm * scale;
      this.gateMark(settings, x + width * 0.44, x + width * 0.56, y, Math.max(3, settings.gateLengthMm * scale / 2));
    }
    area?.draw(context, this.frameBox, this.font);
  }

  /** The place in the picture, millimetres from its middle and from the skin; `null` outside. */
  placeAt(event) {
    if (!this.frameBox) return null;
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left) * this.ratio - this.frameBox.x;
    const y = (event.clientY - box.top) * this.ratio - this.frameBox.y;
    const place = [x / this.frameBox.scale - this.frameBox.widthMm / 2, y / this.frameBox.scale];
    const isInside = Math.abs(place[0]) <= this.frameBox.widthMm / 2 && place[1] >= 0 && place[1] <= this.frameBox.depthMm;
    return isInside ? place : null;
  }
}
