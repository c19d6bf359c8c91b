// Who works here, and what the program is for: signing in, and the statement of intended use.

import { Refusal, paths, post } from "./api.js";
import { button, field, h } from "./dom.js";
import { dialog } from "./keys.js";
import { t } from "./words.js";

let asking = null;

/** Asks for name and passphrase until the archive knows them. */
export function askToSignIn(app) {
  asking ??= new Promise((done) => {
    const name = h("input", { type: "text", autocomplete: "username", required: true });
    const pass = h("input", { type: "password", autocomplete: "current-password", required: true });
    const wrong = h("p", { class: "wrong", role: "alert" });
    const form = h("form", {
      class: "form", onsubmit: async (event) => {
        event.preventDefault();
        wrong.textContent = "";
        try {
          await post(paths.session, { name: name.value, passphrase: pass.value });
          await app.look();
          box.close();
        } catch (problem) {
          if (!(problem instanceof Refusal)) throw problem;
          wrong.textContent = [problem.message, problem.next].filter(Boolean).join(" ");
          pass.value = "";
          pass.focus();
        }
      },
    },
    h("p", {}, t("session.why")), field(t("session.name"), name), field(t("session.passphrase"), pass), wrong,
    h("div", { class: "row end" }, h("button", { type: "submit", class: "button primary" }, t("session.in"))));
    const box = dialog(t("session.in"), form, {
      isForced: true, onClose: () => {
        asking = null;
        done();
      },
    });
    name.focus();
  });
  return asking;
}

/** The statement of intended use, to be read before anything is done. */
export function showStatement(app) {
  return new Promise((done) => {
    const lines = ["research", "notDiagnosis", "notAccepted", "blinded", "notRecommended", "operator"];
    const box = dialog(t("statement.title"), [
      h("div", { class: "statement", tabindex: "0", role: "region", "aria-label": t("statement.title") },
        h("ul", {}, lines.map((line) => h("li", {}, t(`statement.${line}`)))),
        h("p", { class: "source" }, t("statement.sources"))),
      h("div", { class: "row end" }, button(t("statement.read"), "↵", async () => {
        const answer = await app.attempt(async () => {
          await post(paths.statement);
          return true;
        });
        if (!answer) return;
        if (app.session) app.session.statementSeen = true;
        box.close();
      }, { class: "primary", autofocus: true })),
    ], { isForced: true, onClose: done });
  });
}
