#!/usr/bin/env python3
"""Starts Orthanc, stores DICOM files in it twice and looks at what it has: one study, and its own PDF view's bytes.

Usage: check_orthanc.py FOLDER REPORT.pdf EXPECTED.json FILE...    (EXPECTED: {"study", "name"})
"""
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

folder = pathlib.Path(sys.argv[1])
pdf = pathlib.Path(sys.argv[2]).read_bytes()
expected = json.loads(pathlib.Path(sys.argv[3]).read_text(encoding="utf-8"))
files = [pathlib.Path(f).read_bytes() for f in sys.argv[4:]]
program = shutil.which("Orthanc") or shutil.which("Orthanc", path="/usr/sbin")
if not program:
    print("skipped: Orthanc is missing: install the Debian package orthanc")
    sys.exit(0)
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
configuration = {"StorageDirectory": str(folder / "store"), "IndexDirectory": str(folder / "store"), "HttpPort": port,
                 "DicomServerEnabled": False, "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "Plugins": []}
(folder / "orthanc.json").write_text(json.dumps(configuration))
problems = []


def check(holds, what):
    if not holds:
        problems.append(what)


def ask(path, data=None):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data=data, timeout=20) as answer:
        return answer.read()


process = subprocess.Popen([program, str(folder / "orthanc.json")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    deadline = time.monotonic() + 30
    while True:
        try:
            ask("/system")
            break
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline or process.poll() is not None:
                sys.exit("Orthanc did not start")
            time.sleep(0.05)
    for attempt in ("Success", "AlreadyStored"):
        for data in files:
            answer = json.loads(ask("/instances", data))
            check(answer["Status"] == attempt, f"stored: {answer['Status']} instead of {attempt}")
    found = json.loads(ask("/statistics"))
    check((found["CountPatients"], found["CountStudies"], found["CountInstances"]) == (1, 1, len(files)), f"{found}")
    study = json.loads(ask("/studies/" + json.loads(ask("/studies"))[0]))
    check(study["MainDicomTags"]["StudyInstanceUID"] == expected["study"], "another study")
    check(study["PatientMainDicomTags"]["PatientName"] == expected["name"], study["PatientMainDicomTags"]["PatientName"])
    views = 0
    for instance in json.loads(ask("/instances")):
        tags = json.loads(ask(f"/instances/{instance}/simplified-tags"))
        if tags["SOPClassUID"] == "1.2.840.10008.5.1.4.1.1.104.1":
            back = ask(f"/instances/{instance}/pdf")
            length = int(tags["EncapsulatedDocumentLength"])
            check(length == len(pdf) and back[:length] == pdf and set(back[length:]) <= {0}, "the PDF came back changed")
            views += 1
        if tags["Modality"] == "US":
            image = ask(f"/instances/{instance}/preview")
            check(image.startswith(b"\x89PNG"), "no picture of the image")
    check(views == 1, f"{views} PDFs")
finally:
    # By its own door: a test runner may have blocked the signals that its children inherit.
    try:
        ask("/tools/shutdown", b"")
        process.wait(timeout=15)
    except Exception:
        process.kill()
        process.wait()
print("\n".join(problems) if problems else f"Orthanc shows {len(files)} objects")
sys.exit(1 if problems else 0)
