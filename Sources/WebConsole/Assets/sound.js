// Stereo sound: what flows towards the probe left, what flows away right, or the other way round.

import { view, watch } from "./view.js";

export class Sound {
  /** Sound of a live connection, which sends it to the loudspeaker's own thread. */
  constructor(live) {
    this.live = live;
    this.onPlayed = () => {};
    this.state = "off";
    watch(() => this.level());
  }

  /** Starts the loudspeaker: browsers allow it only after a person's act. */
  async start() {
    if (this.state !== "off") {
      if (this.audio?.state === "suspended") await this.audio.resume();
      return;
    }
    this.state = "starting";
    try {
      this.audio = new AudioContext({ latencyHint: "interactive" });
      await this.audio.audioWorklet.addModule("/assets/sound-worklet.js");
      this.node = new AudioWorkletNode(this.audio, "doppler-sound", { numberOfInputs: 0, outputChannelCount: [2] });
      this.node.port.onmessage = ({ data }) => this.onPlayed({
        ...data, outputMs: 1000 * (this.audio.outputLatency || this.audio.baseLatency || 0),
      });
      const channel = new MessageChannel();
      this.node.port.postMessage({ source: channel.port1 }, [channel.port1]);
      this.live.playTo(channel.port2);
      this.gain = this.audio.createGain();
      this.node.connect(this.gain).connect(this.audio.destination);
      this.level();
      this.state = "on";
      if (this.audio.state === "suspended") await this.audio.resume();
    } catch {
      this.state = "unavailable";
    }
  }

  level() {
    if (!this.gain) return;
    this.gain.gain.setTargetAtTime(view.muted ? 0 : view.volume ** 2, this.audio.currentTime, 0.01);
    this.node.port.postMessage({ isSwapped: view.swapped });
  }

  clear() { this.node?.port.postMessage({ clear: true }); }
}
