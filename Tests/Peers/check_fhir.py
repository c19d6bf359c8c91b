#!/usr/bin/env python3
"""Judges a FHIR R4 transaction: models, required bindings, references, conditions, and its numbers against exam.json.

Usage: check_fhir.py BUNDLE.json EXAM.json REPORT.pdf [...]; a CodeSystem stands in a bundle's place with - and -
"""
import base64
import json
import sys
import traceback
import urllib.parse
import warnings

from fhir.resources.R4B import get_fhir_model_class

warnings.simplefilter("ignore")


def judge(bundle_file, exam_file, pdf_file):
    """What is wrong with one of them, and what was held against what."""
    problems = []
    # Required bindings whose codes the package cuts short (FHIR R4 4.0.1).
    REPORT_STATUS = {"registered", "partial", "preliminary", "final", "amended", "corrected", "appended", "cancelled",
                     "entered-in-error", "unknown"}
    OBSERVATION_STATUS = REPORT_STATUS - {"partial", "appended"}
    BINDINGS = {("DiagnosticReport", "status"): REPORT_STATUS, ("Observation", "status"): OBSERVATION_STATUS,
                ("DeviceDeviceName", "type"): {"udi-label-name", "user-friendly-name", "patient-reported-name",
                                               "manufacturer-name", "model-name", "other"},
                ("CodeSystem", "content"): {"not-present", "example", "fragment", "complete", "supplement"}}


    def check(holds, what):
        if not holds:
            problems.append(what)


    def bindings(model, where):
        """The required bindings, which the package knows but does not enforce."""
        for key, field in type(model).model_fields.items():
            value = getattr(model, key, None)
            if value is None:
                continue
            allowed = BINDINGS.get((type(model).__name__, key))
            if allowed is None:
                allowed = (field.json_schema_extra or {}).get("enum_values") if isinstance(field.json_schema_extra, dict) else None
                if allowed and "+" in allowed:
                    problems.append(f"{where}.{key}: the whole binding is not known to this judge")
                    continue
            if allowed and isinstance(value, str):
                check(value in allowed, f"{where}.{key}: {value!r} is not one of {sorted(allowed)}")
            for index, part in enumerate(value if isinstance(value, list) else [value]):
                if hasattr(type(part), "model_fields"):
                    bindings(part, f"{where}.{key}[{index}]")


    def validated(resource, where):
        try:
            model = get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        except Exception as error:
            problems.append(f"{where}: {error}")
            return
        bindings(model, where)


    bundle = json.load(open(bundle_file, encoding="utf-8"))
    if bundle["resourceType"] == "CodeSystem":
        validated(bundle, "CodeSystem")
        codes = [c["code"] for c in bundle["concept"]]
        check(len(codes) == len(set(codes)) == bundle["count"], "codes stand twice, or the count is wrong")
        return problems, "the code system holds"
    exam = json.load(open(exam_file, encoding="utf-8"))
    pdf = open(pdf_file, "rb").read()
    check(bundle["resourceType"] == "Bundle" and bundle["type"] == "transaction", "no transaction")
    validated(bundle, "Bundle")
    urls = [e["fullUrl"] for e in bundle["entry"]]
    check(len(urls) == len(set(urls)), "two entries have one address")
    by_type = {}


    def references(value):
        if isinstance(value, dict):
            if isinstance(value.get("reference"), str):
                yield value["reference"]
            for part in value.values():
                yield from references(part)
        elif isinstance(value, list):
            for part in value:
                yield from references(part)


    def texts(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, (dict, list)):
            for part in (value.values() if isinstance(value, dict) else value):
                yield from texts(part)


    conditions = set()
    for entry in bundle["entry"]:
        resource, request = entry["resource"], entry["request"]
        kind = resource["resourceType"]
        by_type.setdefault(kind, []).append(resource)
        validated(resource, kind)
        for reference in references(resource):
            check(reference in urls, f"{kind}: {reference} leads nowhere")
        check(all(t.strip() for t in texts(resource)), f"{kind}: an empty text")
        if request["method"] == "PUT":
            check(request["url"] == f"{kind}/{resource['id']}", f"{kind}: is put elsewhere")
            continue
        check(request["method"] == "POST" and request["url"] == kind, f"{kind}: request")
        field, _, value = request["ifNoneExist"].partition("=")
        system, _, value = urllib.parse.unquote(value, errors="strict").partition("|")
        plain = value.replace("\\|", "|").replace("\\,", ",").replace("\\$", "$").replace("\\\\", "\\")
        check(field == "identifier" and any(i.get("system") == system and i["value"] == plain
                                            for i in resource["identifier"]), f"{kind}: condition {request['ifNoneExist']}")
        check((kind, request["ifNoneExist"]) not in conditions, f"{kind}: two with one condition")
        conditions.add((kind, request["ifNoneExist"]))
    for kind in ("Patient", "Device", "ImagingStudy", "DiagnosticReport", "Provenance"):
        check(len(by_type.get(kind, [])) == 1, f"{len(by_type.get(kind, []))} times {kind}")
    report = by_type["DiagnosticReport"][0]
    check(base64.b64decode(report["presentedForm"][0]["data"], validate=True) == pdf, "the PDF is another one")
    check(all(s in report["conclusion"] for s in exam["statement"]), "the statement is not whole")
    used = set(references(report["result"])) | {r for o in by_type["Observation"] for r in references(o.get("hasMember", []))}
    observations = {e["fullUrl"]: e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Observation"}
    check(used == set(observations), "an observation hangs in the air")
    if exam["isSimulated"]:
        for resource in [bundle] + [r for rs in by_type.values() for r in rs if r["resourceType"] not in ("Patient", "Device")]:
            check(resource.get("meta", {}).get("security", [{}])[0].get("code") == "HTEST", f"{resource['resourceType']}: not marked")

    # The numbers.
    places = {}
    for observation in observations.values():
        check(observation["component"], "an observation without components")
        for component in observation["component"]:
            values = [k for k in component if k.startswith("value") or k == "dataAbsentReason"]
            check(len(values) == 1, f"component with {values}")
            quantity = component.get("valueQuantity")
            if quantity:
                check(quantity["system"] == "http://unitsofmeasure.org" and quantity["code"], "a figure without its unit")
        ids = [c["valueString"] for c in observation["component"] if c["code"]["coding"][0]["code"] == "ITEM-ID"]
        if ids:
            places[ids[0]] = observation


    def component(observation, text):
        found = [c for c in observation["component"] if c["code"].get("text") == text]
        return found[0] if len(found) == 1 else None


    def figure(observation, text, wanted, unit, where):
        found = component(observation, text)
        if found is None:
            problems.append(f"{where}: {text} does not stand once")
        elif wanted is None:
            check("dataAbsentReason" in found, f"{where}: {text} has a value")
        else:
            quantity = found.get("valueQuantity", {})
            check(quantity.get("value") == wanted and quantity.get("code") == unit, f"{where}: {text} is {quantity}, not {wanted}")


    CODES = {"internalJugular": "ijv", "vertebral": "vv", "internalCerebral": "icv", "basalRosenthal": "bvr",
             "greatCerebralGalen": "gcv", "deepMiddleCerebral": "dmcv", "straightSinus": "ss", "transverseSinus": "ts",
             "cavernousSinus": "cs", "superiorPetrosalSinus": "sps", "inferiorPetrosalSinus": "ips", "azygos": "azv"}
    for found in exam["measurements"]["observations"]:
        site = found["site"]
        window = [] if site["vein"] in ("internalJugular", "vertebral") else [site["window"]]
        where = ".".join([CODES[site["vein"]], site["side"]] + ([site["level"]] if site.get("level") else []) + window
                         + [site["posture"]])
        check(where in places, f"{where}: is missing")
        if where not in places:
            continue
        figure(places[where], "meanVelocity", found.get("meanVelocityCmPerS"), "cm/s", where)
        for index, reflux in enumerate(found["refluxes"], 1):
            figure(places[where], f"reflux.{index}", reflux["durationSeconds"], "s", where)
            for key, name, unit in (("onsetSeconds", "onset", "s"), ("peakVelocityCmPerS", "peakVelocity", "cm/s"),
                                    ("confidence", "confidence", "1"), ("breathsSeen", "breathsSeen", "{count}")):
                if reflux.get(key) is not None:
                    figure(places[where], f"reflux.{index}.{name}", reflux[key], unit, where)
        absent = component(places[where], "meanVelocity").get("dataAbsentReason")
        if found["status"] == "notAssessable":
            check(absent["coding"][0]["code"] == "unknown", f"{where}: not assessable is {absent}")
        elif absent:
            check(absent["coding"][0]["code"] == "not-performed", f"{where}: not measured is {absent}")
    for area in exam["measurements"]["lumenAreas"]:
        where = f"ijv.{area['side']}.{area['level']}.{area['posture']}"
        figure(places[where], "area", area.get("areaMm2"), "mm2", where)
    return problems, "the bundle holds"


wrong = []
arguments = sys.argv[1:]
for start in range(0, len(arguments), 3):
    try:
        problems, summary = judge(*arguments[start:start + 3])
    except Exception as error:  # what is read is not of the form that the standard and the exam promise
        place = traceback.extract_tb(error.__traceback__)[-1]
        problems, summary = [f"cannot be read on from here: {type(error).__name__} {error} ({place.line})"], ""
    wrong += [f"{arguments[start]}: {problem}" for problem in problems[:30]]
    print(summary)
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
