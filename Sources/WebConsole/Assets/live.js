// The live connection: events as JSON texts, pieces of the picture as bytes; sound goes past the page.

import { piece } from "./pieces.js";

/** Hands on what comes by a connection that a thread of its own keeps open. */
export class Live {
  constructor({ onEvent, onPiece, onState }) {
    this.onEvent = onEvent;
    this.onPiece = onPiece;
    this.onState = onState;
    this.unreadable = 0;
    this.worker = new Worker("/assets/live-worker.js", { type: "module" });
    this.worker.onmessage = ({ data }) => this.take(data);
  }

  /** Opens the connection, where it is not open; from then on it is tried again with growing pauses. */
  open() { this.worker.postMessage({}); }

  /** Sound goes to this port from now on. */
  playTo(port) { this.worker.postMessage({ loudspeaker: port }, [port]); }

  take({ isOpen, text, bytes }) {
    if (isOpen !== undefined) this.onState(isOpen);
    else if (text !== undefined) this.takeEvent(text);
    else this.takePiece(bytes);
  }

  takeEvent(text) {
    let event;
    try {
      event = JSON.parse(text);
    } catch {
      this.unreadable += 1;
      return;
    }
    this.onEvent(event);
  }

  takePiece(bytes) {
    const parsed = piece(bytes);
    if (parsed) this.onPiece(parsed);
    else this.unreadable += 1;
  }
}
