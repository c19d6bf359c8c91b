// From the power of a bin to a colour: gain, dynamic range and map are the picture's alone and change no measurement.

const stops = {
  grey: [[0, 0, 0, 0], [1, 255, 255, 255]],
  amber: [[0, 0, 0, 0], [0.45, 150, 84, 10], [0.8, 250, 190, 88], [1, 255, 250, 230]],
  ice: [[0, 0, 0, 0], [0.4, 16, 70, 130], [0.75, 96, 190, 230], [1, 245, 253, 255]],
  steps: [[0, 0, 0, 0], [0.18, 59, 28, 110], [0.42, 33, 110, 142], [0.68, 63, 180, 110], [0.88, 214, 222, 60], [1, 255, 255, 210]],
};

/** The maps by name, in the order in which they are offered. */
export const maps = Object.keys(stops);

function colour(map, level) {
  const list = stops[map] ?? stops.grey;
  for (let i = 1; i < list.length; i += 1) {
    if (level > list[i][0] && i < list.length - 1) continue;
    const [from, ...a] = list[i - 1];
    const [to, ...b] = list[i];
    const share = Math.min(1, Math.max(0, (level - from) / (to - from)));
    return a.map((value, c) => Math.round(value + (b[c] - value) * share));
  }
  return [0, 0, 0];
}

/** A table from a byte of power to a pixel (RGBA in memory order). */
export function table({ map, gainDb, rangeDb, floorDb, dbOfZero, dbPerStep }) {
  const found = new Uint32Array(256);
  const bytes = new Uint8ClampedArray(found.buffer);
  for (let i = 0; i < 256; i += 1) {
    const db = dbOfZero + i * dbPerStep + gainDb;
    const level = Math.min(1, Math.max(0, (db - floorDb) / rangeDb));
    bytes.set([...colour(map, level), 255], i * 4);
  }
  return found;
}

/** The colours of the directions: warm towards, cold away; a sign or an arrow always stands beside them. */
export const directionColours = { towards: "#ffb454", away: "#7cc4ff" };
