// ECG and breathing under the spectrum, on the same time axis.

import { sharpness } from "./sharpness.js";
import { t } from "./words.js";

const traces = [["ecg", "#9df0b2"], ["breathing", "#c9b6ff"]];

export class Strip {
  constructor(canvas, cine) {
    this.canvas = canvas;
    this.cine = cine;
    this.context = canvas.getContext("2d", { alpha: false });
  }

  draw(plot, left) {
    const { canvas, context, cine } = this;
    const { ratio } = sharpness;
    const box = canvas.getBoundingClientRect();
    const width = Math.max(1, Math.round(box.width * ratio));
    const height = Math.max(1, Math.round(box.height * ratio));
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const font = Math.max(10, Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * ratio * 0.75));
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    context.font = `${font}px "DejaVu Sans", "Liberation Sans", system-ui, sans-serif`;
    for (const [index, [name, colour]] of traces.entries()) {
      const top = (index * height) / 2;
      context.fillStyle = colour;
      context.textAlign = "left";
      context.textBaseline = "middle";
      context.fillText(t(`strip.${name}`), font * 0.4, top + height / 4);
      if (cine.length > 0) this.drawTrace(cine[name], plot, left, top + 2, height / 2 - 4, colour);
    }
    if (cine.length === 0) {
      context.fillStyle = "#a5b3bf";
      context.textAlign = "center";
      context.fillText(t("strip.none"), left + (width - left) / 2, height / 2);
    }
  }

  drawTrace(values, plot, left, top, height, colour) {
    const { context, cine } = this;
    const from = Math.max(0, Math.floor(plot.seconds(0) * cine.rateHz));
    const to = Math.min(Math.floor(plot.endSeconds * cine.rateHz), Math.round(cine.nextSeconds * cine.rateHz) - 1);
    let least = Infinity;
    let most = -Infinity;
    for (let i = from; i <= to; i += 1) {
      const slot = i % cine.capacity;
      if (cine.at[slot] !== i) continue;
      least = Math.min(least, values[slot]);
      most = Math.max(most, values[slot]);
    }
    if (!(most > least)) return;
    const step = Math.max(1, Math.floor((to - from) / (plot.width * 2)));
    let isDown = false;
    context.beginPath();
    for (let i = from; i <= to; i += step) {
      const slot = i % cine.capacity;
      if (cine.at[slot] !== i) {
        isDown = false;
        continue;
      }
      const x = left + plot.x(i / cine.rateHz);
      const y = top + height * (1 - (values[slot] - least) / (most - least));
      if (isDown) context.lineTo(x, y);
      else context.moveTo(x, y);
      isDown = true;
    }
    context.strokeStyle = colour;
    context.lineWidth = 1.3;
    context.stroke();
  }
}
