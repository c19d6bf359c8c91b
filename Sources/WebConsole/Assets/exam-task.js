// What is to be done now: guidance, rest, breathing, Valsalva, area, lumen, and why a step is left out.

import { button, field, filler, h, setText } from "./dom.js";
import { sideWords } from "./exam-top.js";
import { clock, named, number, quantity, t, veinWords } from "./words.js";

const notVisualised = ["noBoneWindow", "shortThickNeck", "scarOrDressing", "lungInTheWay", "notFound", "patientMoves", "postureNotPossible", "other"];
const breathingPhases = ["endExpiration", "endInspiration", "expiration", "inspiration", "breathHold"];
const leaflets = ["mobile", "slightlyMobile", "immobile"];
const defects = ["web", "flap", "septum", "membrane", "fillingDefect", "doubleChannel", "malformedValve", "immobileValve", "extraluminalNarrowing", "annulus", "paradox"];
/** How long the patient is asked to strain, seconds (Nedelmann 2005: a Valsalva manoeuvre of 10 s). */
const strainSeconds = 10;
/** One deep breath of the prompt: in and out, seconds each (project choice: 7.5 breaths a minute). */
const breathSeconds = 4;

export class Task {
  constructor(screen) {
    this.screen = screen;
    this.open = null;
    this.head = h("h2", { class: "task-title" });
    this.line = h("p", { class: "task-line" });
    this.timer = h("div", { class: "task-timer", role: "timer", "aria-live": "off" });
    this.body = h("div", { class: "task-body" });
    this.fill = filler(this.body);
    this.root = h("section", { class: "task", "aria-label": t("task.title") },
      h("div", { class: "task-head" }, h("div", { class: "task-words" }, this.head, this.line), this.timer), this.body);
    this.ticking = setInterval(() => this.tick(), 250);
  }

  end() { clearInterval(this.ticking); }

  get app() { return this.screen.app; }

  update(exam) {
    if (this.exam && (exam.step !== this.exam.step || exam.phase !== this.exam.phase)) {
      this.open = null;
      this.valsalvaAt = null;
      this.isDrawing = false;
    }
    if (exam.rest?.secondsLeft !== this.restLeft || exam.phase !== this.exam?.phase) {
      this.restLeft = exam.rest?.secondsLeft;
      this.restAt = performance.now();
    }
    this.exam = exam;
    this.root.dataset.phase = exam.phase;
    const step = exam.steps?.find((one) => one.number === exam.step);
    setText(this.head, `${exam.isLowFlowCheck ? `${t("task.lowFlow")}: ` : ""}${this.titleOf(exam, step)}`);
    setText(this.line, [step ? this.plannedWords(exam, step) : null, exam.guidance].filter(Boolean).join(" — "));
    const facts = [exam.phase, exam.step, exam.area, exam.lumen, exam.asks, this.open, exam.outcome, this.app.isOperating, this.hasPicture];
    this.fill(facts, () => this.form(exam));
    this.tick();
  }

  plannedWords(exam, step) {
    const seconds = exam.plannedSeconds > 0 ? exam.plannedSeconds : step.seconds;
    return `${named("manoeuvre", exam.manoeuvre ?? step.manoeuvre)}, ${number(seconds)}\u202fs`;
  }

  titleOf(exam, step) {
    if (exam.phase === "resting") return t("rest.title", { posture: named("posture", exam.rest?.posture) });
    if (exam.phase === "measuring") return `${t("area.title")}: ${this.placeWords(exam.area)}`;
    if (exam.phase === "inspecting") return `${t("lumen.title")}: ${this.placeWords(exam.lumen)}`;
    if (exam.phase === "ended") return t("exam.ended");
    if (!step) return t(`phase.${exam.phase}`);
    return `${veinWords(step)}, ${sideWords(step.side)}, ${named("posture", step.posture)}`;
  }

  get hasPicture() { return Boolean(this.screen.depth?.picture); }

  placeWords(place) {
    if (!place) return "";
    return [t("vein.internalJugular"), place.level?.toUpperCase(), sideWords(place.side), named("posture", place.posture)].filter(Boolean).join(" ");
  }

  // Timers.

  tick() {
    const { exam } = this;
    if (!exam) return;
    if (exam.phase === "resting" && exam.rest) {
      const left = Math.max(0, (exam.rest.secondsLeft ?? 0) - (performance.now() - this.restAt) / 1000);
      this.show(clock(left), left > 0 ? t("rest.left") : t("rest.over"), left > 0 ? "wait" : "go");
      return;
    }
    if (this.valsalvaAt) {
      const since = (performance.now() - this.valsalvaAt) / 1000;
      if (since < strainSeconds) this.show(String(Math.ceil(strainSeconds - since)), t("valsalva.strain"), "go");
      else if (since < strainSeconds + 4) this.show("0", t("valsalva.release"), "wait");
      else this.valsalvaAt = null;
      return;
    }
    const step = exam.steps?.find((one) => one.number === exam.step);
    if (exam.phase === "recording") {
      const left = Math.max(0, (exam.plannedSeconds ?? 0) - (exam.recordedSeconds ?? 0));
      this.show(quantity(Math.ceil(left), 0, "s"), this.breath(step) ?? t("record.left"), "go");
      return;
    }
    if (exam.phase === "live" && step) {
      this.show("", this.breath(step) ?? "", "");
      return;
    }
    this.show("", "", "");
  }

