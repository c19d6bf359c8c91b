// The comparison with an earlier exam, row by row; what cannot be compared says why.

import { field, h } from "./dom.js";
import { moment, t } from "./words.js";

export class Comparison {
  constructor(screen) {
    this.screen = screen;
    this.review = screen.review;
  }

  content() {
    const { comparison, earlier } = this.review;
    if (!comparison) {
      return h("div", { class: "empty" }, h("p", {}, this.review.comparisonProblem ?? ((earlier ?? []).length === 0 ? t("compare.none") : t("compare.notYet"))),
        (earlier ?? []).length > 0 ? h("ul", {}, earlier.map((one) => h("li", {}, `${one.examID} · ${moment(one.startedAt)}`))) : null);
    }
    const heads = ["what", "before", "now", "difference", "comparable"];
    const choice = h("select", { "data-at": "earlier", onchange: () => this.screen.compareWith(choice.value) }, (earlier ?? []).map((one) => h("option", {
      value: one.examID, selected: one.examID === comparison.earlier,
    }, `${one.examID} · ${moment(one.startedAt)}`)));
    return h("div", { class: "wide-table" }, (earlier ?? []).length > 1 ? field(t("compare.earlier"), choice) : null,
      (comparison.changes ?? []).length > 0 ? h("ul", { class: "changes" }, comparison.changes.map((one) => h("li", {}, one))) : null,
      h("table", { class: "rows" },
      h("caption", {}, t("compare.title", { exam: comparison.earlier ?? "" })),
      h("thead", {}, h("tr", {}, heads.map((name) => h("th", { scope: "col" }, t(`compare.${name}`))))),
      h("tbody", {}, (comparison.rows ?? []).map((row) => h("tr", { class: row.isComparable === false ? "not-comparable" : "" },
        h("th", { scope: "row" }, row.what), h("td", { class: "figure" }, row.before ?? t("status.notMeasured")),
        h("td", { class: "figure" }, row.now ?? t("status.notMeasured")), h("td", { class: "figure" }, row.difference ?? "–"),
        h("td", {}, row.isComparable === false ? `✕ ${row.why ?? t("compare.no")}` : `✓ ${t("compare.yes")}`))))));
  }
}
