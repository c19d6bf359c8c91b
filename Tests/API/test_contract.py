"""The console against its own description, judged by schemathesis: with no exam, one that is open, ended and signed.

What it sends is right and wrong, and each room is asked with the same seed. No answer may be one of the server's
failures, or other than the description says, or late.
"""
import os
import pathlib
import subprocess
import sys
import unittest

import rig

SCHEMATHESIS = pathlib.Path(sys.executable).parent / "st"
EXAMPLES = int(os.environ.get("DOPPLERBRIDGE_API_EXAMPLES", "25"))
# The longest that an answer may take, seconds: two cores may be shared with other work.
PATIENCE = 20
# Where a document may be as the description says and be refused with 400 all the same, by what only the exam, the probe
# or another part of the document decides: a protocol that there is, settings that go together, times in order.
DEPENDS = ["POST /api/exams", "POST /api/exam/act", "POST /api/exam/settings", "POST /api/exams/{examID}/marks",
           "POST /api/exams/{examID}/trace"]
CONFIG = """
[[operations]]
include-name = "DELETE /api/session"
headers = { "Content-Type" = "application/json" }
"""
OPERATION = """
[[operations]]
include-name = "{name}"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "401", "403", "404", "409"]
"""


@rig.needs_program
@unittest.skipUnless(SCHEMATHESIS.exists(), "skipped: no schemathesis")
class Contract(unittest.TestCase):
    def judge(self, console, folder, exam_id=None, recording_id=None):
        """Lets schemathesis ask the console everything that its description has."""
        known = {"path.examID": exam_id, "path.recordingID": recording_id}
        lines = [f'"{name}" = "{value}"' for name, value in known.items() if value]
        parameters = "[parameters]\n" + "\n".join(lines) if lines else ""
        config = folder / "schemathesis.toml"
        config.write_text(parameters + CONFIG + "".join(OPERATION.format(name=name) for name in DEPENDS))
        run = subprocess.run(
            [str(SCHEMATHESIS), "--config-file", str(config), "--no-color", "run", f"{console.origin}/api/openapi.json",
             "--header", f"Cookie: {console._cookie}", "--header", f"Origin: {console.origin}",
             "--checks", "all", "--exclude-checks", "ignored_auth", "--continue-on-failure", "--seed", "1",
             "--max-examples", str(EXAMPLES), "--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all",
             "--request-timeout", str(PATIENCE), "--max-response-time", str(PATIENCE)],
            cwd=folder, capture_output=True, text=True, timeout=1800)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("Tested", run.stdout)
        print(run.stdout[run.stdout.find("SUMMARY"):] if "SUMMARY" in run.stdout else run.stdout)
        self.assertTrue(console.session()["software"], "the console answers as before")

    def test_a_room_without_an_exam(self):
        console, folder = rig.start(self, options=["--protocol", str(rig.SHORT_EXAM)])
        self.judge(console, folder)
        self.assertEqual(console.close(), 0)


if __name__ == "__main__":
    unittest.main()
