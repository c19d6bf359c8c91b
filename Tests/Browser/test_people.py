"""More than one person: signing in and out, two browsers at one exam, and the clinic's worklist."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from bench import ROOT, BrowserCase, RunningConsole, needs_browser, program, until
from walk import Walk

PASSPHRASE = "a long passphrase of theirs"
PEER = ROOT / "Tests" / "Peers" / "wlmscpfs.py"
ITEM = """\
(0008,0005) CS [ISO_IR 100]
(0008,0050) SH [A7]
(0010,0010) PN [Müller^Jörg]
(0010,0020) LO [P-7]
(0010,0030) DA [19610430]
(0010,0040) CS [M]
(0020,000d) UI [1.2.7]
(0032,1060) LO [Veins of the neck]
(0040,1001) SH [RP7]
(0040,0100) SQ
(fffe,e000) -
(0008,0060) CS [US]
(0040,0001) AE [DOPPLER]
(0040,0002) DA [20260131]
(0040,0003) TM [101500]
(0040,0007) LO [Veins of the neck]
(0040,0009) SH [SPS7]
(fffe,e00d) -
(fffe,e0dd) -
"""


def run(*arguments, text=""):
    subprocess.run([program(), *arguments], input=text, text=True, check=True, capture_output=True)


@needs_browser
class AccountsTests(BrowserCase):
    """An archive with accounts."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="dopplerbridge-people-")
        cls.addClassCleanup(folder.cleanup)
        archive = os.path.join(folder.name, "archive")
        run("archive", "init", archive, "--by", "root")
        secret = pathlib.Path(folder.name) / "secret"
        secret.write_text(PASSPHRASE + "\n")
        secret.chmod(0o600)
        run("archive", "account", "add", archive, "ada", "--role", "administrator", "--new-passphrase-file", str(secret), "--by", "root")
        for name, role in (("tim", "technician"), ("rita", "reader")):
            run("archive", "account", "add", archive, name, "--role", role, "--new-passphrase-file", str(secret),
                "--as", "ada", "--account-passphrase-file", str(secret))
        cls.more = ("--archive", archive)
        super().setUpClass()

    def sign_in(self, page, name, passphrase=PASSPHRASE, is_right=True):
        page.wait_for_selector("dialog[open] input[type=password]")
        page.keyboard.press("Control+a")
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(passphrase)
        page.keyboard.press("Enter")
        if is_right:
            page.wait_for_selector("dialog[open] input[type=password]", state="detached")

    def operate(self, page):
        """Takes the operator's seat where a browser that has gone still holds it."""
        page.wait_for_timeout(500)
        if page.query_selector("#looking"):
            page.click("text=Operate here")
            page.wait_for_selector("#looking", state="detached")

    def test_a_wrong_passphrase_is_said_and_the_right_one_lets_in_until_somebody_signs_out(self):
        page = self.window(link=self.console.another_link())
        self.sign_in(page, "tim", "not the passphrase", is_right=False)
        until(page, "document.querySelector('dialog[open] .wrong').textContent !== ''")
        self.assertEqual("", page.input_value("dialog[open] input[type=password]"))
        page.keyboard.type(PASSPHRASE)
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open] input[type=password]", state="detached")
        self.read_statement(page)
        self.assertEqual("tim", page.text_content(".operator"))
        page.click("text=Sign out")
        page.wait_for_selector("dialog[open] input[type=password]")
        self.assertEqual("", page.text_content(".operator"))
        page.context.close()

    def test_a_technician_makes_an_exam_while_a_reader_looks_on(self):
        technician = self.window(link=self.console.another_link())
        self.sign_in(technician, "tim")
        self.read_statement(technician)
        self.operate(technician)
        self.begin_exam(technician, code="S-400")
        self.wait_for(technician, "ready", "resting")
        reader = self.window(link=self.console.another_link())
        self.sign_in(reader, "rita")
        self.read_statement(reader)
        reader.wait_for_selector("#looking")
        reader.keyboard.press("2")
        self.wait_for(reader, "ready", "resting")
        self.assertTrue(reader.is_disabled("#primary"), "one browser operates, the other looks on")
        technician.context.close()
        reader.context.close()

    def test_a_reader_signs_the_exam_that_a_technician_made_and_may_not_sign(self):
        technician = self.window(link=self.console.another_link())
        self.sign_in(technician, "tim")
        self.read_statement(technician)
        self.operate(technician)
        self.begin_exam(technician, code="S-410")
        Walk(self, technician).go()
        technician.keyboard.press("Enter")
        technician.wait_for_selector("#screen-review:not([hidden]) .criterion")
        self.assertIsNone(technician.query_selector("#sign"))
        self.assertIn("reader", technician.text_content(".signing"))

        reader = self.window(link=self.console.another_link())
        self.sign_in(reader, "rita")
        self.read_statement(reader)
        reader.keyboard.press("1")
        reader.click("tr:has-text('S-410') button[data-at^='review-']")
        reader.wait_for_selector("#sign")
        reader.keyboard.press("g")
        for passphrase in ("not the passphrase", PASSPHRASE):
            self.assertEqual("sign-pass", reader.evaluate("document.activeElement.dataset.at"))
            reader.keyboard.press("Control+a")
            reader.keyboard.type(passphrase)
            reader.keyboard.press("Enter")
            if passphrase != PASSPHRASE:
                until(reader, "document.querySelector('.notice.bad')?.textContent.includes('nothing was signed')")
                self.assertEqual("rita", reader.text_content(".operator"))
        reader.wait_for_selector(".signed")
        technician.context.close()
        reader.context.close()


