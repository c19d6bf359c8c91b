// What the screen itself measures: pictures drawn, and how old a sample is when it is seen and heard.

const most = 3000;
const series = { frameMs: [], drawMs: [], pixelMs: [], bufferMs: [], storedMs: [], soundMs: [], outputMs: [] };
const totals = { frames: 0, pieces: 0, columns: 0, profiles: 0, missed: 0, underruns: 0, skippedFrames: 0 };
const isSameComputer = ["127.0.0.1", "[::1]", "localhost"].includes(location.hostname);
let offsetMs = 0;
let shortestMs = Infinity;

/** The server's clock against this browser's, from the quickest answer; on the same computer they are one clock. */
export function setClock(serverMs, askedMs, answeredMs) {
  const wayMs = answeredMs - askedMs;
  if (isSameComputer || !Number.isFinite(serverMs) || wayMs >= shortestMs) return;
  shortestMs = wayMs;
  offsetMs = serverMs - (askedMs + answeredMs) / 2;
}

/** Now, by this browser's clock, Unix milliseconds. */
export const wallMs = () => Date.now();

/** What this browser's clock is behind the server's, milliseconds. */
export const clockOffsetMs = () => offsetMs;

/** How long ago a moment of the server's clock was, milliseconds. */
export const ageMs = (serverMs) => wallMs() + offsetMs - serverMs;

export function note(name, value) {
  const list = series[name];
  list.push(value);
  if (list.length > most) list.shift();
}

export function count(name, by = 1) { totals[name] += by; }

/** A total that is counted elsewhere. */
export function total(name, value) { totals[name] = value; }

/** For measurements from outside: everything since the last call. */
globalThis.dopplerbridgeStats = () => {
  const found = { ...totals, offsetMs, series: Object.fromEntries(Object.entries(series).map(([k, v]) => [k, [...v]])) };
  for (const list of Object.values(series)) list.length = 0;
  return found;
};
