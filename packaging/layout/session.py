"""The session that shows which functions of the program are used together; the program is $DOPPLERBRIDGE.

A live picture of many gates, and a whole exam with its review, report and signature.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Browser"))
from bench import RunningConsole  # noqa: E402
from footprint import GATES, Console, Looking, begin_live  # noqa: E402

LIVE_SECONDS = 10


def look_live():
    console = RunningConsole(probe="sim:ccsvi?pace=real", more=["--live-gates", str(GATES)])
    try:
        browser = Console(console.link)
        Looking(browser)
        begin_live(browser)
        time.sleep(LIVE_SECONDS)
    finally:
        console.stop()


def make_exam():
    with tempfile.TemporaryDirectory(prefix="dopplerbridge-layout-") as folder:
        subprocess.run(
            [sys.executable, ROOT / "Clients" / "python" / "whole_exam.py"], cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    look_live()
    make_exam()
