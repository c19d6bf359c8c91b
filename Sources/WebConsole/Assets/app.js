// The page's start: session, live connection, the five screens and the keys.

import { Refusal, get, paths, post } from "./api.js";
import { h } from "./dom.js";
import { Frame } from "./frame.js";
import { dialog, listen, showKeys } from "./keys.js";
import { Live } from "./live.js";
import { DeviceScreen } from "./screen-device.js";
import { ExamScreen } from "./screen-exam.js";
import { PatientsScreen } from "./screen-patients.js";
import { ReviewScreen } from "./screen-review.js";
import { SendScreen } from "./screen-send.js";
import { askToSignIn, showStatement } from "./session.js";
import { setClock, wallMs } from "./stats.js";
import { language, speak, t } from "./words.js";
import { change, view, watch } from "./view.js";

const screens = ["patients", "exam", "review", "send", "device"];

class App {
  constructor() {
    this.session = null;
    this.exam = null;
    this.isConnected = false;
    this.screen = "patients";
    this.reviewed = null;
    this.frame = new Frame(this);
    this.live = new Live({
      onEvent: (event) => this.takeEvent(event),
      onPiece: (piece) => this.screens.exam.takePiece(piece),
      onState: (isOpen) => this.connected(isOpen),
    });
  }

  async start() {
    await this.look();
    await speak(view.language ?? this.session?.language ?? navigator.language.slice(0, 2));
    this.dress();
    watch(() => this.dress());
    listen((key, event) => this.key(key, event), (target) => this.back(target));
    window.addEventListener("hashchange", () => this.follow());
    document.addEventListener("pointerdown", () => this.screens?.exam.sound.start(), { passive: true });
    document.addEventListener("keydown", () => this.screens?.exam.sound.start(), { passive: true });
    this.build();
    await this.enter();
  }

  /** Builds all screens in the language that is spoken. */
  build() {
    const earlier = this.screens?.exam;
    earlier?.end();
    this.screens = {
      patients: new PatientsScreen(this), exam: new ExamScreen(this, earlier), review: new ReviewScreen(this),
      send: new SendScreen(this), device: new DeviceScreen(this),
    };
    document.getElementById("main").replaceChildren(...screens.map((name) => this.screens[name].root));
    this.frame.build();
    this.screens.exam.update(this.exam);
    this.follow(true);
  }

  async enter() {
    if (this.session?.needsSignIn && !this.session.operator) await askToSignIn(this);
    if (!this.session?.statementSeen) await showStatement(this);
    this.live.open();
    await this.attempt(async () => this.takeExam((await get(paths.exam)) ?? null));
    this.screens[this.screen].shown();
  }

  async look() {
    const asked = wallMs();
    try {
      this.session = await get(paths.session);
      setClock(this.session.clockMs, asked, wallMs());
    } catch (problem) {
      this.session ??= null;
      if (problem.status !== 401) return;
      this.session = { needsSignIn: true, operator: null, statementSeen: true };
    }
    this.frame.update();
  }

