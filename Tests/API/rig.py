"""What the tests of the interface stand on: the program, the client, and a console with an archive of its own."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CLIENT = ROOT / "Clients" / "python"
OPENAPI = ROOT / "Sources" / "WebConsole" / "API" / "openapi.json"
SHORT_EXAM = ROOT / "Tests" / "Browser" / "short-exam.yaml"
sys.path.insert(0, str(CLIENT))

PASSPHRASE = "a long passphrase of theirs"
ANSWERS = {"ready": ("record", {}), "reviewing": ("accept", {}), "measuring": ("area", {"areaMm2": 40.5}),
           "inspecting": ("lumen", {"status": "normal"})}


def program():
    """The program: what DOPPLERBRIDGE names, else the release build; None where there is none."""
    if named := os.environ.get("DOPPLERBRIDGE"):
        return named
    built = ROOT / ".build" / "release" / "dopplerbridge"
    return str(built) if built.exists() else None


needs_program = unittest.skipIf(program() is None, "skipped: dopplerbridge is not built (make build)")


def start(case, probe="sim:ccsvi?seed=1", options=(), accounts=()):
    """A console on an archive of its own, with these accounts and roles, in a folder that is removed afterwards."""
    from dopplerbridge import Console

    folder = tempfile.TemporaryDirectory(prefix="dopplerbridge-api-")
    case.addClassCleanup(folder.cleanup) if isinstance(case, type) else case.addCleanup(folder.cleanup)
    path = pathlib.Path(folder.name)
    key = path / "key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    if accounts:
        add_accounts(path, accounts)
    console = Console.start(
        probe, path / "archive", program=program(),
        options=["--key-file", str(key), "--by", "Researcher", "--language", "en", *options])
    case.addClassCleanup(console.close) if isinstance(case, type) else case.addCleanup(console.close)
    return console, path


def add_accounts(path, accounts):
    """Makes the archive with accounts, which all have the passphrase PASSPHRASE; the first is an administrator's."""
    secret = path / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    archive = str(path / "archive")
    subprocess.run([program(), "archive", "init", archive], check=True, capture_output=True)
    for name, role in accounts:
        signed_in = [] if name == accounts[0][0] else ["--as", accounts[0][0], "--account-passphrase-file", str(secret)]
        subprocess.run([program(), "archive", "account", "add", archive, name, "--role", role,
                        "--new-passphrase-file", str(secret), *signed_in], check=True, capture_output=True)


def go_through(console):
    """Goes through the exam that is open to its end; the last state."""
    for state in console.questions():
        act, values = ANSWERS[state["phase"]]
        console.act(act, **values)
    return console.state()


def judge(schema_name):
    """A judge of documents by a schema of the description, or None where jsonschema_rs is missing."""
    try:
        import jsonschema_rs
    except ImportError:
        return None
    description = json.loads(OPENAPI.read_text())
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": description["components"],
              "$ref": f"#/components/schemas/{schema_name}"}
    return jsonschema_rs.Draft202012Validator(schema)
