#!/usr/bin/env python3
"""DCMTK's storage server; with --refuse it refuses every association, with --abort-after it aborts after each store."""
import argparse
import pathlib
import shutil
import sys

import peer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", help="where it writes what it received")
    parser.add_argument("--aet", default="STORESCP")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", choices=["refuse", "abort-after", "abort-during"])
    options = parser.parse_args()
    program = shutil.which("storescp")
    if not program:
        sys.exit("storescp is not installed")
    folder = pathlib.Path(options.directory).resolve()
    (folder / "objects").mkdir(parents=True, exist_ok=True)
    port = options.port or peer.free_port()
    command = [program, "--aetitle", options.aet, "--output-directory", str(folder / "objects"), "--bit-preserving"]
    command += [f"--{options.fault}"] if options.fault else []
    peer.run(command + [str(port)], port, folder / "storescp.log")


if __name__ == "__main__":
    main()
