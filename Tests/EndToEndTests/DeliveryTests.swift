import Foundation
import TestSupport
import Testing

@Suite("an exam from its signing to the clinic")
struct DeliveryTests {
    private static let hasPeers = FileManager.default.isExecutableFile(atPath: Peer.python)

    @Test(
        "signing puts the documents into the outbox, and each is sent to its destination",
        .enabled(if: hasPeers, "skipped: no Tests/Peers/.venv; run .ci/peers"))
    func signing() throws {
        try ArchiveRig.with { rig in
            let archive = try Peer("peer_scp.py", in: rig.path + "/pacs")
            let second = try Peer("peer_scp.py", in: rig.path + "/second")
            let receiver = try Peer("mllp_receiver.py", in: rig.path + "/ehr")
            let server = try Peer("http_peer.py", in: rig.path + "/fhir")
            let settings = try write(
                """
                station: {title: DOPPLER, serial: S-1, device-uid: 2.25.5}
                destinations:
                  - {name: archive, kind: dicom, host: 127.0.0.1, port: \(archive.port), title: PEER, \
                procedure-steps: true, documents: [structured-report, encapsulated-pdf]}
                  - {name: second, kind: dicom, host: 127.0.0.1, port: \(second.port), title: PEER, \
                documents: [structured-report, encapsulated-pdf]}
                  - {name: ehr, kind: hl7, host: 127.0.0.1, port: \(receiver.port)}
                  - {name: fhir, kind: fhir, url: "http://127.0.0.1:\(server.port)/fhir"}
                """, "record.yaml", rig)
            let key = try write(String(repeating: "k", count: 32), "key", rig)
            chmod(key, 0o600)
            let identity = try write(
                #"{"familyName": "Świątek", "givenName": "Łucja", "patientID": "P-1", "sex": "female"}"#, "id.json", rig
            )
            let stored = try Program.run(
                ["archive", "identity", "set", rig.archive, "S001", "--from", identity, "--key-file", key])
            #expect(stored.status == 0, "\(stored.errors)")
            #expect(try rig.run("add", [rig.exam]).status == 0)
            let checked = try Program.run(["record", "check", settings])
            #expect(checked.status == 0, "\(checked.output)")
            let signed = try rig.run("sign", ["EX-1", "--settings", settings, "--key-file", key])
            #expect(signed.status == 0, "\(signed.errors)")
            let sent = try Program.run(
                ["record", "send", rig.archive, "--settings", settings, "--key-file", key, "--once"])
            #expect(sent.status == 0, "\(sent.output)\(sent.errors)")
            let listed = try Program.run(["outbox", "list", rig.archive])
            #expect(listed.output.hasSuffix("8 sent\n"), "\(listed.output)")
            let order = archive.events.map(\.event).filter { $0 != "association" }
            #expect(order == ["mpps-create", "store", "store", "mpps-set"])
            // One identifier, the same bytes, wherever it goes.
            #expect(archive.events("store").map(\.sha256) == second.events("store").map(\.sha256))
            #expect(archive.events("store").map(\.id) == second.events("store").map(\.id))
            #expect(archive.events("mpps-create").first?.problems == [])
            #expect(archive.events("mpps-set").first?.problems == [])
            #expect(receiver.events("message").first?.problems == [])
            #expect(server.events("transaction").count == 1)
            // What a person reads of it holds no name.
            #expect(!(sent.output + sent.errors + listed.output + signed.output).contains("wiątek"))
        }
    }

    @Test("what nobody answers is told in words, with exit code 1")
    func nobody() throws {
        try Program.inTemporaryFolder { folder in
            let file = folder + "/record.yaml"
            let text = """
                station: {title: DOPPLER, serial: S-1, device-uid: 2.25.5}
                destinations:
                  - {name: archive, kind: dicom, host: 127.0.0.1, port: 9, title: PEER}
                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            let run = try Program.run(["record", "check", file])
            #expect(run.status == 1)
            #expect(run.output.contains("PEER at 127.0.0.1:9") && run.output.contains("firewall"))
            try Data((text + "\n    nmae: x\n").utf8).write(to: URL(fileURLWithPath: file))
            let wrong = try Program.run(["record", "check", file])
            #expect(wrong.status == 2 && wrong.errors.contains("record.yaml:"))
        }
    }

    private func write(_ text: String, _ name: String, _ rig: ArchiveRig) throws -> String {
        let path = rig.path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }
}
