import ArgumentParser
import ClinicRecord
import Dispatch
import ExamArchive
import Foundation
import Glibc
import Synchronization

/// Sends what the outbox holds.
struct RecordSend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send what the outbox holds, each destination by itself.",
        discussion: """
            It goes on until it is told to end (Ctrl-C), or with --once until nothing more is due. While it runs it is the \
            one that writes the archive: beside other programs run it with --once from a timer. A document is sent under \
            the same identifier however often, so that a receiver knows it. Exit code 1 when a queue stopped or a delivery \
            needs a person.
            """)

    @Argument(help: "The archive's folder.")
    var folder: String

    @Option(help: "The settings' file.")
    var settings: String

    @Flag(help: "End when nothing more is due.")
    var once = false

    @Option(help: "With --once: how long reports of storage commitment are waited for in the end, seconds.")
    var linger = 5.0

    @OptionGroup var secret: IdentitySecretOptions
    @OptionGroup var options: ArchiveActOptions

    func run() async throws {
        let console = Console()
        let settings = try RecordSettings.read(self.settings)
        let archive = try Archive.opened(for: options, folder)
        let key = try secret.secret()
        let opened = try archiving { () throws(ArchiveError) in try archive.opened(key) }
        try warn(archive, settings, console)
        let means = OutboxWorker.Means(
            by: options.act.by, now: { ArchiveTime(secondsSince1970: Date().timeIntervalSince1970) },
            newUID: RecordUID.make, seed: UInt64(Date().timeIntervalSince1970))
        let run = OutboxRun(archive, settings: settings, secret: opened, means: means)
        let signals = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { run.stop() }
            source.resume()
            return source
        }
        let ends: [OutboxRun.End]
        let (isOnce, seconds) = (once, linger)
        do throws(ClinicRecordError) {
            ends = try await onOwnThread(named: "outbox") { () throws(ClinicRecordError) in
                try run.run(once: isOnce, lingerSeconds: seconds)
            }
        } catch { throw Failure(error) }
        withExtendedLifetime(signals) {}
        try tell(ends, archive, console)
    }

    /// Names what nobody will send.
    private func warn(_ archive: Archive, _ settings: RecordSettings, _ console: Console) throws {
        let known = Set(settings.destinations.map(\.name))
        let queued = try archiving { () throws(ArchiveError) in try archive.deliveries(in: [.queued]) }
        for name in Set(queued.map(\.destination)).subtracting(known).sorted() {
            console.say("\(name): deliveries are queued, and these settings know no such destination")
        }
    }

    private func tell(_ ends: [OutboxRun.End], _ archive: Archive, _ console: Console) throws {
        for end in ends {
            let stopped = end.stopped.map { "; stopped: \($0)" } ?? ""
            console.result("\(end.destination): \(end.taken) sent, \(end.left) attempts without success\(stopped)")
        }
        if let error = ends.compactMap(\.archiveError).first { throw Failure(error) }
        let waiting = try archiving { () throws(ArchiveError) in try archive.deliveries(in: [.needsAPerson]) }
        for delivery in waiting { console.result(OutboxText.line(delivery)) }
        guard waiting.isEmpty, ends.allSatisfy({ $0.stopped == nil }) else { throw Failure(.incomplete, "") }
    }
}

/// New UIDs: `2.25.` and a UUID as a number (PS3.5 annex B.2).
enum RecordUID {
    /// One that was never used.
    @Sendable
    static func make() -> String {
        let bytes = withUnsafeBytes(of: UUID().uuid) { Array($0) }
        var digits: [UInt8] = [0]
        for byte in bytes {
            var carry = Int(byte)
            for index in digits.indices {
                let value = Int(digits[index]) * 256 + carry
                digits[index] = UInt8(value % 10)
                carry = value / 10
            }
            while carry > 0 {
                digits.append(UInt8(carry % 10))
                carry /= 10
            }
        }
        return "2.25." + digits.reversed().map { "\($0)" }.joined()
    }
}
