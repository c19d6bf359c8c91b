// Review: the findings by criterion with the pictures that show them, what is missing, comparison, and the signature.

import { get, paths, post } from "./api.js";
import { button, field, h, refill } from "./dom.js";
import { Comparison } from "./review-compare.js";
import { ReviewPicture } from "./review-picture.js";
import { moment, named, number, personWords, quantity, stepWords, t } from "./words.js";

const statusSigns = { met: "■", notMet: "□", notAssessable: "?", notExamined: "–", indeterminate: "?", borderline: "◧", positive: "■", negative: "□" };

export class ReviewScreen {
  constructor(app) {
    this.app = app;
    this.tab = "findings";
    this.root = h("section", { class: "screen review", id: "screen-review", "aria-label": t("screen.review") });
    this.picture = new ReviewPicture(this);
    this.show(null);
  }

  async shown() {
    const ended = this.app.exam?.phase === "ended" ? this.app.exam.examID : null;
    const id = this.app.reviewed ?? ended ?? (await this.newest());
    if (!id) {
      this.show(null);
      return;
    }
    if (this.app.reviewed !== id) this.against = null;
    this.app.reviewed = id;
    const found = await this.app.attempt(() => get(paths.review(id, this.against)));
    if (found) this.show(found);
  }

  async newest() {
    const found = await this.app.attempt(() => get(paths.patients("")));
    return found?.exams?.find((exam) => !exam.isUnfinished && !exam.isOpen)?.examID ?? null;
  }

  show(review) {
    if (review && review.exam.examID !== this.review?.exam?.examID) {
      const own = review.definitions?.findIndex((one) => one.id === review.exam.assessment?.definition?.id) ?? 0;
      this.chosen = Math.max(0, own);
    }
    this.review = review;
    if (!review) {
      refill(this.root, h("div", { class: "nothing-open" }, h("h1", {}, t("review.none")), h("p", {}, t("review.noneNext")),
        h("a", { href: "#patients", class: "button primary" }, t("screen.patients"))));
      return;
    }
    const tabs = ["findings", "measurements", "definitions", "comparison", "report"];
    const row = h("div", { class: "tab-row", role: "tablist", "aria-label": t("screen.review") }, tabs.map((name) => h("button", {
      type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "review-panel", "data-at": `tab-${name}`, "aria-selected": name === this.tab ? "true" : "false",
      tabindex: name === this.tab ? "0" : "-1", onclick: () => this.turn(name), onkeydown: (event) => this.arrow(event, tabs, name),
    }, t(`review.tab.${name}`))));
    const panel = h("div", { class: `review-panel review-${this.tab}`, role: "tabpanel", id: "review-panel", "aria-labelledby": `tab-${this.tab}`, tabindex: "0" }, this.panel());
    refill(this.root, this.head(), row, panel, this.aside());
    this.picture.place(this.root.querySelector(".picture-place"));
  }

  /** Compares with another of the earlier exams. */
  async compareWith(earlier) {
    this.against = earlier;
    await this.shown();
  }

  turn(name) {
    this.tab = name;
    this.show(this.review);
  }

