"""The tools on the picture: areas, marks of reflux, an envelope by hand; and the comparison with an earlier exam."""
import tempfile
import unittest

from bench import BrowserCase, needs_browser, until
from walk import Walk

AREA = """() => [...document.querySelectorAll('.review-panel tbody tr')].map(row => row.textContent)"""


class ToolsWalk(Walk):
    """The walk of an exam that uses every tool once."""
    has_marked = False

    def reviewing(self, count):
        page = self.page
        if not self.has_marked and page.locator(".mark-proposed").count() > 0:
            self.mark_reflux()
            self.has_marked = True
        if count == 1:
            self.correct_envelope()
        self.look("reviewing", count)
        self.leave("reviewing", "Enter")

    def mark_reflux(self):
        page = self.page
        proposed = page.locator(".mark-proposed").count()
        page.locator('[data-at="mark-0-accepted"]').press("Enter")
        until(page, "document.querySelectorAll('.mark-accepted').length === 1")
        if proposed > 1:
            end = page.locator('[data-at="mark-1-endSeconds"]')
            end.fill(f"{float(end.input_value()) + 0.25:.2f}")
            end.press("Tab")
            until(page, "document.querySelectorAll('.mark-moved').length === 1")
        page.locator('[data-at="mark-add"]').press("Enter")
        until(page, "document.querySelectorAll('.mark-added').length === 1")
        page.evaluate("document.getElementById('main').focus()")

    def correct_envelope(self):
        page, case = self.page, self.case
        self.press("e")
        until(page, "document.querySelector('#said').textContent.includes('▲')")
        self.press("e")
        until(page, "document.querySelector('#said').textContent.includes('▼')")
        self.press("Space", *["Shift+ArrowRight"] * 6, *["Shift+ArrowDown"] * 3, "Space")
        until(page, "[...document.querySelectorAll('.measures dt')].some(one => one.textContent.startsWith('By hand'))")
        self.look("tracing", 1)
        case.assertEqual("reviewing", case.phase(page))
        self.press("Enter")
        until(page, "document.querySelector('#said').textContent.startsWith('Kept')")
        case.assertEqual("reviewing", case.phase(page), "Enter kept the envelope, not the take")

    def measuring(self, count):
        page, case = self.page, self.case
        if count < 3:
            self.press("Space")
            until(page, "document.querySelector('#freeze').textContent.startsWith('Freeze')")
            page.locator(".task-body", has_text="Trace").wait_for()
        if count == 1:
            self.press("e", "ArrowRight", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowUp")
            until(page, "/mm × /.test(document.querySelector('.area-line').textContent)")
            self.look("ellipse", 1)
        elif count == 2:
            until(page, "document.querySelector('.area-line').textContent === ''")
            self.press("t")
            box = page.locator("canvas.depth").bounding_box()
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            page.mouse.move(x - 30, y)
            page.mouse.down()
            for across, down in ((0, -25), (30, 0), (0, 25), (-28, 3)):
                page.mouse.move(x + across, y + down, steps=6)
            page.mouse.up()
            until(page, "document.querySelector('.area-line').textContent.includes('closed')")
            self.look("trace", 1)
        self.leave("measuring", "Enter")


@needs_browser
class ToolsTests(BrowserCase):
    # One reflux in every breath of the left J1. Real time is too slow for a test; a picture comes all the same.
    probe = "sim:only-c1?seed=1&pace=fast"

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="dopplerbridge-tools-")
        cls.addClassCleanup(folder.cleanup)
        cls.protocol = cls.other_steps(
            folder.name, "side: left, level: j1, posture: supine, seconds: 12", "side: left, level: j1, posture: sitting, seconds: 6")
        super().setUpClass()

    def one_exam(self, page, code, look=None):
        self.begin_exam(page, code=code)
        walk = ToolsWalk(self, page, look)
        walk.go()
        page.keyboard.press("Enter")
        page.wait_for_selector("#screen-review:not([hidden]) .criterion")
        return walk

    def test_areas_marks_and_an_envelope_by_hand_are_kept_and_two_exams_compared(self):
        page = self.window()
        self.read_statement(page)
        walk = self.one_exam(page, "S-700")
        self.assertEqual(2, walk.seen["measuring"], walk.turns)
        self.assertTrue(walk.has_marked, "the analyser proposes a reflux in one of the veins")
        page.click("#tab-measurements")
        rows = page.evaluate(AREA)
        self.assertTrue(any("ellipse" in row and "mm²" in row for row in rows), rows)
        self.assertTrue(any("trace" in row and "mm²" in row for row in rows), rows)

        review = page.evaluate("fetch(document.querySelector('iframe')?.src ?? '/api/patients').then(a => a.json())")
        exam = next(one for one in review["exams"] if one["subjectCode"] == "S-700")["examID"]
        marks = page.evaluate("id => fetch(`/api/exams/${id}/review`).then(a => a.json()).then(a => a.marks)", exam)
        states = [mark["state"] for one in marks for mark in one["marks"]]
        self.assertIn("accepted", states)
        self.assertIn("added", states)
        traces = [trace for one in marks for trace in one["traces"]]
        self.assertEqual(["away"], [trace["side"] for trace in traces])
        self.assertEqual(2, len(traces[0]["points"]))
        self.assertLess(traces[0]["points"][1]["velocityCmPerS"], 0)

        # In the review the same tool corrects what is kept.
        page.click("#tab-findings")
        until(page, "document.querySelector('.picture-words')?.textContent.includes('PRF')")
        page.keyboard.press("e")
        until(page, "document.querySelector('[data-side=towards][aria-pressed=true]') !== null")
        for key in ("Space", "Shift+ArrowRight", "ArrowUp", "Space"):
            page.keyboard.press(key)
        page.wait_for_selector(".trace-readings:not([hidden])")
        page.keyboard.press("Escape")
        until(page, "document.querySelector('[data-side][aria-pressed=true]') === null")

        self.one_exam(page, "S-700")
        page.click("#tab-comparison")
        page.wait_for_selector(".review-panel table")
        self.assertIn("✓", page.text_content(".review-panel table"))
        self.assertEqual([], [one for one in self.problems if "409" not in one])


if __name__ == "__main__":
    unittest.main()
