// How the picture is shown: the page's own settings, which change no measurement and are kept in this browser.

import { maps } from "./maps.js";

export const sweepsSeconds = [2.8, 5.6, 8, 11.2, 16];
export const envelopes = ["off", "above", "below", "both"];
export const gains = { least: -30, most: 60 };
export const ranges = [20, 30, 40, 50, 60, 70];

const kept = "dopplerbridge.view";
const standard = {
  gainDb: 0, rangeDb: 40, map: "grey", baseline: 0, inverted: false, sweepSeconds: 5.6, envelope: "both",
  volume: 0.5, muted: false, swapped: false, theme: "system", singleKeys: true, language: null,
};

function checked(stored) {
  const found = { ...standard };
  for (const key of Object.keys(standard)) {
    if (stored && typeof stored[key] === typeof standard[key]) found[key] = stored[key];
  }
  if (typeof stored?.language === "string") found.language = stored.language;
  if (!maps.includes(found.map)) found.map = standard.map;
  if (!sweepsSeconds.includes(found.sweepSeconds)) found.sweepSeconds = standard.sweepSeconds;
  if (!envelopes.includes(found.envelope)) found.envelope = standard.envelope;
  found.baseline = Math.max(-0.45, Math.min(0.45, found.baseline));
  return found;
}

function read() {
  try {
    return checked(JSON.parse(localStorage.getItem(kept) ?? "null"));
  } catch {
    return { ...standard };
  }
}

/** The settings in force. `baseline`: by what share of the height zero is moved upwards. */
export const view = read();
const watchers = new Set();

/** Calls back after each change. */
export function watch(watcher) {
  watchers.add(watcher);
}

/** Changes settings, keeps them and tells whoever watches. */
export function change(values) {
  Object.assign(view, checked({ ...view, ...values }));
  try {
    localStorage.setItem(kept, JSON.stringify(view));
  } catch {
    // A browser without storage forgets them at the end; nothing else depends on it.
  }
  for (const watcher of watchers) watcher(view);
}

/** The next of a list, round and round. */
export function next(list, value, step = 1) {
  return list[(list.indexOf(value) + step + list.length) % list.length];
}
