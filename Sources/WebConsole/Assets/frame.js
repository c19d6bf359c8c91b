// What stays on every screen: the band of the simulation, the five screens, connection, seat, language and light.

import { remove, paths } from "./api.js";
import { button, h, setAttribute, setText } from "./dom.js";
import { showKeys } from "./keys.js";
import { askToSignIn } from "./session.js";
import { count } from "./stats.js";
import { change, view } from "./view.js";
import { languages, number, t } from "./words.js";

const screens = ["patients", "exam", "review", "send", "device"];
const noticeSeconds = 30;

export class Frame {
  constructor(app) { this.app = app; }

  build() {
    const { app } = this;
    this.tabs = screens.map((name, index) => h("a", { href: `#${name}`, class: "tab" },
      h("span", {}, t(`screen.${name}`)), h("kbd", { "aria-hidden": "true" }, String(index + 1))));
    this.connection = h("span", { class: "connection", role: "status" });
    this.operator = h("span", { class: "operator" });
    this.seat = button(t("seat.take"), null, () => app.takeSeat(), { class: "small", hidden: true });
    this.out = button(t("session.out"), null, () => this.signOut(), { class: "small", hidden: true });
    const tongue = h("select", { "aria-label": t("frame.language"), onchange: () => app.setLanguage(tongue.value) },
      languages.map(([code, name]) => h("option", { value: code, selected: code === app.language }, name)));
    const theme = h("select", { "aria-label": t("frame.theme"), onchange: () => change({ theme: theme.value }) },
      ["system", "dark", "light"].map((name) => h("option", { value: name, selected: name === view.theme }, t(`theme.${name}`))));
    document.getElementById("head").replaceChildren(
      h("div", { class: "name" }, "DopplerBridge"),
      h("nav", { class: "tabs", "aria-label": t("frame.screens") }, this.tabs),
      h("div", { class: "head-more" }, this.connection, this.operator, this.seat, this.out, tongue, theme,
        button(t("frame.keys"), "?", showKeys, { class: "small", "aria-haspopup": "dialog" })));
    const band = document.getElementById("simulated");
    band.setAttribute("aria-label", t("simulated.word"));
    band.replaceChildren(h("strong", {}, t("simulated.word")), h("span", {}, t("simulated.line")));
    this.update();
  }

  get isSimulated() {
    const { session, exam } = this.app;
    return Boolean(session?.isSimulated || exam?.isSimulated);
  }

  update() {
    if (!this.tabs) return;
    const { app } = this;
    const band = document.getElementById("simulated");
    if (band.hidden === this.isSimulated) band.hidden = !this.isSimulated;
    setAttribute(document.documentElement, "data-simulated", this.isSimulated ? "yes" : null);
    for (const [index, name] of screens.entries()) {
      setAttribute(this.tabs[index], "aria-current", name === app.screen ? "page" : null);
    }
    setText(this.connection, app.isConnected ? `● ${t("live.on")}` : `○ ${t("live.off")}`);
    setAttribute(this.connection, "data-state", app.isConnected ? "on" : "off");
    const operator = app.session?.operator;
    setText(this.operator, operator ? operator.name : "");
    this.out.hidden = !operator || app.session?.hasAccounts === false;
    this.seat.hidden = app.isOperating;
    setAttribute(document.documentElement, "data-seat", app.isOperating ? "operates" : "looks");
    this.looking();
  }

  looking() {
    const place = document.getElementById("notices");
    let line = document.getElementById("looking");
    if (this.app.isOperating) line?.remove();
    else if (!line) {
      line = h("p", { id: "looking", class: "notice quiet" }, h("span", {}, `👁 ${t("seat.looking")}`));
      place.prepend(line);
    }
  }

  async signOut() {
    await this.app.attempt(() => remove(paths.session));
    await this.app.look();
    if (this.app.session?.needsSignIn) await askToSignIn(this.app);
  }

  missed(pieces) {
    count("missed", pieces ?? 0);
    this.missedPieces = (this.missedPieces ?? 0) + (pieces ?? 0);
    this.app.screens.exam.missed?.(number(this.missedPieces));
  }

  /** A line that says what went wrong and what to do next; it stays until it is closed, or for half a minute. */
  notice(what, next) {
    const place = document.getElementById("notices");
    for (const old of place.querySelectorAll(".notice.bad")) if (old.dataset.what === what) old.remove();
    const line = h("div", { class: "notice bad", role: "alert" },
      h("span", {}, h("strong", {}, `⚠ ${what}`), next ? h("span", { class: "next" }, ` ${next}`) : null),
      button(t("close"), null, () => line.remove(), { class: "small" }));
    line.dataset.what = what;
    place.append(line);
    while (place.querySelectorAll(".notice.bad").length > 3) place.querySelector(".notice.bad").remove();
    setTimeout(() => line.remove(), noticeSeconds * 1000);
  }
}
