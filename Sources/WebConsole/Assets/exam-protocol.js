// The protocol at the left: every step by posture and side, done, now or missing.

import { filler, h, setText } from "./dom.js";
import { named, number, t, veinWords } from "./words.js";

/** Each state has a sign of its own, so that none hangs on a colour. */
export const signs = { done: "✓", now: "▶", missing: "○", skipped: "⤼", notVisualised: "⊘", notAssessable: "?" };

export class Protocol {
  constructor(screen) {
    this.screen = screen;
    this.selected = null;
    this.title = h("h2", {});
    this.progress = h("p", { class: "progress-words" });
    this.list = h("div", { class: "steps", tabindex: "0", role: "region", "aria-label": t("protocol.steps") });
    this.fill = filler(this.list);
    this.detail = h("div", { class: "step-detail", "aria-live": "polite" });
    this.root = h("nav", { class: "exam-left", "aria-label": t("protocol.title") }, this.title, this.progress, this.list, this.detail);
  }

  update(exam) {
    this.exam = exam;
    setText(this.title, exam.protocol?.title ?? "");
    const steps = exam.steps ?? [];
    const open = steps.filter((step) => step.state === "missing" || step.state === "now").length;
    setText(this.progress, t("protocol.progress", { done: number(steps.length - open), total: number(steps.length) }));
    this.show();
  }

  show() {
    const steps = this.exam?.steps ?? [];
    this.fill([steps, this.selected, t("protocol.title")], () => groups(steps).map(([posture, side, members]) =>
      h("section", { class: "step-group" },
        h("h3", {}, `${named("posture", posture)} · ${named("side", side)}`),
        h("ol", {}, members.map((step) => this.row(step))))));
    if (this.screen.exam?.step !== this.shownStep) {
      this.shownStep = this.screen.exam?.step;
      this.list.querySelector("[aria-current=step]")?.scrollIntoView({ block: "nearest" });
    }
    this.showDetail();
  }

  row(step) {
    const words = t(`state.${step.state}`);
    return h("li", {}, h("button", {
      type: "button", class: `step step-${step.state}`, "data-at": `step-${step.number}`,
      "aria-current": step.state === "now" ? "step" : null, "aria-pressed": this.selected === step.number ? "true" : "false",
      title: step.name, onclick: () => this.select(this.selected === step.number ? null : step.number),
    },
    h("span", { class: "sign", "aria-hidden": "true" }, signs[step.state] ?? "·"),
    h("span", { class: "what" }, veinWords(step)),
    h("span", { class: "state" }, step.takes > 1 ? `${words} ×${step.takes}` : words)));
  }

  select(stepNumber) {
    this.selected = stepNumber;
    this.show();
    if (stepNumber !== null) this.list.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest" });
  }

  /** Shows the next step of a side, from the one that is shown or under way. */
  selectSide(side) { this.selectNext((step) => step.side === side); }

  selectPosture() {
    const from = this.find(this.selected ?? this.exam?.step);
    this.selectNext((step) => step.posture !== from?.posture);
  }

  find(stepNumber) { return this.exam?.steps?.find((step) => step.number === stepNumber); }

  selectNext(fits) {
    const steps = this.exam?.steps ?? [];
    const from = steps.findIndex((step) => step.number === (this.selected ?? this.exam?.step));
    for (let i = 1; i <= steps.length; i += 1) {
      const step = steps[(from + i + steps.length) % steps.length];
      if (!fits(step)) continue;
      this.select(step.number);
      return;
    }
  }

  showDetail() {
    const step = this.find(this.selected);
    this.detail.hidden = !step;
    if (!step) return;
    const line = [veinWords(step), named("side", step.side), named("posture", step.posture)].join(", ");
    const facts = [
      line, `${signs[step.state] ?? ""} ${t(`state.${step.state}`)}`,
      `${named("manoeuvre", step.manoeuvre)}, ${number(step.seconds)}\u202fs`,
      step.takes ? t("protocol.takes", { n: number(step.takes) }) : null, step.finding,
    ].filter(Boolean);
    const now = facts.join("\n");
    if (this.detail.dataset.facts === now) return;
    this.detail.dataset.facts = now;
    this.detail.replaceChildren(...facts.map((fact, index) => h(index === 0 ? "strong" : "p", {}, fact)));
  }
}

/** Steps in their order, parted where posture or side changes. */
function groups(steps) {
  const found = [];
  for (const step of steps) {
    const last = found[found.length - 1];
    if (last && last[0] === step.posture && last[1] === step.side) last[2].push(step);
    else found.push([step.posture, step.side, [step]]);
  }
  return found;
}
