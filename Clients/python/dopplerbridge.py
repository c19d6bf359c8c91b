"""DopplerBridge from Python: exams, live samples and results of a running console, with the standard library alone.

    from dopplerbridge import Console
    with Console.start(probe="sim:ccsvi") as console:
        print(console.session()["software"])

One file: copy it beside your script. It speaks the console's interface (HTTP and WebSocket) and knows nothing that the
interface does not say: documents are the dictionaries of `/api/openapi.json`, pieces of live picture and sound become
arrays with their units. What was not measured is NaN, never 0. Python 3.9 or later, Linux.
"""
from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
from array import array
from dataclasses import dataclass
from typing import Any, Callable, Dict, IO, Iterable, Iterator, List, Optional, Sequence, Tuple, Union

Document = Dict[str, Any]


class Refused(Exception):
    """The console said no: its status (HTTP's), what is wrong, and what to do next."""

    def __init__(self, status: int, what: str, next: str = "") -> None:
        super().__init__(f"{what}: {next}" if next else what)
        self.status, self.what, self.next = status, what, next


class Troubled(Exception):
    """Something went wrong with the probe or the exam's folder after an act; the exam goes on: look, and ask again."""


class Ended(Exception):
    """The live connection, or the console itself, has ended."""


class NotAPiece(ValueError):
    """Bytes that are no piece of live picture or sound: too short, or of another kind or version."""


# MARK: Pieces of live picture and sound (Sources/LiveView/LiveView.docc/Pieces.md)

FLAGS = {"aliased": 1, "clipped": 2, "noFlow": 4, "settling": 8, "tap": 16, "notTransmitting": 32, "noSignal": 64,
         "missing": 0x8000}
_NOT_MEASURED = -32768
_SHIFT_STEPS = 65536
_NAN = float("nan")
# A gap longer than this between two pieces is refused (project choice: 10 minutes of 100 columns a second).
_LONGEST_GAP_COLUMNS = 60_000


@dataclass(frozen=True)
class Columns:
    """Spectral columns of one gate, neighbouring ones `hop_pulses` apart.

    Shifts are in Hz, positive towards the probe, NaN where not measured. `power_db` is flat, column by column, each
    from -PRF/2 upwards, dB relative to full scale, NaN in columns that are missing; `matrix()` gives it as numpy's.
    """

    bins: int
    gate: int
    prf_hz: float
    hop_pulses: int
    first_pulse: int
    number: int
    newest_ms: float
    mean_hz: array[float]
    towards_hz: array[float]
    away_hz: array[float]
    flags: array[int]
    power_db: array[float]

    def __len__(self) -> int:
        return len(self.flags)

    @property
    def seconds(self) -> array[float]:
        """When the samples of each column begin, s since the start of the run."""
        return array("d", [(self.first_pulse + i * self.hop_pulses) / self.prf_hz for i in range(len(self))])

    @property
    def frequencies_hz(self) -> array[float]:
        """The shift of each bin, Hz."""
        return array("d", [(k / self.bins - 0.5) * self.prf_hz for k in range(self.bins)])

    def has(self, flag: str) -> List[bool]:
        """Whether each column has a flag, one of FLAGS."""
        return [bool(flags & FLAGS[flag]) for flags in self.flags]

    def velocity_cm_per_s(self, shifts_hz: Iterable[float], nyquist_cm_per_s: float) -> array[float]:
        """Shifts as velocities, cm/s.

        Half the PRF is a recording's `nyquistVelocityCmPerS`, and `scale.nyquistCmPerS` of the state while it is live.
        """
        return array("d", [shift / (self.prf_hz / 2) * nyquist_cm_per_s for shift in shifts_hz])

    def matrix(self) -> Any:
        """The power as a numpy array, a row for each column; without copying. Needs numpy."""
        import numpy
        return numpy.frombuffer(self.power_db, dtype=numpy.float32).reshape(len(self), self.bins)


@dataclass(frozen=True)
class Profile:
    """All gates at one moment: mean shift as a share of the PRF (NaN: not measured), power over the noise, dB."""

    depths_mm: array[float]
    first_pulse: int
    mean_share: array[float]
    power_db: array[float]


