"""Reads what an OpenIGTLink server sends and says what came: one JSON document.

usage: igtl_client.py PORT OUT.json [--stall SECONDS] [--set NAME VALUE]

Heads, metadata and the bodies of IMAGE and STRING are read by pyigtl, the other bodies here by the protocol's pages.
pyigtl's own client keeps only the newest message of a name, so that it cannot tell what is missing: this one takes each.
"""
import argparse
import json
import re
import socket
import struct
import time

import numpy
import pyigtl
from pyigtl.messages import MessageBase

HEADER_BYTES = 58


def command(number, content):
    """A COMMAND of header version 2 (Documents/Protocol/command.md)."""
    name = b"Parameters"
    body = struct.pack(">I", number) + name.ljust(128, b"\0") + struct.pack(">HI", 3, len(content)) + content.encode()
    extended = struct.pack(">HHII", 12, 2, 0, number)
    body = extended + body + struct.pack(">H", 0)
    head = struct.pack(">H", 2) + b"COMMAND".ljust(12, b"\0") + b"Client".ljust(20, b"\0")
    from crcmod import mkCrcFun
    crc = mkCrcFun(0x142F0E1EBA9EA3693, rev=False, initCrc=0)(body)
    return head + struct.pack(">QQQ", 0, len(body), crc) + body


