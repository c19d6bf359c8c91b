// What the keys do during an exam.

import { change, envelopes, gains, next, ranges, sweepsSeconds, view } from "./view.js";
import { maps } from "./maps.js";

const baselineStep = 0.05;
const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

const picture = {
  "+": () => change({ gainDb: clamp(view.gainDb + 1, gains.least, gains.most) }),
  "=": () => change({ gainDb: clamp(view.gainDb + 1, gains.least, gains.most) }),
  "-": () => change({ gainDb: clamp(view.gainDb - 1, gains.least, gains.most) }),
  "−": () => change({ gainDb: clamp(view.gainDb - 1, gains.least, gains.most) }),
  "[": () => change({ rangeDb: ranges[Math.max(0, ranges.indexOf(view.rangeDb) - 1)] }),
  "]": () => change({ rangeDb: ranges[Math.min(ranges.length - 1, ranges.indexOf(view.rangeDb) + 1)] }),
  ArrowLeft: () => moveBaseline(-1),
  ArrowRight: () => moveBaseline(1),
  i: () => change({ inverted: !view.inverted }),
  w: () => change({ sweepSeconds: next(sweepsSeconds, view.sweepSeconds) }),
  d: () => change({ map: next(maps, view.map) }),
  q: () => change({ muted: !view.muted }),
  x: () => change({ swapped: !view.swapped }),
};

/** Moves zero up or down; it never reaches the edge. */
export function moveBaseline(step) {
  change({ baseline: clamp(Math.round((view.baseline + step * baselineStep) * 100) / 100, -0.45, 0.45) });
}

/** The arrow keys belong to a caliper or to an ellipse while one is open. */
function arrows(screen, key, event) {
  const across = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0;
  const up = { ArrowUp: 1, ArrowDown: -1 }[key] ?? 0;
  if (across === 0 && up === 0) return false;
  if (screen.exam.phase === "measuring" && screen.area.ellipse && screen.task.isDrawing) {
    const stepMm = 0.5;
    screen.area.move(across * stepMm, -up * stepMm, event.shiftKey);
    screen.isStale = true;
    screen.task.showArea();
    return true;
  }
  if (screen.calipers.kind) {
    const step = event.shiftKey ? 10 : 1;
    screen.calipers.move(across * step, up * step, screen.spectrum.plot);
    screen.isStale = true;
    return true;
  }
  return false;
}

/** Does what a key stands for; false where it stands for nothing. */
export function examKey(screen, key, event) {
  if (key === "e" && screen.exam.phase === "reviewing") {
    screen.nextTrace();
    return true;
  }
  const changed = () => { screen.isStale = true; };
  if (screen.trace.key(key, event, screen.spectrum.plot, { changed, keep: () => screen.keepTrace() })) return true;
  if (arrows(screen, key, event)) return true;
  if (key === "t") {
    if (screen.exam.phase === "measuring") screen.task.draw("trace");
    else change({ envelope: next(envelopes, view.envelope) });
    return true;
  }
  if (key === "e" && screen.exam.phase === "measuring") {
    screen.task.draw("ellipse");
    return true;
  }
  if (key in picture) {
    picture[key]();
    return true;
  }
  if (key === "Tab" && screen.calipers.kind && !event.shiftKey) {
    if (document.activeElement !== document.body && document.activeElement?.id !== "main") return false;
    screen.calipers.other();
    screen.isStale = true;
    return true;
  }
  const { settings, transport, protocol, task } = screen;
  const acts = {
    " ": () => transport.freeze(), Enter: () => transport.primary(), Backspace: () => transport.repeat(),
    m: () => transport.mark(), v: () => transport.valsalva(), c: () => screen.nextCaliper(),
    ",": () => screen.lookBack(screen.backSeconds + (event.shiftKey ? 1 : 0.1)),
    ".": () => screen.lookBack(screen.backSeconds - (event.shiftKey ? 1 : 0.1)),
    Home: () => screen.lookBack(Infinity), End: () => screen.lookBack(0),
    ArrowUp: () => settings.step(event.shiftKey ? "gateLengthMm" : "gateDepthMm", event.shiftKey ? 1 : -1),
    ArrowDown: () => settings.step(event.shiftKey ? "gateLengthMm" : "gateDepthMm", event.shiftKey ? -1 : 1),
    PageUp: () => settings.step("prfHz", 1), PageDown: () => settings.step("prfHz", -1),
    f: () => settings.step("wallFilterHz", event.shiftKey ? -1 : 1, true), a: () => settings.focusOn("insonationAngleDegrees"),
    o: () => task.toForm(),
    g: () => settings.step("gate", event.shiftKey ? -1 : 1, true),
    l: () => protocol.selectSide("left"), r: () => protocol.selectSide("right"), s: () => protocol.selectPosture(),
    k: () => task.openForm("skip"), n: () => task.openForm("notVisualised"), u: () => task.openForm("notAssessable"),
  };
  if (!(key in acts)) return false;
  acts[key]();
  return true;
}
