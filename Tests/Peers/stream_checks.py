"""Single things that `dopplerbridge stream` promises, tried with the programs that researchers use.

usage: stream_checks.py PROGRAM xdf|parameters|pyigtl|slow|replay
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import numpy

from stream_trial import Trial

PATIENT = "sim:healthy?seed=1"


def recorded(program, folder, seconds):
    """The same patient as a recording, and its samples as NumPy has them."""
    path = folder / "same.dbrec"
    subprocess.run(
        [program, "acquire", "--probe", PATIENT, "--seconds", str(seconds), "--output", str(path)], check=True,
        capture_output=True)
    subprocess.run(
        [program, "convert", str(path), "--to", "npz", "--output", str(folder / "npz")], check=True,
        capture_output=True)
    return path, numpy.load(next((folder / "npz").glob("*.npz")))["iq"]


def same(streamed, kept):
    """Whether the streamed pulses begin as the recording does, all of it."""
    flat = kept.reshape(kept.shape[0], -1) if not numpy.iscomplexobj(kept) else numpy.stack(
        [kept.real.reshape(kept.shape[0], -1), kept.imag.reshape(kept.shape[0], -1)], axis=2).reshape(kept.shape[0], -1)
    return bool(len(streamed) >= len(flat) and (streamed[:len(flat)] == flat).all())


def xdf(program, folder):
    import pyxdf
    trial = Trial(program, PATIENT, ["--seconds", "5"], folder, igtl=False)
    trial.client("xdf", "xdf_recorder.py")
    for line in ("posture upright", "breath in", "freeze"):
        trial.program.stdin.write(line.encode() + b"\n")
    trial.program.stdin.flush()
    trial.finish()
    streams, _ = pyxdf.load_xdf(str(folder / "xdf.json"), dejitter_timestamps=False)
    named = {stream["info"]["name"][0]: stream for stream in streams}
    iq, envelope, markers = named["DopplerIQ"], named["DopplerEnvelope"], named["Markers"]
    channels = iq["info"]["desc"][0]["channels"][0]["channel"]
    labels = [(channel["label"][0], channel["unit"][0]) for channel in channels][:-1]
    rate = float(iq["info"]["nominal_srate"][0])
    print("DopplerIQ", rate, "Hz", labels, iq["info"]["desc"][0]["dopplerbridge"][0]["nature"][0])
    values, stamps = iq["time_series"], iq["time_stamps"]
    index = values[:, -1]
    print("5 s of pulses without a gap:",
          bool((index == numpy.arange(len(index))).all() and len(index) >= 5 * rate))
    texts = [item[0] for item in markers["time_series"]]
    start = float(re.search(r"pulse 0 at ([0-9.e+]+) s", next(t for t in texts if t.startswith("run 1")))[1])
    print("stamps within 1 ms of index / PRF:", bool(numpy.abs(stamps - start - index / rate).max() < 1e-3))
    print("the same samples as `acquire` records:", same(values[:, :-1], recorded(program, folder, 5)[1]))
    unit = envelope["info"]["desc"][0]["channels"][0]["channel"][0]["unit"][0]
    print(f"DopplerEnvelope {unit}, stamps ascending:", bool((numpy.diff(envelope["time_stamps"]) > 0).all()))
    names = [text.split(":")[0] for text in texts]
    wanted = ("run 1", "posture upright", "breath in", "freeze", "end of run 1")
    print("markers:", ", ".join(name for name in wanted if names.count(name) == 1))


def said(reply):
    """A reply's value, or why there is none."""
    value = re.search(r' Value="([^"]*)"', reply)
    if 'Status="SUCCESS"' in reply and value:
        return f"taken, {value[1]}"
    words = re.search(r'Message="([^"]*)"', reply)
    phrases = ("can be read, not set", "give a number", "is not a parameter", "is no probe")
    return "refused, " + next((p for p in phrases if words and p in words[1]), reply)