  breath(step) {
    if (step?.manoeuvre === "deepInspirations") {
      return Math.floor(performance.now() / 1000 / breathSeconds) % 2 === 0 ? `↑ ${t("breath.in")}` : `↓ ${t("breath.out")}`;
    }
    return step ? t(`breath.${step.manoeuvre}`) : null;
  }

  show(figure, words, state) {
    const facts = `${figure}|${words}|${state}`;
    if (facts === this.timerFacts) return;
    this.timerFacts = facts;
    this.timer.dataset.state = state;
    this.timer.replaceChildren(h("strong", {}, figure), h("span", {}, words));
  }

  startValsalva() {
    this.valsalvaAt = performance.now();
    this.tick();
  }

  // Forms.

  openForm(name) {
    const isTime = ["ready", "live", "frozen"].includes(this.exam?.phase);
    if (!isTime || !this.app.isOperating) return;
    this.open = this.open === name ? null : name;
    this.update(this.exam);
    this.body.querySelector("select, input, textarea")?.focus();
  }

  /** To the first field of what is asked now. */
  toForm() { this.body.querySelector("input, select, button")?.focus(); }

  close() {
    if (!this.open) return false;
    this.open = null;
    this.update(this.exam);
    document.getElementById("main").focus({ preventScroll: true });
    return true;
  }

  form(exam) {
    if (!this.app.isOperating) return [];
    if (exam.phase === "resting") return this.restForm();
    if (exam.phase === "measuring") return this.areaForm();
    if (exam.phase === "inspecting") return this.lumenForm();
    if (exam.phase === "ended") return this.endForm(exam);
    if (this.open) return this.leaveOutForm(this.open);
    if (["ready", "frozen"].includes(exam.phase)) {
      return h("div", { class: "row" }, button(t("task.skip"), "K", () => this.openForm("skip"), { class: "small" }),
        button(t("task.notVisualised"), "N", () => this.openForm("notVisualised"), { class: "small" }),
        button(t("task.notAssessable"), "U", () => this.openForm("notAssessable"), { class: "small" }),
        button(t("task.leave"), null, () => this.leave(), { class: "small" }));
    }
    return [];
  }

  leave() {
    const box = this.app.ask(t("task.leave"), [h("p", {}, t("task.leaveWords")), h("div", { class: "row end" },
      button(t("cancel"), "Esc", () => box.close()),
      button(t("task.leave"), null, () => {
        box.close();
        this.app.act("leave");
      }, { class: "primary" }))]);
  }

  submit(children, act) {
    return h("form", {
      class: "inline-form", onsubmit: (event) => {
        event.preventDefault();
        act();
      },
    }, children);
  }

  leaveOutForm(name) {
    const note = h("input", { type: "text", maxlength: "500", required: name !== "notVisualised", "data-at": "note" });
    const code = h("select", { "data-at": "code", onchange: () => { note.required = code.value === "other"; } }, notVisualised.map((one) => h("option", { value: one }, t(`reason.${one}`))));
    const acts = {
      skip: () => ({ reason: note.value }), notAssessable: () => ({ reason: note.value }),
      notVisualised: () => ({ code: code.value, note: note.value || null }),
    };
    return this.submit([
      name === "notVisualised" ? field(t("task.why"), code) : null,
      field(name === "notVisualised" ? t("task.note") : t("task.why"), note),
      h("button", { type: "submit", class: "button primary" }, t(`task.${name}`)), button(t("cancel"), "Esc", () => this.close()),
    ], () => this.app.act(name, acts[name]()));
  }

  restForm() {
    const note = h("input", { type: "text", maxlength: "500", "data-at": "note" });
    return this.submit([
      button(t("rest.end"), "↵", () => this.app.act("rested"), { class: "primary" }),
      field(t("rest.noteLabel"), note), h("button", { type: "submit", class: "button" }, t("rest.notPossible")),
    ], () => this.app.act("postureNotPossible", { note: note.value || null }));
  }

