#!/usr/bin/env python3
"""DCMTK's worklist server with items from DICOM dumps; each query is kept in DIRECTORY/queries.

Its answers leave the character set out unless it is told otherwise (--keep-charset), as many servers do.
"""
import argparse
import pathlib
import shutil
import subprocess
import sys

import peer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", help="its dumps (*.dump) become the items")
    parser.add_argument("--aet", default="WORKLIST")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--keep-charset", action="store_true")
    options = parser.parse_args()
    program = shutil.which("wlmscpfs")
    if not program:
        sys.exit("wlmscpfs is not installed")
    folder = pathlib.Path(options.directory).resolve()
    items = folder / "items" / options.aet
    items.mkdir(parents=True, exist_ok=True)
    (items / "lockfile").touch()
    (folder / "queries").mkdir(exist_ok=True)
    for dump in sorted(folder.glob("*.dump")):
        subprocess.run(["dump2dcm", "-q", str(dump), str(items / (dump.stem + ".wl"))], check=True)
    port = options.port or peer.free_port()
    command = [program, "-dfp", str(folder / "items"), "--request-file-path", str(folder / "queries")]
    command += ["-csk"] if options.keep_charset else ["-cs0"]
    peer.run(command + [str(port)], port, folder / "wlmscpfs.log")


if __name__ == "__main__":
    main()
