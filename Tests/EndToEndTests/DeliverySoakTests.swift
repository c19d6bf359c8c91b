import Foundation
import TestSupport
import Testing

@Suite("exams on their way to the clinic's record", .serialized)
struct DeliverySoakTests {
    /// How many exams: 1000 by `make delivery-soak`.
    private static let exams = ProcessInfo.processInfo.environment["DOPPLERBRIDGE_SOAK_EXAMS"].flatMap(Int.init) ?? 60
    /// After how many deliveries the sending process is killed.
    private static let killEvery = 50
    /// Image, PDF object, message, FHIR transaction.
    private static let documents = 4
    /// How often sending is begun again at the most, before it counts as hanging.
    private static let mostRuns = exams * documents

    @Test(
        "with faults and kills, each document arrives once or is shown to a person, and then arrives once",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: Peer.python),
            "skipped: no Tests/Peers/.venv; run .ci/peers"))
    func soak() throws {
        try Program.inTemporaryFolder { folder in
            let archive = try DeliveryRig(in: folder, exams: Self.exams)
            let queued = try archive.deliveries()
            #expect(queued.count == Self.exams * Self.documents)
            #expect(queued.allSatisfy { $0.state == "queued" })
            let peers = try FaultyPeers(in: folder, faults: 0.1)
            try archive.writeSettings(peers)
            let kills = try send(archive, peers)
            #expect(kills >= Self.exams * Self.documents / Self.killEvery / 2, "\(kills) kills")
            // Nothing is lost: what was not delivered is shown to a person, with its reason.
            let after = try archive.deliveries()
            #expect(after.count == queued.count)
            #expect(after.allSatisfy { ["sent", "needs-a-person"].contains($0.state) })
            #expect(after.allSatisfy { $0.state == "sent" || $0.lastError?.isEmpty == false })
            try peers.check(delivered: after.filter { $0.state == "sent" }, of: queued)
            // The person lets them go again.
            for _ in 0..<20 where try archive.deliveries().contains(where: { $0.state != "sent" }) {
                for name in ["archive", "ehr", "fhir"] { _ = try archive.outbox("retry", ["--to", name]) }
                _ = try archive.send()
            }
            let last = try archive.deliveries()
            #expect(last.allSatisfy { $0.state == "sent" })
            #expect(last.map(\.identifier) == queued.map(\.identifier) && last.map(\.sha256) == queued.map(\.sha256))
            try peers.check(delivered: last, of: queued)
            let verified = try archive.verify()
            #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        }
    }

    /// Sends until nothing is queued, killing the sender again and again.
    ///
    /// - Returns: how often it was killed.
    private func send(_ archive: DeliveryRig, _ peers: FaultyPeers) throws -> Int {
        var kills = 0
        for _ in 0..<Self.mostRuns {
            guard try archive.deliveries().contains(where: { $0.state == "queued" || $0.state == "sending" }) else {
                return kills
            }
            let process = try Program.start(archive.sending)
            let goal = peers.received + Self.killEvery
            while process.isRunning && peers.received < goal { usleep(5000) }
            if process.isRunning {
                kill(process.processIdentifier, SIGKILL)
                kills += 1
            }
            process.waitUntilExit()
        }
        Issue.record("the outbox does not become empty")
        return kills
    }
}