@dataclass(frozen=True)
class Picture:
    """One B-mode picture: brightness line by line, 0 = -60 dB, 255 = 0 dB; lines that are missing are named."""

    lines: int
    samples_per_line: int
    pulse: int
    depth_mm: float
    line_pitch_mm: float
    brightness: bytes
    missing_lines: Tuple[int, ...]


@dataclass(frozen=True)
class Sound:
    """Flow towards the probe and away from it as sound, -1 to 1; `first_frame` counts from the start of the run."""

    rate_hz: int
    first_frame: int
    newest_ms: float
    towards: array[float]
    away: array[float]


@dataclass(frozen=True)
class Physiology:
    """ECG and breathing, -1 to 1, rising breathing is inspiration."""

    rate_hz: float
    pulse: int
    ecg: array[float]
    respiration: array[float]


Piece = Union[Columns, Profile, Picture, Sound, Physiology]


def _numbers(kind: str, data: bytes) -> array[Any]:
    values = array(kind, data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _shifts(data: bytes, unit: float) -> array[float]:
    return array("d", [_NAN if raw == _NOT_MEASURED else raw * unit for raw in _numbers("h", data)])


def _columns(data: bytes) -> Columns:
    head = struct.unpack_from("<HHHIIQIffd", data, 2)
    bins, count, gate, prf_mhz, hop, first, number, base_db, step_db, newest = head
    each = 8 + bins
    if bins < 2 or prf_mhz == 0 or hop == 0 or len(data) != 44 + count * each:
        raise NotAPiece(f"{count} columns of {bins} bins do not have {len(data)} bytes")
    heads = [data[44 + i * each:52 + i * each] for i in range(count)]
    unit = prf_mhz / 1000 / _SHIFT_STEPS
    flags = _numbers("H", b"".join(head[6:] for head in heads))
    levels = [base_db + step_db * level for level in range(256)]
    power = array("f")
    for i, flag in enumerate(flags):
        row = data[52 + i * each:44 + (i + 1) * each]
        power.extend([_NAN] * bins if flag & FLAGS["missing"] else [levels[byte] for byte in row])
    mean, towards, away = (_shifts(b"".join(head[at:at + 2] for head in heads), unit) for at in (0, 2, 4))
    return Columns(bins, gate, prf_mhz / 1000, hop, first, number, newest, mean, towards, away, flags, power)


def _profile(data: bytes) -> Profile:
    gates, depth_um, pitch_um, first = struct.unpack_from("<HIIQ", data, 2)
    if len(data) != 20 + 3 * gates:
        raise NotAPiece(f"a profile of {gates} gates does not have {len(data)} bytes")
    depths = array("d", [(depth_um + i * pitch_um) / 1000 for i in range(gates)])
    powers = array("d", [level / 2 for level in data[20 + 2 * gates:]])
    return Profile(depths, first, _shifts(data[20:20 + 2 * gates], 1 / _SHIFT_STEPS), powers)


def _picture(data: bytes) -> Picture:
    lines, samples, stretches, pulse, depth, pitch = struct.unpack_from("<HHHQff", data, 2)
    end = 24 + lines * samples
    if len(data) != end + 4 * stretches:
        raise NotAPiece(f"a picture of {lines} lines of {samples} does not have {len(data)} bytes")
    pairs = _numbers("H", data[end:])
    stretch = zip(pairs[::2], pairs[1::2])
    missing = [line for first, count in stretch for line in range(first, min(first + count, lines))]
    return Picture(lines, samples, pulse, depth, pitch, data[24:end], tuple(missing))


def _two(data: bytes, head: int, count: int) -> Tuple[array[float], array[float]]:
    if len(data) != head + 4 * count:
        raise NotAPiece(f"{count} pairs do not have {len(data)} bytes")
    both = array("d", [raw / 32767 for raw in _numbers("h", data[head:])])
    return both[::2], both[1::2]


def _sound(data: bytes) -> Sound:
    frames, rate, first, newest = struct.unpack_from("<HIQd", data, 2)
    return Sound(rate, first, newest, *_two(data, 24, frames))


def _physiology(data: bytes) -> Physiology:
    records, rate_mhz, pulse = struct.unpack_from("<HIQ", data, 2)
    return Physiology(rate_mhz / 1000, pulse, *_two(data, 16, records))


def piece(data: bytes) -> Piece:
    """A piece from its bytes; NotAPiece where they are none."""
    readers: Dict[int, Tuple[int, Callable[[bytes], Piece]]] = {
        1: (44, _columns), 2: (20, _profile), 3: (24, _picture), 4: (24, _sound), 5: (16, _physiology)}
    if len(data) < 2 or data[0] not in readers or data[1] != 1:
        raise NotAPiece(f"kind and version are {data[:2]!r}")
    shortest, read = readers[data[0]]
    if len(data) < shortest:
        raise NotAPiece(f"{len(data)} bytes are fewer than the {shortest} of its head")
    return read(data)


def joined(pieces: Sequence[Columns]) -> Columns:
    """The live columns of one run as one: what lies between two pieces is there as missing columns."""
    first = pieces[0]
    mean, towards, away, power = array("d"), array("d"), array("d"), array("f")
    flags = array("H")
    settings = (first.bins, first.prf_hz, first.hop_pulses, first.gate)
    for part in pieces:
        if (part.bins, part.prf_hz, part.hop_pulses, part.gate) != settings:
            raise ValueError("the settings changed between the pieces: join those before and those after the change")
        gap = round((part.first_pulse - first.first_pulse) / first.hop_pulses) - len(flags)
        if not 0 <= gap <= _LONGEST_GAP_COLUMNS:
            raise ValueError(f"the piece of pulse {part.first_pulse} does not follow the one before: another run began")
        flags.extend([FLAGS["missing"]] * gap)
        power.extend([_NAN] * gap * first.bins)
        for whole, own in ((mean, part.mean_hz), (towards, part.towards_hz), (away, part.away_hz)):
            whole.extend([_NAN] * gap)
            whole.extend(own)
        flags.extend(part.flags)
        power.extend(part.power_db)
    return Columns(first.bins, first.gate, first.prf_hz, first.hop_pulses, first.first_pulse, first.number,
                   pieces[-1].newest_ms, mean, towards, away, flags, power)


# MARK: The live connection

class Live:
    """The live connection: iterate over it for events (dictionaries with `event`) and pieces, as they come."""

    # The longest message that is taken, bytes: the console keeps 2 MiB of pieces for a browser.
    _LONGEST_BYTES = 64 << 20

    def __init__(self, console: Console) -> None:
        self._socket = console._connected()
        self._buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        fields = {"Host": console._authority, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key,
                  "Sec-WebSocket-Version": "13", "Origin": console.origin, "Cookie": console._cookie}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._socket.sendall(f"GET /live HTTP/1.1\r\n{head}\r\n".encode())
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        answer, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
        accept = base64.b64encode(hashlib.sha1((key + guid).encode()).digest())
        if b" 101 " not in answer.split(b"\r\n")[0] or accept not in answer:
            raise self._refused(int(answer.split()[1]))

    def _refused(self, status: int) -> Refused:
        """Why there is no live connection, in the console's words: it ends the connection behind them."""
        try:
            while len(self._buffer) < 65536:
                self._more()
        except (Ended, OSError):
            pass
        self.close()
        return _refusal(status, self._buffer)

    def _more(self) -> None:
        taken = self._socket.recv(65536)
        if not taken:
            raise Ended("the live connection ended")
        self._buffer += taken

    def _frame(self) -> Optional[Tuple[int, bytes]]:
        """The next whole frame of the buffer (RFC 6455, section 5.2): its opcode and body."""
        if len(self._buffer) < 2:
            return None
        short = self._buffer[1] & 0x7F
        kind, head = {126: (">H", 4), 127: (">Q", 10)}.get(short, ("", 2))
        if len(self._buffer) < head:
            return None
        length = struct.unpack_from(kind, self._buffer, 2)[0] if kind else short
        if length > self._LONGEST_BYTES:
            raise Ended(f"a message of {length} bytes is too long")
        if len(self._buffer) < head + length:
            return None
        opcode, body = self._buffer[0] & 0x0F, self._buffer[head:head + length]
        self._buffer = self._buffer[head + length:]
        return opcode, body

    def next(self, seconds: float = 30) -> Union[Document, Piece]:
        """The next event or piece; TimeoutError where none comes in so many seconds, Ended where none will."""
        end = time.monotonic() + seconds
        while True:
            frame = self._frame()
            if frame is None:
                self._socket.settimeout(max(end - time.monotonic(), 0.001))
                try:
                    self._more()
                except socket.timeout:
                    raise TimeoutError(f"nothing came in {seconds} s") from None
                continue
            opcode, body = frame
            if opcode == 1:
                event: Document = json.loads(body)
                return event
            if opcode == 2:
                return piece(body)
            if opcode == 8:
                raise Ended("the console closed the live connection")
            if opcode == 9:
                mask = os.urandom(4)
                masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(body))
                self._socket.sendall(bytes([0x8A, 0x80 | len(body)]) + mask + masked)

    def __iter__(self) -> Iterator[Union[Document, Piece]]:
        while True:
            try:
                yield self.next(60)
            except TimeoutError:
                continue
            except Ended:
                return

    def close(self) -> None:
        """Ends the connection."""
        self._socket.close()

    def __enter__(self) -> Live:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


