"""Every screen: its picture against the kept one, axe-core's judgement, and room for everything at every size."""
import io
import itertools
import json
import os
import pathlib
import unittest

from bench import HERE, BrowserCase, needs_browser, until
from walk import Walk

SCREENS = ("patients", "exam", "review", "send", "device")
SIZES = ((1024, 768), (1440, 900), (3840, 2160))
# axe-core as the package axe-playwright-python ships it; only the script is used.
AXE = next(iter(sorted(HERE.glob(".venv/lib/*/site-packages/axe_playwright_python/axe.min.js"))), None)
# A pixel differs when a channel is further off than this (of 255): fonts are drawn a little differently elsewhere.
CHANNEL_TOLERANCE = 48
# So many of the pixels may differ: text may wrap half a pixel earlier, and a caret may blink.
SHARE_TOLERANCE = 0.02
# What changes from run to run and says nothing of the page's look.
DYNAMIC = ["#screen-exam canvas", ".review-picture canvas", ".cell-transmit dd", ".cine-words", ".cine-slider",
           ".task-timer", ".now dd", "td:nth-child(2)", ".review-head dd", ".top-line dd", ".plug", ".facts dd",
           ".rows .verdict", ".badge", ".connection", ".missing-list", ".progress-words"]


@needs_browser
class ScreensTests(BrowserCase):
    """The exam is gone through once; then every screen shows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_every_screen_looks_as_it_is_kept")
        page = cls.window()
        cls.read_statement(page)
        cls.begin_exam(page, code="S-100")
        Walk(case, page).go()
        page.keyboard.press("Enter")
        page.wait_for_selector("#screen-review:not([hidden]) .criterion")
        cls.begin_exam(page, code="S-101")
        case.wait_for(page, "ready", "resting", "working")
        page.context.close()

    def shown(self, page, name):
        """Goes to a screen by its key and waits until it has its content."""
        page.keyboard.press(str(SCREENS.index(name) + 1))
        until(page, "name => !document.getElementById('screen-' + name).hidden", arg=name)
        content = {"patients": "tbody tr", "exam": ".step", "review": ".criterion, .nothing-open", "send": ".empty, tbody tr",
                   "device": ".facts"}[name]
        page.wait_for_selector(f"#screen-{name} :is({content})")
        page.wait_for_timeout(400)

    def test_every_screen_looks_as_it_is_kept(self):
        from PIL import Image, ImageChops

        page = self.window()
        self.read_statement(page)
        for name in SCREENS:
            with self.subTest(screen=name):
                self.shown(page, name)
                masks = [page.locator(one) for one in DYNAMIC]
                taken = page.screenshot(mask=masks, mask_color="#777777", animations="disabled", caret="hide")
                kept = HERE / "Golden" / f"{name}.png"
                image = Image.open(io.BytesIO(taken)).convert("RGB")
                if os.environ.get("UPDATE_GOLDEN") == "1":
                    image.quantize(64).save(kept, optimize=True)
                self.assertTrue(kept.exists(), f"no kept picture {kept.name}: make it with UPDATE_GOLDEN=1")
                golden = Image.open(kept).convert("RGB")
                self.assertEqual(golden.size, image.size)
                difference = ImageChops.difference(golden, image)
                worst = ImageChops.lighter(ImageChops.lighter(*difference.split()[:2]), difference.split()[2])
                off = sum(worst.histogram()[CHANNEL_TOLERANCE + 1:]) / (image.width * image.height)
                print(f"picture: {name}: {100 * off:.2f} % of the pixels differ (at most {100 * SHARE_TOLERANCE:.0f} %)")
                if off > SHARE_TOLERANCE:
                    image.save(HERE / ".venv" / f"{name}-seen.png")
                self.assertLessEqual(off, SHARE_TOLERANCE)

    @unittest.skipUnless(AXE, "skipped: axe-core is not in Tests/Browser/.venv; run .ci/browser with a network")
    def test_axe_finds_nothing_serious_on_any_screen_in_either_light(self):
        source = AXE.read_text(encoding="utf-8")
        for theme in ("dark", "light"):
            page = self.window(theme=theme)
            self.read_statement(page)
            for name in SCREENS:
                self.shown(page, name)
                tabs = ["findings", "measurements", "definitions", "comparison"] if name == "review" else [None]
                for tab in tabs:
                    if tab:
                        page.click(f"#tab-{tab}")
                        page.wait_for_timeout(200)
                    self.judge(page, source, f"{name} {tab or ''} {theme}")
            page.keyboard.press("?")
            self.judge(page, source, f"keys {theme}")
            page.context.close()

    def judge(self, page, source, where):
        with self.subTest(screen=where):
            # Evaluated by the debugger, beside the page's policy, which stays in force.
            page.evaluate(source + "; undefined")
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            serious = [
                f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:120] for node in one['nodes']][:4]}"
                for one in found["violations"] if one["impact"] in ("serious", "critical")]
            minor = [f"{one['id']} ({one['impact']})" for one in found["violations"]]
            print(f"axe: {where.strip()}: {len(found['passes'])} rules passed; {minor or 'nothing found'}")
            self.assertEqual([], serious)

    def test_nothing_overlaps_and_no_control_is_out_of_sight(self):
        # The letters of the second font are the widest of those that computers come with.
        for size, language, font in itertools.chain(
                itertools.product(SIZES, ("en", "de", "pl", "it"), ("Liberation Sans",)),
                itertools.product(SIZES[:2], ("en", "de"), ("DejaVu Sans",))):
            page = self.window(size=size, language=language)
            self.read_statement(page)
            page.evaluate("font => { document.body.style.fontFamily = font; }", font)
            for name in SCREENS:
                with self.subTest(screen=name, size=size, language=language, font=font):
                    self.shown(page, name)
                    self.assertEqual([], page.evaluate(LAYOUT))
            page.context.close()

    def test_the_band_of_the_simulation_is_seen_on_every_screen_and_over_every_dialog(self):
        page = self.window()
        self.read_statement(page)
        seen = """() => { const box = document.getElementById('simulated').getBoundingClientRect();
            return [0.2, 0.5, 0.8].every(x => document.elementFromPoint(innerWidth * x, box.top + box.height / 2)
                ?.closest('#simulated, dialog')?.id === 'simulated'); }"""
        for name in SCREENS:
            self.shown(page, name)
            self.assertTrue(page.locator("#simulated").is_visible())
            self.assertIn("SIMULATED", page.text_content("#simulated"))
            self.assertTrue(page.evaluate(seen), name)
        page.keyboard.press("?")
        page.wait_for_selector("dialog[open]")
        overlap = page.evaluate("""() => { const band = document.getElementById('simulated').getBoundingClientRect();
            const box = document.querySelector('dialog[open]').getBoundingClientRect(); return box.top < band.bottom; }""")
        self.assertFalse(overlap)


# What is wrong with the room that controls have: out of the window, cut off, or under another one.
LAYOUT = """() => {
  const wrong = [];
  const name = one => (one.id || one.getAttribute('aria-label') || one.textContent || one.className).trim().slice(0, 40);
  if (document.documentElement.scrollWidth > innerWidth) wrong.push('the page is wider than the window');
  if (document.documentElement.scrollHeight > innerHeight) wrong.push('the page is higher than the window');
  const inScroller = one => { for (let at = one.parentElement; at; at = at.parentElement) {
    const style = getComputedStyle(at); if (/(auto|scroll)/.test(style.overflowY) && at.scrollHeight > at.clientHeight) return true; }
    return false; };
  const shown = one => one.checkVisibility() && one.getBoundingClientRect().width > 0;
  const controls = [...document.querySelectorAll('button, select, input, a[href], summary')].filter(shown);
  for (const one of controls) {
    const box = one.getBoundingClientRect();
    if (inScroller(one)) continue;
    if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) wrong.push('outside: ' + name(one));
    const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (middle && middle !== one && !one.contains(middle) && !middle.contains(one)
      && !middle.closest('label')?.contains(one)) wrong.push('covered: ' + name(one) + ' by ' + name(middle));
    if (one.scrollWidth > one.clientWidth + 2 && one.tagName === 'BUTTON') wrong.push('cut off: ' + name(one));
    if (box.height < 23.5 && box.width < 300 && !['checkbox', 'radio', 'range'].includes(one.type)) wrong.push('too small: ' + name(one) + ' ' + box.height);
  }
  for (const row of document.querySelectorAll('.setting')) {
    if (!shown(row)) continue;
    const [label, value] = [row.querySelector('.label'), row.querySelector('.value')].map(one => one.getBoundingClientRect());
    const words = document.createRange(); words.selectNodeContents(row.querySelector('.label'));
    if (words.getBoundingClientRect().right > value.left + 1) wrong.push('overlap: ' + row.dataset.setting);
    const box = row.getBoundingClientRect(), own = row.parentElement.closest('.exam-right').getBoundingClientRect();
    if (box.right > own.right + 1) wrong.push('too wide: ' + row.dataset.setting);
  }
  for (const band of document.querySelectorAll('.transport, .head')) {
    if (!shown(band)) continue;
    const parts = [...band.querySelectorAll('button, input, select, .cine-words, .connection, .tab')].filter(shown).map(one => [one, one.getBoundingClientRect()]);
    for (let i = 0; i < parts.length; i += 1) for (let j = i + 1; j < parts.length; j += 1) {
      const [a, b] = [parts[i][1], parts[j][1]];
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
        wrong.push('overlap: ' + name(parts[i][0]) + ' and ' + name(parts[j][0]));
    }
  }
  return wrong;
}"""


if __name__ == "__main__":
    unittest.main()
