"""Reads DopplerIQ, DopplerEnvelope and Markers as any program with pylsl does, and says what came: one JSON document.

usage: lsl_client.py OUT.json [--stall SECONDS] [--keep]

Every sample's index is compared with the one before (what is missing is counted), and its stamp with index / PRF on the
line that the run's marker tells. `--stall` reads nothing for a while, with a small buffer, to lose something. `--keep`
keeps the samples themselves in OUT.json.npz.
"""
import argparse
import json
import re
import time

import numpy
import pylsl

MODULUS = 1 << 24
IDLE_SECONDS = 15


class IndexedStream:
    """Samples whose last channel is an index: what is missing between them, and how far their stamps are off."""

    def __init__(self, stream, prf_hz, modulus):
        self.inlet, self.prf_hz, self.modulus = stream, prf_hz, modulus
        self.received = self.missed = self.backwards = 0
        self.first = self.next = self.start_seconds = None
        self.worst_ms = 0.0
        self.least_latency = []
        self.window_end, self.window_least = None, None

    def take(self, indices, stamps, middle):
        """Takes some samples; `middle` is what lies between the index and the stamp's place, pulses."""
        if not len(stamps):
            return
        if self.modulus:
            # The stamp says which turn of the index it is.
            if self.next is None:
                turn = 0
                base = int(indices[0])
            else:
                base = None
            steps = numpy.mod(numpy.diff(indices), self.modulus)
            if base is None:
                nominal = self.next + round((stamps[0] - self.next_stamp) * self.prf_hz)
                base = int(indices[0]) + self.modulus * round((nominal - int(indices[0])) / self.modulus)
            places = base + numpy.concatenate(([0], numpy.cumsum(steps)))
        else:
            places = indices
        self.worst_line(places + middle, stamps)
        self.places, self.last = places, int(places[-1])
        return places

    def worst_line(self, places, stamps):
        if self.start_seconds is None:
            self.start_seconds = float(stamps[0] - places[0] / self.prf_hz)
        off = stamps - (self.start_seconds + places / self.prf_hz)
        self.worst_ms = max(self.worst_ms, float(numpy.abs(off).max()) * 1000)

    def note_latency(self, stamp):
        """The least delay behind the client's own LSL clock, a minute at a time."""
        now = pylsl.local_clock()
        late = now - stamp
        if self.window_end is None or now >= self.window_end:
            if self.window_least is not None:
                self.least_latency.append(self.window_least)
            self.window_end, self.window_least = now + 60, late
        self.window_least = min(self.window_least, late)

    def latencies(self):
        """Of whole minutes; of what there is where there was none."""
        return self.least_latency or ([self.window_least] if self.window_least is not None else [])


def find(name):
    found = pylsl.resolve_byprop("name", name, minimum=1, timeout=60)
    if not found:
        raise SystemExit(f"no stream {name}")
    return found[0]


def text(info, name):
    return info.desc().child("dopplerbridge").child_value(name)


def count_samples(state, chunk, stamps):
    stream = state["iq"]
    indices = chunk[:, -1].astype(numpy.int64)
    places = stream.take(indices, stamps, 0)
    count(stream, places, stamps)


def count(stream, places, stamps):
    stream.received += len(places)
    steps = numpy.diff(places)
    stream.missed += int((steps - 1)[steps > 1].sum())
    stream.backwards += int((steps < 1).sum())
    if stream.next is None:
        stream.first = int(places[0])
    elif places[0] > stream.next:
        stream.missed += int(places[0]) - stream.next
    elif places[0] < stream.next:
        stream.backwards += 1
    stream.next, stream.next_stamp = int(places[-1]) + 1, float(stamps[-1]) + 1 / stream.prf_hz
    stream.note_latency(float(stamps[-1]))


