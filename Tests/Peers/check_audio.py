#!/usr/bin/env python3
"""Reads Doppler sound out of a General Audio Waveform: samples, channels, rate, marks, and what the standard's tables ask.

Usage: check_audio.py SOUND.dcm SOUND.wav SUBJECT, where the WAV file is what `convert --to wav-directions` wrote.
"""
import struct
import sys

import pydicom

try:  # The standard's tables of modules and attributes, as highdicom carries them.
    from highdicom._standard import IOD_MODULE_MAP, MODULE_ATTRIBUTE_MAP, SOP_CLASS_UID_IOD_KEY_MAP
except ImportError:
    import importlib.resources
    import json

    def table(name):
        return json.loads(importlib.resources.files("highdicom").joinpath("_standard", name).read_text())

    IOD_MODULE_MAP, MODULE_ATTRIBUTE_MAP = table("iod_module_map.json"), table("module_attribute_map.json")
    SOP_CLASS_UID_IOD_KEY_MAP = table("sop_class_iod_map.json")

dataset = pydicom.dcmread(sys.argv[1])
problems = []


def check(holds, what):
    if not holds:
        problems.append(what)


def wav(path):
    """Rate and pairs of samples of a stereo WAV file of 16 bits."""
    data = open(path, "rb").read()
    place, rate = 12, None
    while place < len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        body = data[place + 8:place + 8 + size]
        if name == b"fmt ":
            rate = struct.unpack_from("<I", body, 4)[0]
        if name == b"data":
            return rate, list(struct.iter_unpack("<hh", body))
        place += 8 + size + size % 2
    raise SystemExit(f"{path}: no samples")


def items(found, path):
    """The data sets at a path of sequences."""
    for keyword in path:
        found = [item for one in found for item in (one.get(keyword) or [])]
    return found


# What must always be there: Type 1 with a value, Type 2 at least empty, in every module that is mandatory.
checked = 0
for module in IOD_MODULE_MAP[SOP_CLASS_UID_IOD_KEY_MAP[dataset.SOPClassUID]]:
    if module["usage"] != "M":
        continue
    for attribute in MODULE_ATTRIBUTE_MAP[module["key"]]:
        if attribute["type"] not in ("1", "2"):
            continue
        for one in items([dataset], attribute["path"]):
            there = attribute["keyword"] in one
            check(there, f"{module['key']}: {attribute['keyword']} is missing")
            if there and attribute["type"] == "1":
                value = one[attribute["keyword"]].value
                check(value not in (None, "") and value != [], f"{module['key']}: {attribute['keyword']} is empty")
            checked += 1

rate, pairs = wav(sys.argv[2])
multiplex = dataset.WaveformSequence[0]
found = dataset.waveform_array(0)
check(dataset.SOPClassUID.name == "General Audio Waveform Storage" and dataset.Modality == "AU", "another object")
check(len(dataset.WaveformSequence) == 1 and multiplex.NumberOfWaveformChannels == 2, "not two channels of one group")
check(float(multiplex.SamplingFrequency) <= 44100 and round(float(multiplex.SamplingFrequency)) == rate, "another rate")
check(found.shape == (len(pairs), 2) and [tuple(pair) for pair in found.astype(int).tolist()] == pairs,
      "other samples than the WAV file's")
check(any(pair != (0, 0) for pair in pairs), "all samples are 0")
for channel, label in zip(multiplex.ChannelDefinitionSequence, ("towards", "away")):
    source = channel.ChannelSourceSequence[0]
    check(channel.ChannelLabel == label, f"channel {channel.ChannelLabel} instead of {label}")
    check((source.CodeValue, source.CodingSchemeDesignator) == ("109113", "DCM"), "not Doppler audio of CID 3000")
    check(channel.WaveformBitsStored == 16, "not 16 bits")
check(str(dataset.PatientName) == "" and dataset.PatientID == sys.argv[3], "another subject than the code")
check(dataset.PatientIdentityRemoved == "YES", "does not say that it is de-identified")
check(dataset.SeriesDescription.startswith("SIMULATED"), "does not say SIMULATED")
notes = [note.UnformattedTextValue for note in dataset.WaveformAnnotationSequence]
check(notes[0].startswith("SIMULATED"), "the first note does not say SIMULATED")
print("; ".join(problems) if problems else f"{len(pairs)} samples agree, {checked} attributes are there")
sys.exit(1 if problems else 0)
