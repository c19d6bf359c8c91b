"""The bench of these tests: the program's own console, and a Chromium without a screen that opens its page."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
# How long the program may take to answer, and the page to show what it was told, seconds.
PATIENCE = float(os.environ.get("DOPPLERBRIDGE_BROWSER_PATIENCE", "60"))
VIEW = "dopplerbridge.view"


def chromium():
    """The browser's program, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


def program():
    """The program: what DOPPLERBRIDGE names, else the release build, else the debug build; None where there is none."""
    if named := os.environ.get("DOPPLERBRIDGE"):
        return named
    built = [ROOT / ".build" / kind / "dopplerbridge" for kind in ("release", "debug")]
    return next((str(path) for path in built if path.exists()), None)


def is_optimised():
    """Whether the program is a release build: only such a one keeps up with a probe."""
    return "release" in (program() or "")


def needs_browser(cls):
    """Skips a class of tests where the browser or the program is missing, and says which."""
    missing = [name for name, found in (("chromium", chromium()), ("dopplerbridge, built", program())) if not found]
    return unittest.skipIf(missing, "skipped: the tests in a browser: missing " + " and ".join(missing))(cls)


def until(page, expression, arg=None):
    """Waits until an expression, or a function of `arg`, is true in the page.

    Asked by the debugger again and again: the page's own policy forbids what Playwright's waiting does, and stays in force.
    """
    end = time.monotonic() + PATIENCE
    while not (found := page.evaluate(expression, arg)):
        if time.monotonic() > end:
            raise AssertionError(f"after {PATIENCE:.0f} s still not: {expression} ({arg})")
        page.wait_for_timeout(40)
    return found