# MARK: The console

QUESTIONS = ("ready", "live", "frozen", "reviewing", "measuring", "inspecting")
"""What an exam is doing when it waits for the operator."""


class Console:
    """A running console, as one browser sees it.

    Console.start() runs one and ends it with the `with` block; Console(link) comes in to one that runs, by the link
    that it printed, or a service wrote to its file: each link lets in one browser, once. `tls` is for a console with a
    certificate. Every call may raise Refused with the console's own words, or OSError where nobody answers.
    """

    _SECONDS = 120.0

    def __init__(self, link: str, tls: Optional[ssl.SSLContext] = None) -> None:
        parts = urllib.parse.urlsplit(link)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{link!r} is no link of a console: give the whole line behind `Open this:`")
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._host, self._port = parts.hostname, parts.port or (443 if self._tls else 80)
        self._authority, self.origin = parts.netloc, f"{parts.scheme}://{parts.netloc}"
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._said: Optional[IO[bytes]] = None
        self._cookie = ""
        status, fields, taken = self._exchange("GET", f"{parts.path}?{parts.query}", None)
        if status != 303:
            raise _refusal(status, taken)
        self._cookie = (fields["Set-Cookie"] or "").split(";")[0]

    # MARK: Start and end

    @classmethod
    def start(cls, probe: str = "sim:ccsvi", archive: Union[str, os.PathLike[str], None] = None,
              options: Sequence[str] = (), program: Optional[str] = None, seconds: float = 60) -> Console:
        """Runs a console, comes in, and ends it with the `with` block.

        probe: `sim:SCENARIO`, `usb`, `usb:SERIAL`. archive: a folder, made where it is not there; without one the
        user's own archive. options: more of `dopplerbridge console`, such as ["--key-file", "identity.key"]. program:
        where `dopplerbridge` is; else $DOPPLERBRIDGE, the search path, or the release build of this repository.
        """
        program = program or _program()
        arguments = [program, "console", "--probe", probe, *options]
        if archive is not None:
            if not os.path.exists(archive):
                made = subprocess.run([program, "archive", "init", os.fspath(archive)], capture_output=True, text=True)
                if made.returncode != 0:
                    raise Ended(made.stderr.strip())
            arguments += ["--archive", os.fspath(archive)]
        said = tempfile.TemporaryFile()
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said)
        try:
            console = cls(_link(process, time.monotonic() + seconds))
        except BaseException as error:
            process.kill()
            process.communicate()
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            said.close()
            if isinstance(error, Ended):
                raise Ended(f"{error}: {words}") from None
            raise
        console._process, console._said = process, said
        return console

    def close(self, seconds: float = 60) -> Optional[int]:
        """Ends a console that start() ran, as Ctrl-C does: recording, exam and archive are closed. Its exit code."""
        if self._process is None or self._said is None:
            return None
        process, self._process = self._process, None
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        self._said.close()
        return process.returncode

    def __enter__(self) -> Console:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # MARK: Requests

    def _connected(self) -> socket.socket:
        plain = socket.create_connection((self._host, self._port), timeout=30)
        return self._tls.wrap_socket(plain, server_hostname=self._host) if self._tls else plain

    def _exchange(self, method: str, path: str, body: Optional[bytes]) -> Tuple[int, Any, bytes]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._SECONDS)
        connection.sock = self._connected()
        connection.sock.settimeout(self._SECONDS)
        fields = {"Cookie": self._cookie, "Host": self._authority}
        if method != "GET":
            fields.update({"Origin": self.origin, "Content-Type": "application/json"})
        try:
            connection.request(method, path, body, fields)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def fetch(self, path: str) -> bytes:
        """What stands at an address of the interface, such as `/api/exams/ID/report.pdf`."""
        status, _, taken = self._exchange("GET", path, None)
        if status != 200:
            raise _refusal(status, taken)
        return taken

    def get(self, path: str) -> Any:
        """A document of the interface."""
        return json.loads(self.fetch(path))

    def post(self, path: str, body: Optional[Document] = None, method: str = "POST") -> Any:
        """Sends a document (`{}` without one) to an address of the interface; gives the answer."""
        status, _, taken = self._exchange(method, path, json.dumps(body or {}, allow_nan=False).encode())
        if status != 200:
            raise _refusal(status, taken)
        return json.loads(taken)

    # MARK: Who sits here

    def session(self) -> Document:
        """Who is signed in, who operates, the statement of intended use, and the program."""
        return self.get("/api/session")

    def sign_in(self, name: str, passphrase: str) -> Document:
        """Signs in, where the archive has accounts."""
        return self.post("/api/session", {"name": name, "passphrase": passphrase})

    def sign_out(self) -> None:
        """Signs out and leaves the operator's seat."""
        self.post("/api/session", method="DELETE")

    def operate(self) -> None:
        """Takes the operator's seat from whoever has it; acts take it by themselves where it is free."""
        self.post("/api/operate")

    def read_statement(self) -> List[str]:
        """The statement of intended use, and that you have read it: no exam begins before."""
        sentences: List[str] = self.session()["statement"]
        self.post("/api/statement")
        return sentences

    # MARK: Patients and the clinic

    def patients(self, search: str = "") -> Document:
        """The worklist, and the newest 500 exams that match."""
        return self.get("/api/patients?" + urllib.parse.urlencode({"search": search}))

    def ask_worklist(self) -> Document:
        """Asks the clinic again who comes."""
        return self.post("/api/worklist")

    def protocols(self) -> List[Document]:
        """What exams can follow."""
        return self.get("/api/protocols")

    def outbox(self) -> List[Document]:
        """The documents on their way to the clinic, the newest first."""
        return self.get("/api/outbox")

    def retry(self, delivery: int) -> Document:
        """Lets a document go again."""
        return self.post(f"/api/outbox/{delivery}/retry")

    def cancel(self, delivery: int, reason: str) -> Document:
        """Gives a document up."""
        return self.post(f"/api/outbox/{delivery}/cancel", {"reason": reason})

    def device(self) -> Document:
        """The probe, what it lost, and what is amiss."""
        return self.get("/api/device")

    def description(self) -> Document:
        """The interface's own description (OpenAPI)."""
        return self.get("/api/openapi.json")

    def live(self) -> Live:
        """Opens the live connection: events, and pieces of picture and sound."""
        return Live(self)

    # MARK: Exams

    def begin(self, subject: str, protocol: str, indication: Optional[str] = None, identity: Optional[Document] = None,
              worklist_key: Optional[str] = None) -> Exam:
        """Begins an exam. `subject` is a code, never a name; names go into `identity`, which the archive seals."""
        body = {"subjectCode": subject, "protocolID": protocol, "indication": indication, "identity": identity,
                "worklistKey": worklist_key}
        return Exam(self, self.post("/api/exams", body)["examID"])

    def go_on(self, exam_id: str) -> Exam:
        """Goes on with an exam that was left or broke off."""
        return Exam(self, self.post(f"/api/exams/{_segment(exam_id)}/continue")["examID"])

    def exam(self, exam_id: str) -> Exam:
        """An exam that was made, by its id."""
        return Exam(self, exam_id)

    def state(self) -> Optional[Document]:
        """The exam that is open or has just ended; None in an empty room."""
        return self.get("/api/exam")["exam"]

    def act(self, name: str, **values: Any) -> Document:
        """Does what an operator does, such as act("skip", reason="..."); gives the exam's state."""
        return self.post("/api/exam/act", {"act": name, **values})["exam"]

    def change_settings(self, **values: Any) -> Document:
        """Changes settings of the step, such as gateDepthMm=20; gives those in force, with their limits."""
        return self.post("/api/exam/settings", values)["settings"]

    def questions(self, rests: bool = False, interval_seconds: float = 0.02) -> Iterator[Document]:
        """The exam's state each time it waits for the operator, until it has ended: answer each with act().

        `phase` says what is asked: one of QUESTIONS, and with `rests` also `resting`; a rest ends by itself when its
        time is over. Troubled is raised where the last act went wrong.
        """
        asked = QUESTIONS + (("resting",) if rests else ())
        is_first = True
        while True:
            state = self.state()
            if state is None or state["phase"] == "ended":
                return
            if state["phase"] not in asked:
                time.sleep(interval_seconds)
                continue
            if not is_first and "trouble" in state:
                raise Troubled(f"{state['trouble']['what']}: {state['trouble']['next']}")
            is_first = False
            yield state