  arrow(event, tabs, name) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    this.turn(tabs[(tabs.indexOf(name) + by + tabs.length) % tabs.length]);
    this.root.querySelector(`#tab-${this.tab}`)?.focus();
  }

  get definition() { return this.review.definitions?.[Math.min(this.chosen ?? 0, this.review.definitions.length - 1)]; }

  head() {
    const { exam, state } = this.review;
    const facts = [
      ["patients.col.subject", [exam.subjectCode, personWords(this.review.name)].filter(Boolean).join(" · ")], ["patients.col.started", moment(exam.startedAt)], ["patients.protocol", exam.protocolReference?.title],
      ["patients.col.state", named("examState", state)], ["top.source", exam.sourceDescription], ["device.quality", exam.qualityAssurance],
    ];
    return h("dl", { class: "top-line review-head" }, facts.map(([key, value]) => h("div", { class: "cell" }, h("dt", {}, t(key)), h("dd", { title: value ?? "" }, value ?? "–"))));
  }

  panel() {
    if (this.tab === "findings") return this.findings();
    if (this.tab === "measurements") return this.measurements();
    if (this.tab === "definitions") return this.definitionsTable();
    if (this.tab === "comparison") return new Comparison(this).content();
    return this.report();
  }

  findings() {
    const definition = this.definition;
    const choice = h("select", { "data-at": "definition", id: "definition-choice", onchange: () => {
      this.chosen = Number(choice.value);
      this.show(this.review);
    } }, (this.review.definitions ?? []).map((one, index) => h("option", { value: index, selected: index === this.chosen }, one.title)));
    return [
      h("div", { class: "finding-list" }, field(t("review.definition"), choice),
        h("p", { class: `verdict-line verdict-${definition?.verdict}` }, h("span", { "aria-hidden": "true" }, `${statusSigns[definition?.verdict] ?? "?"} `),
          named("verdict", definition?.verdict)), h("p", { class: "help" }, t("review.notDiagnosis")),
        h("ol", { class: "criteria" }, (definition?.criteria ?? []).map((one) => this.criterion(one)))),
      h("div", { class: "picture-place" }),
    ];
  }

  criterion(one) {
    return h("li", { class: `criterion status-${one.status}` },
      h("div", { class: "criterion-head" }, h("span", { class: "badge", "aria-hidden": "true" }, statusSigns[one.status] ?? "·"),
        h("strong", {}, one.title), h("span", { class: "criterion-state" }, t(`criterion.${one.status}`))),
      h("p", {}, one.because), (one.evidenceWords ?? []).length > 0 ? h("ul", { class: "evidence" }, one.evidenceWords.map((words) => h("li", {}, words))) : null,
      h("div", { class: "row wrap" }, (one.evidence ?? []).map((id) => button(this.recordingWords(id), "◫", () => this.picture.show(id),
        { class: "small", "data-at": `picture-${one.id}-${id}` }))));
  }

  recording(id) { return this.review.exam.recordings?.find((one) => one.recordingID === id); }

  recordingWords(id) {
    const recording = this.recording(id);
    return recording?.site ? `${stepWords(recording.site)}${recording.take > 1 ? ` (${recording.take})` : ""}` : id;
  }

  measurements() {
    const { observations = [], lumenAreas = [] } = this.review.exam.measurements ?? {};
    const heads = ["site", "status", "mean", "direction", "reflux", "picture"];
    return [h("div", { class: "wide-table" }, h("table", { class: "rows" }, h("caption", {}, t("review.tab.measurements")),
      h("thead", {}, h("tr", {}, heads.map((name) => h("th", { scope: "col" }, t(`review.col.${name}`))))),
      h("tbody", {}, observations.map((one) => this.observation(one)), lumenAreas.map((one) => this.lumenArea(one))))), h("div", { class: "picture-place" })];
  }

  observation(one) {
    const isExamined = one.status === "examined";
    const reflux = (one.refluxes ?? []).map((r) => quantity(r.durationSeconds, 2, "s")).join(", ");
    const missing = isExamined && one.flow === "absent" ? ["nothingFound", t("status.nothingFound")] : one.status === "notAssessable"
      ? ["notAssessable", `${t("status.notAssessable")}${one.reason ? `: ${one.reason}` : ""}`] : ["notMeasured", t("status.notMeasured")];
    const hasFlow = isExamined && one.flow === "present";
    return h("tr", {}, h("th", { scope: "row" }, stepWords(one.site)),
      hasFlow ? h("td", {}, `✓ ${t("status.measured")}`) : h("td", { class: `status-${missing[0]}` }, `${{ nothingFound: "0", notAssessable: "?", notMeasured: "–" }[missing[0]]} ${missing[1]}`),
      h("td", { class: "figure" }, hasFlow && one.meanVelocityCmPerS !== null && one.meanVelocityCmPerS !== undefined ? quantity(one.meanVelocityCmPerS, 1, "cm/s") : "–"),
      h("td", {}, one.direction ? `${one.direction === "towards" ? "▲" : "▼"} ${t(`direction.${one.direction}`)}` : "–"),
      h("td", { class: "figure" }, hasFlow ? reflux || `0 (${t("status.nothingFound")})` : "–"),
      h("td", {}, one.recordingID ? button(t("review.look"), "◫", () => this.picture.show(one.recordingID), { class: "small", "data-at": `look-${one.recordingID}`, "aria-label": `${t("review.look")}: ${stepWords(one.site)}` }) : "–"));
  }

  lumenArea(one) {
    const site = stepWords({ vein: "internalJugular", ...one });
    const status = one.status === "examined" ? "measured" : one.status === "notAssessable" ? "notAssessable" : "notMeasured";
    return h("tr", {}, h("th", { scope: "row" }, `${t("measure.area")}: ${site}`), h("td", { class: `status-${status}` }, t(`status.${status}`)),
      h("td", { class: "figure" }, status === "measured" ? quantity(one.areaMm2, 0, "mm²") : "–"), h("td", {}, "–"), h("td", {}, "–"), h("td", {}, one.method ? named("area.method", one.method) : "–"));
  }

  definitionsTable() {
    const all = this.review.definitions ?? [];
    const ids = [...new Set(all.flatMap((one) => one.criteria.map((criterion) => criterion.id)))].sort();
    return h("div", { class: "wide-table" }, h("table", { class: "rows side-by-side" }, h("caption", {}, t("review.sideBySide")),
      h("thead", {}, h("tr", {}, h("td", {}), all.map((one) => h("th", { scope: "col" }, one.title)))),
      h("tbody", {}, ids.map((id) => h("tr", {}, h("th", { scope: "row" }, id.toUpperCase()), all.map((one) => {
        const found = one.criteria.find((criterion) => criterion.id === id);
        return found ? h("td", { class: `status-${found.status}` }, h("strong", {}, `${statusSigns[found.status] ?? "·"} ${t(`criterion.${found.status}`)}`), h("small", {}, found.title)) : h("td", {}, "–");
      }))), h("tr", { class: "verdict-row" }, h("th", { scope: "row" }, t("patients.col.verdict")), all.map((one) => h("td", {}, h("strong", {}, `${statusSigns[one.verdict] ?? "?"} ${named("verdict", one.verdict)}`)))))));
  }

  report() {
    const path = paths.report(this.review.exam.examID);
    return h("div", { class: "report" }, h("p", {}, h("a", { href: path, target: "_blank", rel: "noopener", class: "button" }, t("review.openPDF"))),
      h("iframe", { src: `${path}#toolbar=0`, title: t("review.tab.report") }));
  }

  aside() {
    const { review } = this;
    const missing = review.missing ?? [];
    const vhiss = review.exam.assessment?.vhiss;
    return h("aside", { class: "review-aside", "aria-label": t("review.sign") },
      h("section", {}, h("h2", {}, t("review.missing")), missing.length === 0 ? h("p", {}, `✓ ${t("review.nothingMissing")}`)
        : h("ul", { class: "missing-list", tabindex: "0", "aria-label": t("review.missing") }, missing.map((one) => h("li", {}, typeof one === "string" ? one : one.text ?? one.words ?? "")))),
      (review.warnings ?? []).length > 0 ? h("section", {}, h("h2", {}, t("review.warnings")), h("ul", { class: "missing-list", tabindex: "0", "aria-label": t("review.warnings") }, review.warnings.map((one) => h("li", {}, one)))) : null,
      vhiss ? h("section", {}, h("h2", {}, "VHISS"), h("p", { class: "big-figure" }, vhiss.value !== null && vhiss.value !== undefined ? number(vhiss.value) : `${number(vhiss.low)}–${number(vhiss.high)}`),
        vhiss.tableIsVerified === false ? h("p", { class: "help" }, t("review.vhissUnverified")) : null) : null,
      h("section", { class: "signing" }, h("h2", {}, t("review.sign")), this.signing()));
  }

  signing() {
    const { review } = this;
    if (review.state === "signed") return h("p", { class: "signed" }, `✓ ${t("review.signed")}`);
    if (!review.canSign) return h("p", {}, review.whyNotSign ?? t("review.cannotSign"));
    const pass = review.needsPassphrase ? h("input", { type: "password", autocomplete: "current-password", required: true, "data-at": "sign-pass" }) : null;
    return h("form", {
      class: "form", onsubmit: (event) => {
        event.preventDefault();
        this.sign(pass?.value ?? null);
      },
    }, h("p", {}, t("review.signWords")), pass ? field(t("session.passphrase"), pass) : null,
    h("button", { type: "submit", class: "button primary", id: "sign", "data-at": "sign" }, t("review.signNow")));
  }

  async sign(passphrase) {
    const done = await this.app.attempt(async () => {
      await post(paths.sign(this.review.exam.examID), { passphrase });
      return true;
    });
    if (!done) return;
    this.app.say(t("review.signed"));
    await this.shown();
  }

  back() { return this.picture.back(); }

  key(key, event) {
    if (this.picture.key(key, event)) return true;
    if (key !== "g") return false;
    (this.root.querySelector("[data-at=sign-pass]") ?? this.root.querySelector("#sign"))?.focus();
    return true;
  }
}
