// Calipers on the spectrum: velocity, time and slope, by the mouse or by the arrow keys.

import { number, quantity, t } from "./words.js";

export const kinds = ["velocity", "time", "slope"];

export class Calipers {
  constructor() {
    this.kind = null;
    this.points = [];
    this.active = 0;
  }

  /** Starts a kind with two points in the middle of what is in view, or ends it. */
  begin(kind, plot) {
    this.kind = kind;
    this.active = 0;
    if (!kind) return;
    const middle = plot.endSeconds - plot.sweepSeconds / 2;
    this.points = [
      { seconds: middle - plot.sweepSeconds / 10, share: 0.25 }, { seconds: middle + plot.sweepSeconds / 10, share: -0.25 },
    ];
  }

  /** Moves the active point: by so many pixels, which is the finest that can be read. */
  move(across, up, plot) {
    const point = this.points[this.active];
    if (!point) return;
    point.seconds += across / plot.pixelsPerSecond;
    const y = (plot.zero - point.share / 2) * plot.height - up;
    point.share = (plot.zero - Math.min(plot.height, Math.max(0, y)) / plot.height) * 2;
  }

  other() { this.active = 1 - this.active; }

  /** Takes the nearer point to a place in the plot. */
  press(x, y, plot) {
    const distance = (point) => Math.abs(plot.x(point.seconds) - x) + Math.abs(this.height(point, plot) - y);
    this.active = distance(this.points[0]) <= distance(this.points[1]) ? 0 : 1;
    this.drag(x, y, plot);
  }

  drag(x, y, plot) {
    const point = this.points[this.active];
    if (!point) return;
    point.seconds = plot.seconds(Math.min(plot.width, Math.max(0, x)));
    point.share = (plot.zero - Math.min(plot.height, Math.max(0, y)) / plot.height) * 2;
  }

  height(point, plot) { return (plot.zero - point.share / 2) * plot.height; }

  /** What the calipers read, as lines of name and value. Heights are of the picture: inverting turns their sign. */
  readings(scale, isInverted) {
    if (!this.kind) return [];
    const nyquist = scale?.nyquistCmPerS;
    const sign = isInverted ? -1 : 1;
    const [a, b] = this.points.map((point) => sign * point.share * (nyquist ?? NaN));
    const seconds = Math.abs(this.points[1].seconds - this.points[0].seconds);
    const signed = (value) => `${value > 0 ? "+" : ""}${quantity(value, 1, "cm/s")}`;
    const velocities = [["1", signed(a)], ["2", signed(b)], ["Δv", quantity(Math.abs(a - b), 1, "cm/s")]];
    const time = [["Δt", quantity(seconds * 1000, 0, "ms")]];
    if (this.kind === "velocity") return velocities;
    if (this.kind === "time") return time;
    const later = this.points[1].seconds >= this.points[0].seconds ? b - a : a - b;
    const slope = seconds > 0 ? `${number(later / seconds, 0)}\u202fcm/s²` : "–";
    return [...velocities, ...time, [t("caliper.slope"), slope]];
  }

  draw(context, plot, scale, font) {
    if (!this.kind) return;
    context.save();
    context.strokeStyle = "#b8ffdf";
    context.fillStyle = "#b8ffdf";
    context.lineWidth = Math.max(1.2, font / 10);
    const places = this.points.map((point) => [plot.x(point.seconds), this.height(point, plot)]);
    for (const [index, [x, y]] of places.entries()) {
      context.beginPath();
      context.setLineDash([4, 4]);
      if (this.kind !== "time") {
        context.moveTo(0, y);
        context.lineTo(plot.width, y);
      }
      if (this.kind !== "velocity") {
        context.moveTo(x, 0);
        context.lineTo(x, plot.height);
      }
      context.stroke();
      context.setLineDash([]);
      const arm = font * 0.6;
      context.beginPath();
      context.moveTo(x - arm, y);
      context.lineTo(x + arm, y);
      context.moveTo(x, y - arm);
      context.lineTo(x, y + arm);
      if (index === this.active) context.rect(x - arm, y - arm, arm * 2, arm * 2);
      context.stroke();
      context.textAlign = "left";
      context.textBaseline = "bottom";
      context.fillText(String(index + 1), x + arm * 0.6, y - arm * 0.4);
    }
    if (this.kind === "slope") {
      context.beginPath();
      context.moveTo(...places[0]);
      context.lineTo(...places[1]);
      context.stroke();
    }
    context.restore();
  }
}
