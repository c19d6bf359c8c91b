"""What the checks share in the kernel: the simulated probe on a bus, the program, and waiting."""
import contextlib
import glob
import json
import os
import signal
import subprocess
import time

VHCI = "/sys/devices/platform/vhci_hcd.0"
PATIENCE_SECONDS = 20
# A run of the program takes a few seconds, many more where the machine is busy.
RUN_SECONDS = 60
COLD_VENDOR = "04b4"


class Failed(Exception):
    """A check that did not hold."""


def expect(holds, what):
    if not holds:
        raise Failed(what)


def wait(holds, what):
    """Waits until something holds; its value."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        value = holds()
        if value:
            return value
        time.sleep(0.02)
    raise Failed(f"after {PATIENCE_SECONDS} s still not: {what}")


def devices_in_sysfs():
    """The folders of simulated devices that the kernel has enumerated: by serial number, or a chip without firmware."""
    found = []
    for folder in glob.glob("/sys/bus/usb/devices/*"):
        if read(f"{folder}/serial").startswith("SIM-") or read(f"{folder}/idVendor").strip() == COLD_VENDOR:
            found.append(folder)
    return found


def read(path):
    """A file's text; empty where there is none."""
    with contextlib.suppress(OSError), open(path) as file:
        return file.read()
    return ""


class Program:
    """The program as a user runs it."""

    def __init__(self, path, folder):
        self.path = path
        self.folder = folder
        self.count = 0

    def file(self):
        self.count += 1
        return f"{self.folder}/{self.count}.dbrec"

    def run(self, *arguments, status=0):
        done = subprocess.run(
            [self.path, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=RUN_SECONDS)
        expect(done.returncode == status, f"{' '.join(arguments)}: exit {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def json(self, *arguments, status=0):
        return json.loads(self.run(*arguments, "--json", status=status))

    def start(self, *arguments):
        return subprocess.Popen(
            [self.path, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def rows(self, profile):
        """What `devices` says of the devices of a profile."""
        listed = self.json("devices")
        rows = listed if isinstance(listed, list) else listed["devices"]
        return [row for row in rows if row.get("profileID") == profile]

    @contextlib.contextmanager
    def plugged_in(self, *arguments):
        """A simulated device while it is plugged in; gone from the bus afterwards."""
        process = self.start("simulate", *arguments)
        try:
            wait(lambda: devices_in_sysfs() or process.poll() is not None, "enumerated")
            if process.poll() is not None:
                raise Failed(f"simulate {' '.join(arguments)}: {process.stderr.read().strip()}")
            yield process
        finally:
            unplug(process)
            wait(lambda: not devices_in_sysfs(), "unplugged")


def unplug(process):
    """Lets the device's end go away."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired as slow:
        # What comes next must not meet it.
        process.kill()
        process.communicate(timeout=PATIENCE_SECONDS)
        raise Failed(f"{' '.join(process.args[1:])} did not end within {PATIENCE_SECONDS} s of SIGTERM") from slow


def detach():
    """What `usbip detach` does, on every port that has a device."""
    with open(f"{VHCI}/status") as file:
        lines = [line.split() for line in file]
    for words in lines:
        if len(words) > 2 and words[1].isdigit() and words[2] == "006":
            with open(f"{VHCI}/detach", "w") as file:
                file.write(str(int(words[1])))
