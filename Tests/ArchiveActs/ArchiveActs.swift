import ExamArchive
import Foundation

/// One act on an archive as a process of its own, so that a test can end it anywhere or lose what it did not sync.
///
/// The clock is an argument, so that each run does the same.
@main
struct ArchiveActs {
    /// Cheap, for tests alone.
    static let cheap = PassphraseCost(rounds: 2, blockSize: 8, parallelism: 1)
    /// The key of the archive's identities.
    static let secret = IdentitySecret.passphrase("correct horse battery", cost: cheap)
    /// The beginning of 2026, and ten years later.
    static let early = ArchiveAct(by: "anna", at: ArchiveTime(millisecondsSince1970: 1_767_225_600_000))
    static let late = ArchiveAct(by: "anna", at: ArchiveTime(millisecondsSince1970: 2_082_758_400_000))
    static let documentBytes = 6000

    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            guard words.count >= 2 else { throw ArchiveError.badArgument(what: "no act", remedy: "ACT ARCHIVE ...") }
            try act(words[0], words[1], Array(words.dropFirst(2)))
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    /// Tells what was acknowledged, at once.
    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    private static func act(_ verb: String, _ path: String, _ rest: [String]) throws {
        switch verb {
        case "init": _ = try Archive.make(at: path, archiveID: "TEST-ARCHIVE", act: early)
        case "bench":
            let most = try rest.first { $0 != "--json" }.map { word in
                guard let most = Int(word) else { throw ArchiveError.badArgument(what: word, remedy: "no number") }
                return most
            }
            try ArchiveBench.run(path, most: most ?? .max, isJSON: rest.contains("--json"))
        case "backup": _ = try Archive.backUp(path, to: rest[0], act: early)
        default: try write(verb, try Archive(writing: path, act: early), rest)
        }
    }

    private static func write(_ verb: String, _ archive: Archive, _ rest: [String]) throws {
        switch verb {
        case "add":
            let exam = try archive.add(rest[0], reader: { _ in .whole }, act: early)
            say("added \(exam.examID)")
        case "sign":
            try archive.sign(rest[0], deliveries: documents(rest[0]), secret: secret, act: early)
            say("signed \(rest[0])")
        case "send":
            let begun = try archive.beginNextDeliveries(to: "pacs", at: early.at, limit: 10)
            for delivery in begun {
                _ = try archive.payload(of: delivery, secret: secret)
                try archive.markSent([delivery.id], act: early)
                say("sent \(delivery.identifier)")
            }
        case "commit":
            let sent = try archive.deliveries(in: [.sent])
            try archive.requestCommitment(transactionUID: "2.25.1", of: sent.map(\.id), act: early)
            try archive.recordCommitment(
                transactionUID: "2.25.1", committed: sent.map(\.identifier), failed: [:], act: early)
            for delivery in sent { say("committed \(delivery.identifier)") }
        case "purge":
            for exam in try archive.purge(under: try RetentionRule(years: 1), reason: "r", act: late) {
                say("purged \(exam.examID)")
            }
        case "accounts":
            for (name, role) in [("adam", ArchiveRole.administrator), ("rita", .reader), ("tom", .technician)] {
                let passphrase = "the passphrase of \(name)"
                try archive.addAccount(name, role: role, passphrase: passphrase, cost: cheap, act: early)
                if role == .administrator { try archive.signIn(name, passphrase: passphrase, act: early) }
            }
        case "export":
            _ = try archive.export(rest[0], to: rest[1], act: early)
            say("exported \(rest[0])")
        default: throw ArchiveError.badArgument(what: verb, remedy: "no such act")
        }
    }

    private static func documents(_ examID: String) -> [NewDelivery] {
        (1...3).map { number in
            NewDelivery(
                destination: "pacs", kind: "document", identifier: "\(examID).\(number)",
                bytes: [UInt8](repeating: UInt8(ascii: "0") + UInt8(number), count: documentBytes))
        }
    }
}
