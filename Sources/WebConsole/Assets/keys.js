// The keys: one table for what they do, for the hints on the buttons and for the list of all keys.

import { button, h } from "./dom.js";
import { t } from "./words.js";
import { change, view } from "./view.js";

/** Names of keys as they stand on a keyboard. */
export const names = {
  " ": "␣", Enter: "↵", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", PageUp: "PgUp", PageDown: "PgDn",
  Escape: "Esc", Backspace: "⌫",
};

/** What each key does, in groups: `[keys as shown, words]`. */
export const list = [
  ["keys.screens", [["1 … 5", "keys.screen"], ["?", "keys.help"], ["Esc", "keys.back"]]],
  ["keys.run", [
    ["␣", "keys.freeze"], ["↵", "keys.save"], ["⌫", "keys.repeat"], ["M", "keys.mark"], ["V", "keys.valsalva"],
    ["K", "keys.skip"], ["N", "keys.notVisualised"], ["U", "keys.notAssessable"], ["O", "keys.form"],
  ]],
  ["keys.picture", [
    ["+ −", "keys.gain"], ["[ ]", "keys.range"], ["← →", "keys.baseline"], ["I", "keys.invert"], ["W", "keys.sweep"],
    ["T", "keys.trace"], ["D", "keys.map"], ["C", "keys.caliper"], ["Tab", "keys.caliperPoint"], ["E", "keys.handTrace"], [", .", "keys.cine"],
  ]],
  ["keys.probe", [
    ["↑ ↓", "keys.depth"], ["⇧ ↑ ↓", "keys.length"], ["PgUp PgDn", "keys.scale"], ["F", "keys.filter"], ["A", "keys.angle"], ["G", "keys.gate"],
  ]],
  ["keys.other", [["L R", "keys.side"], ["S", "keys.posture"], ["Q", "keys.mute"], ["X", "keys.swap"]]],
];

const isTyping = (element) => element.closest("input, textarea, select") !== null && element.type !== "range";
const isPressed = (element) => element.closest("button, a, summary, [role=tab], input[type=checkbox], input[type=radio]") !== null;

/** Hands keys to whoever is at work; keys that are typed into fields or press a button stay there. */
export function listen(handle, back) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.key === "Escape") {
      if (!document.querySelector("dialog[open]") && back(target)) event.preventDefault();
      return;
    }
    if (document.querySelector("dialog[open]") || isTyping(target)) return;
    if (target.type === "range" && (event.key.startsWith("Arrow") || event.key.startsWith("Page"))) return;
    if ((event.key === " " || event.key === "Enter") && isPressed(target)) return;
    if (event.key.length === 1 && event.key !== " " && !view.singleKeys && event.key !== "?") return;
    if (handle(event.key.length === 1 ? event.key.toLowerCase() : event.key, event)) event.preventDefault();
  });
  // A button that the mouse has pressed does not keep the space bar: it must freeze.
  document.addEventListener("click", (event) => {
    if (event.detail > 0) event.target.closest?.("main button, main input[type=checkbox], main input[type=range]")?.blur();
  });
}

/** A dialog over the page, below the band that says what is simulated. */
export function dialog(title, content, { onClose, isForced } = {}) {
  const heading = h("h2", { id: "dialog-title" }, title);
  const box = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, heading, content);
  box.addEventListener("close", () => {
    box.remove();
    onClose?.();
  });
  if (isForced) box.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(box);
  box.showModal();
  return box;
}

/** The list of all keys. */
export function showKeys() {
  const groups = list.map(([title, rows]) => h("section", {},
    h("h3", {}, t(title)),
    h("dl", { class: "keys" }, rows.map(([keys, words]) => h("div", {}, h("dt", {}, keys.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, t(words)))))));
  const single = h("input", { type: "checkbox", id: "single-keys", checked: view.singleKeys, onchange: () => change({ singleKeys: single.checked }) });
  const box = dialog(t("keys.title"), [
    h("div", { class: "key-groups", tabindex: "0", role: "region", "aria-label": t("keys.title") }, groups),
    h("div", { class: "row" }, h("label", { class: "check", for: "single-keys" }, single, t("keys.single")),
      button(t("close"), "Esc", () => box.close(), { autofocus: true, class: "primary" })),
  ]);
}
