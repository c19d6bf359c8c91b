#!/usr/bin/env python3
"""A DICOM peer with faults, by pynetdicom, which shares no code with DCMTK: storage, worklist, MPPS, commitment.

--plan and --faults are for C-STORE: ok, status:0xA700, abort (before it is kept), after (kept, then aborted without an
answer), delay:SECONDS.
"""
import io
import json
import ssl
import threading
import time

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE, AllStoragePresentationContexts, build_role, evt, service_class
from pynetdicom.sop_class import (
    ModalityPerformedProcedureStep, ModalityWorklistInformationFind, StorageCommitmentPushModel,
    StorageCommitmentPushModelInstance, Verification)

import peer

UNCOMPRESSED = [ExplicitVRLittleEndian, ImplicitVRLittleEndian]
# Type 1 of N-CREATE, PS3.4 table F.7.2-1: must be there with a value; the second list must be there, empty or not.
MPPS_VALUED = ["ScheduledStepAttributesSequence", "PerformedProcedureStepID", "PerformedStationAETitle",
               "PerformedProcedureStepStartDate", "PerformedProcedureStepStartTime", "PerformedProcedureStepStatus", "Modality"]
MPPS_PRESENT = ["PatientName", "PatientID", "PatientBirthDate", "PatientSex", "ReferencedPatientSequence",
                "PerformedStationName", "PerformedLocation", "PerformedProcedureStepDescription",
                "PerformedProcedureTypeDescription", "ProcedureCodeSequence", "PerformedProcedureStepEndDate",
                "PerformedProcedureStepEndTime", "StudyID", "PerformedProtocolCodeSequence", "PerformedSeriesSequence"]
MPPS_STEP = ["StudyInstanceUID", "ReferencedStudySequence", "AccessionNumber", "RequestedProcedureID",
             "RequestedProcedureDescription", "ScheduledProcedureStepID", "ScheduledProcedureStepDescription",
             "ScheduledProtocolCodeSequence"]


def options():
    parser = peer.arguments(__doc__)
    parser.add_argument("--aet", default="PEER")
    parser.add_argument("--refuse", type=int, default=0, help="how many associations it refuses first")
    parser.add_argument("--only", help="the one calling AE title that it lets in")
    parser.add_argument("--without", default="", help="a word in the names of storage classes that it does not take")
    parser.add_argument("--mpps-status", default="0x0000", help="with what it answers N-CREATE and N-SET")
    parser.add_argument("--commit", default="new", help="same, new, never, fail, refuse, late:SECONDS")
    parser.add_argument("--commit-port", type=int, default=0, help="where the asking side listens")
    parser.add_argument("--commit-tls-ca", help="PEM; with it the report goes over TLS")
    parser.add_argument("--commit-certificate", help="PEM; what the report is sent with, when it is not --certificate")
    parser.add_argument("--commit-key", help="PEM; the key of it")
    parser.add_argument("--worklist", help="JSON: the items, a list of DICOM JSON objects")
    parser.add_argument("--worklist-charset", default="ISO_IR 192", help="how the answers are written")
    parser.add_argument("--leave-charset-out", action="store_true", help="of the answers, as many servers do")
    parser.add_argument("--worklist-status", default="0x0000", help="with what the answers end")
    return parser.parse_args()


