"""A whole exam on the simulated probe, from the patient to the outbox, with the keyboard alone."""
import pathlib
import os
import unittest

from bench import BrowserCase, ROOT, needs_browser, until
from walk import Walk

DOCUMENTS = ROOT / "Sources" / "WebConsole" / "WebConsole.docc"
# Nothing listens there: what is signed stays queued.
SETTINGS = """
station: {title: DOPPLER, serial: S-1, device-uid: 2.25.5}
destinations:
  - {name: archive, kind: dicom, host: 127.0.0.1, port: 9, title: PEER}
"""


@needs_browser
class WholeExamTests(BrowserCase):
    settings = SETTINGS

    def test_from_the_patient_to_the_outbox_with_the_keyboard_alone(self):
        page = self.window(size=(1280, 800))
        album = Album(page)
        page.wait_for_selector("dialog[open] .statement")
        words = page.text_content("dialog[open]")
        for said in ("research", "neither a diagnosis", "not an accepted cause", "Blinded studies", "not recommended"):
            self.assertIn(said, words)
        album.keep("statement")
        self.read_statement(page)
        album.keep("patients")
        self.begin_exam(page, name="Rossi^Maria", patient_id="P-4711")
        walk = Walk(self, page, album.look)
        walk.go()
        for phase in ("ready", "reviewing", "measuring", "inspecting", "ended"):
            self.assertIn(phase, walk.seen, walk.turns)
        self.assertEqual(4, walk.seen["reviewing"])
        states = page.eval_on_selector_all(".step .state", "all => all.map(one => one.textContent)")
        self.assertEqual(["done"] * 4, states)

        page.keyboard.press("Enter")
        page.wait_for_selector("#screen-review:not([hidden]) .criterion")
        self.assertEqual(5, page.locator("#screen-review .criterion").count())
        until(page, "document.querySelector('.picture-words')?.textContent.includes('PRF')")
        album.keep("review")
        page.wait_for_selector("#sign")
        page.keyboard.press("g")
        self.assertEqual("sign", page.evaluate("document.activeElement.id"))
        page.keyboard.press("Enter")
        page.wait_for_selector(".signed")
        album.keep("signed")

        page.keyboard.press("4")
        page.wait_for_selector("#screen-send tbody tr")
        states = page.eval_on_selector_all("#screen-send tbody tr", "rows => rows.map(row => row.className)")
        self.assertTrue(all(state in ("send-waiting", "send-sending", "send-needsPerson") for state in states), states)
        album.keep("send")
        self.assertEqual([], [one for one in self.problems if "409" not in one])

    def test_nothing_is_loaded_from_elsewhere(self):
        page = self.window()
        self.read_statement(page)
        for key in "12345":
            page.keyboard.press(key)
            page.wait_for_timeout(150)
        self.assertGreater(len(self.requests), 40)
        others = [url for url in self.requests if not url.startswith((self.console.origin + "/", "data:", "blob:", "chrome-extension:"))]
        self.assertEqual([], others)


class Album:
    """The pictures of the walk-through; they are written only where DOPPLERBRIDGE_PICTURES is set."""

    # What is shown of each, so often.
    FIRST = ("live", "frozen", "recording", "reviewing", "resting", "measuring", "inspecting", "ended")

    def __init__(self, page):
        self.page = page
        self.folder = DOCUMENTS / "Pictures" if os.environ.get("DOPPLERBRIDGE_PICTURES") else None
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)

    def look(self, phase, count):
        if count == 1 and phase in self.FIRST:
            self.keep(phase)

    def keep(self, name):
        if not self.folder:
            return
        import io
        from PIL import Image

        self.page.wait_for_timeout(300)
        image = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        small = image.resize((960, 600), Image.LANCZOS).quantize(160, dither=Image.Dither.NONE)
        small.save(self.folder / f"exam-{name}.png", optimize=True)


if __name__ == "__main__":
    unittest.main()