class Reader:
    def __init__(self, port, buffer_bytes=None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if buffer_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        self.socket.connect(("127.0.0.1", port))
        self.kept = bytearray()
        self.place = 0

    def need(self, count):
        while len(self.kept) - self.place < count:
            if self.place > 1 << 20:
                del self.kept[:self.place]
                self.place = 0
            part = self.socket.recv(1 << 18)
            if not part:
                return False
            self.kept += part
        return True

    def next(self):
        """The next message: its head's fields, its metadata, its content's bytes; None at the end."""
        if not self.need(HEADER_BYTES):
            return None
        head = bytes(self.kept[self.place:self.place + HEADER_BYTES])
        version, kind, name, stamp, size, _ = struct.unpack(">H12s20sQQQ", head)
        if not self.need(HEADER_BYTES + size):
            return None
        body = bytes(self.kept[self.place + HEADER_BYTES:self.place + HEADER_BYTES + size])
        self.place += HEADER_BYTES + size
        metadata, content = {}, body
        if version >= 2:
            skip, meta_head, meta_body, _ = struct.unpack(">HHII", body[:12])
            metadata = read_metadata(body[len(body) - meta_head - meta_body:])
            content = body[skip:len(body) - meta_head - meta_body]
        kind, name = kind.rstrip(b"\0").decode(), name.rstrip(b"\0").decode()
        return {"kind": kind, "name": name, "seconds": (stamp >> 32) + (stamp & 0xFFFFFFFF) / 2**32, "version": version,
                "metadata": metadata, "content": content, "head": head, "body": body}


def read_metadata(part):
    count, = struct.unpack(">H", part[:2])
    sizes = [struct.unpack(">HHI", part[2 + 8 * i:10 + 8 * i]) for i in range(count)]
    place, found = 2 + 8 * count, {}
    for key_bytes, _, value_bytes in sizes:
        key = part[place:place + key_bytes].decode()
        found[key] = part[place + key_bytes:place + key_bytes + value_bytes].decode()
        place += key_bytes + value_bytes
    return found


def array(content):
    """NDARRAY (Documents/Protocol/ndarray.md): type, dimensions, sizes, values."""
    kind, dimensions = content[0], content[1]
    shape = struct.unpack(f">{dimensions}H", content[2:2 + 2 * dimensions])
    order = {4: ">i2", 6: ">i4", 10: ">f4"}[kind]
    return numpy.frombuffer(content, dtype=order, offset=2 + 2 * dimensions).reshape(shape)


def sensor(content):
    """SENSOR (Documents/Protocol/sensor.md): number of values, status, unit, values."""
    count, _, unit = struct.unpack(">BBQ", content[:10])
    return unit, struct.unpack(f">{count}d", content[10:10 + 8 * count])


def status(content):
    """STATUS (Documents/Protocol/status.md)."""
    code, subcode = struct.unpack(">Hq", content[:10])
    return code, subcode, content[10:30].rstrip(b"\0").decode(), content[30:].rstrip(b"\0").decode()


def by_pyigtl(message):
    read = MessageBase.create_message(message["kind"])
    read.unpack(MessageBase.parse_header(message["head"]), message["body"])
    return read


class Tally:
    def __init__(self):
        self.kinds, self.markers, self.replies, self.statuses = {}, [], [], []
        self.received = self.missed = self.backwards = self.told_lost = 0
        self.first = self.next = self.start = self.image = None
        self.worst_ms = self.sensor_worst_ms = 0.0
        self.sensors = self.messages = 0
        self.units = set()
        self.sensor_half = self.last_sensor = None
        self.prf_hz = self.checksum = 0

    def take(self, message):
        self.messages += 1
        kind = message["kind"]
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if message["metadata"].get("lost"):
            self.told_lost = max(self.told_lost, int(message["metadata"]["lost"]))
        if kind == "NDARRAY":
            self.take_samples(message)
        elif kind == "SENSOR":
            self.take_sensor(message)
        elif kind == "STRING":
            self.markers.append((message["seconds"], by_pyigtl(message).string))
        elif kind == "IMAGE":
            read = by_pyigtl(message)
            self.image = {"shape": list(read.image.shape), "greatest": int(read.image.max())}
        elif kind == "STATUS":
            code, subcode, name, words = status(message["content"])
            if name == "LOST":
                self.told_lost = max(self.told_lost, subcode)
            self.statuses = (self.statuses + [[code, subcode, name, words]])[-5:]
        elif kind == "RTS_COMMAND":
            self.replies.append(message["content"][138:].rstrip(b"\0").decode())

    def take_samples(self, message):
        values = array(message["content"])
        self.checksum = (self.checksum + int(values.astype(numpy.int64).sum())) % (1 << 62)
        if "firstPulse" not in message["metadata"]:
            return  # Before the first command of this client: version 1, without metadata.
        place, self.prf_hz = int(message["metadata"]["firstPulse"]), float(message["metadata"]["prfHz"])
        if self.next is None:
            self.first = place
        elif place > self.next:
            self.missed += place - self.next
        elif place < self.next:
            self.backwards += 1
        self.received += values.shape[0]
        self.next = place + values.shape[0]
        if self.start is None:
            self.start = message["seconds"] - place / self.prf_hz
        self.worst_ms = max(self.worst_ms, abs(message["seconds"] - self.start - place / self.prf_hz) * 1000)

    def take_sensor(self, message):
        unit, values = sensor(message["content"])
        self.units.add(f"{unit:016x}")
        self.sensors += 1
        self.last_sensor = [v for v in values if v == v]
        if self.start is None or "firstPulse" not in message["metadata"]:
            return
        off = message["seconds"] - self.start - int(message["metadata"]["firstPulse"]) / self.prf_hz
        if self.sensor_half is None:
            self.sensor_half = off
        self.sensor_worst_ms = max(self.sensor_worst_ms, abs(off - self.sensor_half) * 1000)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("out")
    parser.add_argument("--stall", type=float, default=0)
    parser.add_argument("--set", nargs=2, action="append", default=[])
    arguments = parser.parse_args()
    reader = Reader(arguments.port, 4096 if arguments.stall else None)
    reader.socket.sendall(command(1, '<Command Name="ListParameters"/>'))
    tally = Tally()
    began, sets, stalled = time.monotonic(), list(arguments.set), False
    while True:
        message = reader.next()
        if message is None:
            break
        tally.take(message)
        if arguments.stall and not stalled and tally.next is not None and time.monotonic() - began > 1:
            stalled = True
            time.sleep(arguments.stall)
        if sets and tally.kinds.get("SENSOR", 0) > 5 and len(tally.replies) == 1 + len(arguments.set) - len(sets):
            name, value = sets.pop(0)
            content = f'<Command Name="SetParameter"><Parameter Name="{name}" Value="{value}"/></Command>'
            reader.socket.sendall(command(10 + len(sets), content))
    said = next((m[1] for m in tally.markers if "UTC is the monotonic clock and" in m[1]), "")
    offset = re.search(r"UTC is the monotonic clock and ([0-9.e+-]+) s", said)
    json.dump({
        "kinds": tally.kinds, "messages": tally.messages, "received": tally.received, "missed": tally.missed,
        "backwards": tally.backwards, "first": tally.first, "end": tally.next, "told_lost": tally.told_lost,
        "utc_start": tally.start, "utc_offset": float(offset[1]) if offset else None, "worst_ms": tally.worst_ms,
        "sensors": tally.sensors, "sensor_worst_ms": tally.sensor_worst_ms, "units": sorted(tally.units),
        "image": tally.image, "statuses": tally.statuses, "replies": tally.replies, "markers": tally.markers,
        "sum": tally.checksum, "last_sensor": tally.last_sensor, "pyigtl": pyigtl.__name__,
    }, open(arguments.out, "w"))


if __name__ == "__main__":
    main()