class Peer:
    def __init__(self, options):
        self.options = options
        self.events = peer.Events(options.directory)
        self.plan = peer.Plan(options)
        self.steps = {}
        self.stored = {}
        self.lock = threading.Lock()
        for line in (self.events.directory / "events.jsonl").read_text().splitlines():
            event = json.loads(line)
            if event["event"] == "store":
                self.stored[event["id"]] = event["class"]

    def requested(self, event):
        requestor = event.assoc.requestor
        self.events.say("association", calling=requestor.primitive.calling_ae_title, called=requestor.primitive.called_ae_title)

    def store(self, event):
        name, argument = self.plan.next()
        request = event.request
        content = io.BytesIO(request.DataSet.getvalue())
        data = event.dataset
        if name == "abort":
            self.events.say("fault", fault=name, about=str(request.AffectedSOPInstanceUID))
            event.assoc.abort()
            return 0x0110
        if name == "status":
            self.events.say("fault", fault=name, about=str(request.AffectedSOPInstanceUID))
            answer = Dataset()
            answer.Status = int(argument, 16)
            answer.ErrorComment = "as planned"
            return answer
        if name == "delay":
            time.sleep(float(argument))
        self.events.keep("store", str(data.SOPInstanceUID), content.getvalue(), ".dataset",
                         **{"class": str(data.SOPClassUID), "study": str(data.get("StudyInstanceUID", "")),
                            "syntax": str(event.context.transfer_syntax)})
        with self.lock:
            self.stored[str(data.SOPInstanceUID)] = str(data.SOPClassUID)
        if name == "after":
            self.events.say("fault", fault=name, about=str(request.AffectedSOPInstanceUID))
            event.assoc.abort()
        return 0x0000

    def find(self, event):
        asked = event.identifier
        self.events.say("find", query=asked.to_json_dict())
        items = json.load(open(self.options.worklist)) if self.options.worklist else []
        for item in items:
            data = Dataset.from_json(item)
            if not self.matches(asked, data):
                continue
            data.SpecificCharacterSet = self.options.worklist_charset
            yield 0xFF00, data
        yield int(self.options.worklist_status, 16), None

    @staticmethod
    def matches(asked, data):
        step = asked.get("ScheduledProcedureStepSequence") or [Dataset()]
        have = data.get("ScheduledProcedureStepSequence") or [Dataset()]
        for key in ("Modality", "ScheduledStationAETitle", "ScheduledProcedureStepStartDate"):
            wanted = str(step[0].get(key, "") or "")
            found = str(have[0].get(key, "") or "")
            low, dash, high = wanted.partition("-")
            if wanted and not ((low or found) <= found <= (high or found) if dash else wanted == found):
                return False
        return True

    def create_step(self, event):
        data = event.attribute_list
        uid = str(event.request.AffectedSOPInstanceUID)
        status = int(self.options.mpps_status, 16)
        problems = [name for name in MPPS_VALUED if not data.get(name)]
        problems += [name for name in MPPS_PRESENT if name not in data]
        for step in data.get("ScheduledStepAttributesSequence", []):
            problems += [name for name in MPPS_STEP if name not in step]
            problems += ["StudyInstanceUID"] if not step.get("StudyInstanceUID") else []
        if data.get("PerformedProcedureStepStatus") != "IN PROGRESS":
            problems.append("PerformedProcedureStepStatus")
        if status == 0 and uid in self.steps:
            status = 0x0111
        elif status == 0 and problems:
            status = 0x0120
        if status == 0:
            self.steps[uid] = "IN PROGRESS"
        self.events.say("mpps-create", about=uid, status=status, problems=problems, data=data.to_json_dict())
        return status, data

    def set_step(self, event):
        data = event.modification_list
        uid = str(event.request.RequestedSOPInstanceUID)
        status = int(self.options.mpps_status, 16)
        problems = []
        wanted = str(data.get("PerformedProcedureStepStatus", ""))
        if wanted == "COMPLETED":
            series = data.get("PerformedSeriesSequence") or []
            problems += [] if series else ["PerformedSeriesSequence"]
            for one in series:
                problems += [name for name in ("SeriesInstanceUID", "ProtocolName") if not one.get(name)]
        if wanted in ("COMPLETED", "DISCONTINUED"):
            problems += [name for name in ("PerformedProcedureStepEndDate", "PerformedProcedureStepEndTime") if not data.get(name)]
        if status == 0 and uid not in self.steps:
            status = 0x0112
        elif status == 0 and self.steps[uid] != "IN PROGRESS":
            status = 0x0110
        elif status == 0 and problems:
            status = 0x0120
        if status == 0 and wanted:
            self.steps[uid] = wanted
        self.events.say("mpps-set", about=uid, status=status, problems=problems, data=data.to_json_dict())
        return status, data

    def commit(self, event):
        data = event.action_information
        kind, _, argument = self.options.commit.partition(":")
        self.events.say("commit", about=str(data.TransactionUID), count=len(data.ReferencedSOPSequence))
        if kind == "refuse":
            return 0x0110, None
        if kind != "never":
            delay = float(argument) if kind == "late" else 0.05
            arguments = (data, kind, delay, event.assoc if kind == "same" else None, event.assoc.requestor.ae_title)
            threading.Thread(target=self.report, args=arguments, daemon=True).start()
        return 0x0000, None

    def report(self, asked, kind, delay, association, title):
        time.sleep(delay)
        report = Dataset()
        report.TransactionUID = asked.TransactionUID
        good, bad = [], []
        for reference in asked.ReferencedSOPSequence:
            item = Dataset()
            item.ReferencedSOPClassUID = reference.ReferencedSOPClassUID
            item.ReferencedSOPInstanceUID = reference.ReferencedSOPInstanceUID
            if kind == "fail" or str(reference.ReferencedSOPInstanceUID) not in self.stored:
                item.FailureReason = 0x0112
                bad.append(item)
            else:
                good.append(item)
        if good:
            report.ReferencedSOPSequence = good
        if bad:
            report.FailedSOPSequence = bad
        own = association is None
        if own:
            asking = AE(ae_title=self.options.aet)
            asking.add_requested_context(StorageCommitmentPushModel, UNCOMPRESSED)
            role = build_role(StorageCommitmentPushModel, scp_role=True)
            secure = None
            if self.options.commit_tls_ca:
                context = ssl.create_default_context(cafile=self.options.commit_tls_ca)
                context.check_hostname = False
                context.load_cert_chain(
                    self.options.commit_certificate or self.options.certificate, self.options.commit_key or self.options.key)
                secure = (context, "127.0.0.1")
            association = asking.associate(
                "127.0.0.1", self.options.commit_port, ae_title=title, ext_neg=[role], tls_args=secure)
        status = None
        if association.is_established:
            answer, _ = association.send_n_event_report(
                report, 2 if bad else 1, StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
            status = answer.get("Status") if answer else None
            if own:
                association.release()
        self.events.say("report", about=str(asked.TransactionUID), answered=status, good=len(good), bad=len(bad))


def leave_charset_out():
    """Lets answers be encoded in their character set, and cuts its name out of the bytes."""
    encode = service_class.encode

    def cut(data, *arguments):
        content = encode(data, *arguments)
        if "SpecificCharacterSet" not in data or content[:4] != b"\x08\x00\x05\x00":
            return content
        length = content[6:8] if content[4:6] == b"CS" else content[4:8]
        return content[8 + int.from_bytes(length, "little"):]

    service_class.encode = cut


def main():
    given = options()
    one = Peer(given)
    if given.leave_charset_out:
        leave_charset_out()
    ae = AE(ae_title=given.aet)
    ae.require_called_aet = True
    if given.only:
        ae.require_calling_aet = [given.only]
    for context in AllStoragePresentationContexts:
        if not given.without or given.without not in context.abstract_syntax.name:
            ae.add_supported_context(context.abstract_syntax, UNCOMPRESSED)
    for uid in (Verification, ModalityWorklistInformationFind, ModalityPerformedProcedureStep):
        ae.add_supported_context(uid, UNCOMPRESSED)
    ae.add_supported_context(StorageCommitmentPushModel, UNCOMPRESSED, scu_role=True, scp_role=True)
    refused = [given.refuse]

    def refuse(event):
        if refused[0] > 0:
            refused[0] -= 1
            one.events.say("fault", fault="refuse", about="")
            # Rejected-transient by the service provider: local limit exceeded.
            event.assoc.acse.send_reject(0x02, 0x03, 0x02)
            event.assoc.kill()

    handlers = [
        (evt.EVT_ACCEPTED, one.requested), (evt.EVT_REQUESTED, refuse), (evt.EVT_C_STORE, one.store),
        (evt.EVT_C_FIND, one.find), (evt.EVT_N_CREATE, one.create_step), (evt.EVT_N_SET, one.set_step),
        (evt.EVT_N_ACTION, one.commit),
    ]
    server = ae.start_server(("127.0.0.1", given.port), block=False, evt_handlers=handlers, ssl_context=peer.tls(given))
    peer.ready(server.server_address[1])
    threading.Event().wait()


if __name__ == "__main__":
    main()
