"""The console under abuse while a recording is made: refused or bounded, and not one pulse lost meanwhile."""
import pathlib
import socket
import struct
import sys
import threading
import time
import unittest
import urllib.parse

from bench import ROOT, BrowserCase, RunningConsole, is_optimised, program

sys.path.insert(0, str(ROOT / "Clients" / "python"))
from dopplerbridge import Console, Ended, Refused  # noqa: E402

# One recording, long enough for all of the abuse.
RECORDED_SECONDS = 40
IDLE_CONNECTIONS = 1000
SLOW_CLIENTS = 20
# The console with a live picture keeps within this on a small computer (project choice of the console's issue), MiB.
MEMORY_MIB = 128


def resident_mib(pid, name="VmRSS"):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"/proc says nothing of {name}")


@unittest.skipUnless(program() and is_optimised(), "skipped: abuse while recording: it needs a release build")
class AbuseTests(unittest.TestCase):
    def setUp(self):
        import tempfile

        folder = tempfile.TemporaryDirectory(prefix="dopplerbridge-abuse-")
        self.addCleanup(folder.cleanup)
        self.console = RunningConsole(probe="sim:ccsvi?seed=1&pace=real", protocol=BrowserCase.other_steps(
            folder.name, f"side: right, level: j2, posture: supine, seconds: {RECORDED_SECONDS}"))
        self.addCleanup(self.console.stop)
        self.browser = Console(self.console.link)
        place = urllib.parse.urlsplit(self.browser.origin)
        self.host, self.port = place.hostname, place.port
        self.open = []
        self.addCleanup(lambda: [one.close() for one in self.open])

    def connection(self):
        one = socket.create_connection((self.host, self.port), timeout=10)
        self.open.append(one)
        return one

    def say(self, text, cookie=True, host=None):
        """Sends one request as it is written; its answer's first line, or what ended it."""
        one = self.connection()
        fields = [f"Host: {host or f'{self.host}:{self.port}'}"]
        if cookie:
            fields.append(f"Cookie: {self.browser._cookie}")
        first, *more = text.split("\n")
        one.sendall(("\r\n".join([first, *fields, *more]) + "\r\n\r\n").encode("latin-1"))
        try:
            taken = one.recv(65536).decode("latin-1")
        except OSError as error:
            taken = type(error).__name__
        one.close()
        self.open.remove(one)
        return taken

    def status(self, *given, **more):
        words = self.say(*given, **more).split(" ")
        return int(words[1]) if len(words) > 1 and words[0].startswith("HTTP/") else 0

    def recording(self, phase="recording"):
        return self.browser.state()["phase"] == phase

    def test_a_recording_under_abuse_has_every_pulse(self):
        pid = self.console.process.pid
        self.browser.read_statement()
        made = self.browser.post("/api/exams", {
            "subjectCode": "S-300", "protocolID": "browser-short", "indication": "abuse", "identity": None, "worklistKey": None})
        self.go_to_recording()
        before = resident_mib(pid)
        self.tricks()
        self.foreign_pages()
        self.too_large()
        self.a_frame_of_a_terabyte()
        stuck = self.a_browser_that_does_not_read()
        slow = self.slow_clients()
        refused = self.idle_connections()
        self.assertTrue(self.recording(), "the abuse took longer than the recording")
        held = resident_mib(pid, "VmHWM")
        exam = self.to_the_end()
        stuck.close()
        slow.set()
        review = self.browser.get(f"/api/exams/{made['examID']}/review")
        self.every_pulse(review["exam"]["recordings"][0])
        self.assertEqual("ended", exam["phase"])
        print(f"abuse: {IDLE_CONNECTIONS} idle connections, {refused} of them ended; {SLOW_CLIENTS} slow clients; "
              f"memory {before:.0f} MiB before, at most {held:.0f} MiB (limit {MEMORY_MIB})")
        self.assertLess(held, MEMORY_MIB)

    def go_to_recording(self):
        end = time.monotonic() + 60
        while not self.recording():
            self.assertLess(time.monotonic(), end)
            try:
                phase = self.browser.state()["phase"]
                if phase in ("ready", "frozen"):
                    self.browser.act("record")
                elif phase == "resting":
                    self.browser.act("rested")
            except Refused as refused:
                if refused.status != 409:
                    raise
            time.sleep(0.05)

    def tricks(self):
        for path in ("/../../etc/passwd", "/assets/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/%2e%2e%2fapp.js",
                     "/assets//app.js", "/assets/app.js%00.png", "/assets\\app.js", "//etc/passwd", "/assets/%c0%ae%c0%ae/x"):
            taken = self.say(f"GET {path} HTTP/1.1")
            self.assertNotIn("root:", taken)
            self.assertIn(int(taken.split(" ")[1]), (400, 404), path)
        for text in ("GET http://example.org/ HTTP/1.1", "CONNECT example.org:443 HTTP/1.1", "TRACE / HTTP/1.1", "GET / HTTP/9.9"):
            self.assertIn(self.status(text), (400, 404, 405, 421, 501, 505), text)

    def foreign_pages(self):
        upgrade = "Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
        self.assertEqual(403, self.status(f"GET /live HTTP/1.1\n{upgrade}\nOrigin: http://example.org"))
        self.assertEqual(403, self.status(f"GET /live HTTP/1.1\n{upgrade}"))
        post = "POST /api/exam/act HTTP/1.1\nContent-Type: application/json\nContent-Length: 15"
        self.assertEqual(403, self.status(post + "\nOrigin: http://example.org"))
        self.assertEqual(403, self.status(post))
        self.assertEqual(415, self.status(f"POST /api/exam/act HTTP/1.1\nContent-Type: text/plain\nContent-Length: 2\nOrigin: {self.browser.origin}"))
        self.assertEqual(421, self.status("GET / HTTP/1.1", host="example.org"))
        self.assertIn(self.status("GET /api/exam HTTP/1.1", cookie=False), (401, 403))

    def too_large(self):
        self.assertEqual(431, self.status("GET / HTTP/1.1\nX: " + "a" * 100_000))
        self.assertIn(self.status("GET / HTTP/1.1" + "".join(f"\nX-{n}: 1" for n in range(500))), (400, 431))
        large = f"POST /api/exam/act HTTP/1.1\nContent-Type: application/json\nOrigin: {self.browser.origin}\nContent-Length: "
        self.assertEqual(413, self.status(large + str(1 << 40)))
        self.assertEqual(400, self.status(large + "99999999999999999999999999"))

    def a_frame_of_a_terabyte(self):
        live = self.browser.live()
        self.open.append(live._socket)
        live._socket.sendall(bytes([0x82, 0xFF]) + struct.pack(">Q", 1 << 40) + b"mask" + b"x" * 1000)
        live._socket.settimeout(10)
        with self.assertRaises((Ended, OSError)):
            while True:
                live.next(10)

    def a_browser_that_does_not_read(self):
        live = self.browser.live()
        live._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        return live

    def slow_clients(self):
        """Clients that send a header a byte a second, until told to stop."""
        stop = threading.Event()

        def drip(one):
            for byte in b"GET / HTTP/1.1\r\nHost: " + b"a" * 600:
                if stop.wait(1):
                    return
                try:
                    one.send(bytes([byte]))
                except OSError:
                    return

        for _ in range(SLOW_CLIENTS):
            threading.Thread(target=drip, args=(self.connection(),), daemon=True).start()
        return stop

    def idle_connections(self):
        """Opens very many connections that say nothing; meanwhile the operator's browser is served. How many were ended."""
        idle = []
        for number in range(IDLE_CONNECTIONS):
            idle.append(self.connection())
            if number % 50 == 49:
                began = time.monotonic()
                self.assertTrue(self.recording())
                self.assertLess(time.monotonic() - began, 5)
        time.sleep(1)
        ended = 0
        for one in idle:
            one.setblocking(False)
            try:
                ended += len(one.recv(4096)) >= 0
            except BlockingIOError:
                pass
            except OSError:
                ended += 1
        return ended

    def to_the_end(self):
        end = time.monotonic() + RECORDED_SECONDS + 60
        while time.monotonic() < end:
            exam = self.browser.state()
            acts = {"reviewing": ("accept", {}), "measuring": ("noArea", {}),
                    "inspecting": ("lumen", {"status": "notLookedAt", "defects": []}), "resting": ("rested", {})}
            if exam["phase"] == "ended":
                return exam
            if exam["phase"] in acts:
                name, more = acts[exam["phase"]]
                try:
                    self.browser.act(name, **more)
                except Refused as refused:
                    if refused.status != 409:
                        raise
            time.sleep(0.1)
        raise AssertionError(f"the exam did not end: {exam['phase']}")

    def every_pulse(self, recording):
        planned = RECORDED_SECONDS * recording["spectral"]["prfHz"]
        print(f"abuse: {recording['pulses']} of {planned:.0f} pulses recorded, lost: {recording['lostPulses']}")
        self.assertEqual({0}, set(recording["lostPulses"].values()))
        self.assertGreaterEqual(recording["pulses"], planned)


if __name__ == "__main__":
    unittest.main()