class Exam:
    """An exam of a console, by its id."""

    def __init__(self, console: Console, exam_id: str) -> None:
        self.console, self.exam_id = console, exam_id
        self._path = f"/api/exams/{_segment(exam_id)}"

    def review(self, earlier: Optional[str] = None) -> Document:
        """The exam (`exam`), what each definition says of it, its marks, and whether it can be signed."""
        query = "" if earlier is None else "?" + urllib.parse.urlencode({"earlier": earlier})
        return self.console.get(f"{self._path}/review{query}")

    def recordings(self) -> Dict[str, Document]:
        """The recordings with their settings and scales, by their ids."""
        return {recording["recordingID"]: recording for recording in self.review()["exam"]["recordings"]}

    def columns(self, recording_id: str) -> Columns:
        """All columns of a recording, computed again from its samples; gaps are missing columns."""
        found = piece(self.console.fetch(f"{self._path}/recordings/{_segment(recording_id)}/columns"))
        if not isinstance(found, Columns):
            raise NotAPiece("the console sent a piece that has no columns")
        return found

    def report(self, path: Union[str, os.PathLike[str], None] = None) -> bytes:
        """The report (PDF) as the archive keeps it; written to `path` where one is given."""
        pdf = self.console.fetch(f"{self._path}/report.pdf")
        if path is not None:
            pathlib.Path(path).write_bytes(pdf)
        return pdf

    def mark(self, recording_id: str, marks: Sequence[Document]) -> None:
        """Sets your marks of a recording's refluxes: {startSeconds, endSeconds, state, proposed}."""
        self.console.post(f"{self._path}/marks", {"recordingID": recording_id, "marks": list(marks)})

    def trace(self, recording_id: str, side: str, points: Iterable[Tuple[float, float]]) -> None:
        """Sets your own envelope of one side (`towards`, `away`): seconds and cm/s; without points it is taken away."""
        line = [{"seconds": seconds, "velocityCmPerS": velocity} for seconds, velocity in points]
        self.console.post(f"{self._path}/trace", {"recordingID": recording_id, "side": side, "points": line})

    def sign(self, passphrase: Optional[str] = None) -> int:
        """Signs the exam, with accounts by your passphrase; gives how many documents were queued."""
        return self.console.post(f"{self._path}/sign", {"passphrase": passphrase})["queued"]


