"""What a running console costs: memory and processor time with a live picture of 128 gates, and whether memory stays flat.

    footprint.py [--minutes M] [--memory-mib LIMIT]      a minute unless told otherwise; 120 for a working morning

One browser looks on and reads all that is sent. The simulated probe's own work is within the figures, though a real probe brings
its own processor. Ends with 1 where a limit is passed.
"""
import argparse
import os
import pathlib
import sys
import threading
import time

from bench import ROOT, RunningConsole

sys.path.insert(0, str(ROOT / "Clients" / "python"))
from dopplerbridge import Console, Ended, Refused  # noqa: E402

GATES = 128
# The limits of the console's issue: it must run on a small single-board computer.
MEMORY_MIB = 128
CORES = 0.5
# What memory may grow by after the first tenth, MiB an hour (project choice: what a day may cost unseen).
GROWTH_MIB_PER_HOUR = 1.0
# What a short run may grow by, MiB (project choice).
RISE_MIB = 2.0
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid):
    """What all threads have spent."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def resident_mib(pid, what="VmRSS"):
    """What is present of all memory, or of the process' own (RssAnon), or of its files: program and libraries (RssFile)."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"/proc tells no {what}")


class Looking:
    """A browser that takes everything."""

    def __init__(self, browser):
        self.pieces, self.missed = 0, 0
        self.live = browser.live()
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        try:
            while True:
                message = self.live.next(600)
                if not isinstance(message, dict):
                    self.pieces += 1
                elif message["event"] == "missed":
                    self.missed += message["pieces"]
        except (Ended, OSError):
            pass


def begin_live(browser):
    browser.read_statement()
    protocols = browser.get("/api/protocols")
    browser.post("/api/exams", {
        "subjectCode": "S-800", "protocolID": protocols[0]["id"], "indication": "footprint", "identity": None, "worklistKey": None})
    end = time.monotonic() + 60
    while time.monotonic() < end:
        exam = browser.state()
        try:
            if exam["phase"] == "live":
                return
            if exam["phase"] == "resting":
                browser.act("rested")
            elif exam["phase"] == "ready":
                browser.act("live")
        except Refused as refused:
            if refused.status != 409:
                raise
        time.sleep(0.1)
    raise TimeoutError(f"no live picture: {exam}")


def slope_per_hour(samples):
    """Least squares through (seconds, value)."""
    count = len(samples)
    mean_t = sum(t for t, _ in samples) / count
    mean_v = sum(v for _, v in samples) / count
    over = sum((t - mean_t) ** 2 for t, _ in samples)
    return 3600 * sum((t - mean_t) * (v - mean_v) for t, v in samples) / over if over > 0 else 0.0


def watch(pid, looking, seconds):
    """Memory by the time, as (seconds, MiB), told now and then."""
    began, samples = time.monotonic(), []
    every = max(1, seconds / 120)
    while (elapsed := time.monotonic() - began) < seconds:
        samples.append((elapsed, resident_mib(pid)))
        if len(samples) % 10 == 0:
            print(f"footprint: {elapsed:6.0f} s: {samples[-1][1]:.1f} MiB, {looking.pieces} pieces", flush=True)
        time.sleep(every)
    return samples


def memory_is_within(samples, limit_mib, seconds):
    """Tells what the memory did, and whether it kept the limit and stayed flat."""
    later = samples[len(samples) // 10:]
    most = max(value for _, value in samples)
    rise = sum(v for _, v in later[-5:]) / 5 - sum(v for _, v in later[:5]) / 5
    print(f"footprint: memory: at most {most:.1f} MiB (limit {limit_mib:g}), rise {rise:+.2f} MiB")
    # A trend over a short run says nothing; there only the rise counts.
    if seconds < 3600:
        return most <= limit_mib and rise <= RISE_MIB
    growth = slope_per_hour(later)
    print(f"footprint: trend {growth:+.2f} MiB an hour (limit {GROWTH_MIB_PER_HOUR})")
    return most <= limit_mib and growth <= GROWTH_MIB_PER_HOUR


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--memory-mib", type=float, default=MEMORY_MIB, help="what the program may take at most")
    options = parser.parse_args()
    seconds = 60 * options.minutes
    console = RunningConsole(probe="sim:ccsvi?seed=1&pace=real", more=["--live-gates", str(GATES)])
    try:
        browser = Console(console.link)
        looking = Looking(browser)
        begin_live(browser)
        time.sleep(min(10, seconds / 6))
        pid = console.process.pid
        before, began = processor_seconds(pid), time.monotonic()
        samples = watch(pid, looking, seconds)
        own, files = resident_mib(pid, "RssAnon"), resident_mib(pid, "RssFile")
        elapsed = time.monotonic() - began
        spent = (processor_seconds(pid) - before) / elapsed
        exam = browser.state()
    finally:
        console.stop()
    print(f"footprint: {elapsed:.0f} s live, {exam['settings']['gates']} gates at {exam['settings']['prfHz']:.0f} Hz: "
          f"{looking.pieces / elapsed:.0f} pieces a second to the browser, missed {looking.missed}, lost pulses {exam['losses']}")
    print(f"footprint: processor: {spent:.2f} of a core with the simulated probe in it (limit {CORES})")
    is_within = memory_is_within(samples, options.memory_mib, seconds)
    print(f"footprint: of it at the end {own:.1f} MiB its own, {files:.1f} MiB of its program and libraries, which the system may drop")
    sys.exit(0 if spent <= CORES and is_within else 1)


if __name__ == "__main__":
    main()