class RunningConsole:
    """`dopplerbridge console` with an archive of its own that is gone afterwards."""

    def __init__(self, probe="sim:ccsvi?seed=1&pace=fast", protocol=HERE / "short-exam.yaml", settings=None, more=()):
        self.folder = tempfile.TemporaryDirectory(prefix="dopplerbridge-browser-")
        path = pathlib.Path(self.folder.name)
        arguments = [program(), "console", "--probe", probe, "--by", "Technician", "--language", "en"]
        if protocol:
            arguments += ["--protocol", str(protocol)]
        if settings:
            (path / "record.yaml").write_text(settings)
            arguments += ["--settings", str(path / "record.yaml")]
        arguments += more
        environment = {**os.environ, "XDG_STATE_HOME": str(path / "state"), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        self.lines = []
        self.links = 0
        # At a terminal Enter makes another link.
        self.keyboard, terminal = os.openpty()
        self.process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=terminal, env=environment, text=True)
        os.close(terminal)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.link = self._wait_for_link()
        self.origin = re.match(r"https?://[^/]+", self.link).group(0)

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def another_link(self):
        """A link for one more browser."""
        self.links += 1
        os.write(self.keyboard, b"\n")
        return self._wait_for_link(after=self.links)

    def _wait_for_link(self, after=0):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = [one.group(0) for line in list(self.lines) if (one := re.search(r"https?://\S+/enter\?token=\S+", line))]
            if len(found) > after:
                return found[after]
            if self.process.poll() is not None:
                time.sleep(0.2)
                break
            time.sleep(0.05)
        self.stop()
        raise AssertionError("the console gave no link:\n" + "\n".join(self.lines))

    def stop(self):
        """Ends it as Ctrl-C does; returns its status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.reader.join(5)
        self.process.stdout.close()
        os.close(self.keyboard)
        self.folder.cleanup()
        return self.process.returncode


class BrowserCase(unittest.TestCase):
    """One console and one browser for a class of tests; each test has a window of its own, with the same cookie."""

    probe = "sim:ccsvi?seed=1&pace=fast"
    settings = None
    protocol = HERE / "short-exam.yaml"
    more = ()
    size = (1440, 900)

    @classmethod
    def setUpClass(cls):
        from playwright.sync_api import sync_playwright

        cls.console = RunningConsole(
            probe=cls.probe, protocol=cls.protocol, settings=cls.settings, more=cls.more)
        cls.addClassCleanup(cls.console.stop)
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        cls.browser = cls.playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
        cls.addClassCleanup(cls.browser.close)
        cls.state = None
        cls.requests = []
        cls.problems = []

    @classmethod
    def window(cls, size=None, theme="dark", language="en", view=None, link=None):
        """A page of the console; the first one uses the link, the others its cookie; with a link another browser's."""
        width, height = size or cls.size
        context = cls.browser.new_context(
            viewport={"width": width, "height": height}, storage_state=None if link else cls.state, locale="en-GB",
            timezone_id="UTC", reduced_motion="reduce")
        settings = {"theme": theme, "language": language, **(view or {})}
        if folder := os.environ.get("DOPPLERBRIDGE_ASSETS"):
            cls.serve_from(context, pathlib.Path(folder))
        context.add_init_script(
            "try { const kept = JSON.parse(localStorage.getItem('%s') ?? '{}');"
            "localStorage.setItem('%s', JSON.stringify({...kept, ...%s})) } catch {}"
            % (VIEW, VIEW, __import__("json").dumps(settings)))
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("request", lambda request: cls.requests.append(request.url))
        page.on("pageerror", lambda error: cls.problems.append(f"error: {error}"))
        page.on("console", lambda message: cls.problems.append(f"{message.type}: {message.text}")
                if message.type == "error" else None)
        page.goto(link or (cls.console.link if cls.state is None else cls.console.origin + "/"))
        if not link:
            cls.state = context.storage_state()
        page.wait_for_selector("#head .tab")
        return page

    @classmethod
    def serve_from(cls, context, folder):
        """Takes the page's files from a folder instead of from the program: to work on them without building."""
        def answer(route):
            name = route.request.url.rsplit("/", 1)[1].split("?")[0]
            route.fulfill(path=folder / name) if (folder / name).exists() else route.continue_()

        context.route(cls.console.origin + "/assets/*", answer)

    @staticmethod
    def phase(page):
        return page.get_attribute("#screen-exam", "data-phase")

    @staticmethod
    def wait_for(page, *phases):
        """Waits until the exam is in one of these phases, and says in which."""
        return until(page, """phases => phases.find(
            phase => phase === document.querySelector('#screen-exam')?.dataset.phase)""", arg=list(phases))

    def wait_for_columns(self, page, more=40):
        """Waits until the live picture has so many columns more."""
        page.evaluate("() => { window.columnsBefore = dopplerbridgeStats().columns }")
        until(page, 
            "more => { const n = dopplerbridgeStats().columns; return n - window.columnsBefore >= more || n > 3000 }",
            arg=more)

    @staticmethod
    def read_statement(page):
        """Reads the statement of intended use where it is asked for."""
        until(page, 
            "document.querySelector('dialog[open]') || document.querySelector('.connection[data-state=on]')")
        if page.query_selector("dialog[open] .statement"):
            page.keyboard.press("Enter")
            page.wait_for_selector("dialog[open]", state="detached")
        page.wait_for_selector(".connection[data-state=on]")

    @staticmethod
    def other_steps(folder, *steps):
        """The short protocol with other steps, as a file in a folder."""
        path = pathlib.Path(folder) / "other-exam.yaml"
        head = (HERE / "short-exam.yaml").read_text().split("\nsteps:\n")[0]
        tail = (HERE / "short-exam.yaml").read_text().split("\nareas:\n")[1]
        lines = [f"  - {{ vein: internalJugular, {step}, window: neck, preset: jugular, manoeuvre: quietBreathing, leastSignalDb: 6 }}"
                 for step in steps]
        path.write_text("\n".join([head, "", "steps:", *lines, "", "areas:", tail]))
        return path

    @staticmethod
    def begin_exam(page, code="S-001", indication="Tests of the page", name=None, patient_id=None):
        """Begins an exam with the keyboard alone; with a name, the identity is entered too."""
        page.keyboard.press("1")
        until(page, "document.querySelector('#protocol').options.length > 0")
        page.keyboard.press("n")
        page.keyboard.type(code)
        page.keyboard.press("Tab")
        page.keyboard.type(indication)
        if name:
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            page.keyboard.type(name)
            page.keyboard.press("Tab")
            page.keyboard.type(patient_id)
        page.keyboard.press("Enter")
        until(page, "location.hash === '#exam'")
