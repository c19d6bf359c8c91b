// The page's words and numbers in the language that was chosen.

export const languages = [["en", "English"], ["it", "Italiano"], ["de", "Deutsch"], ["pl", "Polski"]];

let words = {};
let spare = {};
export let language = "en";
const formats = new Map();

async function load(name) {
  const answer = await fetch(`/assets/${name}.json`);
  if (!answer.ok) throw new Error(`/assets/${name}.json: ${answer.status}`);
  return answer.json();
}

/** Takes a language; one that is not there leaves the one before. */
export async function speak(wanted) {
  const name = languages.some(([code]) => code === wanted) ? wanted : "en";
  words = await load(name);
  if (name !== "en" && Object.keys(spare).length === 0) spare = await load("en");
  if (name === "en") spare = words;
  language = name;
  formats.clear();
  document.documentElement.lang = name;
}

/** The words of a key, with values in their places: `t("protocol.progress", {done: 3, total: 16})`. */
export function t(key, values) {
  const text = words[key] ?? spare[key] ?? key;
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

/** The words of a code that the server names, or the code itself where the page does not know it. */
export function named(group, code) {
  if (code === null || code === undefined || code === "") return "";
  const key = `${group}.${code}`;
  return words[key] ?? spare[key] ?? String(code);
}

/** A number with so many decimals, as the language writes it; a true minus sign. */
export function number(value, decimals = 0) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  let format = formats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(decimals, format);
  }
  const rounded = Math.abs(value) < 0.5 * 10 ** -decimals ? 0 : value;
  return format.format(rounded).replace("-", "−");
}

/** A number with its unit and a narrow space that does not break. */
export function quantity(value, decimals, unit) {
  return `${number(value, decimals)}\u202f${unit}`;
}

/** Seconds as minutes and seconds: 1:05. */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds - 1e-6));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A moment of ISO 8601 as day and time. */
export function moment(text) {
  if (!text) return "–";
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return String(text);
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(date);
}

/** A name as DICOM writes it (Family^Given=ideographic=phonetic), as people read it. */
export function personWords(name) {
  const [family, given] = String(name ?? "").split("=")[0].split("^");
  return [family, given].filter(Boolean).join(", ");
}

/** A site in the language's words: vein, level. Side and posture stand beside it. */
export function veinWords(step) {
  const vein = named("vein", step.vein);
  return step.level ? `${vein} ${String(step.level).toUpperCase()}` : vein;
}

/** A step in one line. */
export function stepWords(step) {
  return [veinWords(step), named("side", step.side), named("posture", step.posture)].filter(Boolean).join(", ");
}