  dress() {
    const wanted = view.theme === "system" ? (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark") : view.theme;
    document.documentElement.dataset.theme = wanted;
  }

  async setLanguage(code) {
    change({ language: code });
    await speak(code);
    this.build();
    this.screens[this.screen].shown();
  }

  get language() { return language; }
  /** Whether acts are offered: this browser operates, or nobody does yet. */
  get isOperating() { return this.session?.isOperating === true || this.session?.isFree !== false; }

  // Screens.

  go(name, more) {
    if (name === "review" && more) this.reviewed = more;
    // At once, not when the browser tells of it: the next key that is typed belongs to the new screen.
    if (location.hash !== `#${name}`) history.pushState(null, "", `#${name}`);
    this.follow();
  }

  follow(isQuiet) {
    const name = location.hash.slice(1);
    this.screen = screens.includes(name) ? name : "patients";
    for (const one of screens) this.screens[one].root.hidden = one !== this.screen;
    this.frame.update();
    document.title = `${t(`screen.${this.screen}`)} · DopplerBridge`;
    if (isQuiet) return;
    this.screens[this.screen].shown();
    // Whoever has already begun to work in the screen keeps the place.
    if (!this.screens[this.screen].root.contains(document.activeElement)) {
      document.getElementById("main").focus({ preventScroll: true });
    }
  }

  // What the server tells.

  takeEvent(event) {
    if (event.event === "exam") this.takeExam(event.exam ?? null);
    else if (event.event === "seat") this.seat(event);
    else if (event.event === "missed") this.frame.missed(event.pieces);
    else if (event.event === "locked") this.locked();
    else if (event.event === "trouble") this.trouble(new Refusal(0, event.what, event.next));
    else if (["patients", "outbox", "device"].includes(event.event)) {
      const name = event.event === "outbox" ? "send" : event.event;
      if (this.screen === name) this.screens[name].shown();
    }
  }

  takeExam(answer) {
    const exam = answer && "exam" in answer ? answer.exam : answer;
    const before = this.exam;
    this.exam = exam;
    this.frame.update();
    this.screens.exam.update(exam);
    for (const name of ["failure", "trouble"]) {
      const problem = exam?.[name];
      if (problem && problem.what !== before?.[name]?.what) this.trouble(new Refusal(0, problem.what, problem.next));
    }
    if (before && exam && before.phase !== "ended" && exam.phase === "ended") {
      this.say(t("exam.ended"));
      this.reviewed = exam.examID;
    }
  }

  seat({ isOperating, isFree }) {
    const before = this.isOperating;
    if (this.session) Object.assign(this.session, { isOperating, isFree: isFree ?? this.session.isFree });
    this.frame.update();
    if (this.exam) this.screens.exam.update(this.exam);
    if (before !== this.isOperating) this.say(this.isOperating ? t("seat.yours") : t("seat.other"));
  }

  async locked() {
    this.alarm(t("session.locked"));
    if (this.session) this.session.operator = null;
    await askToSignIn(this);
    await this.look();
  }

  connected(isOpen) {
    const was = this.isConnected;
    this.isConnected = isOpen;
    this.frame.update();
    if (was && !isOpen) this.alarm(t("live.lost"));
    if (!was && isOpen) this.look();
  }

  // What the operator does.

  /** Does something that may be refused, and says so when it is. */
  async attempt(work) {
    try {
      return await work();
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      if (problem.status === 401) await this.locked();
      else this.trouble(problem);
      return undefined;
    }
  }

  act(name, more = {}) { return this.attempt(() => post(paths.act, { act: name, ...more })); }

  async takeSeat() {
    await this.attempt(async () => {
      await post(paths.operate);
      await this.look();
    });
  }

  key(key, event) {
    if (key === "?") {
      showKeys();
      return true;
    }
    if (/^[1-5]$/.test(key) && key.length === 1) {
      this.go(screens[Number(key) - 1]);
      return true;
    }
    return this.screens[this.screen].key?.(key, event) ?? false;
  }

  back(target) {
    if (this.screens[this.screen].back?.(target)) return true;
    if (target !== document.body && target.id !== "main") {
      document.getElementById("main").focus({ preventScroll: true });
      return true;
    }
    return false;
  }

  // Words to the operator.

  say(words) { document.getElementById("said").textContent = words; }
  alarm(words) { document.getElementById("alarmed").textContent = words; }

  trouble(problem) {
    const what = problem.message === "unreachable" ? t("trouble.unreachable")
      : problem.message === "unreadable" ? t("trouble.unreadable") : problem.message;
    this.frame.notice(what, problem.next);
  }

  ask(title, content, options) { return dialog(title, content, options); }
}

const app = new App();
app.start().catch((problem) => {
  document.getElementById("main").append(h("p", { class: "fatal", role: "alert" }, String(problem?.message ?? problem)));
});
