"""A browser of the technician's console for tests: cookie, requests and the live connection, with Python's own modules."""
import base64
import http.client
import json
import os
import socket
import struct
import time
import urllib.parse


class Refused(Exception):
    """The console said no: the status, and its words."""

    def __init__(self, status, document):
        super().__init__(f"{status}: {document}")
        self.status = status
        self.document = document


class Browser:
    """One browser that comes in by a link."""

    def __init__(self, link):
        parts = urllib.parse.urlsplit(link)
        self.host, self.port = parts.hostname, parts.port
        self.origin = f"http://{parts.netloc}"
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (302, 303):
            raise Refused(answer.status, "the link")
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]

    def raw(self, method, path, body=None):
        """The status, the media type and the bytes of an answer."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
        headers = {"Cookie": self.cookie}
        if method != "GET":
            headers |= {"Origin": self.origin, "Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, headers)
        answer = connection.getresponse()
        taken = answer.read()
        connection.close()
        return answer.status, answer.getheader("Content-Type"), taken

    def get(self, path):
        return self._document("GET", path, None)

    def post(self, path, body=None):
        return self._document("POST", path, {} if body is None else body)

    def _document(self, method, path, body):
        status, _, taken = self.raw(method, path, body)
        document = json.loads(taken)
        if status != 200:
            raise Refused(status, document)
        return document

    def act(self, name, **values):
        return self.post("/api/exam/act", {"act": name, **values})["exam"]

    def live(self):
        return Live(self)


class Live:
    """The live connection: events and pieces, as they come."""

    def __init__(self, browser):
        self.socket = socket.create_connection((browser.host, browser.port), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((
            f"GET /live HTTP/1.1\r\nHost: {browser.host}:{browser.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: {browser.origin}\r\nCookie: {browser.cookie}\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise Refused(int(head.split()[1]), head.decode())

    def _more(self):
        taken = self.socket.recv(65536)
        if not taken:
            raise ConnectionError("the live connection ended")
        self.buffer += taken

    def _take(self, count):
        while len(self.buffer) < count:
            self._more()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def next(self, seconds=30):
        """The next event (a dict) or piece (bytes)."""
        end = time.monotonic() + seconds
        while True:
            self.socket.settimeout(max(end - time.monotonic(), 0.01))
            first, length = self._take(2)
            length &= 0x7F
            if length == 126:
                length, = struct.unpack(">H", self._take(2))
            elif length == 127:
                length, = struct.unpack(">Q", self._take(8))
            body = self._take(length)
            opcode = first & 0x0F
            if opcode == 1:
                return json.loads(body)
            if opcode == 2:
                return body
            if opcode == 8:
                raise ConnectionError("the console closed the live connection")
            if opcode == 9:
                mask = os.urandom(4)
                masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(body))
                self.socket.sendall(bytes([0x8A, 0x80 | len(body)]) + mask + masked)

    def close(self):
        self.socket.close()


def make_exam(browser, stop_at=None, seconds=240):
    """Goes through the exam that is open, step by step, as a technician would.

    Returns the last state: the end, or the recording with the number `stop_at`.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        exam = browser.get("/api/exam")["exam"]
        phase = exam["phase"]
        try:
            if phase == "ended":
                return exam
            if phase == "recording" and exam.get("step") == stop_at:
                return exam
            if phase in ("ready", "frozen"):
                browser.act("record")
            elif phase == "reviewing":
                browser.act("accept")
            elif phase == "resting":
                browser.act("rested")
            elif phase == "measuring":
                browser.act("area", areaMm2=40.5)
            elif phase == "inspecting":
                browser.act("lumen", status="normal", defects=[])
            else:
                time.sleep(0.02)
        except Refused as refused:
            # The exam went on between the look and the act.
            if refused.status != 409:
                raise
            time.sleep(0.02)
    raise TimeoutError(f"the exam is still {exam['phase']} at step {exam.get('step')}")
