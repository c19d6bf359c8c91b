"""The console against its own description, judged by schemathesis: with no exam, one that is open, ended and signed.

What it sends is right and wrong, and each room is asked with the same seed. No answer may be one of the server's
failures, or other than the description says, or late.
"""
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import rig

SCHEMATHESIS = pathlib.Path(sys.executable).parent / "st"
EXAMPLES = int(os.environ.get("DOPPLERBRIDGE_API_EXAMPLES", "10"))
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
# What `Door` looks at instead: the cookie, which is part of every request here, and methods that are not listed, which
# schemathesis tries with bodies that the server refuses before it looks at the method.
ASIDE = "ignored_auth,unsupported_method,allow_header_conformance"
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")


def fields(console, method):
    """The header of a request as a browser of the console would send it."""
    own = {"Cookie": console._cookie}
    return own if method in ("GET", "HEAD") else {**own, "Origin": console.origin, "Content-Type": "application/json"}


def ask(console, method, path, header):
    """The status, the header and the bytes of the answer to a request without a body."""
    connection = http.client.HTTPConnection(console._host, console._port, timeout=PATIENCE)
    connection.request(method, path, None if method in ("GET", "HEAD") else b"{}", header)
    answer = connection.getresponse()
    taken = answer.read()
    connection.close()
    return answer.status, answer.headers, taken


def addresses():
    """Every address with the methods that it takes, and something in the place of names."""
    for path, methods in json.loads(rig.OPENAPI.read_text())["paths"].items():
        yield re.sub(r"\{\w+\}", "1", path), sorted(method.upper() for method in methods)


@rig.needs_program
class Door(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.console, _ = rig.start(cls)

    def test_nothing_is_answered_without_the_cookie_or_to_another_servers_page(self):
        for path, methods in addresses():
            for method in methods:
                own = fields(self.console, method)
                bare = {name: value for name, value in own.items() if name != "Cookie"}
                for header, status in ((bare, 401), ({**bare, "Cookie": self.console._cookie[:-1] + "x"}, 401),
                                       ({**own, "Origin": "http://evil.example"}, 403),
                                       ({**own, "Sec-Fetch-Site": "cross-site"}, 403),
                                       ({**own, "Host": "evil:1"}, 421)):
                    found, _, body = ask(self.console, method, path, header)
                    self.assertEqual(found, status, f"{method} {path} {header}")
                    self.assertEqual(set(json.loads(body)["error"]), {"what", "next"})

    def test_a_method_that_is_not_listed_is_refused_with_those_that_are(self):
        for path, methods in addresses():
            taken = set(methods) | ({"HEAD"} if "GET" in methods else set())
            for method in set(METHODS) - taken:
                status, header, _ = ask(self.console, method, path, fields(self.console, method))
                self.assertEqual(status, 405, f"{method} {path}")
                self.assertEqual(set(header["Allow"].split(", ")), taken, path)

    def test_a_body_that_is_not_json_is_not_taken(self):
        for path, methods in addresses():
            for method in set(methods) - {"GET"}:
                for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
                    header = {**fields(self.console, method), "Content-Type": kind}
                    status, _, _ = ask(self.console, method, path, header)
                    self.assertEqual(status, 415, f"{method} {path} {kind}")


@rig.needs_program
@unittest.skipUnless(SCHEMATHESIS.exists(), "skipped: no schemathesis")
class Contract(unittest.TestCase):
    def judge(self, console, folder, exam=None):
        """Lets schemathesis ask the console everything that its description has; `exam` is one that there is."""
        description = json.loads(rig.OPENAPI.read_text())
        del description["security"]
        (folder / "openapi.json").write_text(json.dumps(description))
        config = CONFIG + "".join(OPERATION.format(name=name) for name in DEPENDS)
        if exam is not None:
            config = f'[parameters]\n"path.examID" = "{exam.exam_id}"\n' + config
        (folder / "schemathesis.toml").write_text(config)
        run = subprocess.run(
            [str(SCHEMATHESIS), "--config-file", "schemathesis.toml", "--no-color", "run", "openapi.json",
             "--url", console.origin, "--header", f"Cookie: {console._cookie}", "--header", f"Origin: {console.origin}",
             "--checks", "all", "--exclude-checks", ASIDE, "--continue-on-failure", "--seed", "1",
             "--max-examples", str(EXAMPLES), "--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all",
             "--request-timeout", str(PATIENCE), "--max-response-time", str(PATIENCE)],
            cwd=folder, capture_output=True, text=True, timeout=1800)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        cases = re.search(r"(\d+) generated", run.stdout)
        self.assertIsNotNone(cases, run.stdout)
        self.assertGreater(int(cases.group(1)), 500, run.stdout)
        print(f"{cases.group(1)} requests", end=" ", flush=True)
        self.assertTrue(console.session()["software"], "the console answers as before")
        self.assertEqual(console.close(), 0)
        verified = subprocess.run(
            [rig.program(), "archive", "verify", str(folder / "archive")], capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def room(self, probe="sim:ccsvi?seed=1"):
        console, folder = rig.start(self, probe, ["--protocol", str(rig.SHORT_EXAM)])
        console.read_statement()
        return console, folder, console.begin("S001", "browser-short")

    def test_a_room_without_an_exam(self):
        console, folder = rig.start(self, options=["--protocol", str(rig.SHORT_EXAM)])
        self.judge(console, folder)

    def test_a_room_with_an_exam_in_real_time(self):
        console, folder, exam = self.room("sim:ccsvi?seed=1&pace=real")
        next(console.questions(rests=True))
        console.act("rested")
        next(console.questions())
        self.judge(console, folder, exam)

    def test_a_room_whose_exam_has_ended(self):
        console, folder, exam = self.room()
        rig.go_through(console)
        self.judge(console, folder, exam)

    def test_a_room_whose_exam_is_signed(self):
        console, folder, exam = self.room()
        rig.go_through(console)
        exam.sign()
        self.judge(console, folder, exam)


if __name__ == "__main__":
    unittest.main()
