"""Makes one exam at a console and prints what was seen, as JSON: whole_exam.py LINK VERB ...

    begin SUBJECT PROTOCOL [STOP]   begins an exam, goes to its end or to the recording of step STOP
    continue EXAM                   goes on with an exam to its end
    finish EXAM                     reviews, marks and signs it
"""
import json
import sys
import threading
import time

import console


class Listening:
    """Counts what comes over the live connection."""

    def __init__(self, browser):
        self.events, self.pieces, self.simulated = {}, {}, set()
        self.live = browser.live()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        try:
            while True:
                message = self.live.next(600)
                if isinstance(message, bytes):
                    self.pieces[message[0]] = self.pieces.get(message[0], 0) + 1
                    continue
                self.events[message["event"]] = self.events.get(message["event"], 0) + 1
                if message["event"] == "exam" and message["exam"]:
                    self.simulated.add(message["exam"]["isSimulated"])
        except (ConnectionError, OSError):
            pass

    def seen(self):
        return {"events": self.events, "pieces": {str(kind): count for kind, count in self.pieces.items()},
                "simulated": sorted(self.simulated)}


def begin(browser, subject, protocol, stop=None):
    listening = Listening(browser)
    browser.post("/api/statement")
    identity = {"name": "Gau\u00df^Zo\u00eb", "patientID": "P-1", "birthDate": "1961-04-30", "sex": "F"}
    exam = browser.post("/api/exams", {
        "subjectCode": subject, "protocolID": protocol, "indication": "first visit", "identity": identity,
        "worklistKey": None})["examID"]
    state = console.make_exam(browser, None if stop is None else int(stop))
    seconds = 0
    while stop is not None and seconds < 2:
        time.sleep(0.1)
        state = browser.get("/api/exam")["exam"]
        seconds = state["recordedSeconds"]
    return {"examID": exam, "phase": state["phase"], "recordedSeconds": seconds,
            "recordingID": state.get("recordingID"), "outcome": state.get("outcome"), **listening.seen()}


def go_on(browser, exam):
    listening = Listening(browser)
    listed = [entry for entry in browser.get("/api/patients")["exams"] if entry["examID"] == exam]
    browser.post(f"/api/exams/{exam}/continue")
    state = console.make_exam(browser)
    return {"listed": listed, "phase": state["phase"], "outcome": state.get("outcome"), **listening.seen()}


def finish(browser, exam):
    review = browser.get(f"/api/exams/{exam}/review")
    evidence = [recording for definition in review["definitions"] for criterion in definition["criteria"]
                for recording in criterion["evidence"]]
    first = review["exam"]["recordings"][0]["recordingID"]
    columns = browser.raw("GET", f"/api/exams/{exam}/recordings/{first}/columns")
    report = browser.raw("GET", f"/api/exams/{exam}/report.pdf")
    browser.post(f"/api/exams/{exam}/marks", {
        "recordingID": first, "marks": [{"startSeconds": 1, "endSeconds": 2.5, "state": "added", "proposed": None}]})
    trace = {"side": "towards", "points": [{"seconds": 1, "velocityCmPerS": 20}, {"seconds": 2, "velocityCmPerS": 30.5}]}
    browser.post(f"/api/exams/{exam}/trace", {"recordingID": first, **trace})
    kept = [one["traces"] for one in browser.get(f"/api/exams/{exam}/review")["marks"] if one["recordingID"] == first]
    signed = browser.post(f"/api/exams/{exam}/sign", {"passphrase": None})
    status, _, _ = browser.raw("POST", f"/api/exams/{exam}/sign", {})
    listed = [entry for entry in browser.get("/api/patients")["exams"] if entry["examID"] == exam][0]
    return {"definitions": len(review["definitions"]), "evidence": len(evidence), "indication": review["indication"],
            "columnsStatus": columns[0], "columnsKind": columns[2][0], "columnsBytes": len(columns[2]),
            "report": report[1], "reportHead": report[2][:5].decode(), "queued": signed["queued"], "isTraceKept": kept == [[trace]], "again": status,
            "state": listed["state"], "name": listed["name"],
            "outbox": [entry["state"] for entry in browser.get("/api/outbox")]}


VERBS = {"begin": begin, "continue": go_on, "finish": finish}
link, verb, *rest = sys.argv[1:]
print(json.dumps(VERBS[verb](console.Browser(link), *rest)))