def _segment(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def _refusal(status: int, body: bytes) -> Refused:
    """The console's words: `{"error": {what, next}}`, or two lines where it speaks to a person."""
    text = body.decode(errors="replace")
    try:
        error = json.loads(text)["error"]
        return Refused(status, error["what"], error["next"])
    except (ValueError, KeyError, TypeError):
        what, _, next = text.strip().partition("\n")
        return Refused(status, what or f"the console answered {status}", next)


def _program() -> str:
    built = pathlib.Path(__file__).resolve().parents[2] / ".build" / "release" / "dopplerbridge"
    found = os.environ.get("DOPPLERBRIDGE") or shutil.which("dopplerbridge") or (str(built) if built.exists() else None)
    if found is None:
        raise FileNotFoundError("there is no `dopplerbridge`: install it, or give `program` or $DOPPLERBRIDGE")
    return found


def _link(process: subprocess.Popen[bytes], end: float) -> str:
    """Waits for the link that a console prints."""
    assert process.stdout is not None
    told = b""
    while True:
        if found := re.search(rb"Open this: (\S+)\n", told):
            return found.group(1).decode()
        left = end - time.monotonic()
        if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
            raise Ended("the console gave no link in time")
        more = os.read(process.stdout.fileno(), 65536)
        if not more:
            raise Ended("the console did not start")
        told += more
