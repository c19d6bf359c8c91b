#!/usr/bin/python3
"""The program against a real kernel: runs in the guest, prints a line for each check, ends with 1 on a failure.

checks.py PROGRAM
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

import requests
from guest import Failed, Program, detach, expect, unplug, wait
from recording import Recording
from witness import Witness

SECONDS = "2"
PROFILE = "odp/reference"
DEVICE_ERROR = 3
# Bulk without framing, isochronous, isochronous audio, status bytes in every packet, firmware loaded by the host.
OTHER_PROFILES = [
    ("hs-ulm/usd3.0", []), ("hs-ulm/digidop", []), ("generic/usb-audio-stereo", []), ("template/ftdi-sync-fifo", []),
    ("template/cypress-fx2", ["--cold"]),
]
# Their bus repeats nothing: a guest kernel that is kept from running loses packets. One take of these must be without
# a loss, and in every take what is lost must be marked, to the pulse.
ISOCHRONOUS = {"hs-ulm/digidop", "generic/usb-audio-stereo"}
# On a busy machine about half the takes lose a packet or two.
MOST_ISOCHRONOUS_TAKES = 6
MOST_TAKES = 3
# The exit code when nothing failed but for a guest that stood still (EX_TEMPFAIL).
DISTURBED = 75
# Half the shortest time that the program gives a probe for an answer. Where the whole guest stood still for as long, a
# check that failed says nothing, and is taken again.
STOOD_STILL_SECONDS = 0.5
# A recording that has so many bytes has begun.
BEGUN_BYTES = 20_000


class Checks:
    def __init__(self, program):
        self.program = program
        self.failures = 0
        # Checks that failed, each time after the guest had stood still.
        self.disturbed = 0
        self.witness = Witness()
        self.began = time.monotonic()
        path = program.file()
        program.run("acquire", "--probe", "sim:healthy", "--seconds", SECONDS, "--output", path)
        self.in_process = Recording(path)

    def check(self, name, body, *arguments):
        begin = time.monotonic()
        longest_still = 0.0
        earlier = ""
        for take in range(1, MOST_TAKES + 1):
            self.witness.begin(name)
            try:
                said, mark = body(*arguments) or "", "ok    "
                break
            except (Failed, AssertionError, KeyError, ValueError, OSError, subprocess.SubprocessError) as problem:
                said, mark = f"{type(problem).__name__}: {problem}", "FAILED"
            # What one take left behind may be what the next one fails of.
            longest_still = max(longest_still, self.witness.stood_still_seconds)
            if longest_still < STOOD_STILL_SECONDS:
                self.failures += 1
                break
            earlier += f" [the guest stood still for {longest_still:.1f} s and take {take} failed: {said}]"
        else:
            self.disturbed += 1
        print(f"{mark} {name}: {said}{earlier} ({time.monotonic() - begin:.1f} s)", flush=True)

    # On a device that is plugged in

    def found(self):
        rows = self.program.rows(PROFILE)
        expect(len(rows) == 1, f"{len(rows)} devices of {PROFILE}")
        expect(rows[0]["serialNumber"] == "SIM-healthy-1", f"serial number {rows[0]['serialNumber']}")
        return rows[0]["label"]

    def acquired(self):
        path = self.program.file()
        summary = self.program.json("acquire", "--probe", "usb", "--seconds", SECONDS, "--output", path)
        lost = summary["counters"]["missingPulses"] + summary["ring"]["droppedPulses"]
        expect(lost == 0, f"{lost} pulses lost")
        recording = Recording(path)
        expect(recording.is_whole and recording.losses == 0, "not whole, or with losses")
        common = recording.agrees(self.in_process)
        expect(common >= 0.9 * self.in_process.pulses, f"I/Q differ from those in process, or few: {common}")
        return f"0 of {recording.pulses} pulses lost, {common} byte for byte as in process"

    def unplugged(self, pull):
        path = self.program.file()
        process = self.program.start("acquire", "--probe", "usb", "--seconds", "60", "--output", path)
        try:
            wait(lambda: os.path.exists(path) and os.path.getsize(path) > BEGUN_BYTES, "recording begun")
            begin = time.monotonic()
            pull()
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
        seconds = time.monotonic() - begin
        expect(process.returncode == DEVICE_ERROR, f"exit {process.returncode}: {errors.strip()}")
        recording = Recording(path)
        expect(recording.is_whole, "the recording was not closed")
        expect(recording.closing.get("endedEarlyBecause"), "the recording does not say why it ended")
        common = recording.agrees(self.in_process)
        expect(common > 0, "I/Q before the unplugging differ from those in process")
        return f"exit 3 after {seconds:.2f} s, {recording.pulses} pulses closed whole"

    def came_later(self, *arguments):
        expect(not self.program.rows(PROFILE), "a device is there before it is plugged in")
        with self.program.plugged_in(*arguments):
            return self.found()

    def captured(self):
        """A session that was captured gives the same I/Q again."""
        path, capture, again = self.program.file(), self.program.file() + ".pcapng", self.program.file()
        self.program.run("acquire", "--probe", "usb", "--seconds", "1", "--capture", capture, "--output", path)
        self.program.run("acquire", "--probe", f"capture:{capture}", "--seconds", "1", "--output", again)
        common = Recording(again).agrees(Recording(path))
        expect(common > 0, "the replayed capture has other I/Q")
        return f"{common} pulses byte for byte from the replayed capture"

    def crashed(self):
        """A program that dies by a signal leaves a probe that neither streams nor may transmit."""
        path = self.program.file()
        process = self.program.start("acquire", "--probe", "usb", "--seconds", "60", "--output", path)
        wait(lambda: os.path.exists(path) and os.path.getsize(path) > BEGUN_BYTES, "recording begun")
        expect(requests.odp_state() == (1, 1), "the probe does not run, armed")
        process.send_signal(signal.SIGSEGV)
        process.communicate(timeout=20)
        expect(process.returncode == -signal.SIGSEGV, f"it ended with {process.returncode}")
        state, armed = requests.odp_state()
        expect((state, armed) == (0, 0), f"after the crash: state {state}, armed {armed}")
        return "after SIGSEGV the probe is idle and disarmed"

    # On each kind of bus

    def profile(self, profile, options):
        """Another kind of probe: found, and recorded without a loss."""
        arguments = ["usbip", "--attach", "--profile", profile, *options]
        with self.program.plugged_in(*arguments):
            earlier = []
            for _ in range(MOST_ISOCHRONOUS_TAKES if profile in ISOCHRONOUS else 1):
                path = self.program.file()
                summary = self.program.json(
                    "acquire", "--probe", "usb", "--profile", profile, "--f0-hz", "4000000", "--seconds", SECONDS,
                    "--output", path)
                expect(summary["origin"]["isSimulated"] is True, "not marked as simulated")
                expect(summary["pulses"] > 0, "no pulses")
                lost = summary["counters"]["missingPulses"] + summary["ring"]["droppedPulses"]
                marked = Recording(path).lost_pulses
                expect(lost == marked, f"{lost} pulses counted as lost, {marked} marked")
                if lost == 0:
                    takes = f" (lost and marked in earlier takes: {earlier})" if earlier else ""
                    return f"{summary['pulses']} pulses, 0 lost, {summary['origin']['device']}{takes}"
                earlier.append(lost)
            raise Failed(f"pulses lost in every take: {earlier}")

    def awaited(self, *arguments):
        """A program that waits takes up the probe that is plugged in later."""
        path = self.program.file()
        process = self.program.start(
            "acquire", "--probe", "usb", "--wait-for-probe", "20", "--seconds", "1", "--output", path)
        time.sleep(1)
        expect(process.poll() is None, "it does not wait")
        with self.program.plugged_in(*arguments):
            _, errors = process.communicate(timeout=20)
            expect(process.returncode == 0, f"exit {process.returncode}: {errors.strip()}")
        return f"{Recording(path).pulses} pulses from the probe that came later"

    def bus(self, name, *arguments):
        with self.program.plugged_in(*arguments):
            self.check(f"{name}: devices finds the probe and its profile", self.found)
            self.check(f"{name}: acquire", self.acquired)
        self.check(f"{name}: acquire again, the device's end goes away", self.gone, *arguments)

    def gone(self, *arguments):
        with self.program.plugged_in(*arguments) as device:
            return self.unplugged(lambda: unplug(device))

    def detached(self, *arguments):
        with self.program.plugged_in(*arguments):
            return self.unplugged(detach)

    def all(self):
        for speed in "high", "super":
            self.bus(f"vhci {speed} speed", "usbip", "--attach", "--speed", speed)
            self.bus(f"dummy_hcd {speed} speed", "gadget", "--speed", speed)
        usbip = ["usbip", "--attach"]
        with self.program.plugged_in(*usbip):
            self.check("vhci: capture and replay", self.captured)
            self.check("vhci: the program crashes", self.crashed)
        self.check("vhci: detached through sysfs while acquiring", self.detached, *usbip)
        self.check("vhci: plugged in after nothing was there", self.came_later, *usbip)
        self.check("vhci: waited for", self.awaited, *usbip)
        for profile, options in OTHER_PROFILES:
            self.check(f"vhci: {profile}", self.profile, profile, options)
        disturbed = f" and {self.disturbed} in a guest that stood still" if self.disturbed else ""
        seconds = time.monotonic() - self.began
        print(f"kernel test: {self.failures} failed{disturbed}, {seconds:.0f} s in the kernel", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(Program(os.path.abspath(sys.argv[1]), folder))
        try:
            checks.all()
        except (Failed, subprocess.SubprocessError) as problem:
            still = checks.witness.stood_still_seconds
            print(f"FAILED {problem} (the guest stood still for {still:.1f} s)", flush=True)
            return DISTURBED if still >= STOOD_STILL_SECONDS else 1
        if checks.failures:
            return 1
        return DISTURBED if checks.disturbed else 0


if __name__ == "__main__":
    sys.exit(main())
