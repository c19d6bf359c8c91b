// The pieces of the live picture and sound, as LiveView writes them: little-endian, without padding.
// What is shorter than it says, or of another version, is no piece.

const version = 1;
/** What stands for a value that was not measured. */
export const notMeasured = -32768;
/** Shifts are counted in 1/65536 of the PRF: from -32768 to 32767 is from -PRF/2 to PRF/2. */
export const fullShift = 32768;

export const flag = {
  aliased: 1, clipped: 2, noFlow: 4, settling: 8, tap: 16, notTransmitting: 32, noSignal: 64,
  missing: 0x8000,
};

const most = { bins: 4096, columns: 65535, gates: 4096 };
const big = (view, at) => Number(view.getBigUint64(at, true));

function columns(view, buffer) {
  const head = 44;
  if (view.byteLength < head) return null;
  const bins = view.getUint16(2, true);
  const count = view.getUint16(4, true);
  const each = 8 + bins;
  if (bins < 2 || bins > most.bins || view.byteLength < head + count * each) return null;
  const found = {
    kind: "columns", bins, count, gate: view.getUint16(6, true), prfHz: view.getUint32(8, true) / 1000,
    hopPulses: view.getUint32(12, true), firstPulse: big(view, 16), sequence: view.getUint32(24, true),
    dbOfZero: view.getFloat32(28, true), dbPerStep: view.getFloat32(32, true), sampledAtMs: view.getFloat64(36, true),
    mean: new Int16Array(count), towards: new Int16Array(count), away: new Int16Array(count),
    flags: new Uint16Array(count), power: new Uint8Array(count * bins),
  };
  if (!(found.prfHz > 0) || found.hopPulses === 0) return null;
  for (let i = 0, at = head; i < count; i += 1, at += each) {
    found.mean[i] = view.getInt16(at, true);
    found.towards[i] = view.getInt16(at + 2, true);
    found.away[i] = view.getInt16(at + 4, true);
    found.flags[i] = view.getUint16(at + 6, true);
    found.power.set(new Uint8Array(buffer, at + 8, bins), i * bins);
  }
  return found;
}

function profile(view, buffer) {
  if (view.byteLength < 20) return null;
  const gates = view.getUint16(2, true);
  if (gates === 0 || gates > most.gates || view.byteLength < 20 + gates * 3) return null;
  const mean = new Int16Array(gates);
  for (let i = 0; i < gates; i += 1) mean[i] = view.getInt16(20 + 2 * i, true);
  return {
    kind: "profile", gates, firstGateDepthMm: view.getUint32(4, true) / 1000,
    gateSpacingMm: view.getUint32(8, true) / 1000, pulse: big(view, 12), mean,
    power: new Uint8Array(buffer.slice(20 + gates * 2, 20 + gates * 3)),
  };
}

function picture(view, buffer) {
  if (view.byteLength < 24) return null;
  const lines = view.getUint16(2, true);
  const samples = view.getUint16(4, true);
  const depthMm = view.getFloat32(16, true);
  const linePitchMm = view.getFloat32(20, true);
  if (lines === 0 || samples === 0 || view.byteLength < 24 + lines * samples) return null;
  if (!(depthMm > 0) || !(linePitchMm > 0)) return null;
  return {
    kind: "picture", lines, samples, pulse: big(view, 8), depthMm, linePitchMm,
    brightness: new Uint8Array(buffer.slice(24, 24 + lines * samples)),
  };
}

function sound(view) {
  if (view.byteLength < 24) return null;
  const frames = view.getUint16(2, true);
  const rateHz = view.getUint32(4, true);
  if (frames === 0 || rateHz === 0 || view.byteLength < 24 + frames * 4) return null;
  const towards = new Float32Array(frames);
  const away = new Float32Array(frames);
  for (let i = 0; i < frames; i += 1) {
    towards[i] = view.getInt16(24 + 4 * i, true) / 32768;
    away[i] = view.getInt16(26 + 4 * i, true) / 32768;
  }
  return {
    kind: "sound", frames, rateHz, firstFrame: big(view, 8), sampledAtMs: view.getFloat64(16, true), towards, away,
  };
}

function physiology(view) {
  if (view.byteLength < 16) return null;
  const records = view.getUint16(2, true);
  const rateHz = view.getUint32(4, true) / 1000;
  if (!(rateHz > 0) || view.byteLength < 16 + records * 4) return null;
  const ecg = new Int16Array(records);
  const breathing = new Int16Array(records);
  for (let i = 0; i < records; i += 1) {
    ecg[i] = view.getInt16(16 + 4 * i, true);
    breathing[i] = view.getInt16(18 + 4 * i, true);
  }
  return { kind: "physiology", records, rateHz, pulse: big(view, 8), ecg, breathing };
}

const readers = [null, columns, profile, picture, sound, physiology];

/** A piece from its bytes, or `null` for what is none. */
export function piece(buffer) {
  if (buffer.byteLength < 16) return null;
  const view = new DataView(buffer);
  if (view.getUint8(1) !== version) return null;
  return readers[view.getUint8(0)]?.(view, buffer) ?? null;
}
