"""`dopplerbridge stream` with clients of both kinds at once, and the sum of what each got.

usage: stream_trial.py PROGRAM [--hours H] [--speed N] [--real-time] [--prf-hz F] [--json OUT]

Accelerated, the simulated probe and its clock go N times as fast as real time. With --real-time the probe goes by the
clock on the wall, and each client's own clock is compared too. It fails when a clock is off by 1 ms or more, or when a
pulse, column or message is missing that nobody counted.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
LIMIT_MS = 1.0


def library():
    import pylsl.lib
    return pylsl.lib.libpath


def environment(folder):
    config = folder / "lsl_api.cfg"
    # A session of its own, so that no other trial on this computer is taken for it.
    session = f"SessionID = trial-{os.getpid()}"
    config.write_text(
        f"[lab]\nKnownPeers = {{127.0.0.1}}\n{session}\n[multicast]\nResolveScope = machine\n[log]\nlevel = -2\n")
    return {**os.environ, "LSLAPICFG": str(config)}


def memory_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


class Trial:
    """The program with its clients, in a folder of their own."""

    def __init__(self, program, source, arguments, folder, lsl=True, igtl=True):
        self.folder = pathlib.Path(folder)
        self.env = environment(self.folder)
        self.errors = open(self.folder / "stream.err", "w+")
        self.out = open(self.folder / "stream.json", "w+")
        kinds = (["--lsl", "--lsl-library", library()] if lsl else []) + (["--igtl", "0"] if igtl else [])
        self.program = subprocess.Popen(
            [program, "stream", "--probe", source, *kinds, "--json", "--wait-for-clients", *arguments],
            stdin=subprocess.PIPE, stdout=self.out, stderr=self.errors, env=self.env)
        self.clients = {}

    def words(self):
        return (self.folder / "stream.err").read_text()

    def port(self):
        """Where OpenIGTLink is served."""
        for _ in range(600):
            found = re.search(r"OpenIGTLink: \S+ port (\d+)", self.words())
            if found:
                return int(found[1])
            if self.program.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit("the program did not start:\n" + self.words())

    def client(self, name, script, *arguments):
        """Starts a client; the file of its results is its last word but for its options."""
        out = self.folder / f"{name}.json"
        words = [str(argument) for argument in arguments]
        fixed = [words.pop(0)] if script == "igtl_client.py" else []
        command = [sys.executable, "-W", "ignore", str(HERE / script), *fixed, str(out), *words]
        self.clients[name] = (subprocess.Popen(command, env=self.env), out)

    def finish(self):
        """Waits for the program and its clients: its summary, and what each client says."""
        self.memory = self.watch()
        found = {}
        for name, (process, out) in self.clients.items():
            try:
                process.wait(timeout=120)
            except subprocess.TimeoutExpired:
                process.kill()
            is_json = out.exists() and out.read_bytes()[:1] == b"{"
            found[name] = json.loads(out.read_text()) if is_json else None
        self.out.seek(0)
        text = self.out.read()
        if not text.strip():
            raise SystemExit("the program failed:\n" + self.words())
        return json.loads(text), found

    def watch(self):
        """Until the program ends: its memory, MiB, once a second."""
        seen = []
        while self.program.poll() is None:
            try:
                seen.append(memory_mib(self.program.pid))
            except OSError:
                break
            try:
                self.program.wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
        return seen


def judge(summary, lsl, igtl, real_time):
    """What is wrong, in sentences."""
    wrong = []
    sent = summary["stream"]["pulses"]
    here = summary["stream"]["missedHere"]
    lost = summary["stream"]["lostInProbe"] + summary["stream"]["lostOnLink"]
    if summary["acquired"]["droppedPulses"]:
        wrong.append(f"the acquisition dropped {summary['acquired']['droppedPulses']} pulses")
    end = summary["stream"]["newestPulse"]
    if sent + here + lost != end:
        wrong.append(f"{end} pulses, but {sent} streamed, {here} missed and {lost} lost")
    if lsl is None or igtl is None:
        return wrong + ["a client gave no result"]
    for name, client in (("LSL", lsl), ("OpenIGTLink", igtl)):
        if client["first"] is None:
            wrong.append(f"{name}: no samples came")
            continue
        if client["received"] + client["missed"] != client["end"] - client["first"]:
            wrong.append(f"{name}: received and missed do not add up")
        if client["backwards"]:
            wrong.append(f"{name}: {client['backwards']} indices went back")
        if client["worst_ms"] >= LIMIT_MS:
            wrong.append(f"{name}: stamps are up to {client['worst_ms']} ms off index / PRF")
    if lsl["column_worst_ms"] >= LIMIT_MS or igtl["sensor_worst_ms"] >= LIMIT_MS:
        wrong.append("stamps of the envelope are off")
    if wrong:
        return wrong
    tail = end - lsl["end"]
    if tail or lsl["first"]:
        wrong.append(f"LSL: {lsl['first']} pulses missing at the begin, {tail} at the end, not counted")
    between = abs(igtl["utc_start"] - igtl["utc_offset"] - lsl["told_start_seconds"]) * 1000
    if between >= LIMIT_MS or abs(lsl["start_seconds"] - lsl["told_start_seconds"]) * 1000 >= LIMIT_MS:
        wrong.append(f"the clocks of the two kinds of client are {between} ms apart")
    mine = summary["igtl"]["clients"][0]
    replies = len(igtl["replies"])
    if mine["offered"] != mine["sent"] + mine["lost"] + mine["unsent"]:
        wrong.append("OpenIGTLink: the server's counts do not add up")
    if igtl["told_lost"] != mine["lost"]:
        wrong.append(f"OpenIGTLink: {mine['lost']} messages lost, {igtl['told_lost']} told")
    if mine["lost"] == 0 and igtl["missed"] > here + lost:
        wrong.append(f"OpenIGTLink: {igtl['missed']} pulses missing without a lost message")
    if mine["lost"] == 0 and (igtl["end"] != end):
        wrong.append(f"OpenIGTLink: the last pulse is {igtl['end']}, not {end}")
    if real_time:
        if min(lsl["least_latency_ms"]) < -LIMIT_MS:
            wrong.append(f"LSL: a stamp was {-min(lsl['least_latency_ms'])} ms in the client's future")
        if abs(moved_ms(lsl)) >= LIMIT_MS:
            wrong.append(f"LSL: the stamps moved by {moved_ms(lsl)} ms against the client's clock")
    return wrong


def moved_ms(lsl):
    """How far stamps moved against the client's clock: the last quarter of the minutes against the first, each by its
    middle one, since a minute's least delay is that of the host when it was busy all the minute."""
    minutes = lsl["least_latency_ms"]
    part = max(1, len(minutes) // 4)
    return sorted(minutes[-part:])[part // 2] - sorted(minutes[:part])[part // 2]


def tell(summary, lsl, igtl, memory, seconds, real_time):
    stream = summary["stream"]
    hours = stream["newestPulse"] / lsl["facts"]["rate"] / 3600
    pace = "in real time" if real_time else f"in {seconds:.0f} s"
    print(f"{hours:.2f} h of signal at {lsl['facts']['rate']:.0f} Hz {pace}, {lsl['facts']['nature']}")
    print(f"pulses acquired           {summary['link']['pulses']}, dropped {summary['acquired']['droppedPulses']}")
    print(f"pulses streamed           {stream['pulses']}, lost before {stream['lostInProbe'] + stream['lostOnLink']}, "
          f"missed by the stream {stream['missedHere']}")
    print(f"LSL client                {lsl['received']} received, {lsl['missed']} counted as missed; "
          f"{lsl['columns']} of {stream['columns']} columns, {len(lsl['markers'])} of {stream['markers']} markers")
    mine = summary["igtl"]["clients"][0]
    print(f"OpenIGTLink client        {igtl['received']} received, {igtl['missed']} counted as missed; "
          f"{igtl['sensors']} of {stream['columns']} columns; {mine['sent']} messages taken, {mine['lost']} lost and told")
    print(f"worst clock error, ms     LSL {lsl['worst_ms']:.6f}, OpenIGTLink {igtl['worst_ms']:.6f}, envelope "
          f"{max(lsl['column_worst_ms'], igtl['sensor_worst_ms']):.6f}, between the two "
          f"{abs(igtl['utc_start'] - igtl['utc_offset'] - lsl['told_start_seconds']) * 1000:.6f}")
    if real_time:
        latencies = lsl["least_latency_ms"]
        print(f"behind the client's clock {min(latencies):.3f} to {max(latencies):.3f} ms at least, a minute at a time; "
              f"moved by {moved_ms(lsl):.3f} ms")
    print(f"memory of the program     {memory[min(len(memory) - 1, 5)]:.0f} MiB after the start, "
          f"{max(memory):.0f} at most, {[m for m in memory if m][-1]:.0f} at the end")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--speed", type=float, default=400)
    parser.add_argument("--prf-hz", type=float, default=500)
    parser.add_argument("--real-time", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    seconds = options.hours * 3600
    arguments = ["--seconds", f"{seconds:.3f}", "--linger", "60"]
    source = "sim:healthy?seed=1&pace=real" if options.real_time else "sim:healthy?seed=1&pace=fast"
    if not options.real_time:
        arguments += ["--speed", str(options.speed)]
    if options.prf_hz:
        arguments += ["--probe-prf-hz", str(options.prf_hz)]
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        trial = Trial(options.program, source, arguments, folder)
        trial.client("lsl", "lsl_client.py")
        trial.client("igtl", "igtl_client.py", trial.port())
        summary, clients = trial.finish()
        memory, took = trial.memory, time.monotonic() - began
        lsl, igtl = clients["lsl"], clients["igtl"]
        wrong = judge(summary, lsl, igtl, options.real_time)
        if lsl and igtl and lsl["first"] is not None and igtl["first"] is not None:
            tell(summary, lsl, igtl, memory or [0.0], took, options.real_time)
        if options.json:
            pathlib.Path(options.json).write_text(
                json.dumps({"summary": summary, "lsl": lsl, "igtl": igtl, "memory": memory, "wrong": wrong}, indent=1))
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    if not wrong:
        print(f"every clock within {LIMIT_MS:.0f} ms; nothing is missing that is not counted")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
