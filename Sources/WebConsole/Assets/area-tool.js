// The outline of a vein on the picture: an ellipse, or a traced line. The area itself comes from the server.

import { t } from "./words.js";

/** Drawn by hand on the picture, or by the keyboard: arrows move, with Shift they change the size. */
export class AreaTool {
  constructor() { this.clear(); }

  clear() {
    this.kind = "ellipse";
    this.ellipse = null;
    this.outline = [];
    this.isClosed = false;
  }

  /** What the picture must be drawn anew for. */
  get shape() { return [this.kind, this.ellipse, this.outline.length, this.isClosed]; }
  get isWhole() { return this.kind === "ellipse" ? this.ellipse !== null : this.isClosed && this.outline.length > 2; }

  begin(kind, picture) {
    this.kind = kind;
    this.outline = [];
    this.isClosed = false;
    if (kind === "ellipse" && !this.ellipse) {
      this.ellipse = { acrossMm: 0, depthMm: (picture?.depthMm ?? 40) / 2, widthMm: 12, heightMm: 8 };
    }
  }

  move(across, down, isSize) {
    if (this.kind !== "ellipse" || !this.ellipse) return;
    const e = this.ellipse;
    if (isSize) {
      e.widthMm = Math.max(0.5, e.widthMm + across);
      e.heightMm = Math.max(0.5, e.heightMm - down);
    } else {
      e.acrossMm += across;
      e.depthMm = Math.max(0, e.depthMm + down);
    }
  }

  press(place) {
    this.isDown = true;
    this.from = place;
    if (this.kind === "trace") {
      this.outline = [place];
      this.isClosed = false;
    }
  }

  drag(place) {
    if (!this.isDown) return;
    if (this.kind === "trace") {
      const last = this.outline[this.outline.length - 1];
      if (Math.hypot(place[0] - last[0], place[1] - last[1]) > 0.3) this.outline.push(place);
      return;
    }
    const across = Math.abs(place[0] - this.from[0]);
    const down = Math.abs(place[1] - this.from[1]);
    if (across < 0.3 || down < 0.3) return;
    this.ellipse = {
      acrossMm: (place[0] + this.from[0]) / 2, depthMm: (place[1] + this.from[1]) / 2, widthMm: across, heightMm: down,
    };
  }

  release() {
    this.isDown = false;
    if (this.kind === "trace") this.isClosed = this.outline.length > 2;
  }

  /** The act that hands the shape over. */
  get act() {
    if (this.kind !== "ellipse") return { act: "area", outline: this.outline };
    const { acrossMm: x, depthMm: y, widthMm, heightMm } = this.ellipse;
    const first = [[x - widthMm / 2, y], [x + widthMm / 2, y]];
    return { act: "area", ellipse: { first, second: [[x, y - heightMm / 2], [x, y + heightMm / 2]] } };
  }

  draw(context, box, font) {
    context.strokeStyle = "#8dffcb";
    context.lineWidth = Math.max(1.5, font / 8);
    const x = (mm) => box.x + (mm + box.widthMm / 2) * box.scale;
    const y = (mm) => box.y + mm * box.scale;
    context.beginPath();
    if (this.kind === "ellipse") {
      if (!this.ellipse) return;
      const e = this.ellipse;
      context.ellipse(x(e.acrossMm), y(e.depthMm), (e.widthMm / 2) * box.scale, (e.heightMm / 2) * box.scale, 0, 0, 2 * Math.PI);
    } else {
      if (this.outline.length === 0) return;
      for (const [index, [across, depth]] of this.outline.entries()) {
        if (index === 0) context.moveTo(x(across), y(depth));
        else context.lineTo(x(across), y(depth));
      }
      if (this.isClosed) context.closePath();
    }
    context.stroke();
    context.fillStyle = "#8dffcb";
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText(t(`area.${this.kind}`), box.x + font * 0.5, box.y + font * 0.4);
  }
}