def parameters(program, folder):
    trial = Trial(program, PATIENT + "&pace=real", ["--seconds", "12", "--probe-prf-hz", "1000"], folder, lsl=False)
    sets = [("prfHz", "800"), ("gateDepthMm", "20"), ("transmitLevelPercent", "1"), ("prfHz", "nonsense"),
            ("noSuchThing", "1")]
    trial.client("igtl", "igtl_client.py", trial.port(), *[w for pair in sets for w in ("--set", *pair)])
    summary, clients = trial.finish()
    client = clients["igtl"]
    everything = re.findall(r'Name="(\w+)" Value="([^"]*)" Settable="(\w+)"', client["replies"][0])
    known = {name: (value, settable) for name, value, settable in everything}
    word = {"true": "settable", "false": "not settable"}
    print("list: " + ", ".join(f"{n} {known[n][0]} {word[known[n][1]]}" for n in ("prfHz", "transmitLevelPercent")))
    for (name, value), reply in zip(sets, client["replies"][1:]):
        print(f"{name} {value}: {said(reply)}")
    told = [text for _, text in client["markers"]]
    print("marker:", next(t for t in told if t.startswith("settings prfHz")))
    last = [t for t in told if re.match(r"run \d+:", t)][-1]
    print(f"runs: {summary['stream']['runs']}, PRF of the last:", re.search(r"PRF (\S+) Hz", last)[1])


def pyigtl_client(program, folder):
    import pyigtl
    trial = Trial(program, PATIENT + "&pace=real", ["--seconds", "6"], folder, lsl=False)
    client = pyigtl.OpenIGTLinkClient("127.0.0.1", trial.port())
    spectrum, end = None, time.monotonic() + 20
    while time.monotonic() < end and trial.program.poll() is None:
        message = client.wait_for_message("DopplerSpectrum", timeout=1)
        spectrum = message if message is not None else spectrum
    marker = client.wait_for_message("Markers", timeout=2)
    client.stop()
    trial.finish()
    shape = spectrum.image.shape
    print(f"DopplerSpectrum: {spectrum.message_type} of {shape[1]} by {shape[2]}, not black:",
          bool(spectrum.image.max() > 20))
    print("Markers:", marker.message_type)


def slow(program, folder):
    trial = Trial(
        program, PATIENT, ["--seconds", "1600", "--probe-prf-hz", "1000", "--speed", "200", "--linger", "30"], folder)
    trial.client("lsl", "lsl_client.py", "--stall", "4")
    trial.client("igtl", "igtl_client.py", trial.port(), "--stall", "4")
    summary, clients = trial.finish()
    stream, lsl, igtl = summary["stream"], clients["lsl"], clients["igtl"]
    print("acquisition: nothing dropped:", summary["acquired"]["droppedPulses"] == 0)
    print("stream: nothing missed:", stream["missedHere"] == 0 and stream["pulses"] == stream["newestPulse"])
    # Its buffer of a second may overflow before it takes anything: then its first index tells what is lost.
    whole = lsl["received"] + lsl["missed"] == stream["newestPulse"] - lsl["first"]
    whole = whole and lsl["end"] == stream["newestPulse"]
    print(f"slow LSL client: lost something: {lsl['first'] + lsl['missed'] > 0}, received and missed make all: {whole}")
    mine = summary["igtl"]["clients"][0]
    print(f"slow OpenIGTLink client: lost something: {mine['lost'] > 0}, told as many as the server counts: "
          f"{igtl['told_lost'] == mine['lost']}")
    whole = igtl["received"] + igtl["missed"] == stream["newestPulse"] - igtl["first"]
    print(f"received and missed make all: {whole and igtl['end'] == stream['newestPulse']}")


def replay(program, folder):
    path, kept = recorded(program, folder, 3)
    trial = Trial(program, f"replay:{path}", [], folder)
    trial.client("lsl", "lsl_client.py", "--keep")
    trial.client("igtl", "igtl_client.py", trial.port(), "--set", "prfHz", "1000")
    _, clients = trial.finish()
    streamed = numpy.load(str(folder / "lsl.json.npz"))["samples"]
    print("the same samples as the recording holds:", same(streamed, kept) and len(streamed) == len(kept))
    print("set prfHz:", said(clients["igtl"]["replies"][1]))


def main():
    checks = {"xdf": xdf, "parameters": parameters, "pyigtl": pyigtl_client, "slow": slow, "replay": replay}
    with tempfile.TemporaryDirectory() as folder:
        checks[sys.argv[2]](sys.argv[1], pathlib.Path(folder))


if __name__ == "__main__":
    main()
