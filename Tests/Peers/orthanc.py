#!/usr/bin/env python3
"""Orthanc, Debian's, with its DICOMweb plugin: an archive that stores, commits and shows.

It listens on all interfaces whatever HttpBindAddresses says: RemoteAccessAllowed is what refuses the others.
"""
import argparse
import json
import pathlib
import shutil
import sys

import peer

POSTGRESQL = "/usr/share/orthanc/plugins/libOrthancPostgreSQL"
PLUGIN = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory")
    parser.add_argument("--aet", default="ORTHANC")
    parser.add_argument("--http-port", type=int, default=0)
    parser.add_argument("--port", type=int, default=0, help="the DICOM port")
    parser.add_argument("--station", action="append", help="an AE title that it knows; DOPPLERBRIDGE without")
    parser.add_argument("--postgresql", type=int, help="the port of a PostgreSQL that it keeps everything in")
    parser.add_argument("--station-port", type=int, default=104, help="where that one listens for commitment")
    parser.add_argument("--certificates", help="a folder of make_certs: then DICOM is spoken over TLS, mutually")
    options = parser.parse_args()
    program = shutil.which("Orthanc") or shutil.which("Orthanc", path="/usr/sbin:/usr/bin")
    if not program:
        sys.exit("Orthanc is not installed")
    folder = pathlib.Path(options.directory).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    port = options.port or peer.free_port()
    http_port = options.http_port or peer.free_port()
    configuration = {
        "Name": "peer", "StorageDirectory": str(folder / "storage"), "IndexDirectory": str(folder / "storage"),
        "HttpServerEnabled": True, "HttpPort": http_port, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
        "DicomServerEnabled": True, "DicomAet": options.aet, "DicomPort": port, "DicomCheckCalledAet": True,
        "DicomModalities": {
            title: {"AET": title, "Host": "127.0.0.1", "Port": options.station_port, "UseDicomTls": bool(options.certificates)}
            for title in options.station or ["DOPPLERBRIDGE"]},
        "DicomAlwaysAllowEcho": False, "DicomAlwaysAllowStore": False, "DicomCheckModalityHost": False,
        "DefaultEncoding": "Utf8", "Plugins": [PLUGIN] if pathlib.Path(PLUGIN).exists() else [],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"}, "SyncStorageArea": False,
    }
    if options.certificates:
        tls = pathlib.Path(options.certificates).resolve()
        configuration |= {
            "DicomTlsEnabled": True, "DicomTlsCertificate": str(tls / "server.pem"),
            "DicomTlsPrivateKey": str(tls / "server.key"), "DicomTlsTrustedCertificates": str(tls / "ca.pem"),
            "DicomTlsRemoteCertificateRequired": True,
        }
    if options.postgresql:
        configuration["Plugins"] += [POSTGRESQL + "Index.so", POSTGRESQL + "Storage.so"]
        configuration["PostgreSQL"] = {
            "EnableIndex": True, "EnableStorage": True, "Host": "127.0.0.1", "Port": options.postgresql,
            "Database": "orthanc", "Username": "orthanc", "Password": ""}
    file = folder / "orthanc.json"
    file.write_text(json.dumps(configuration, indent=1))
    (folder / "http-port").write_text(str(http_port))
    peer.run([program, str(file)], port, folder / "orthanc.log")


if __name__ == "__main__":
    main()
