#!/usr/bin/env python3
"""A FHIR R4 endpoint (POST /fhir) and a STOW-RS endpoint (POST /dicom-web/studies) with faults.

The transaction is whole or nothing, with conditional create by ifNoneExist: a repetition makes no second resource.
--plan and --faults are for requests: ok, status:422, timeout:SECONDS, drop (closed, not kept), after (kept, then closed
without an answer), garbage; for STOW-RS also reject (each second object is refused, 202) and warn (0xB000 for each).
"""
import http.server
import io
import json
import threading
import time
import urllib.parse

import pydicom

import peer

TOO_LONG = 1 << 28


def options():
    parser = peer.arguments(__doc__)
    parser.add_argument("--token", help="the bearer token that it asks for")
    return parser.parse_args()


class Record:
    """The resources that are kept, and by which identifiers they are found."""

    def __init__(self, events):
        self.events = events
        self.lock = threading.Lock()
        self.path = events.directory / "record.json"
        self.resources = json.loads(self.path.read_text()) if self.path.exists() else []

    @staticmethod
    def matches(resource, condition):
        kind, _, value = urllib.parse.unquote(condition).partition("=")
        if not value:
            return resource.get("id") == kind
        system, _, wanted = value.partition("|")
        identifiers = resource.get("identifier", [])
        identifiers = identifiers if isinstance(identifiers, list) else [identifiers]
        return kind == "identifier" and any(
            i.get("value") == wanted and i.get("system", "") == system for i in identifiers)

    def transact(self, bundle):
        """The status and the answer."""
        if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "transaction":
            return 400, self.outcome("not a transaction")
        answers, added = [], []
        with self.lock:
            for entry in bundle.get("entry", []):
                resource, request = entry.get("resource"), entry.get("request", {})
                if not resource or request.get("method") not in ("POST", "PUT"):
                    return 400, self.outcome("an entry without resource or with another method")
                kind = resource.get("resourceType")
                condition = request.get("ifNoneExist")
                if not condition and request["method"] == "PUT":
                    # An update: by its condition, or by the id in its address.
                    address, _, condition = request.get("url", "").partition("?")
                    condition = condition or address.partition("/")[2]
                present = [r for r in self.resources + added if r["resourceType"] == kind and condition
                           and self.matches(r, condition)]
                if len(present) > 1:
                    return 412, self.outcome(f"{kind}: several match")
                if not present:
                    added.append(resource)
                answers.append({"response": {"status": "200 OK" if present else "201 Created"}})
            self.resources += added
            temporary = self.path.with_suffix(".new")
            temporary.write_text(json.dumps(self.resources))
            temporary.replace(self.path)
        return 200, {"resourceType": "Bundle", "type": "transaction-response", "entry": answers}

    @staticmethod
    def outcome(text):
        issue = {"severity": "error", "code": "processing", "diagnostics": text}
        return {"resourceType": "OperationOutcome", "issue": [issue]}


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    record = events = plan = token = None

    def log_message(self, *_):
        pass

    def send(self, status, content, kind="application/fhir+json"):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_let_in(self):
        if self.token and self.headers.get("Authorization") != f"Bearer {self.token}":
            self.send(401, self.record.outcome("who are you?"))
            return False
        return True

    def do_GET(self):
        if not self.is_let_in():
            return
        if self.path.startswith("/fhir/metadata"):
            self.send(200, {"resourceType": "CapabilityStatement", "status": "active", "kind": "instance",
                            "date": "2026-01-01", "fhirVersion": "4.0.1", "format": ["json"]})
        elif self.path.startswith("/fhir/"):
            kind = self.path.split("/")[2].split("?")[0]
            found = [r for r in self.record.resources if r["resourceType"] == kind]
            self.send(200, {"resourceType": "Bundle", "type": "searchset", "total": len(found),
                            "entry": [{"resource": r} for r in found]})
        elif self.path.startswith("/dicom-web/studies"):
            self.send(200, [], "application/dicom+json")
        else:
            self.send(404, self.record.outcome("nothing here"))

    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        if length > TOO_LONG:
            self.send(413, self.record.outcome("too long"))
            return
        body = self.rfile.read(length)
        if not self.is_let_in():
            return
        name, argument = self.plan.next()
        if name != "ok":
            self.events.say("fault", fault=name, about=argument)
        if name == "drop":
            self.close_connection = True
            return
        if name == "timeout":
            time.sleep(float(argument))
            self.close_connection = True
            return
        if name == "status":
            self.send(int(argument), self.record.outcome("as planned"))
            return
        if self.path.startswith("/dicom-web/studies"):
            status, answer, kind = self.stow(body, name)
        elif self.path.rstrip("/") == "/fhir":
            status, answer, kind = self.fhir(body)
        else:
            status, answer, kind = 404, self.record.outcome("nothing here"), "application/fhir+json"
        if name == "after":
            self.close_connection = True
            return
        if name == "garbage":
            answer = b"<html>this is no answer</html>"
        self.send(status, answer, kind)

    def fhir(self, body):
        kind = "application/fhir+json"
        if self.headers.get_content_type() != kind:
            return 415, self.record.outcome("application/fhir+json it must be"), kind
        try:
            bundle = json.loads(body)
        except ValueError:
            return 400, self.record.outcome("no JSON"), kind
        status, answer = self.record.transact(bundle)
        if status == 200:
            reports = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "DiagnosticReport"]
            named = bundle.get("identifier") or reports[0]["identifier"][0]
            identifier = named["value"]
            self.events.keep("transaction", identifier, body, ".json")
        return status, answer, kind

    def stow(self, body, name):
        kind = "application/dicom+json"
        if self.headers.get_content_type() != "multipart/related":
            return 415, [], kind
        boundary = self.headers.get_param("boundary").encode()
        good, bad = [], []
        for part in self.parts(body, boundary):
            data = pydicom.dcmread(io.BytesIO(part), defer_size=None)
            item = {"00081150": {"vr": "UI", "Value": [str(data.SOPClassUID)]},
                    "00081155": {"vr": "UI", "Value": [str(data.SOPInstanceUID)]}}
            if name == "reject" and (len(good) + len(bad)) % 2 == 1:
                item["00081197"] = {"vr": "US", "Value": [0xA900]}
                bad.append(item)
                continue
            if name == "warn":
                item["00081196"] = {"vr": "US", "Value": [0xB000]}
            self.events.keep("stow", str(data.SOPInstanceUID), part, ".dcm")
            good.append(item)
        answer = {}
        if good:
            answer["00081199"] = {"vr": "SQ", "Value": good}
        if bad:
            answer["00081198"] = {"vr": "SQ", "Value": bad}
        return (200 if not bad else 202 if good else 409), answer, kind

    @staticmethod
    def parts(body, boundary):
        """The parts by the letter of RFC 2046: CR LF before each boundary belongs to the boundary."""
        pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
        for piece in pieces[1:-1]:
            _, content = piece.split(b"\r\n\r\n", 1)
            yield content


def main():
    given = options()
    Answers.events = peer.Events(given.directory)
    Answers.plan = peer.Plan(given)
    Answers.record = Record(Answers.events)
    Answers.token = given.token
    server = http.server.ThreadingHTTPServer(("127.0.0.1", given.port), Answers)
    server.daemon_threads = True
    context = peer.tls(given)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    peer.ready(server.server_address[1])
    server.serve_forever()


if __name__ == "__main__":
    main()
