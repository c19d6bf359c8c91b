// The live connection: events as JSON texts, pieces of picture and sound as bytes.

import { piece } from "./pieces.js";

const firstWaitMs = 500;
const longestWaitMs = 8000;

/** Keeps a connection open and hands on what comes; tries again with growing pauses. */
export class Live {
  constructor({ onEvent, onPiece, onState }) {
    this.onEvent = onEvent;
    this.onPiece = onPiece;
    this.onState = onState;
    this.waitMs = firstWaitMs;
    this.wanted = false;
    this.unreadable = 0;
  }

  open() {
    this.wanted = true;
    if (this.socket) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/live`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.waitMs = firstWaitMs;
      this.onState(true);
    };
    socket.onmessage = ({ data }) => this.take(data);
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.onState(false);
      if (!this.wanted) return;
      setTimeout(() => this.wanted && this.open(), this.waitMs);
      this.waitMs = Math.min(this.waitMs * 2, longestWaitMs);
    };
  }

  close() {
    this.wanted = false;
    this.socket?.close();
    this.socket = null;
  }

  take(data) {
    if (typeof data === "string") {
      let event;
      try {
        event = JSON.parse(data);
      } catch {
        this.unreadable += 1;
        return;
      }
      this.onEvent(event);
      return;
    }
    const parsed = piece(data);
    if (parsed) this.onPiece(parsed);
    else this.unreadable += 1;
  }
}
