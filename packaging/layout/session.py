"""The session that shows which functions of the program are used together: session.py PROGRAM

A live picture of many gates, and a whole exam with its review, report and signature.
"""
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Clients" / "python"))
from dopplerbridge import Console, Refused  # noqa: E402

LIVE_SECONDS = 10
PATIENCE_SECONDS = 60
ANSWERS = {
    "ready": ("record", {}), "reviewing": ("accept", {}),
    "measuring": ("area", {"areaMm2": 40.5}), "inspecting": ("lumen", {"status": "normal"}),
}


def begin_live(console):
    end = time.monotonic() + PATIENCE_SECONDS
    while (phase := console.state()["phase"]) != "live":
        if time.monotonic() > end:
            raise TimeoutError(f"no live picture after {PATIENCE_SECONDS} s: {phase}")
        try:
            if phase in ("resting", "ready"):
                console.act("rested" if phase == "resting" else "live")
        except Refused as refused:
            if refused.status != 409:  # the exam went on by itself
                raise
        time.sleep(0.1)


def look_live(program, folder):
    """One browser, 128 gates, as in `make console-footprint`."""
    with Console.start(probe="sim:ccsvi?pace=real", archive=folder / "live", options=["--live-gates", "128"], program=program) as console:
        console.read_statement()
        console.begin("S001", protocol="neck-short", indication="layout")
        with console.live() as live:
            begin_live(console)
            end = time.monotonic() + LIVE_SECONDS
            while time.monotonic() < end:
                live.next()


def make_exam(program, folder):
    with Console.start(probe="sim:ccsvi", archive=folder / "exam", program=program) as console:
        console.read_statement()
        exam = console.begin("S002", protocol="neck-short", indication="layout")
        for state in console.questions():
            act, values = ANSWERS[state["phase"]]
            console.act(act, **values)
        exam.review()
        for recording_id in exam.recordings():
            exam.columns(recording_id)
        exam.report(str(folder / "report.pdf"))
        exam.sign()


def main():
    with tempfile.TemporaryDirectory(prefix="dopplerbridge-layout-") as name:
        look_live(sys.argv[1], pathlib.Path(name))
        make_exam(sys.argv[1], pathlib.Path(name))


if __name__ == "__main__":
    main()
