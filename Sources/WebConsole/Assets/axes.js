// What lies over the spectrum and moves only when something is changed: scale, time, baseline, filter, calipers, marks.

import { directionColours } from "./maps.js";
import { number, t } from "./words.js";
import { view } from "./view.js";

const ink = { line: "#4a5763", faint: "#27313a", text: "#dbe4ec", muted: "#a5b3bf", baseline: "#e9f0f5", filter: "#8a97a3" };

/** A step of 1, 2 or 5 times a power of ten that leaves room between the labels. */
export function niceStep(span, most) {
  const raw = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  for (const factor of [1, 2, 5, 10]) if (factor * power >= raw) return factor * power;
  return 10 * power;
}

export class Axes {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  fit(ratio) {
    const box = this.canvas.getBoundingClientRect();
    const width = Math.max(1, Math.round(box.width * ratio));
    const height = Math.max(1, Math.round(box.height * ratio));
    if (this.canvas.width === width && this.canvas.height === height) return false;
    this.canvas.width = width;
    this.canvas.height = height;
    return true;
  }

  /** Draws everything; the plot is laid into the canvas with a gutter at the left and a line of times below. */
  draw({ plot, left, scale, isFrozen, newestSeconds, calipers, stretches, cursorSeconds, trace, recordingID }) {
    const { context, canvas } = this;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) * this.ratioOf(plot);
    this.font = Math.max(11, Math.round(rem * 0.82));
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.font = `${this.font}px "DejaVu Sans", "Liberation Sans", system-ui, sans-serif`;
    context.save();
    context.translate(left, 0);
    this.drawFilter(plot, scale);
    this.drawScale(plot, scale, left);
    this.drawTime(plot, isFrozen, newestSeconds);
    this.drawStretches(plot, stretches ?? [], rem);
    this.drawDirections(plot, rem);
    if (cursorSeconds !== null && cursorSeconds !== undefined) this.drawCursor(plot, cursorSeconds);
    trace?.draw(context, plot, recordingID, this.font);
    calipers?.draw(context, plot, scale, this.font);
    context.restore();
  }

  ratioOf() { return Math.min(2, window.devicePixelRatio || 1); }

  drawScale(plot, scale, left) {
    const { context } = this;
    const nyquist = scale?.nyquistCmPerS;
    const y0 = plot.y(0);
    context.strokeStyle = ink.baseline;
    context.lineWidth = Math.max(1.5, this.font / 10);
    context.beginPath();
    context.moveTo(0, y0);
    context.lineTo(plot.width, y0);
    context.stroke();
    context.fillStyle = ink.text;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText("0", -this.font * 0.6, y0);
    if (!(nyquist > 0)) return;
    const step = niceStep(nyquist * 2, plot.height / (this.font * 2.6));
    const low = plot.share(plot.height) * nyquist;
    const high = plot.share(0) * nyquist;
    const [from, to] = low < high ? [low, high] : [high, low];
    context.lineWidth = 1;
    for (let value = Math.ceil(from / step) * step; value <= to + 1e-9; value += step) {
      if (Math.abs(value) < step / 2) continue;
      const y = (plot.zero - ((view.inverted ? -1 : 1) * value) / nyquist / 2) * plot.height;
      if (y < this.font || y > plot.height - this.font * 0.6) continue;
      context.strokeStyle = ink.faint;
      context.beginPath();
      context.moveTo(0, y);
      context.lineTo(plot.width, y);
      context.stroke();
      context.fillStyle = ink.muted;
      context.fillText(`${value > 0 ? "+" : ""}${number(value, step < 1 ? 1 : 0)}`, -this.font * 0.6, y);
    }
    context.save();
    context.translate(-left + this.font * 0.75, plot.height / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillStyle = ink.text;
    context.fillText("cm/s", 0, 0);
    context.restore();
  }

  drawFilter(plot, scale) {
    const share = scale?.wallFilterCmPerS / scale?.nyquistCmPerS;
    if (!(share > 0) || share > 1) return;
    const { context } = this;
    const half = (share / 2) * plot.height;
    const y = plot.y(0);
    context.fillStyle = "rgba(140, 156, 170, 0.22)";
    context.fillRect(0, y - half, plot.width, 2 * half);
    context.strokeStyle = ink.filter;
    context.setLineDash([this.font / 2, this.font / 2]);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, y - half);
    context.lineTo(plot.width, y - half);
    context.moveTo(0, y + half);
    context.lineTo(plot.width, y + half);
    context.stroke();
    context.setLineDash([]);
  }

  drawTime(plot, isFrozen, newestSeconds) {
    const { context } = this;
    const step = niceStep(plot.sweepSeconds, plot.width / (this.font * 5));
    const offset = newestSeconds - plot.endSeconds;
    context.textAlign = "center";
    context.textBaseline = "top";
    const first = Math.ceil(offset / step) * step;
    for (let ago = first; ago <= offset + plot.sweepSeconds; ago += step) {
      const x = plot.x(newestSeconds - ago);
      context.fillStyle = ink.line;
      context.fillRect(x, plot.height, Math.max(1, this.font / 12), this.font * 0.35);
      const label = Math.abs(ago) < 1e-6 ? "0 s" : `−${number(ago, step < 1 ? 1 : 0)}`;
      const half = context.measureText(label).width / 2;
      context.fillStyle = ink.muted;
      context.fillText(label, Math.min(plot.width - half - this.font * 0.3, Math.max(half, x)), plot.height + this.font * 0.45);
    }
    if (isFrozen) {
      context.fillStyle = "#9fd8ff";
      context.textAlign = "left";
      context.textBaseline = "top";
      context.fillText(`❄ ${t("transport.frozen")}`, this.font * 0.6, this.font * 0.7);
    }
  }

  /** Which way is up is always written, with an arrow at the probe's side. */
  drawDirections(plot, rem) {
    const { context } = this;
    context.textAlign = "right";
    const above = view.inverted ? "away" : "towards";
    const below = view.inverted ? "towards" : "away";
    const write = (word, arrow, y, baseline) => {
      context.textBaseline = baseline;
      const sign = word === "towards" ? "+" : "−";
      const text = `${arrow} ${t(`direction.${word}`)} ${sign}`;
      const width = context.measureText(text).width;
      context.fillStyle = "rgba(0, 0, 0, 0.72)";
      const top = baseline === "top" ? y - rem * 0.2 : y - this.font - rem * 0.2;
      context.fillRect(plot.width - width - rem * 0.8, top, width + rem * 0.6, this.font + rem * 0.4);
      context.fillStyle = directionColours[word];
      context.fillText(text, plot.width - rem * 0.5, y);
    };
    write(above, "▲", this.font * 0.9, "top");
    write(below, "▼", plot.height - this.font * 0.9, "bottom");
    if (view.inverted) {
      context.fillStyle = "#ffcf5c";
      context.textAlign = "center";
      context.textBaseline = "top";
      context.fillText(`⇅ ${t("settings.inverted")}`, plot.width / 2, this.font * 0.9);
    }
  }

  /** Stretches of time: reflux that was proposed, accepted or moved. Each state has a line style and a letter. */
  drawStretches(plot, stretches, rem) {
    const { context } = this;
    for (const one of stretches) {
      const left = plot.x(one.startSeconds);
      const right = plot.x(one.endSeconds);
      if (right < 0 || left > plot.width) continue;
      const y = this.font * (one.state === "proposed" ? 2.6 : 4);
      context.strokeStyle = one.state === "rejected" ? "#a5b3bf" : one.state === "proposed" ? "#f5a3d7" : "#fff";
      context.fillStyle = one.state === "rejected" ? "rgba(0,0,0,0)" : "rgba(245, 163, 215, 0.16)";
      context.setLineDash(one.state === "proposed" || one.state === "rejected" ? [rem * 0.4, rem * 0.3] : []);
      context.lineWidth = Math.max(1.5, rem * 0.12);
      context.fillRect(left, y, right - left, plot.height - y);
      context.beginPath();
      context.moveTo(left, plot.height);
      context.lineTo(left, y);
      context.lineTo(right, y);
      context.lineTo(right, plot.height);
      context.stroke();
      context.setLineDash([]);
      context.fillStyle = context.strokeStyle;
      context.textAlign = "left";
      context.textBaseline = "bottom";
      context.fillText(`${one.label} ${t(`mark.${one.state}.short`)}`, Math.max(2, left), y - 2);
    }
  }

  drawCursor(plot, seconds) {
    const { context } = this;
    const x = plot.x(seconds);
    context.strokeStyle = "#9fd8ff";
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, plot.height);
    context.stroke();
  }
}
