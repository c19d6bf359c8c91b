#!/usr/bin/env python3
"""Reads an ORU^R01 with python-hl7 and hl7apy and holds it against exam.json, the PDF and what a text must come back as.

Usage: check_oru.py MESSAGE EXAM.json REPORT.pdf EXPECTED.json    (and so on, by fours; EXPECTED: {"patientID", "family", "status", "text"})
"""
import base64
import json
import sys

import hl7
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message


def judge(message_file, exam_file, pdf_file, expected_file):
    """What is wrong with one of them, and what was held against what."""
    problems = []


    def check(holds, what):
        if not holds:
            problems.append(what)


    text = open(message_file, encoding="utf-8", newline="").read()
    exam = json.load(open(exam_file, encoding="utf-8"))
    pdf = open(pdf_file, "rb").read()
    expected = json.load(open(expected_file, encoding="utf-8"))
    check("\n" not in text and text.endswith("\r"), "segments do not end with CR")
    check(text.startswith("MSH|^~\\&|"), "MSH")

    message = hl7.parse(text)
    unescape = message.unescape
    msh, pid, obr = message.segment("MSH"), message.segment("PID"), message.segment("OBR")
    check(str(msh[9]) == "ORU^R01^ORU_R01" and str(msh[12]) == "2.5.1" and str(msh[18]) == "UNICODE UTF-8", "MSH-9, 12, 18")
    check(str(msh[11]) == ("T" if exam["isSimulated"] else "P"), "MSH-11")
    check(0 < len(str(msh[10])) <= 20, "MSH-10")
    check(unescape(str(pid[3][0][0])) == expected["patientID"], f"PID-3 is {pid[3][0][0]}")
    check(unescape(str(pid[5][0][0])) == expected["family"], f"PID-5 is {pid[5][0][0]}")
    check(str(obr[25]) == expected["status"], f"OBR-25 is {obr[25]}")
    rows = list(message.segments("OBX"))
    check([str(r[1]) for r in rows] == [str(i) for i in range(1, len(rows) + 1)], "OBX-1 does not count up")
    places = [(str(r[3][0][0]), str(r[4])) for r in rows]
    check(len(places) == len(set(places)), "OBX-3 and OBX-4 stand twice")
    for row in rows:
        allowed = {expected["status"]} | ({"N", "X"} if str(row[2]) == "NM" and not str(row[5]) else set())
        check(str(row[11]) in allowed, f"OBX-11 {row[11]}")
        if str(row[2]) == "NM" and str(row[5]):
            float(str(row[5]))
            check("e" not in str(row[5]).lower() and str(row[6][0][2]) == "UCUM", f"NM {row[5]} {row[6]}")
    documents = [r for r in rows if str(r[2]) == "ED"]
    check(len(documents) == 1, "ED")
    check(base64.b64decode(str(documents[0][5][0][4]), validate=True) == pdf, "the PDF is another one")
    numbers = {}
    for row in rows:
        if str(row[2]) == "NM" and str(row[5]):
            numbers.setdefault((str(row[3][0][0]), str(row[6][0][0])), []).append(float(str(row[5])))
    found = exam["measurements"]
    for code, unit, values in (
            ("20352-1", "cm/s", [o["meanVelocityCmPerS"] for o in found["observations"] if o.get("meanVelocityCmPerS") is not None]),
            ("397415007", "mm2", [a["areaMm2"] for a in found["lumenAreas"] if a.get("areaMm2") is not None]),
            ("REFLUX-PEAK", "cm/s", [r["peakVelocityCmPerS"] for o in found["observations"] for r in o["refluxes"]
                                     if r.get("peakVelocityCmPerS") is not None])):
        check(sorted(numbers.get((code, unit), [])) == sorted(map(float, values)), f"{code}: {numbers.get((code, unit))}")
    durations = [r["durationSeconds"] for o in found["observations"] for r in o["refluxes"]]
    check(all(d in numbers.get(("REFLUX-DUR", "s"), []) for d in durations), "a duration is missing")
    said = [unescape(str(r[5])) for r in rows if str(r[2]) == "TX"]
    check(all(s in said for s in exam["statement"]), "the statement is not whole")
    if expected.get("text"):
        check(expected["text"] in said, f"the text did not come back: {[s for s in said if len(s) < 200][:3]}")

    # hl7apy, by the structure of the message, strictly.
    parsed = parse_message(text, find_groups=True, validation_level=VALIDATION_LEVEL.TOLERANT)
    report = message_file + ".hl7apy"
    try:
        parsed.validate(report_file=report)
    except Exception as error:
        problems.append(f"hl7apy: {error}")
    for line in open(report, encoding="utf-8"):
        check(line.startswith("Warning"), f"hl7apy: {line.strip()}")
    results = parsed.ORU_R01_PATIENT_RESULT.ORU_R01_ORDER_OBSERVATION
    theirs = [o.OBX.OBX_5.to_er7() for o in results.ORU_R01_OBSERVATION]
    check(len(theirs) == len(rows), f"hl7apy finds {len(theirs)} of {len(rows)} observations")
    return problems, f"{len(rows)} observations hold"


wrong = []
arguments = sys.argv[1:]
for start in range(0, len(arguments), 4):
    problems, summary = judge(*arguments[start:start + 4])
    wrong += [f"{arguments[start]}: {problem}" for problem in problems[:30]]
    print(summary)
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