def read(arguments):
    infos = {name: find(name) for name in ("DopplerIQ", "DopplerEnvelope", "Markers")}
    buffer_seconds = 1 if arguments.stall else 360
    inlets = {
        "DopplerIQ": pylsl.StreamInlet(infos["DopplerIQ"], max_buflen=buffer_seconds, recover=False),
        "DopplerEnvelope": pylsl.StreamInlet(infos["DopplerEnvelope"], max_buflen=360, recover=False),
        "Markers": pylsl.StreamInlet(infos["Markers"], max_buflen=360, recover=False),
    }
    full = {name: inlet.info(timeout=30) for name, inlet in inlets.items()}
    for inlet in inlets.values():
        inlet.open_stream(timeout=30)
    prf_hz = full["DopplerIQ"].nominal_srate()
    stream = IndexedStream(inlets["DopplerIQ"], prf_hz, MODULUS)
    state = {"iq": stream, "markers": [], "columns": 0, "envelope_worst_ms": 0.0, "kept": [], "envelope": []}
    state["facts"] = facts(full)
    stall_at = time.monotonic() + 1 if arguments.stall else None
    quiet_since, ended = time.monotonic(), None
    while True:
        if stall_at is not None and time.monotonic() >= stall_at:
            time.sleep(arguments.stall)
            stall_at = None
        got = pull(state, inlets, arguments.keep)
        if got:
            quiet_since = time.monotonic()
        if state["markers"] and state["markers"][-1][1].startswith("end of run"):
            ended = ended or time.monotonic()
        idle = time.monotonic() - quiet_since
        if (ended and idle > 1) or idle > IDLE_SECONDS:
            break
    return state


def facts(full):
    iq = full["DopplerIQ"]
    channels = []
    channel = iq.desc().child("channels").child("channel")
    while not channel.empty():
        channels.append([channel.child_value("label"), channel.child_value("unit")])
        channel = channel.next_sibling("channel")
    envelope = full["DopplerEnvelope"].desc().child("channels").child("channel")
    names = ("nature", "source", "prf_hz", "clock", "utc_minus_clock_seconds", "insonation_angle_degrees")
    return {
        "channels": channels, "envelope_unit": envelope.child_value("unit"), "rate": iq.nominal_srate(),
        **{name: text(iq, name) for name in names},
    }


def pull(state, inlets, keeps):
    got = False
    try:
        chunk, stamps = inlets["DopplerIQ"].pull_chunk(timeout=0.05, max_samples=65536, min_samples=1, as_numpy=True)
        if len(stamps):
            got = True
            stamps = numpy.asarray(stamps)
            count_samples(state, chunk, stamps)
            if keeps:
                state["kept"].append((state["iq"].places.copy(), stamps.copy(), chunk[:, :-1].copy()))
        chunk, stamps = inlets["DopplerEnvelope"].pull_chunk(timeout=0.0, max_samples=65536, as_numpy=True)
        if len(stamps):
            got = True
            state["columns"] += len(stamps)
            state["envelope"].append((numpy.asarray(stamps).copy(), chunk.copy()))
        while True:
            sample, stamp = inlets["Markers"].pull_sample(timeout=0.0)
            if sample is None:
                break
            got = True
            state["markers"].append((stamp, sample[0]))
    except pylsl.LostError:
        state["lost"] = True
        time.sleep(0.05)
    return got


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--stall", type=float, default=0)
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    state = read(arguments)
    stream = state["iq"]
    begin = next((m[1] for m in state["markers"] if m[1].startswith("run ")), "")
    told = re.search(r"pulse 0 at ([0-9.e+]+) s monotonic", begin)
    ends = [m[1] for m in state["markers"] if m[1].startswith("end of run")]
    columns = numpy.concatenate([c for _, c in state["envelope"]]) if state["envelope"] else numpy.zeros((0, 5))
    column_stamps = numpy.concatenate([s for s, _ in state["envelope"]]) if state["envelope"] else numpy.zeros(0)
    column_off = 0.0
    if len(columns) and stream.start_seconds is not None:
        half = (column_stamps[0] - stream.start_seconds) * stream.prf_hz - columns[0, 4]
        off = column_stamps - (stream.start_seconds + (columns[:, 4] + half) / stream.prf_hz)
        column_off = float(numpy.abs(off).max()) * 1000
    if arguments.keep and state["kept"]:
        numpy.savez(
            arguments.out + ".npz", places=numpy.concatenate([k[0] for k in state["kept"]]),
            stamps=numpy.concatenate([k[1] for k in state["kept"]]),
            samples=numpy.concatenate([k[2] for k in state["kept"]]), columns=columns, column_stamps=column_stamps)
    json.dump({
        "facts": state["facts"], "received": stream.received, "missed": stream.missed, "backwards": stream.backwards,
        "first": stream.first, "end": stream.next, "start_seconds": stream.start_seconds,
        "told_start_seconds": float(told[1]) if told else None, "worst_ms": stream.worst_ms,
        "least_latency_ms": [1000 * l for l in stream.latencies()], "columns": int(len(columns)),
        "column_worst_ms": column_off, "half_window": float(half) if len(columns) and stream.start_seconds else None,
        "measured_columns": int(numpy.isfinite(columns[:, 2]).sum()), "markers": state["markers"], "ends": ends,
    }, open(arguments.out, "w"))


if __name__ == "__main__":
    main()
