"""What every peer shares: its arguments, its faults, what it says and when it ends.

A peer listens on 127.0.0.1, prints one line `ready PORT` when it does, writes what happened as one line of JSON each into
DIRECTORY/events.jsonl, and ends with the process that started it.
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time


# Whoever starts a peer from one of many threads may have signals blocked in it.
signal.pthread_sigmask(signal.SIG_SETMASK, [])


def arguments(description):
    """The arguments that every peer has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("directory", help="where it keeps what it received and events.jsonl")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--plan", default="", help="what it does with each, one after the other, then only well: ok,fault,...")
    parser.add_argument("--fault-share", type=float, default=0, help="the share of faults after the plan, 0 to 1")
    parser.add_argument("--faults", default="", help="which faults those are: fault,fault,...")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--certificate", help="PEM; with --key the peer speaks TLS")
    parser.add_argument("--key", help="PEM")
    parser.add_argument("--client-ca", help="PEM; who connects must have a certificate of this authority")
    return parser


class Plan:
    """The faults, in order, then by chance with a seed."""

    def __init__(self, options):
        self.steps = [step for step in options.plan.split(",") if step]
        self.faults = [fault for fault in options.faults.split(",") if fault]
        self.share = options.fault_share
        self.random = random.Random(options.seed)
        self.lock = threading.Lock()

    def next(self):
        """What to do now: its name and its argument, `status:0xA700` being ("status", "0xA700")."""
        with self.lock:
            if self.steps:
                step = self.steps.pop(0)
            elif self.faults and self.random.random() < self.share:
                step = self.random.choice(self.faults)
            else:
                step = "ok"
        name, _, argument = step.partition(":")
        return name, argument


class Events:
    """What happened, as lines of JSON that outlive the peer."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.file = open(self.directory / "events.jsonl", "a", buffering=1)
        self.lock = threading.Lock()
        # A peer that is started again goes on counting.
        self.digests = {}
        for line in (self.directory / "events.jsonl").read_text().splitlines():
            event = json.loads(line)
            if "sha256" in event:
                self.digests.setdefault(event["id"], []).append(event["sha256"])

    def say(self, event, **fields):
        with self.lock:
            self.file.write(json.dumps({"event": event, **fields}) + "\n")

    def keep(self, event, identifier, content, suffix, **fields):
        """Keeps what was received and counts its copies; the same identifier with other bytes is told as such."""
        digest = hashlib.sha256(content).hexdigest()
        with self.lock:
            before = self.digests.setdefault(identifier, [])
            differs = any(other != digest for other in before)
            before.append(digest)
            copies = len(before)
        name = "".join(c if c.isalnum() or c in ".-" else "_" for c in identifier)[:120]
        (self.directory / (name + suffix)).write_bytes(content)
        self.say(event, id=identifier, sha256=digest, copies=copies, differs=differs, **fields)


def tls(options):
    """The server's side of TLS, or None for plain TCP."""
    if not options.certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(options.certificate, options.key)
    if options.client_ca:
        context.load_verify_locations(options.client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def ready(port):
    """Says that the peer listens, and ends it with its parent."""
    print(f"ready {port}", flush=True)
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def free_port():
    """A port that was free a moment ago, for a program that cannot choose one itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(command, port, log):
    """Runs a foreign server until this process is told to end, and ends it then."""
    with open(log, "ab") as output:
        child = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)

    def stop(*_):
        child.terminate()
        try:
            child.wait(3)
        except subprocess.TimeoutExpired:
            child.kill()
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    deadline = time.monotonic() + 30
    while child.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            time.sleep(0.05)
    if child.poll() is not None or time.monotonic() >= deadline:
        print(f"did not start: see {log}", file=sys.stderr)
        stop()
    print(f"ready {port}", flush=True)
    parent = os.getppid()
    while child.poll() is None and os.getppid() == parent:
        time.sleep(0.2)
    stop()