  areaForm() {
    const { hasPicture } = this;
    const asksPhase = this.exam.asks?.includes("breathingPhase");
    this.breathField = h("select", { "data-at": "breath" }, ["", ...breathingPhases].map((one) => h("option", { value: one }, one ? t(`breathing.${one}`) : t("status.notMeasured"))));
    this.areaField = h("input", { type: "number", min: "0", max: "2000", step: "0.1", "data-at": "area", inputmode: "decimal" });
    this.areaLine = h("output", { class: "area-line" });
    return this.submit([
      hasPicture ? button(t("area.ellipse"), "E", () => this.draw("ellipse"), { class: "small" }) : null,
      hasPicture ? button(t("area.trace"), "T", () => this.draw("trace"), { class: "small" }) : null,
      field(t("area.entered"), this.areaField), asksPhase ? field(t("area.breath"), this.breathField) : null, this.areaLine,
      this.exam.area?.refusal ? h("p", { class: "wrong" }, this.exam.area.refusal) : null,
      h("button", { type: "submit", class: "button primary" }, t("area.save"), h("kbd", { "aria-hidden": "true" }, "↵")),
      button(t("area.none"), null, () => this.app.act("noArea"), { class: "" }),
    ], () => this.saveArea());
  }

  draw(kind) {
    if (!this.hasPicture) {
      this.app.say(t("area.noPicture"));
      return;
    }
    this.isDrawing = true;
    this.screen.area.begin(kind, this.screen.depth.picture);
    this.showArea();
    document.getElementById("main").focus({ preventScroll: true });
  }

  showArea() {
    const { area } = this.screen;
    if (!this.areaLine) return;
    this.isDrawing = true;
    const e = area.ellipse;
    setText(this.areaLine, area.kind === "ellipse" && e ? `${quantity(e.widthMm, 1, "mm")} × ${quantity(e.heightMm, 1, "mm")}` : area.isWhole ? t("area.closed") : t("area.open"));
  }

  saveArea() {
    const entered = this.areaField?.value ?? "";
    const breath = this.exam.asks?.includes("breathingPhase") && this.breathField?.value ? { breathingPhase: this.breathField.value } : {};
    if (entered !== "") this.app.act("area", { areaMm2: Number(entered), ...breath });
    else if (this.screen.area.isWhole && this.isDrawing) {
      const { act, ...shape } = this.screen.area.act;
      this.app.act(act, { ...shape, ...breath });
    } else {
      this.app.say(t("area.missing"));
      this.areaField?.focus();
    }
  }

  lumenForm() {
    const status = ["normal", "defects", "notAssessable", "notLookedAt"].map((name) => h("label", { class: "check" },
      h("input", { type: "radio", name: "lumen", value: name, required: true, "data-at": `lumen-${name}`, onchange: () => show() }), t(`lumen.${name}`)));
    const kinds = h("fieldset", { class: "defects", hidden: true }, h("legend", {}, t("lumen.which")),
      defects.map((name) => h("label", { class: "check" }, h("input", { type: "checkbox", value: name, "data-at": `defect-${name}` }), t(`defect.${name}`))));
    const chosen = () => status.map((label) => label.firstChild).find((input) => input.checked)?.value;
    const reason = h("input", { type: "text", maxlength: "500", "data-at": "lumen-reason" });
    const why = h("div", { hidden: true }, field(t("task.why"), reason));
    const motion = h("select", { "data-at": "leaflets" }, ["", ...leaflets].map((one) => h("option", { value: one }, one ? t(`leaflet.${one}`) : t("status.notMeasured"))));
    const show = () => {
      kinds.hidden = chosen() !== "defects";
      why.hidden = chosen() !== "notAssessable";
      reason.required = !why.hidden;
    };
    const form = this.submit([
      h("fieldset", {}, h("legend", {}, t("lumen.seen")), status), kinds, why,
      this.exam.lumen?.asksLeaflets ? field(t("leaflet.title"), motion) : null,
      h("button", { type: "submit", class: "button primary" }, t("lumen.save"), h("kbd", { "aria-hidden": "true" }, "↵")),
    ], () => this.app.act("lumen", {
      status: chosen(), defects: chosen() === "defects" ? [...kinds.querySelectorAll("input:checked")].map((input) => input.value) : [],
      ...(chosen() === "notAssessable" ? { reason: reason.value } : {}), ...(motion.value && this.exam.lumen?.asksLeaflets ? { leafletMotion: motion.value } : {}),
    }));
    this.lumen = form;
    return form;
  }

  endForm(exam) {
    return h("div", { class: "row" },
      h("p", { class: "outcome" }, exam.outcome?.words ?? (exam.outcome?.verdict ? named("verdict", exam.outcome.verdict) : "")),
      button(t("screen.review"), "3", () => this.app.go("review", exam.examID), { class: "primary" }));
  }

  /** What Enter does in the phases that have a form. */
  enter() {
    const { phase } = this.exam;
    if (phase === "resting") this.app.act("rested");
    else if (phase === "measuring") this.saveArea();
    else if (phase === "inspecting") this.lumen?.requestSubmit();
    else if (phase === "ended") this.app.go("review", this.exam.examID);
    else return false;
    return true;
  }
}
