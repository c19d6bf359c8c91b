import ArgumentParser
import ExamArchive

/// What waits to be sent, and what a person does about it.
struct OutboxVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "See what is to be sent, let it go again, or give it up.",
        subcommands: [OutboxList.self, OutboxRetry.self, OutboxCancel.self])
}

/// Lists deliveries.
struct OutboxList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the deliveries, the oldest first.")

    @Argument(help: "The archive's folder.")
    var folder: String

    @Option(help: "Only to this destination.")
    var to: String?

    @Option(help: "Only in this state; may be given several times.")
    var state: [String] = []

    @Flag(help: "Print one JSON document.")
    var json = false

    /// The list as one document.
    struct Document: Encodable {
        var schema = "dopplerbridge-outbox-1"
        var deliveries: [Delivery]
    }

    func validate() throws {
        for word in state where DeliveryState(rawValue: word) == nil {
            let known = DeliveryState.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--state must be one of \(known)")
        }
    }

    func run() throws {
        let console = Console()
        let archive = try Archive.opened(folder)
        let found = try archiving { () throws(ArchiveError) in
            try archive.deliveries(to: to, in: state.isEmpty ? nil : Set(state.compactMap(DeliveryState.init)))
        }
        if json { return try console.json(Document(deliveries: found)) }
        for delivery in found { console.result(OutboxText.line(delivery)) }
        let counts = DeliveryState.allCases.compactMap { state in
            let count = found.count { $0.state == state }
            return count > 0 ? "\(count) \(state.rawValue)" : nil
        }
        console.result(counts.isEmpty ? "The outbox is empty." : counts.joined(separator: ", "))
    }
}

/// Lets deliveries go again.
struct OutboxRetry: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Let deliveries go again at once, under the same identifiers.")

    @Argument(help: "The archive's folder.")
    var folder: String

    @Argument(help: "The deliveries' numbers.")
    var ids: [Int64] = []

    @Option(help: "All to this destination that need a person.")
    var to: String?

    @OptionGroup var options: ArchiveActOptions

    func validate() throws {
        if ids.isEmpty == (to == nil) { throw ValidationError("give numbers or --to") }
    }

    func run() throws {
        let archive = try Archive.opened(for: options, folder)
        try archiving { () throws(ArchiveError) in
            let all = try to.map { name throws(ArchiveError) in
                try archive.deliveries(to: name, in: [.needsAPerson]).map(\.id)
            }
            for id in all ?? ids {
                try archive.retry(id, act: options.act)
                Console().result(OutboxText.line(try archive.delivery(id)))
            }
        }
    }
}

/// Gives deliveries up.
struct OutboxCancel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Give deliveries up; they are never sent.")

    @Argument(help: "The archive's folder.")
    var folder: String

    @Argument(help: "The deliveries' numbers.")
    var ids: [Int64]

    @Option(help: "Why, for the audit log; never a name.")
    var reason: String

    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        let archive = try Archive.opened(for: options, folder)
        try archiving { () throws(ArchiveError) in
            for id in ids {
                try archive.cancel(id, reason: reason, act: options.act)
                Console().result(OutboxText.line(try archive.delivery(id)))
            }
        }
    }
}

/// How deliveries are printed.
enum OutboxText {
    /// `12  archive  structured-report  queued  EX-1 version 1  2.25.1  attempt 2, next 2026-...: why`.
    static func line(_ delivery: Delivery) -> String {
        var line = [
            "\(delivery.id)", delivery.destination, delivery.kind, delivery.state.rawValue,
            "\(delivery.examID) version \(delivery.version)", delivery.identifier,
        ].joined(separator: "  ")
        if delivery.attempts > 0 { line += "  attempts \(delivery.attempts)" }
        if let next = delivery.nextAttemptAt { line += ", next \(next.text)" }
        if let error = delivery.lastError { line += ": \(error)" }
        return line
    }
}
