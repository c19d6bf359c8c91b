"""A whole exam of a simulated patient, from the first step to the signature."""
from dopplerbridge import Console

ANSWERS = {
    "ready": ("record", {}), "reviewing": ("accept", {}),
    "measuring": ("area", {"areaMm2": 40.5}), "inspecting": ("lumen", {"status": "normal"}),
}
with Console.start(probe="sim:ccsvi", archive="archive") as console:
    console.read_statement()
    exam = console.begin("S001", protocol="neck-short", indication="first visit")
    for state in console.questions():
        act, values = ANSWERS[state["phase"]]
        console.act(act, **values)
    for criterion in exam.review()["definitions"][0]["criteria"]:
        print(criterion["id"], criterion["status"], criterion["title"])
    for recording_id, recording in exam.recordings().items():
        print(recording_id, len(exam.columns(recording_id)), "columns", recording["nyquistVelocityCmPerS"], "cm/s")
    exam.report("report.pdf")
    exam.sign()
