import ClinicRecord
import ExamArchive
import Foundation
import Synchronization

/// An archive with exams that wait to be sent.
struct Station {
    let archive: Archive
    let secret: IdentitySecret
    let settings: RecordSettings
    private let clock = Clock()

    /// A clock that is moved by hand.
    final class Clock: Sendable {
        private let milliseconds = Mutex<Int64>(1_769_854_500_000)

        var now: ArchiveTime {
            milliseconds.withLock {
                $0 += 1
                return ArchiveTime(millisecondsSince1970: $0)
            }
        }

        func advance(seconds: Double) { milliseconds.withLock { $0 += Int64(seconds * 1000) } }
    }

    /// A station in a folder.
    ///
    /// - Parameter destinations: YAML, two spaces deep.
    init(in folder: String, destinations: String, more: String = "") throws {
        let key = folder + "/key"
        try Data(repeating: 7, count: 32).write(to: URL(fileURLWithPath: key))
        chmod(key, 0o600)
        let act = ArchiveAct(by: "test", at: clock.now)
        archive = try Archive.make(at: folder + "/archive", archiveID: "TEST", act: act)
        try archive.setIdentity(
            PatientIdentity(familyName: "Świątek", givenName: "Łucja"), of: "S001", secret: .keyFile(path: key),
            act: act)
        secret = try archive.opened(.keyFile(path: key))
        let yaml = """
            station: {title: DOPPLER, serial: S-1, device-uid: 2.25.5}
            \(more)
            destinations:
            \(destinations)
            """
        settings = try RecordSettings(yaml: yaml, file: folder + "/record.yaml")
        let exam = folder + "/exam/recordings"
        try FileManager.default.createDirectory(atPath: exam, withIntermediateDirectories: true)
        try Data("a".utf8).write(to: URL(fileURLWithPath: exam + "/01.dbrec"))
    }

    /// Puts documents into the outbox, for an exam that is made for them.
    @discardableResult
    func queue(_ exam: String, of subject: String = "S001", _ documents: [NewDelivery]) throws -> [Delivery] {
        let act = ArchiveAct(by: "test", at: clock.now)
        let folder = (archive.path as NSString).deletingLastPathComponent + "/exam"
        try archive.add(folder, subjectCode: subject, examID: exam, reader: { _ in .whole }, act: act)
        return try archive.enqueue(documents, of: exam, secret: secret, act: act)
    }

    /// A worker for the destination of this name.
    func worker(_ name: String) throws -> OutboxWorker {
        let means = OutboxWorker.Means(
            by: "test", now: { [clock] in clock.now }, newUID: { "2.25.\(UInt64.random(in: 1...UInt64.max))" }, seed: 1)
        let destination = settings.destinations.first { $0.name == name }
        guard let destination else { throw CocoaError(.fileNoSuchFile) }
        return OutboxWorker(destination, archive: archive, secret: secret, means: means)
    }

    /// Lets time pass.
    func advance(seconds: Double) { clock.advance(seconds: seconds) }

    /// Steps until nothing is due or the queue stopped, letting the waits pass.
    func drain(_ worker: OutboxWorker, rounds: Int = 30) throws -> OutboxWorker.Step {
        for _ in 0..<rounds {
            switch try worker.step() {
            case .tried: continue
            case .idle:
                guard try !archive.deliveries(to: worker.destination.name, in: [.queued]).isEmpty else { return .idle }
                advance(seconds: 4000)
            case .stopped(let reason): return .stopped(reason: reason)
            }
        }
        return .idle
    }

    /// The states of all deliveries, in their order.
    var states: [DeliveryState] { get throws { try archive.deliveries().map(\.state) } }
}
