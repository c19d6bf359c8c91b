"""Makes one exam at a console and prints what was seen, as JSON: whole_exam.py LINK VERB ...

    begin SUBJECT PROTOCOL [STOP]   begins an exam, goes to its end or to the recording of step STOP
    continue EXAM                   goes on with an exam to its end
    finish EXAM                     reviews, marks and signs it
"""
import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Clients" / "python"))
from dopplerbridge import Console, Refused  # noqa: E402: it stands beside the tests, not on the search path

ANSWERS = {"ready": ("record", {}), "reviewing": ("accept", {}), "measuring": ("area", {"areaMm2": 40.5}),
           "inspecting": ("lumen", {"status": "normal", "defects": []}), "resting": ("rested", {})}


class Listening:
    """Counts what comes over the live connection."""

    def __init__(self, console):
        self.events, self.pieces, self.simulated = {}, {}, set()
        self.live = console.live()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        try:
            for message in self.live:
                if not isinstance(message, dict):
                    kind = type(message).__name__
                    self.pieces[kind] = self.pieces.get(kind, 0) + 1
                    continue
                self.events[message["event"]] = self.events.get(message["event"], 0) + 1
                if message["event"] == "exam" and message["exam"]:
                    self.simulated.add(message["exam"]["isSimulated"])
        except OSError:
            pass

    def seen(self):
        return {"events": self.events, "pieces": self.pieces, "simulated": sorted(self.simulated)}


def go_through(console, stop=None):
    """Goes through the exam that is open, as a technician would: to its end, or into the recording of step `stop`."""
    for state in console.questions(rests=True):
        act, values = ANSWERS[state["phase"]]
        console.act(act, **values)
        while act == "record" and stop is not None and state.get("step") == stop:
            now = console.state()
            if now["phase"] == "recording" and now["recordedSeconds"] >= 2:
                return now
            time.sleep(0.1)
    return console.state()


def begin(console, subject, protocol, stop=None):
    listening = Listening(console)
    console.read_statement()
    identity = {"name": "Gau\u00df^Zo\u00eb", "patientID": "P-1", "birthDate": "1961-04-30", "sex": "F"}
    exam = console.begin(subject, protocol, indication="first visit", identity=identity)
    state = go_through(console, None if stop is None else int(stop))
    return {"examID": exam.exam_id, "phase": state["phase"], "recordedSeconds": state["recordedSeconds"],
            "recordingID": state.get("recordingID"), "outcome": state.get("outcome"), **listening.seen()}


def go_on(console, exam):
    listening = Listening(console)
    listed = [entry for entry in console.patients()["exams"] if entry["examID"] == exam]
    console.go_on(exam)
    state = go_through(console)
    return {"listed": listed, "phase": state["phase"], "outcome": state.get("outcome"), **listening.seen()}


def finish(console, exam_id):
    exam = console.exam(exam_id)
    review = exam.review()
    evidence = [recording for definition in review["definitions"] for criterion in definition["criteria"]
                for recording in criterion["evidence"]]
    first = review["exam"]["recordings"][0]["recordingID"]
    exam.mark(first, [{"startSeconds": 1, "endSeconds": 2.5, "state": "added", "proposed": None}])
    exam.trace(first, "towards", [(1, 20), (2, 30.5)])
    kept = [one["traces"] for one in exam.review()["marks"] if one["recordingID"] == first]
    points = [{"seconds": 1, "velocityCmPerS": 20}, {"seconds": 2, "velocityCmPerS": 30.5}]
    report, columns = exam.report(), len(exam.columns(first))
    queued, again = exam.sign(), 0
    try:
        exam.sign()
    except Refused as refused:
        again = refused.status
    listed = [entry for entry in console.patients()["exams"] if entry["examID"] == exam_id][0]
    return {"definitions": len(review["definitions"]), "evidence": len(evidence), "indication": review["indication"],
            "columns": columns, "reportHead": report[:5].decode(), "queued": queued, "again": again,
            "isTraceKept": kept == [[{"side": "towards", "points": points}]],
            "state": listed["state"], "name": listed["name"],
            "outbox": [entry["state"] for entry in console.outbox()]}


VERBS = {"begin": begin, "continue": go_on, "finish": finish}
link, verb, *rest = sys.argv[1:]
print(json.dumps(VERBS[verb](Console(link), *rest)))
