"""The Python client against the program itself, and what the program answers against its own description."""
import ast
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import unittest

import rig
from dopplerbridge import Columns, Console, Ended, Picture, Profile, Refused, Sound, joined

SETTLING = ("settling", "tap", "missing")


class Listening:
    """Everything that comes over a live connection."""

    def __init__(self, console):
        self.events, self.pieces = [], []
        self.live = console.live()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        try:
            for message in self.live:
                (self.events if isinstance(message, dict) else self.pieces).append(message)
        except OSError:
            pass


@rig.needs_program
class WholeExam(unittest.TestCase):
    """One exam of a simulated patient, looked at from all sides."""

    @classmethod
    def setUpClass(cls):
        cls.console, cls.folder = rig.start(cls, options=["--protocol", str(rig.SHORT_EXAM)])
        cls.listening = Listening(cls.console)
        cls.statement = cls.console.read_statement()
        identity = {"name": "Gau\u00df^Zo\u00eb", "patientID": "P-1", "birthDate": "1961-04-30", "sex": "F"}
        cls.exam = cls.console.begin("S001", "browser-short", indication="first visit", identity=identity)
        first = next(cls.console.questions())
        cls.limits = first["settings"]["limits"]
        cls.changed = cls.console.change_settings(gateDepthMm=first["settings"]["gateDepthMm"] + 1)
        cls.changed_by_mm = cls.changed["gateDepthMm"] - first["settings"]["gateDepthMm"]
        cls.end = rig.go_through(cls.console)
        cls.review = cls.exam.review()

    def test_the_exam_came_to_its_end(self):
        self.assertEqual((self.end["phase"], self.end["examID"]), ("ended", self.exam.exam_id))
        self.assertTrue(self.end["isSimulated"] and self.end["outcome"]["isCompleted"])
        self.assertTrue(self.statement)
        self.assertEqual((self.review["state"], self.review["indication"]), ("complete", "first visit"))
        self.assertEqual(self.review["name"], "Gau\u00df^Zo\u00eb")
        self.assertEqual(len(self.exam.recordings()), 4)

    def test_settings_are_changed_within_their_limits(self):
        self.assertAlmostEqual(self.changed_by_mm, 1)
        self.assertTrue(self.changed["isChanged"] and not self.changed["isInForce"])
        self.assertLess(self.limits["prfHz"]["least"], self.limits["prfHz"]["most"])

    def test_documents_and_events_are_as_the_description_says(self):
        if (review := rig.judge("Review")) is None:
            self.skipTest("skipped: no jsonschema_rs")
        review.validate(self.review)
        state, event = rig.judge("ExamState"), rig.judge("LiveEvent")
        state.validate(self.end)
        seen = {message["event"] for message in list(self.listening.events)}
        self.assertLessEqual({"exam", "seat", "patients"}, seen)
        for message in list(self.listening.events):
            event.validate(message)
        self.assertFalse(event.is_valid({"event": "exam", "exam": {}}), "the judge can say no")
        self.assertFalse(review.is_valid({**self.review, "other": 1}), "the judge can say no")

    def test_the_exam_in_the_review_is_as_its_own_schema_says(self):
        try:
            import jsonschema_rs
        except ImportError:
            self.skipTest("skipped: no jsonschema_rs")
        schema = rig.ROOT / "Sources" / "CCSVIAnalysis" / "Schemas" / "exam.schema.json"
        jsonschema_rs.Draft202012Validator(json.loads(schema.read_text())).validate(self.review["exam"])

    def test_the_description_is_the_one_in_the_sources(self):
        self.assertEqual(self.console.description(), json.loads(rig.OPENAPI.read_text()))

    def test_live_columns_are_those_of_the_recording(self):
        kept = [self.exam.columns(identifier) for identifier in self.exam.recordings()]
        compared = 0
        for pieces in self._unbroken():
            live = joined(pieces)
            pairs = [list(self._measured_in_both(live, columns)) for columns in kept]
            long = [each for each in pairs if len(each) > 50]
            if long:
                is_one = any(all(mine == theirs for mine, theirs in each) for each in long)
                self.assertTrue(is_one, f"the columns from pulse {live.first_pulse} on are those of a recording")
                compared += 1
        self.assertGreater(compared, 0)

    def _unbroken(self):
        """The live pieces, apart where samples were missed or another run began: nothing else tells them apart."""
        stretches, end = [], None
        for piece in list(self.listening.pieces):
            if not isinstance(piece, Columns):
                continue
            if piece.first_pulse != end:
                stretches.append([])
            stretches[-1].append(piece)
            end = piece.first_pulse + len(piece) * piece.hop_pulses
        return stretches

    def _measured_in_both(self, live, kept):
        """The mean shifts of columns that are in both and that neither had to leave open, as texts: NaN is equal to itself."""
        if (kept.bins, kept.prf_hz, kept.hop_pulses) != (live.bins, live.prf_hz, live.hop_pulses):
            return
        unsure = sum(1 << bit for bit in (3, 4, 15))
        for i, mean in enumerate(live.mean_hz):
            place, rest = divmod(live.first_pulse + i * live.hop_pulses - kept.first_pulse, kept.hop_pulses)
            if not rest and 0 <= place < len(kept) and not (live.flags[i] | kept.flags[place]) & unsure:
                yield str(mean), str(kept.mean_hz[place])

    def test_a_recording_has_columns_in_velocities(self):
        for identifier, recording in self.exam.recordings().items():
            columns = self.exam.columns(identifier)
            velocities = columns.velocity_cm_per_s(columns.mean_hz, recording["nyquistVelocityCmPerS"])
            measured = [abs(velocity) for velocity in velocities if not math.isnan(velocity)]
            self.assertAlmostEqual(columns.seconds[-1], recording["durationSeconds"], delta=1)
            self.assertGreater(len(measured), len(columns) / 2)
            self.assertLessEqual(max(measured), recording["nyquistVelocityCmPerS"])
            self.assertGreater(max(measured), 1)

    def test_marks_and_envelopes_come_back(self):
        first = next(iter(self.exam.recordings()))
        self.exam.mark(first, [{"startSeconds": 1, "endSeconds": 2.5, "state": "added", "proposed": None}])
        self.exam.trace(first, "towards", [(1, 20), (2, 30.5)])
        kept = [marks for marks in self.exam.review()["marks"] if marks["recordingID"] == first][0]
        self.assertEqual(kept["marks"], [{"startSeconds": 1, "endSeconds": 2.5, "state": "added"}])
        self.assertEqual(kept["traces"], [{"side": "towards", "points": [
            {"seconds": 1, "velocityCmPerS": 20}, {"seconds": 2, "velocityCmPerS": 30.5}]}])
        self.exam.trace(first, "towards", [])
        kept = [marks for marks in self.exam.review()["marks"] if marks["recordingID"] == first][0]
        self.assertEqual(kept["traces"], [])
        with self.assertRaisesRegex(Refused, "out of order"):
            self.exam.trace(first, "away", [(2, -1), (1, -1)])

    def test_the_report_and_the_lists(self):
        path = self.folder / "report.pdf"
        self.assertEqual(self.exam.report(path)[:5], b"%PDF-")
        self.assertEqual(path.read_bytes(), self.exam.report())
        found = self.console.patients("gau\u00df")["exams"]
        self.assertEqual([exam["examID"] for exam in found], [self.exam.exam_id])
        self.assertEqual(self.console.patients("nobody of this name")["total"], 0)
        self.assertIn("browser-short", [known["id"] for known in self.console.protocols()])
        self.assertEqual((self.console.outbox(), self.console.device()["plugged"]), ([], "simulated"))

    def test_refusals_have_the_consoles_words(self):
        for call, status, words in (
                (lambda: self.console.act("record"), 409, "`record` is not possible now: the exam has ended"),
                (lambda: self.console.act("fly"), 400, "there is no act `fly`"),
                (lambda: self.console.change_settings(prfHz="fast"), 400, "`prfHz`"),
                (lambda: self.console.exam("../x").review(), 400, "malformed"),
                (lambda: self.console.exam("EX-none").review(), 404, "is not here"),
                (lambda: self.exam.columns("none"), 404, "no such recording"),
                (lambda: self.console.begin("S 1", "browser-short"), 400, "`subjectCode`"),
                (lambda: self.console.sign_in("anna", "word"), 409, "no accounts"),
                (lambda: self.console.retry(7), 404, "7")):
            with self.assertRaises(Refused) as told:
                call()
            self.assertEqual(told.exception.status, status)
            self.assertIn(words, told.exception.what)
            self.assertTrue(told.exception.next)


