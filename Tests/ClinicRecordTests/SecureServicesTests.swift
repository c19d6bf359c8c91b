import ClinicRecord
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("archives of the clinic as they are run: TLS, their own commitment, DCMTK's faults")
struct SecureServicesTests {
    /// What a listener hears.
    private final class Heard: Sendable {
        private let reports = Mutex<[CommitmentReport]>([])

        func take(_ report: CommitmentReport) -> Bool {
            reports.withLock { $0.append(report) }
            return true
        }

        func wait(_ seconds: Int) -> CommitmentReport? {
            for _ in 0..<seconds * 100 {
                if let first = reports.withLock({ $0.first }) { return first }
                usleep(10_000)
            }
            return nil
        }
    }

    private func peer(_ port: UInt16, _ title: String, tls: TLSFiles?) -> DICOMPeer {
        DICOMPeer(
            host: "127.0.0.1", port: port, calledTitle: title, callingTitle: "DOPPLER", timeoutSeconds: 10, tls: tls)
    }

    @Test(
        "a report over mutual TLS reaches the listener, one of a stranger does not",
        .enabled(if: Needs.hasPython, Needs.python), arguments: [("server", true), ("stranger", false)])
    func commitmentOverTLS(_ name: String, _ arrives: Bool) throws {
        try Needs.folder { folder in
            let tls = try Needs.certificates(in: folder)
            let files = TLSFiles(
                authority: tls + "/ca.pem", own: .init(certificate: tls + "/station.pem", key: tls + "/station.key"))
            let heard = Heard()
            let listening = Needs.freePort()
            let listener = try CommitmentListener(
                ListenerSettings(title: "DOPPLER", port: listening, knownTitles: ["PEER"], tls: files),
                receiver: heard.take)
            let scp = try Peer(
                "peer_scp.py", in: folder,
                [
                    "--commit", "new", "--commit-port", "\(listening)", "--commit-tls-ca", tls + "/ca.pem",
                    "--commit-certificate", "\(tls)/\(name).pem", "--commit-key", "\(tls)/\(name).key",
                    "--certificate", tls + "/server.pem", "--key", tls + "/server.key", "--client-ca", tls + "/ca.pem",
                ])
            let archive = peer(scp.port, "PEER", tls: files)
            #expect(archive.store([TinyObject.make("1.2.3.1")]).map(\.error) == [nil])
            try archive.requestCommitment(
                "2.25.99",
                of: [ProcedureStep.Reference(sopClassUID: TinyObject.encapsulatedPDF, sopInstanceUID: "1.2.3.1")],
                waitSeconds: 0, receiver: heard.take)
            #expect(scp.wait(for: "report"))
            withExtendedLifetime(listener) {
                #expect(heard.wait(arrives ? 10 : 0)?.committed == (arrives ? ["1.2.3.1"] : nil))
            }
        }
    }

    @Test(
        "Orthanc takes objects over mutual TLS, and its own commitment arrives over it",
        .enabled(if: Needs.program("Orthanc"), Needs.comment("Orthanc", "orthanc")), arguments: [false, true])
    func orthanc(_ isSecure: Bool) throws {
        try Needs.folder { folder in
            let tls = try Needs.certificates(in: folder)
            let own = TLSFiles.Pair(certificate: tls + "/station.pem", key: tls + "/station.key")
            let files = isSecure ? TLSFiles(authority: tls + "/ca.pem", own: own) : nil
            let heard = Heard()
            let listening = Needs.freePort()
            let listener = try CommitmentListener(
                ListenerSettings(title: "DOPPLER", port: listening, knownTitles: ["ORTHANC"], tls: files),
                receiver: heard.take)
            let server = try Peer(
                "orthanc.py", in: folder,
                ["--station", "DOPPLER", "--station-port", "\(listening)"] + (isSecure ? ["--certificates", tls] : []))
            let archive = peer(server.port, "ORTHANC", tls: files)
            try archive.echo()
            #expect(archive.store([TinyObject.make("1.2.3.1")]).map(\.error) == [nil])
            let asked = ["1.2.3.1", "1.2.3.2"].map {
                ProcedureStep.Reference(sopClassUID: TinyObject.encapsulatedPDF, sopInstanceUID: $0)
            }
            try archive.requestCommitment("2.25.99", of: asked, waitSeconds: 0, receiver: heard.take)
            try withExtendedLifetime(listener) {
                let report = try #require(heard.wait(20))
                #expect(report.transactionUID == "2.25.99" && report.committed == ["1.2.3.1"])
                #expect(report.failed.keys.sorted() == ["1.2.3.2"])
            }
            guard isSecure else { return }
            let stranger = TLSFiles.Pair(certificate: tls + "/stranger.pem", key: tls + "/stranger.key")
            for files in [nil, TLSFiles(authority: tls + "/ca.pem", own: stranger)] {
                let refused = failure { () throws(ClinicRecordError) in
                    var archive = peer(server.port, "ORTHANC", tls: files)
                    archive.timeoutSeconds = 2
                    try archive.echo()
                }
                #expect(refused != nil)
            }
        }
    }

    @Test(
        "what DCMTK's storescp refuses or aborts is told as not sent, and is kept there when it was sent",
        .enabled(if: Needs.program("storescp"), Needs.comment("storescp", "dcmtk")),
        arguments: [nil, "refuse", "abort-after", "abort-during"])
    func storescp(_ fault: String?) throws {
        try Needs.folder { folder in
            let server = try Peer("storescp.py", in: folder, fault.map { ["--fault", $0] } ?? [])
            let answers = peer(server.port, "STORESCP", tls: nil)
                .store([TinyObject.make("1.2.3.1"), TinyObject.make("1.2.3.2", bytes: 300_000)])
            let kept = try FileManager.default.contentsOfDirectory(atPath: folder + "/objects").count
            guard let fault else {
                #expect(answers.map(\.error) == [nil, nil])
                return #expect(kept == 2)
            }
            for answer in answers {
                switch (fault, answer.error) {
                case ("refuse", .rejected), (_, .aborted), (_, .connectionLost): break
                // It stored the first object and answered before it aborted.
                case ("abort-after", nil): #expect(kept > 0)
                default: Issue.record("\(fault): \(String(describing: answer.error))")
                }
            }
            #expect(answers.last?.error != nil)
        }
    }
}
