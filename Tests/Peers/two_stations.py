#!/usr/bin/env python3
"""Two stations, each with its own archive, and one Orthanc with PostgreSQL behind both.

Makes everything in DIRECTORY, lets each station examine and sign a simulated patient, sends, and prints what the clinic
then holds. Ends with 0 when every exam of both is there, once, and nothing of one station is in the other's archive.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request

import peer

POSTGRESQL = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
PLUGIN = pathlib.Path("/usr/share/orthanc/plugins/libOrthancPostgreSQLIndex.so")
STATIONS = {
    "STATION_A": ("healthy", "S001", {"familyName": "Rossi", "givenName": "Maria", "patientID": "A-1001"}),
    "STATION_B": ("ccsvi", "S001", {"familyName": "Wiśniewska", "givenName": "Zofia", "patientID": "B-2001"}),
}
SETTINGS = """\
station:
  title: {title}
  name: {title}
  serial: "{serial}"
  device-uid: "2.25.{serial}"
destinations:
  - name: pacs
    kind: dicom
    host: 127.0.0.1
    port: {port}
    title: ORTHANC
    documents: [structured-report, encapsulated-pdf, us-image]
"""


class Cluster:
    """A PostgreSQL of our own, which never runs as root."""

    def __init__(self, folder):
        self.folder, self.port = folder / "postgresql", peer.free_port()
        self.folder.mkdir()
        self.prefix = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self.prefix = ["runuser", "-u", "postgres", "--"]
        self.run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", "orthanc", "--no-sync")
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")
        self.run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "orthanc", "orthanc")

    def run(self, name, *arguments):
        command = self.prefix + [str(POSTGRESQL[-1] / name)] + [str(argument) for argument in arguments]
        ran = subprocess.run(command, capture_output=True, text=True, cwd="/")
        if ran.returncode:
            sys.exit(f"{name}: {ran.stderr or ran.stdout}")
        return ran.stdout

    def ask(self, query):
        return self.run("psql", "-h", "127.0.0.1", "-p", self.port, "-U", "orthanc", "-At", "-c", query, "orthanc")

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")


class Clinic:
    """The one Orthanc."""

    def __init__(self, folder, cluster):
        self.folder = folder / "orthanc"
        script = pathlib.Path(__file__).with_name("orthanc.py")
        self.process = subprocess.Popen(
            [sys.executable, script, self.folder, "--postgresql", str(cluster.port)]
            + [word for title in STATIONS for word in ("--station", title)], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            sys.exit("orthanc: did not start: " + (self.folder / "orthanc.log").read_text()[-2000:])
        self.port = int(line.split()[1])
        self.http = int((self.folder / "http-port").read_text())

    def ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}", timeout=30) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Station:
    """One station: its archive, its key, its settings."""

    def __init__(self, program, folder, title, port):
        self.program, self.title = program, title
        self.scenario, self.subject, self.identity = STATIONS[title]
        self.folder = folder / title
        self.folder.mkdir()
        self.archive = self.folder / "archive"
        self.key = self.folder / "identity.key"
        self.key.write_bytes(os.urandom(32))
        self.key.chmod(0o600)
        self.settings = self.folder / "record.yaml"
        serial = 1000 + list(STATIONS).index(title)
        self.settings.write_text(SETTINGS.format(title=title, serial=serial, port=port))

    def run(self, *arguments, codes=(0,)):
        command = [str(self.program)] + [str(argument) for argument in arguments]
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode not in codes:
            sys.exit(f"{' '.join(command)}: exit code {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def examine(self):
        """An exam from the patient to the outbox."""
        exam = self.folder / "exam"
        self.run("exam", "run", "--probe", f"sim:{self.scenario}", "--output", exam, "--exam-id", f"EX-{self.title[-1]}",
                 "--subject", self.subject, "--report", codes=(0, 1))
        (self.folder / "identity.json").write_text(json.dumps(self.identity))
        self.run("archive", "init", self.archive)
        self.run("archive", "identity", "set", self.archive, self.subject, "--from", self.folder / "identity.json",
                 "--key-file", self.key)
        self.run("archive", "add", self.archive, exam)
        self.run("archive", "sign", self.archive, f"EX-{self.title[-1]}", "--settings", self.settings, "--key-file", self.key)

    def send(self):
        return self.run("record", "send", self.archive, "--settings", self.settings, "--key-file", self.key, "--once")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("directory", type=pathlib.Path)
    options = parser.parse_args()
    if not POSTGRESQL or not PLUGIN.exists():
        print("skipped: two stations need Debian's postgresql, orthanc and orthanc-postgresql")
        return
    folder = options.directory.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    cluster = Cluster(folder)
    clinic = Clinic(folder, cluster)
    try:
        stations = [Station(options.program, folder, title, clinic.port) for title in STATIONS]
        for station in stations:
            station.examine()
            print(f"{station.title}: {station.send().splitlines()[0]}")
        show(clinic, cluster, stations)
    finally:
        clinic.stop()
        cluster.stop()


def show(clinic, cluster, stations):
    """What the clinic holds, and whether it is what was sent."""
    found = {}
    for study in clinic.ask("/studies?expand"):
        patient = study["PatientMainDicomTags"]
        kinds = [clinic.ask(f"/series/{name}")["MainDicomTags"]["Modality"] for name in study["Series"]]
        found[patient["PatientID"]] = sorted(set(kinds))
        print(f"in Orthanc: {patient['PatientID']}  {patient['PatientName']}  {' '.join(sorted(kinds))}")
    counts = cluster.ask("SELECT resourcetype, count(*) FROM resources GROUP BY 1 ORDER BY 1").split()
    names = ["patients", "studies", "series", "instances"]
    print("in PostgreSQL: " + ", ".join(f"{count.split('|')[1]} {names[int(count.split('|')[0])]}" for count in counts))
    expected = {station.identity["patientID"]: ["DOC", "SR", "US"] for station in stations}
    if found != expected:
        sys.exit(f"expected {expected}, found {found}")
    for station in stations:
        listed = station.run("archive", "list", station.archive)
        others = [other for other in stations if other is not station]
        if any(f"EX-{other.title[-1]}" in listed for other in others):
            sys.exit(f"{station.title}: its archive holds another station's exam")
        print(f"{station.title}: its archive holds its own exam alone")


if __name__ == "__main__":
    main()
