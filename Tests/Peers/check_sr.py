#!/usr/bin/env python3
"""Reads a structured report back with pydicom and highdicom and holds it against exam.json.

Every number of the measurements, criteria and severity must stand in the report with its unit, and every number of the
report must come from the exam. Usage: check_sr.py REPORT.dcm EXAM.json [REPORT.dcm EXAM.json ...]
"""
import copy
import json
import sys
import traceback

import highdicom
import pydicom


def judge(report, exam_file):
    """What is wrong with one of them, and what was held against what."""
    dataset = pydicom.dcmread(report)
    exam = json.load(open(exam_file, encoding="utf-8"))
    problems = []


    def check(holds, what):
        if not holds:
            problems.append(what)


    def name(item):
        sequence = item.get("ConceptNameCodeSequence")
        return sequence[0].CodeValue if sequence else None


    def children(item, wanted=None, relationship=None):
        found = item.get("ContentSequence", [])
        return [c for c in found if (wanted is None or name(c) == wanted)
                and (relationship is None or c.RelationshipType == relationship)]


    def only(item, wanted):
        found = children(item, wanted)
        check(len(found) == 1, f"{name(item)}: {len(found)} times {wanted}")
        return found[0] if found else None


    compared = set()


    def number(item):
        """Value, unit; or None and the qualifier."""
        compared.add(id(item))
        values = item.get("MeasuredValueSequence", [])
        if not values:
            return None, item.NumericValueQualifierCodeSequence[0].CodeValue
        value = values[0]
        exact = value.get("FloatingPointValue")
        return float(value.NumericValue) if exact is None else float(exact), value.MeasurementUnitsCodeSequence[0].CodeValue


    def expect(item, wanted, unit, where, qualifier="114007"):
        if item is None:
            return
        value, said = number(item)
        if wanted is None:
            check(value is None and said == qualifier, f"{where}: {value} {said}, expected none with {qualifier}")
        else:
            check(value == float(wanted) and said == unit, f"{where}: {value} {said}, expected {wanted} {unit}")


    def optional(item, concept, wanted, unit, where):
        found = children(item, concept)
        check(len(found) == (wanted is not None), f"{where}: {concept} stands {len(found)} times")
        if found and wanted is not None:
            expect(found[0], wanted, unit, where)


    def coded(item):
        return item.ConceptCodeSequence[0].CodeValue if item is not None else None


    def walk(item):
        yield item
        for child in item.get("ContentSequence", []):
            yield from walk(child)


    PRESENT, ABSENT, UNDETERMINED, NOT_EXAMINED = "52101004", "272519000", "373068000", "NOT-EXAMINED"
    OUTCOME = {"met": PRESENT, "notMet": ABSENT, "notExamined": NOT_EXAMINED, "notAssessable": UNDETERMINED}
    QUALIFIER = {"examined": "114007", "notExamined": "114007", "notAssessable": "114011"}
    OPEN = {"notExamined": NOT_EXAMINED, "notAssessable": UNDETERMINED}
    VERDICT = {v: v.upper() for v in ("positive", "negative", "borderline", "indeterminate")}
    SIDE = {"left": "7771000", "right": "24028007"}
    POSTURE = {"supine": "40199007", "sitting": "33586001"}

    check(dataset.ContentTemplateSequence[0].TemplateIdentifier == "5100", "template")
    check(dataset.SpecificCharacterSet == "ISO_IR 192", "character set")
    schemes = {s.CodingSchemeDesignator: s for s in dataset.get("CodingSchemeIdentificationSequence", [])}
    check("99CCSVI" in schemes and "CodingSchemeUID" in schemes.get("99CCSVI", {}), "private scheme is not declared")
    for item in walk(dataset):
        for sequence in ("ConceptNameCodeSequence", "ConceptCodeSequence"):
            for code in item.get(sequence, []):
                check(len(code.CodeValue) <= 16 and 0 < len(code.CodeMeaning) <= 64, f"code {code.CodeValue}")
                if code.CodingSchemeDesignator.startswith("99"):
                    check(code.CodingSchemeDesignator in schemes, f"undeclared scheme of {code.CodeValue}")
    listed = {instance.ReferencedSOPInstanceUID
              for study in dataset.get("CurrentRequestedProcedureEvidenceSequence", [])
              for series in study.ReferencedSeriesSequence for instance in series.ReferencedSOPSequence}
    referenced = {c.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for c in walk(dataset) if c.get("ValueType") == "IMAGE"}
    check(referenced <= listed, "a picture is missing from the evidence")

    # The places.
    places = {}
    for section in children(dataset, "59776-5"):
        side = coded(only(section, "272741003"))
        for reading in children(section, relationship="CONTAINS"):
            ids = children(reading, "ITEM-ID")
            check(len(ids) == 1, "a place without its id, or with several")
            if ids:
                check(ids[0].TextValue not in places, f"{ids[0].TextValue} stands twice")
                places[ids[0].TextValue] = (side, reading)
    measurements = exam["measurements"]
    for observation in measurements["observations"]:
        site = observation["site"]
        parts = [{"internalJugular": "ijv", "vertebral": "vv", "internalCerebral": "icv", "basalRosenthal": "bvr",
                  "greatCerebralGalen": "gcv", "deepMiddleCerebral": "dmcv", "straightSinus": "ss",
                  "transverseSinus": "ts", "cavernousSinus": "cs", "superiorPetrosalSinus": "sps",
                  "inferiorPetrosalSinus": "ips", "azygos": "azv"}[site["vein"]], site["side"]]
        if site.get("level"):
            parts.append(site["level"])
        if site["vein"] not in ("internalJugular", "vertebral"):
            parts.append(site["window"])
        where = ".".join(parts + [site["posture"]])
        check(where in places, f"{where}: is not in the report")
        if where not in places:
            continue
        side, reading = places[where]
        midline = site["vein"] in ("greatCerebralGalen", "straightSinus", "azygos")
        check(side == ("66459002" if midline else SIDE[site["side"]]), f"{where}: side {side}")
        check(coded(only(reading, "113744")) == POSTURE[site["posture"]], f"{where}: posture")
        status = observation["status"]
        flow, reflux = coded(only(reading, "FLOW")), coded(only(reading, "REFLUX"))
        durations = children(reading, "REFLUX-DUR")
        velocity = only(reading, "20352-1")
        expect(velocity, observation.get("meanVelocityCmPerS"), "cm/s", where, QUALIFIER[status])
        recording = next((r for r in exam["recordings"] if r["recordingID"] == observation.get("recordingID")), None)
        if recording and observation.get("meanVelocityCmPerS") is not None:
            optional(velocity, "125106", recording["scale"]["insonationAngleDegrees"], "deg", where)
            optional(velocity, "125107", recording["gateDepthMm"] / 10, "cm", where)
        if status != "examined":
            check(flow == OPEN[status] and reflux == OPEN[status], f"{where}: {flow}, {reflux} for {status}")
            check(len(durations) == 1, f"{where}: reflux of {status}")
            expect(durations[0], None, "s", where, QUALIFIER[status])
            continue
        absence = observation.get("absence") or {}
        holds = absence and all(absence.values())
        check(flow == (PRESENT if observation["flow"] == "present" else ABSENT if holds else UNDETERMINED), f"{where}: flow")
        refluxes = observation["refluxes"]
        check(len(durations) == len(refluxes), f"{where}: {len(durations)} refluxes instead of {len(refluxes)}")
        if refluxes:
            check(reflux == PRESENT, f"{where}: reflux {reflux}")
        elif observation["flow"] == "present":
            check(reflux == ABSENT, f"{where}: nothing found is {reflux}")
        for item, episode in zip(durations, refluxes):
            expect(item, episode["durationSeconds"], "s", where)
            for concept, key, unit in (("REFLUX-ONSET", "onsetSeconds", "s"), ("371884006", "durationUncertaintySeconds", "s"),
                                       ("REFLUX-PEAK", "peakVelocityCmPerS", "cm/s"), ("CONFIDENCE", "confidence", "1"),
                                       ("BREATHS-REFLUX", "breathsSeen", "{count}"), ("BREATHS", "breathsRecorded", "{count}")):
                optional(item, concept, episode.get(key), unit, f"{where} {key}")
    for area in measurements["lumenAreas"]:
        where = f"ijv.{area['side']}.{area['level']}.{area['posture']}"
        check(where in places, f"{where}: the area is not in the report")
        if where not in places:
            continue
        found = children(places[where][1], "397415007")
        check(len(found) == 1, f"{where}: {len(found)} areas")
        if found:
            expect(found[0], area.get("areaMm2"), "mm2", where, QUALIFIER[area["status"]])
            optional(found[0], "371884006", (area.get("picture") or {}).get("uncertaintyMm2"), "mm2", where)
            optional(found[0], "CONFIDENCE", area.get("confidence"), "1", where)
            earlier = area.get("superseded") or []
            superseded = children(found[0], "SUPERSEDED")
            check(len(superseded) == len(earlier), f"{where}: {len(superseded)} superseded")
            for item, value in zip(superseded, earlier):
                expect(item, value.get("areaMm2"), "mm2", where, QUALIFIER[value["status"]])
    for place in measurements.get("lumenInspections", []):
        check(f"lumen.{place['side']}.{place['level']}" in places, "a lumen is not in the report")
    for flow in measurements["volumeFlows"]:
        values = [number(c) for _, reading in places.values() for c in children(reading, "33878-0")]
        check((float(flow["mlPerMin"]), "mL/min") in values, "a volume flow is not in the report")
    beside = children(dataset, "BESIDE-SECTION")
    if measurements.get("arterialInflowSupineMlPerMin") is not None:
        expect(only(beside[0], "INFLOW-SUPINE"), measurements["arterialInflowSupineMlPerMin"], "mL/min", "inflow")
    # What was planned and not done says that it was not measured.
    for where, (side, reading) in places.items():
        flow = children(reading, "FLOW")
        if flow and coded(flow[0]) in (NOT_EXAMINED, UNDETERMINED):
            for item in children(reading, "20352-1") + children(reading, "REFLUX-DUR"):
                check(not item.get("MeasuredValueSequence"), f"{where}: a value although {coded(flow[0])}")

    # The criteria.
    assessment = exam["assessment"]


    def criteria(container, result, is_whole):
        for finding in result["criteria"]:
            item = only(container, "CRIT" + finding["criterion"][1])
            check(coded(item) == OUTCOME[finding["outcome"]], f"{finding['criterion']}: {coded(item)} for {finding['outcome']}")
            if not is_whole:
                continue
            evidence = children(item, "EVIDENCE")
            check([e.TextValue for e in evidence] == [e["text"] for e in finding["evidence"]], f"{finding['criterion']}: evidence")
            for said, wanted in zip(evidence, finding["evidence"]):
                for concept, key, unit in (("REFLUX-ONSET", "onsetSeconds", "s"), ("REFLUX-DUR", "durationSeconds", "s"),
                                           ("CONFIDENCE", "confidence", "1"), ("BREATHS-REFLUX", "breathsSeen", "{count}"),
                                           ("BREATHS", "breathsRecorded", "{count}")):
                    optional(said, concept, wanted.get(key), unit, finding["criterion"])
        expect(only(container, "NCRIT"), result["metCount"], "{count}", "criteria met")
        expect(only(container, "NOPEN"), result["unknownCount"], "{count}", "criteria open")
        check(coded(only(container, "VERDICT")) == VERDICT[result["verdict"]], "verdict")


    criteria(only(dataset, "CCSVI-SECTION"), assessment, True)
    definitions = exam.get("definitions")
    if definitions:
        parts = children(only(dataset, "DEFINITIONS"), "DEFINITION-RES")
        check(len(parts) == len(definitions["results"]), "definitions")
        for part, result in zip(parts, definitions["results"]):
            criteria(part, result, False)
            expect(only(part, "VHISS-LOW"), result["vhissLow"], "{score}", "score")
            expect(only(part, "VHISS-HIGH"), result["vhissHigh"], "{score}", "score")
    score, severity = assessment["vhiss"], only(dataset, "VHISS-SECTION")
    expect(only(severity, "VHISS"), score["value"], "{score}", "score", "114011")
    expect(only(severity, "VHISS-LOW"), score["low"], "{score}", "score")
    expect(only(severity, "VHISS-HIGH"), score["high"], "{score}", "score")
    parts = children(severity, "VHISS-PART")
    check(len(parts) == len(score["parts"]), "parts of the score")
    for item, part in zip(parts, score["parts"]):
        for concept, key, unit in (("PART-FOUND", "found", "{count}"), ("PART-UNKNOWN", "unknown", "{count}"),
                                   ("PART-POINTS", "pointsEach", "{points}"), ("PART-MOST", "atMost", "{points}")):
            expect(only(item, concept), part[key], unit, part["name"])
    conclusions = [c.TextValue for c in children(only(dataset, "121076"), "121077")]
    for sentence in exam["statement"]:
        check(sentence in conclusions, "the statement is not whole")
    if exam["isSimulated"]:
        check("SIMULATED" in conclusions[0] and children(only(dataset, "121111"), "SIMULATED"), "the mark of simulation")
        check(dataset.StudyDescription.startswith("SIMULATED") and dataset.SeriesDescription.startswith("SIMULATED"), "marks")

    # highdicom reads the same tree by its own rules. It has no place for a figure without a value (type 2 in PS3.3
    # C.18.1), so those are taken out of its copy; pydicom has judged them above.


    def without_empty(item):
        kept = [c for c in item.get("ContentSequence", []) if c.get("ValueType") != "NUM" or c.get("MeasuredValueSequence")]
        for child in kept:
            without_empty(child)
        if "ContentSequence" in item:
            item.ContentSequence = kept


    def figures(items):
        for item in items:
            if isinstance(item, highdicom.sr.NumContentItem):
                yield item.name.value, float(item.value), item.unit.value
            yield from figures(item.get("ContentSequence", []))


    whole = copy.deepcopy(dataset)
    without_empty(whole)
    read = highdicom.sr.ComprehensiveSR.from_dataset(whole, copy=False)
    theirs = list(figures(read.content))
    ours = [(name(item),) + number(item) for item in walk(dataset)
            if id(item) in compared and item.get("MeasuredValueSequence")]
    check(sorted(theirs) == sorted(ours), f"highdicom reads {len(theirs)} numbers, pydicom {len(ours)}, or other ones")
    numbers = [item for item in walk(dataset) if item.get("ValueType") == "NUM"]
    empty = [item for item in numbers if id(item) not in compared and not item.get("MeasuredValueSequence")]
    # What nobody compared must be a planned place that holds no value.
    extra = [item for item in numbers if id(item) not in compared and item.get("MeasuredValueSequence")]
    check(not extra, f"{len(extra)} numbers of the report come from nowhere: {sorted({name(i) for i in extra})}")
    return problems, f"{len(compared)} numbers agree with the exam, {len(empty)} more hold none"


wrong = []
arguments = sys.argv[1:]
for start in range(0, len(arguments), 2):
    try:
        problems, summary = judge(*arguments[start:start + 2])
    except Exception as error:  # what is read is not of the form that the standard and the exam promise
        place = traceback.extract_tb(error.__traceback__)[-1]
        problems, summary = [f"cannot be read on from here: {type(error).__name__} {error} ({place.line})"], ""
    wrong += [f"{arguments[start]}: {problem}" for problem in problems[:30]]
    print(summary)
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
