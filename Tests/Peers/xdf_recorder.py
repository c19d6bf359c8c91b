"""Records streams of the Lab Streaming Layer into an XDF file, chunk by chunk as LabRecorder does: the XDF 1.0
specification (github.com/sccn/xdf), with stream headers, samples, clock offsets, boundaries and footers.

usage: xdf_recorder.py OUT.xdf [NAME ...]

It ends when `Markers` says so. pyxdf, which others wrote, reads the result.
"""
import struct
import sys
import time

import pylsl

BOUNDARY = bytes([0x43, 0xA5, 0x46, 0xDC, 0xCB, 0xF5, 0x41, 0x0F, 0xB3, 0x0E, 0xD5, 0x46, 0x73, 0x83, 0xCB, 0xE4])
FORMATS = {pylsl.cf_float32: "<f", pylsl.cf_double64: "<d"}


def chunk(file, tag, content):
    file.write(struct.pack("<BQH", 8, len(content) + 2, tag) + content)


def value(sample, format):
    if format == pylsl.cf_string:
        text = sample.encode()
        return struct.pack("<BI", 4, len(text)) + text
    return struct.pack(FORMATS[format], sample)


class Recorded:
    def __init__(self, number, name, file):
        found = pylsl.resolve_byprop("name", name, minimum=1, timeout=60)
        if not found:
            raise SystemExit(f"no stream {name}")
        self.number, self.name, self.count = number, name, 0
        self.inlet = pylsl.StreamInlet(found[0], recover=False)
        self.info = self.inlet.info(timeout=30)
        self.format = self.info.channel_format()
        self.stamps = [0.0, 0.0]
        chunk(file, 2, struct.pack("<I", number) + self.info.as_xml().encode())
        self.inlet.open_stream(timeout=30)

    def offset(self, file):
        correction = self.inlet.time_correction(timeout=10)
        chunk(file, 4, struct.pack("<Idd", self.number, pylsl.local_clock(), correction))

    def record(self, file):
        try:
            samples, stamps = self.inlet.pull_chunk(timeout=0.05, max_samples=4096, min_samples=1)
        except pylsl.LostError:
            return None
        if not stamps:
            return []
        content = struct.pack("<IBI", self.number, 4, len(stamps))
        for sample, stamp in zip(samples, stamps):
            content += struct.pack("<Bd", 8, stamp) + b"".join(value(v, self.format) for v in sample)
        chunk(file, 3, content)
        self.stamps = [self.stamps[0] if self.count else stamps[0], stamps[-1]]
        self.count += len(stamps)
        return samples

    def end(self, file):
        footer = (
            f"<?xml version=\"1.0\"?><info><first_timestamp>{self.stamps[0]!r}</first_timestamp>"
            f"<last_timestamp>{self.stamps[1]!r}</last_timestamp><sample_count>{self.count}</sample_count></info>")
        chunk(file, 6, struct.pack("<I", self.number) + footer.encode())


def main():
    names = sys.argv[2:] or ["DopplerIQ", "DopplerEnvelope", "Markers"]
    with open(sys.argv[1], "wb") as file:
        file.write(b"XDF:")
        chunk(file, 1, b'<?xml version="1.0"?><info><version>1.0</version></info>')
        streams = [Recorded(number + 1, name, file) for number, name in enumerate(names)]
        for stream in streams:
            stream.offset(file)
        ended, quiet = None, time.monotonic()
        while time.monotonic() - quiet < 15 and not (ended and time.monotonic() - ended > 1):
            for stream in streams:
                samples = stream.record(file)
                if samples:
                    quiet = time.monotonic()
                    if stream.name == "Markers" and any(s[0].startswith("end of run") for s in samples):
                        ended = time.monotonic()
        chunk(file, 5, BOUNDARY)
        for stream in streams:
            stream.end(file)


if __name__ == "__main__":
    main()
