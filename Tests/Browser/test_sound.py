"""The sound's store: fed late, in bunches and by another clock, as its browser would, in a time of the test's own."""
import random
import unittest

from bench import ROOT, chromium

WORKLET = ROOT / "Sources" / "WebConsole" / "Assets" / "sound-worklet.js"
RATE_HZ = 48_000
BLOCK = 128
PIECE_FRAMES = 240
# Runs the worklet on a plan: for each step pieces that arrive, and blocks that the device then asks for.
RIG = """([code, plan, rateHz]) => {
  let made;
  class Base { constructor() { this.port = { postMessage() {} }; } }
  new Function('AudioWorkletProcessor', 'registerProcessor', 'sampleRate', code)(Base, (name, found) => { made = found; }, rateHz);
  const sound = new made(), source = {}, played = [], stored = [];
  sound.port.onmessage({ data: { source } });
  for (const [pieces, blocks] of plan) {
    for (const [first, frames] of pieces) {
      const towards = Float32Array.from({ length: frames }, (_, i) => Math.sin((first + i) / 20));
      const away = Float32Array.from(towards, (value) => -value / 2);
      source.onmessage({ data: { towards, away, rateHz, sampledAtMs: 0 } });
    }
    for (let block = 0; block < blocks; block += 1) {
      const left = new Float32Array(128), right = new Float32Array(128);
      sound.process([], [[left, right]]);
      for (const value of left) played.push(value);
      if (right.some((value, i) => Math.abs(value + left[i] / 2) > 1e-6)) throw new Error('the channels part');
    }
    stored.push((sound.written - sound.read) / rateHz * 1000);
  }
  const start = played.findIndex((value) => value !== 0);
  const change = (from) => {
    let most = 0;
    for (let i = Math.max(from, start) + 1; i < played.length; i += 1) most = Math.max(most, Math.abs(played[i] - played[i - 1]));
    return most;
  };
  const end = played.length - 2 * rateHz;
  return {
    stored, underruns: sound.underruns, skipped: sound.skipped, change: change(0), changeAtEnd: change(end),
    silentAtEnd: played.slice(end).filter((value) => value === 0).length,
  };
}"""
# A sine of this step changes no more between two frames; a jump in place would.
MOST_CHANGE = 1 / 20 * 1.02


def plan(seconds, late=lambda piece: 0.0, burst=1, drift=0.0):
    """What arrives before each burst of blocks: pieces of 5 ms, each late by some seconds, and in their order."""
    pieces, newest = [], 0.0
    for number in range(int((seconds + 1) * RATE_HZ / PIECE_FRAMES)):
        newest = max(newest, (number + 1) * PIECE_FRAMES / RATE_HZ * (1 + drift) + late(number))
        pieces.append((newest, number * PIECE_FRAMES))
    steps, next_piece = [], 0
    for step in range(int(seconds * RATE_HZ / BLOCK / burst)):
        now = step * burst * BLOCK / RATE_HZ
        arrived = []
        while next_piece < len(pieces) and pieces[next_piece][0] <= now:
            arrived.append([pieces[next_piece][1], PIECE_FRAMES])
            next_piece += 1
        steps.append([arrived, burst])
    return steps


@unittest.skipUnless(chromium(), "skipped: the sound's store: missing chromium")
class SoundStoreTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from playwright.sync_api import sync_playwright

        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        cls.browser = cls.playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)
        cls.page = cls.browser.new_page()

    def run_plan(self, steps):
        return self.page.evaluate(RIG, [WORKLET.read_text(), steps, RATE_HZ])

    def test_sound_that_comes_in_time_is_played_without_a_jump_and_soon(self):
        found = self.run_plan(plan(6))
        self.assertEqual(0, found["underruns"])
        self.assertLess(found["change"], MOST_CHANGE)
        self.assertLess(max(found["stored"][-400:]), 12, "5 ms of a piece and 3 ms in reserve, and what a block takes")

    def test_a_bunch_that_comes_late_is_caught_up_with(self):
        found = self.run_plan(plan(8, late=lambda piece: 0.08 if 400 <= piece < 416 else 0.0))
        self.assertEqual(1, found["underruns"])
        self.assertGreater(max(found["stored"]), 50)
        self.assertLess(max(found["stored"][-400:]), 16)
        # What was too much is faded over: the rest is as even as before.
        self.assertLess(found["changeAtEnd"], MOST_CHANGE)

    def test_arrival_that_is_uneven_is_evened_out_by_as_much_as_it_needs(self):
        for seed in range(8):
            chance = random.Random(seed)
            found = self.run_plan(plan(12, late=lambda piece: chance.uniform(0, 0.012)))
            with self.subTest(seed=seed):
                self.assertLessEqual(found["underruns"], 8)
                self.assertLess(max(found["stored"][-1000:]), 40)
                self.assertLess(found["changeAtEnd"], 1)

    def test_a_probe_whose_clock_is_a_thousandth_off_runs_neither_dry_nor_full(self):
        for drift in (-0.001, 0.001):
            found = self.run_plan(plan(15, drift=drift))
            with self.subTest(drift=drift):
                self.assertEqual(0, found["underruns"])
                self.assertEqual(0, found["skipped"])
                self.assertLess(max(found["stored"][-1000:]), 14)
                self.assertLess(found["change"], MOST_CHANGE)

    def test_a_device_that_asks_for_eight_blocks_at_once_gets_them(self):
        found = self.run_plan(plan(8, burst=8))
        self.assertLessEqual(found["underruns"], 8)
        self.assertEqual(0, found["silentAtEnd"])
        self.assertLess(max(found["stored"][-100:]), 45)


if __name__ == "__main__":
    unittest.main()