@rig.needs_program
class LiveScan(unittest.TestCase):
    def test_a_scan_brings_picture_profile_sound_and_columns_in_real_time(self):
        console, _ = rig.start(self, "sim:ccsvi?seed=1&pace=real", ["--protocol", str(rig.SHORT_EXAM)])
        console.read_statement()
        console.begin("S001", "browser-short")
        wanted, seen = {Columns, Profile, Picture, Sound}, set()
        questions = console.questions(rests=True)
        with console.live() as live:
            self.assertEqual(next(questions)["phase"], "resting", "the patient lies down first")
            console.act("rested")
            self.assertEqual(next(questions)["phase"], "ready")
            console.act("live")
            while not wanted <= seen:
                seen.add(type(live.next(10)))
            console.act("freeze")
            self.assertEqual(next(console.questions())["phase"], "frozen")
            console.act("leave")
        self.assertEqual(list(console.questions()), [])
        self.assertEqual(console.close(), 0)

    def test_the_seat_is_left_by_signing_out_and_taken_again(self):
        console, _ = rig.start(self, options=["--protocol", str(rig.SHORT_EXAM)])
        console.read_statement()
        console.begin("S001", "browser-short")
        self.assertTrue(console.session()["isOperating"])
        console.sign_out()
        self.assertTrue(console.session()["isFree"])
        console.operate()
        self.assertTrue(console.session()["isOperating"])


