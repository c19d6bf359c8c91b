// Send: what goes to the clinic's systems, in words, with another try and with an end.

import { get, paths, post } from "./api.js";
import { button, field, filler, h, setText } from "./dom.js";
import { moment, named, number, t } from "./words.js";

const signs = { waiting: "◷", sending: "⇢", sent: "✓", needsPerson: "⚠", cancelled: "✕" };

export class SendScreen {
  constructor(app) {
    this.app = app;
    this.sum = h("p", { class: "sum", role: "status" });
    this.list = h("div", { class: "list-box", tabindex: "0", role: "region", "aria-label": t("send.title") });
    this.fill = filler(this.list);
    this.root = h("section", { class: "screen send", id: "screen-send", "aria-label": t("screen.send") },
      h("div", { class: "panel" }, h("div", { class: "panel-head" }, h("h1", {}, t("send.title")), this.sum), this.list));
  }

  async shown() {
    const rows = await this.app.attempt(() => get(paths.outbox));
    if (!rows) return;
    const counts = Object.keys(signs).map((state) => [state, rows.filter((row) => row.state === state).length]).filter(([, n]) => n > 0);
    setText(this.sum, counts.map(([state, n]) => `${signs[state]} ${t(`send.state.${state}`)}: ${number(n)}`).join("   "));
    this.fill(rows, () => (rows.length === 0 ? h("p", { class: "empty" }, t("send.empty")) : this.table(rows)));
  }

  table(rows) {
    const heads = ["state", "what", "destination", "words", "attempts", "next", "acts"];
    return h("table", { class: "rows" }, h("caption", { class: "unseen" }, t("send.title")),
      h("thead", {}, h("tr", {}, heads.map((name) => h("th", { scope: "col" }, t(`send.col.${name}`))))),
      h("tbody", {}, rows.map((row) => this.row(row))));
  }

  row(row) {
    const of = `${row.subjectCode} ${named("kind", row.kind)} → ${row.destination}`;
    return h("tr", { class: `send-${row.state}` },
      h("th", { scope: "row" }, h("span", { class: "badge" }, `${signs[row.state] ?? "·"} ${named("send.state", row.state)}`)),
      h("td", {}, h("strong", {}, row.subjectCode), h("small", {}, ` ${named("kind", row.kind)}`)), h("td", {}, row.destination),
      h("td", { class: "wrap" }, row.words, row.lastError ? h("p", { class: "last-error" }, row.lastError) : null),
      h("td", { class: "figure" }, number(row.attempts)), h("td", {}, row.sentAt ? `✓ ${moment(row.sentAt)}` : row.nextAttemptAt ? moment(row.nextAttemptAt) : "–"),
      h("td", { class: "acts" }, [
        row.canRetry ?? row.state === "needsPerson" ? button(t("send.retry"), null, () => this.retry(row.id), { class: "small", "data-at": `retry-${row.id}`, "aria-label": `${t("send.retry")}: ${of}` }) : null,
        row.canCancel ?? ["waiting", "needsPerson"].includes(row.state) ? button(t("send.cancel"), null, () => this.cancel(row.id, of), { class: "small", "data-at": `cancel-${row.id}`, "aria-label": `${t("send.cancel")}: ${of}` }) : null,
      ]));
  }

  async retry(id) {
    await this.app.attempt(() => post(paths.retry(id)));
    await this.shown();
  }

  cancel(id, of) {
    const reason = h("input", { type: "text", maxlength: "500", required: true });
    const box = this.app.ask(t("send.cancelTitle"), h("form", {
      class: "form", onsubmit: async (event) => {
        event.preventDefault();
        box.close();
        await this.app.attempt(() => post(paths.cancel(id), { reason: reason.value }));
        await this.shown();
      },
    }, h("p", {}, of), field(t("send.reason"), reason), h("div", { class: "row end" }, button(t("cancel"), "Esc", () => box.close()),
      h("button", { type: "submit", class: "button primary" }, t("send.cancel")))));
    reason.focus();
  }
}
