// The live connection, on a thread of its own: sound goes to the loudspeaker from here, however long the page draws.

import { piece } from "./pieces.js";

const firstWaitMs = 500;
const longestWaitMs = 8000;
const soundKind = 4;

let socket = null;
let waitMs = firstWaitMs;
/** Where sound goes: the port of the sound's own thread; `null` until a person has allowed sound. */
let loudspeaker = null;

function open() {
  const scheme = self.location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${self.location.host}/live`);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    waitMs = firstWaitMs;
    self.postMessage({ isOpen: true });
  };
  socket.onmessage = ({ data }) => take(data);
  socket.onclose = () => {
    self.postMessage({ isOpen: false });
    setTimeout(open, waitMs);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  };
}

function take(data) {
  if (typeof data === "string") self.postMessage({ text: data });
  else if (new Uint8Array(data)[0] === soundKind) play(data);
  else self.postMessage({ bytes: data }, [data]);
}

function play(data) {
  const sound = loudspeaker && piece(data);
  if (!sound) return;
  const { towards, away, rateHz, sampledAtMs } = sound;
  loudspeaker.postMessage({ towards, away, rateHz, sampledAtMs }, [towards.buffer, away.buffer]);
}

self.onmessage = ({ data }) => {
  if (data.loudspeaker) loudspeaker = data.loudspeaker;
  else if (!socket) open();
};
