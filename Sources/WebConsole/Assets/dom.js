// Elements from a few words, and the changes to them that keep the keyboard's place.

const booleans = new Set(["disabled", "hidden", "checked", "required", "readOnly", "open", "selected", "autofocus"]);

function set(element, name, value) {
  if (name.startsWith("on") && typeof value === "function") element.addEventListener(name.slice(2), value);
  else if (name === "class") element.className = value ?? "";
  else if (name === "value") element.value = value ?? "";
  else if (booleans.has(name)) element[name] = Boolean(value);
  else if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "true" : String(value));
}

/** An element: `h("button", {class: "act", onclick: go}, "Go")`. Texts are always texts, never markup. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  for (const [name, value] of Object.entries(properties ?? {})) set(element, name, value);
  return element;
}

/** Changes an element's text only where it differs, so that a screen reader does not read it again. */
export function setText(element, text) {
  const words = String(text ?? "");
  if (element.textContent !== words) element.textContent = words;
}

/** Changes an attribute only where it differs. */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, String(value));
  }
}

/** Puts new content into an element, with the focus and the caret where they were (elements carry `data-at`). */
export function refill(root, ...children) {
  const held = document.activeElement;
  const at = held && root.contains(held) ? held.closest("[data-at]")?.getAttribute("data-at") : null;
  const scroll = root.scrollTop;
  root.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  root.scrollTop = scroll;
  if (at) root.querySelector(`[data-at="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
}

/** Rebuilds an element's content only when what it is built of has changed. */
export function filler(root) {
  let before;
  return (facts, build) => {
    const now = JSON.stringify(facts);
    if (now === before) return false;
    before = now;
    refill(root, build());
    return true;
  };
}

let count = 0;

/** A new id for a label and its field. */
export function newID(word) {
  count += 1;
  return `${word}-${count}`;
}

/** A labelled field: the label above, the field, and a line of help below. */
export function field(label, input, help) {
  const id = input.id || newID("field");
  input.id = id;
  const parts = [h("label", { for: id }, label), input];
  if (help) {
    const line = h("p", { class: "help", id: `${id}-help` }, help);
    input.setAttribute("aria-describedby", line.id);
    parts.push(line);
  }
  return h("div", { class: "field" }, parts);
}

/** A button with the key that does the same. */
export function button(words, key, act, more = {}) {
  const { class: name, ...others } = more;
  return h("button", { type: "button", class: `button ${name ?? ""}`, onclick: act, ...others },
    h("span", { class: "button-words" }, words), key ? h("kbd", { "aria-hidden": "true" }, key) : null);
}
