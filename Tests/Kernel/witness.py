"""Watches the guest kernel itself: whether it stood still, and what hangs where a check does not end."""
import contextlib
import glob
import os
import threading
import time

SAMPLE_SECONDS = 0.02
# A check takes 20 s on a busy machine, and everything that it waits for has a limit of its own.
STUCK_SECONDS = 150
# As timeout(1) ends.
TOOK_TOO_LONG = 124


class Witness(threading.Thread):
    """Sleeps shortly, again and again: how much longer each sleep took, the guest did not run."""

    def __init__(self):
        super().__init__(daemon=True)
        self.stood_still_seconds = 0.0
        self.name_of_check = "none"
        self.check_began = time.monotonic()
        self.start()

    def begin(self, name):
        """A check begins: nothing was seen yet."""
        self.name_of_check, self.check_began, self.stood_still_seconds = name, time.monotonic(), 0.0

    def run(self):
        before = time.monotonic()
        while True:
            time.sleep(SAMPLE_SECONDS)
            now = time.monotonic()
            self.stood_still_seconds = max(self.stood_still_seconds, now - before - SAMPLE_SECONDS)
            before = now
            if now - self.check_began > STUCK_SECONDS:
                self.report()

    def report(self):
        """Says what every process waits for, and ends the test: Python cannot wait for a process that never ends."""
        print(f"STUCK  {self.name_of_check}: not ended after {STUCK_SECONDS} s", flush=True)
        for folder in sorted(glob.glob("/proc/[0-9]*")):
            command = text(f"{folder}/cmdline").replace("\0", " ").strip()
            if command:
                print(f"  {folder} {command[:100]}: {text(f'{folder}/wchan')} {text(f'{folder}/syscall').strip()}")
                print(text(f"{folder}/stack"), end="", flush=True)
        os._exit(TOOK_TOO_LONG)


def text(path):
    """A file's text; empty where it cannot be read."""
    with contextlib.suppress(OSError), open(path) as file:
        return file.read()
    return ""
