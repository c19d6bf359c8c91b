// Patients: the clinic's worklist, a new exam, and the exams that are kept.

import { get, paths, post } from "./api.js";
import { button, field, filler, h, setText } from "./dom.js";
import { moment, named, number, personWords, t } from "./words.js";

const searchAfterMs = 250;

export class PatientsScreen {
  constructor(app) {
    this.app = app;
    this.chosen = null;
    this.protocols = [];
    this.search = h("input", {
      type: "search", autocomplete: "off", spellcheck: "false", oninput: () => {
        clearTimeout(this.later);
        this.later = setTimeout(() => this.look(), searchAfterMs);
      },
    });
    this.worklist = h("div", { class: "list-box", tabindex: "0", role: "region", "aria-label": t("patients.worklist") });
    this.exams = h("div", { class: "list-box", tabindex: "0", role: "region", "aria-label": t("patients.exams") });
    this.fillWorklist = filler(this.worklist);
    this.fillExams = filler(this.exams);
    this.count = h("span", { class: "count", role: "status" });
    this.root = h("section", { class: "screen patients", id: "screen-patients", "aria-label": t("screen.patients") },
      h("h1", { class: "unseen" }, t("screen.patients")),
      h("div", { class: "panel worklist" }, h("div", { class: "panel-head" }, h("h2", {}, t("patients.worklist")),
        button(t("patients.askAgain"), null, () => this.askAgain(), { class: "small" })), this.worklist),
      h("div", { class: "panel new-exam" }, h("h2", {}, t("patients.new")), this.form()),
      h("div", { class: "panel exams" }, h("div", { class: "panel-head" }, h("h2", {}, t("patients.exams")), this.count,
        h("div", { class: "search" }, h("label", { for: "patients-search" }, t("patients.search")), this.search)), this.exams));
    this.search.id = "patients-search";
  }

  form() {
    const text = (more) => h("input", { type: "text", autocomplete: "off", spellcheck: "false", maxlength: "64", ...more });
    this.code = text({ required: true, id: "subject-code" });
    this.indication = h("input", { type: "text", maxlength: "500", required: true, id: "indication" });
    this.protocol = h("select", { required: true, id: "protocol", onchange: () => this.showProtocol() });
    this.protocolWords = h("p", { class: "help" });
    this.name = text({ maxlength: "128" });
    this.patientID = text({});
    this.birth = h("input", { type: "date" });
    this.sex = h("select", {}, [["", "–"], ["F", t("sex.F")], ["M", t("sex.M")], ["O", t("sex.O")]].map(([value, words]) => h("option", { value }, words)));
    this.fromList = h("p", { class: "from-list", role: "status", hidden: true });
    this.identity = h("details", { class: "identity" }, h("summary", {}, t("patients.identity")), h("p", { class: "help" }, t("patients.identityHelp")),
      h("div", { class: "pair" }, field(t("patients.name"), this.name), field(t("patients.id"), this.patientID)),
      h("div", { class: "pair" }, field(t("patients.birth"), this.birth), field(t("patients.sex"), this.sex)));
    return h("form", {
      class: "form", onsubmit: (event) => {
        event.preventDefault();
        this.begin();
      },
    }, this.fromList, field(t("patients.code"), this.code, t("patients.codeHelp")), field(t("patients.indication"), this.indication, t("patients.indicationHelp")),
    field(t("patients.protocol"), this.protocol), this.protocolWords, this.identity,
    h("button", { type: "submit", class: "button primary big", id: "begin" }, t("patients.begin"), h("kbd", { "aria-hidden": "true" }, "↵")));
  }

  async shown() {
    if (this.protocols.length === 0) {
      this.protocols = (await this.app.attempt(() => get(paths.protocols))) ?? [];
      this.protocol.replaceChildren(...this.protocols.map((one) => h("option", { value: one.id }, one.title)));
      this.showProtocol();
    }
    await this.look();
  }

  showProtocol() {
    const one = this.protocols.find((protocol) => protocol.id === this.protocol.value);
    setText(this.protocolWords, one ? t("patients.protocolWords", {
      steps: number(one.steps), areas: number(one.areas), minutes: number(one.minutesRecorded), version: one.version,
    }) : "");
  }

  async look() {
    const found = await this.app.attempt(() => get(paths.patients(this.search.value)));
    if (!found) return;
    this.fillWorklist(found.worklist, () => this.worklistRows(found.worklist));
    this.fillExams(found.exams, () => this.examRows(found.exams ?? []));
    setText(this.count, t("patients.count", { n: number((found.exams ?? []).length), total: number(found.total ?? (found.exams ?? []).length) }));
  }

