"""Reads recording files on its own, as a witness beside the program (layout: RecordingBlock and FrameRecord)."""
import json
import struct

BLOCK = struct.Struct("<4sHHII12xI")
RECORD = struct.Struct("<IBBBxIIQHHI")
# A loss says in its header of which kind its frames were, and begins with how many pulses are lost.
LOST_PULSES = struct.Struct("<Q")
DESCRIPTION, RECORDS, CLOSING = 1, 2, 3
IQ, LOSS = 1, 16


class Recording:
    """What is in a file: I/Q bytes from the first pulse on, the marks of losses, and how it ends."""

    def __init__(self, path):
        self.iq = bytearray()
        self.pulses = 0
        self.losses = 0
        self.lost_pulses = 0
        self.closing = None
        with open(path, "rb") as file:
            data = file.read()
        offset = number = 0
        while offset < len(data):
            magic, _, kind, count, length, _ = BLOCK.unpack_from(data, offset)
            assert magic == b"DBRB" and count == number, f"{path}: no block {number} at {offset}"
            payload = data[offset + BLOCK.size:offset + BLOCK.size + length]
            assert len(payload) == length, f"{path}: block {number} is cut off"
            if kind == RECORDS:
                self._take(payload)
            elif kind == CLOSING:
                self.closing = json.loads(payload)
            offset += BLOCK.size + length
            number += 1

    def _take(self, payload):
        offset = 0
        while offset < len(payload):
            size, kind, _, of, _, length, pulse, _, records, _ = RECORD.unpack_from(payload, offset)
            if kind == IQ:
                # What is missing must have been marked, pulse by pulse.
                expected = self.pulses + self.lost_pulses
                assert pulse == expected, f"I/Q of pulse {pulse} stands where {expected} is due"
                self.iq += payload[offset + RECORD.size:offset + RECORD.size + length]
                self.pulses += records
            elif kind == LOSS:
                self.losses += 1
                if of == IQ:
                    self.lost_pulses += LOST_PULSES.unpack_from(payload, offset + RECORD.size)[0]
            offset += size

    @property
    def is_whole(self):
        """Whether it was closed."""
        return self.closing is not None

    def agrees(self, other):
        """Pulses that both have, when their I/Q are the same byte for byte; else 0."""
        common = min(len(self.iq), len(other.iq))
        return min(self.pulses, other.pulses) if common and self.iq[:common] == other.iq[:common] else 0