@rig.needs_program
class Accounts(unittest.TestCase):
    def test_everybody_signs_in_and_does_what_their_role_allows(self):
        console, _ = rig.start(
            self, options=["--protocol", str(rig.SHORT_EXAM)],
            accounts=[("ada", "administrator"), ("tom", "technician"), ("rita", "reader")])

        def refused(status, call):
            with self.assertRaises(Refused) as told:
                call()
            self.assertEqual(told.exception.status, status, told.exception)

        self.assertTrue(console.session()["needsSignIn"])
        refused(401, console.state)
        with console.live() as live:
            self.assertEqual(live.next(10), {"event": "locked"})
        refused(401, lambda: console.sign_in("tom", "not this one"))
        session = console.sign_in("tom", rig.PASSPHRASE)
        self.assertEqual((session["operator"]["name"], session["operator"]["role"]), ("tom", "technician"))
        console.read_statement()
        exam = console.begin("S001", "browser-short")
        rig.go_through(console)
        refused(403, lambda: exam.sign(rig.PASSPHRASE))
        console.sign_out()
        refused(401, exam.review)
        console.sign_in("rita", rig.PASSPHRASE)
        refused(403, lambda: console.begin("S002", "browser-short"))
        refused(400, exam.sign)
        self.assertEqual(exam.sign(rig.PASSPHRASE), 0)
        self.assertEqual(exam.review()["state"], "signed")
        if (session := rig.judge("Session")) is not None:
            session.validate(console.session())
            console.sign_out()
            session.validate(console.session())


@rig.needs_program
class StartAndEnd(unittest.TestCase):
    def test_what_the_program_says_is_said_where_it_does_not_start(self):
        with self.assertRaisesRegex(Ended, "dopplerbridge: "):
            Console.start("sim:nobody", options=["--archive", "/nonexistent"], program=rig.program())

    def test_a_link_lets_one_browser_in(self):
        console, _ = rig.start(self)
        with self.assertRaises(Refused) as told:
            Console(f"{console.origin}/enter?token=used")
        self.assertEqual((told.exception.status, told.exception.what),
                         (403, "This link was used already, or is too old."))

    def test_the_examples_run_as_they_stand(self):
        environment = {**os.environ, "PYTHONPATH": str(rig.CLIENT), "DOPPLERBRIDGE": rig.program(), "MPLBACKEND": "Agg"}
        for name in ("whole_exam.py", "example.py"):
            console, folder = rig.start(self)
            console.close()
            shutil.rmtree(folder / "archive")
            run = subprocess.run([sys.executable, str(rig.CLIENT / name)], cwd=folder, env=environment,
                                 capture_output=True, text=True, timeout=180)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn("c1 met", run.stdout)
            self.assertEqual((folder / "report.pdf").read_bytes()[:5], b"%PDF-")
            listed = subprocess.run([rig.program(), "archive", "list", "archive", "--json"], cwd=folder,
                                    capture_output=True, text=True, check=True)
            self.assertIn('"signed"' if name == "whole_exam.py" else '"analysed"', listed.stdout)


class Source(unittest.TestCase):
    def test_a_whole_exam_is_twenty_lines_at_most(self):
        self.assertLessEqual(len((rig.CLIENT / "whole_exam.py").read_text().splitlines()), 20)

    def test_the_readme_shows_the_same_lines(self):
        lines = (rig.CLIENT / "whole_exam.py").read_text().split("\n", 1)[1]
        self.assertIn(f"```python\n{lines}```", (rig.ROOT / "README.md").read_text())

    def test_python_3_9_reads_the_client(self):
        for path in rig.CLIENT.glob("*.py"):
            ast.parse(path.read_text(), feature_version=(3, 9))

    def test_the_types_hold(self):
        mypy = pathlib.Path(sys.executable).parent / "mypy"
        if not mypy.exists():
            self.skipTest("skipped: no mypy")
        run = subprocess.run(
            [str(mypy), "--strict", "--no-warn-return-any", "--ignore-missing-imports", "--cache-dir", os.devnull,
             str(rig.CLIENT / "dopplerbridge.py")], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_the_client_needs_the_standard_library_alone(self):
        tree = ast.parse((rig.CLIENT / "dopplerbridge.py").read_text())
        names = {name.name.split(".")[0] for node in tree.body if isinstance(node, ast.Import) for name in node.names}
        names |= {node.module.split(".")[0] for node in tree.body if isinstance(node, ast.ImportFrom)}
        self.assertLessEqual(names, set(sys.stdlib_module_names))


if __name__ == "__main__":
    unittest.main()