  worklistRows(worklist) {
    if (!worklist?.isConfigured) return h("p", { class: "empty" }, t("patients.noWorklist"));
    if (worklist.problem) return h("p", { class: "wrong" }, `⚠ ${worklist.problem}`);
    if ((worklist.entries ?? []).length === 0) return h("p", { class: "empty" }, t("patients.worklistEmpty"));
    return h("ul", { class: "entries" }, worklist.entries.map((entry) => h("li", {}, h("button", {
      type: "button", class: "entry", "data-at": `entry-${entry.key}`, "aria-pressed": this.chosen?.key === entry.key ? "true" : "false", onclick: () => this.choose(entry),
    },
    h("strong", {}, personWords(entry.name)), h("span", {}, entry.patientID), h("span", {}, moment(entry.scheduledAt)),
    h("span", { class: "wide" }, [entry.birthDate, entry.sex ? named("sex", entry.sex) : null, entry.description].filter(Boolean).join(" · ")),
    entry.problem || entry["character problems"] ? h("span", { class: "wide warn" }, `⚠ ${entry.problem ?? entry["character problems"]}`) : null))));
  }

  choose(entry) {
    this.chosen = this.chosen?.key === entry.key ? null : entry;
    for (const row of this.worklist.querySelectorAll(".entry")) {
      row.setAttribute("aria-pressed", row.dataset.at === `entry-${this.chosen?.key}` ? "true" : "false");
    }
    this.fromList.hidden = !this.chosen;
    this.identity.hidden = Boolean(this.chosen);
    if (!this.chosen) return;
    setText(this.fromList, t("patients.fromWorklist", { name: personWords(entry.name), id: entry.patientID ?? "" }));
    if (!this.indication.value && entry.description) this.indication.value = entry.description;
    this.code.focus();
  }

  async askAgain() {
    await this.app.attempt(() => post(paths.worklist));
    await this.look();
  }

  get typedIdentity() {
    if (this.chosen || (!this.name.value && !this.patientID.value)) return null;
    return { name: this.name.value, patientID: this.patientID.value, birthDate: this.birth.value || null, sex: this.sex.value || null };
  }

  async begin() {
    const made = await this.app.attempt(() => post(paths.exams, {
      subjectCode: this.code.value.trim(), protocolID: this.protocol.value, indication: this.indication.value.trim(),
      identity: this.typedIdentity, worklistKey: this.chosen?.key ?? null,
    }));
    if (!made) return;
    this.root.querySelector("form").reset();
    this.choose(this.chosen ?? {});
    this.chosen = null;
    this.fromList.hidden = true;
    this.identity.hidden = false;
    this.app.go("exam");
  }

  examRows(exams) {
    if (exams.length === 0) return h("p", { class: "empty" }, t("patients.noExams"));
    const heads = ["subject", "started", "state", "verdict", "vhiss", "sending", "open"];
    return h("table", { class: "rows" }, h("caption", { class: "unseen" }, t("patients.exams")),
      h("thead", {}, h("tr", {}, heads.map((name) => h("th", { scope: "col" }, t(`patients.col.${name}`))))),
      h("tbody", {}, exams.map((exam) => h("tr", {},
        h("th", { scope: "row" }, exam.subjectCode, exam.name ? h("small", {}, ` ${personWords(exam.name)}`) : null, exam.isSimulated ? h("span", { class: "sim-tag" }, t("simulated.word")) : null),
        h("td", {}, moment(exam.startedAt)), h("td", {}, exam.isUnfinished ? `◔ ${t("patients.unfinished")}` : named("examState", exam.state)),
        h("td", { class: `verdict verdict-${exam.verdict ?? "none"}` }, exam.verdict ? named("verdict", exam.verdict) : t("status.notMeasured")),
        h("td", { class: "figure" }, vhissWords(exam)), h("td", {}, sendingWords(exam.sending)), h("td", { class: "acts" }, this.examActs(exam))))));
  }

  examActs(exam) {
    const of = `${exam.subjectCode}, ${moment(exam.startedAt)}`;
    return [
      exam.isUnfinished ? button(t("patients.goOn"), null, () => this.goOn(exam.examID), { class: "small", "data-at": `go-${exam.examID}`, "aria-label": `${t("patients.goOn")}: ${of}` }) : null,
      button(t("patients.review"), null, () => this.app.go("review", exam.examID), { class: "small", "data-at": `review-${exam.examID}`, "aria-label": `${t("patients.review")}: ${of}` }),
    ];
  }

  async goOn(examID) {
    const done = await this.app.attempt(async () => {
      await post(paths.goOn(examID));
      return true;
    });
    if (done) this.app.go("exam");
  }

  key(key) {
    if (key === "n") this.code.focus();
    else if (key === "/") this.search.focus();
    else if (key === "w") this.worklist.querySelector("button")?.focus();
    else return false;
    return true;
  }
}

function vhissWords({ vhissLow: low, vhissHigh: high }) {
  if (low === null || low === undefined) return "–";
  return low === high || high === null || high === undefined ? number(low) : `${number(low)}–${number(high)}`;
}

function sendingWords(sending) {
  const words = [["needsPerson", "⚠"], ["waiting", "◷"], ["sent", "✓"]].filter(([name]) => sending?.[name] > 0)
    .map(([name, sign]) => `${sign} ${t(`sending.${name}`, { n: number(sending[name]) })}`);
  return words.join(", ") || "–";
}