@needs_browser
class TwoBrowsersTests(BrowserCase):
    def test_two_look_and_one_operates_until_the_other_takes_over(self):
        first = self.window()
        self.read_statement(first)
        self.begin_exam(first, code="S-500")
        self.wait_for(first, "ready", "resting")
        second = self.window(link=self.console.another_link())
        self.read_statement(second)
        second.keyboard.press("2")
        phase = self.wait_for(second, "ready", "resting")
        second.wait_for_selector("#looking")
        second.keyboard.press("Enter")
        second.wait_for_timeout(500)
        self.assertEqual(phase, self.phase(first), "who looks on does nothing")

        second.click("text=Operate here")
        first.wait_for_selector("#looking")
        second.wait_for_selector("#looking", state="detached")
        if phase == "resting":
            second.keyboard.press("Enter")
        self.wait_for(second, "ready")
        second.keyboard.press("Space")
        self.wait_for(second, "live", "frozen")
        self.wait_for(first, "live", "frozen")
        self.wait_for_columns(first, 5)
        self.wait_for_columns(second, 5)


@needs_browser
class WorklistTests(BrowserCase):
    @classmethod
    def setUpClass(cls):
        import shutil

        if not shutil.which("wlmscpfs"):
            raise unittest.SkipTest("skipped: the worklist in a browser: wlmscpfs is missing (Debian's dcmtk)")
        folder = tempfile.TemporaryDirectory(prefix="dopplerbridge-worklist-")
        cls.addClassCleanup(folder.cleanup)
        (pathlib.Path(folder.name) / "one.dump").write_text(ITEM, encoding="latin-1")
        cls.peer = subprocess.Popen([sys.executable, str(PEER), folder.name], stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.end_peer)
        port = cls.peer.stdout.readline().split()[1]
        cls.settings = f"""
station: {{title: DOPPLER, serial: S-1, device-uid: 2.25.5}}
worklist: {{on: true, host: 127.0.0.1, port: {port}, title: WORKLIST, default-character-set: ISO_IR 100}}
destinations:
  - {{name: archive, kind: dicom, host: 127.0.0.1, port: 9, title: PEER}}
"""
        super().setUpClass()

    @classmethod
    def end_peer(cls):
        cls.peer.terminate()
        cls.peer.wait(10)
        cls.peer.stdout.close()

    def test_an_entry_of_the_worklist_becomes_an_exam_with_the_keyboard_alone(self):
        page = self.window()
        self.read_statement(page)
        page.wait_for_selector(".entry")
        words = page.text_content(".entry")
        for said in ("Müller", "Jörg", "P-7", "Veins of the neck"):
            self.assertIn(said, words)
        page.keyboard.press("w")
        page.keyboard.press("Enter")
        until(page, "document.activeElement.id === 'subject-code'")
        self.assertIn("P-7", page.text_content(".from-list"))
        page.keyboard.type("S-600")
        page.keyboard.press("Enter")
        until(page, "location.hash === '#exam'")
        self.wait_for(page, "ready", "resting")
        self.assertIn("Müller", page.text_content(".exam .top-line"))
        page.keyboard.press("1")
        until(page, "document.querySelector('.exams tbody th')?.textContent.includes('Müller')")


if __name__ == "__main__":
    unittest.main()
