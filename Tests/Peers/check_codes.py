#!/usr/bin/env python3
"""Holds a table of codes against pydicom's: a verified code that pydicom knows must have a meaning that it knows.

Usage: check_codes.py TABLE    (concept, system, code, meaning, status between tabulators)
"""
import sys

from pydicom.sr import _concepts_dict

JUDGED = {"DCM", "SCT", "LN", "UCUM", "NCIt", "FMA"}
known = {}
for scheme, keywords in _concepts_dict.concepts.items():
    for codes in keywords.values():
        for code, (meaning, _) in codes.items():
            known.setdefault((scheme, code), set()).add(meaning)

problems, judged = [], 0
for number, line in enumerate(open(sys.argv[1], encoding="utf-8", newline="\n"), 1):
    concept, system, code, meaning, status = line.rstrip("\n").split("\t")
    if status == "private":
        if not system.startswith("99"):
            problems.append(f"{concept}: private under {system}")
        continue
    if (system, code) not in known:
        continue
    judged += 1
    if meaning not in known[(system, code)]:
        problems.append(f"{concept}: {system} {code} is {sorted(known[(system, code)])}, not {meaning!r}")
if judged < 60:
    problems.append(f"only {judged} codes could be judged: is this the whole table?")
print("\n".join(problems) if problems else f"{judged} codes agree with pydicom")
sys.exit(1 if problems else 0)
