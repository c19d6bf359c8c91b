internal import Foundation
internal import GRDB

/// One document for one destination, as the outbox has it.
public struct Delivery: Sendable, Hashable, Codable {
    /// Its number in this archive, from 1; never used twice.
    public var id: Int64
    /// The exam's id.
    public var examID: String
    /// The exam's version.
    public var version: Int
    /// The subject's code; never a name.
    public var subjectCode: String
    /// The destination's name.
    public var destination: String
    /// What it is, in one word.
    public var kind: String
    /// The identifier that travels with it, the same on every repetition.
    public var identifier: String
    /// SHA-256 of the sealed document, lower-case hexadecimal.
    public var sha256: String
    /// Length of the document itself, bytes.
    public var byteCount: Int64
    /// How far it is.
    public var state: DeliveryState
    /// How often a worker began to send it.
    public var attempts: Int
    /// When it came into the outbox.
    public var queuedAt: ArchiveTime
    /// Not before this moment; `nil` where it may go at once.
    public var nextAttemptAt: ArchiveTime?
    /// What went wrong last, in words; `nil` where nothing did.
    public var lastError: String?
    /// When the receiver took it; `nil` before.
    public var sentAt: ArchiveTime?
    /// The newest transaction in which the receiver was asked to keep it; `nil` before.
    public var transactionUID: String?

    /// The columns in the order in which a row is read.
    static let columns = """
        delivery.id, exam.examID, exam.version, exam.subjectCode, delivery.destination, delivery.kind, \
        delivery.identifier, delivery.sha256, delivery.byteCount, delivery.state, delivery.attempts, \
        delivery.queuedAtMs, delivery.nextAttemptAtMs, delivery.lastError, delivery.sentAtMs, delivery.transactionUID
        """

    init(_ row: Row, path: String) throws {
        let word: String = try row.decode(atIndex: 9)
        guard let state = DeliveryState(rawValue: word) else {
            throw ArchiveError.damaged(path: path, reason: "a row of the table `delivery` holds what it may not")
        }
        id = try row.decode(atIndex: 0)
        examID = try row.decode(atIndex: 1)
        version = try row.decode(atIndex: 2)
        subjectCode = try row.decode(atIndex: 3)
        destination = try row.decode(atIndex: 4)
        kind = try row.decode(atIndex: 5)
        identifier = try row.decode(atIndex: 6)
        sha256 = try row.decode(Data.self, atIndex: 7).hexadecimal
        byteCount = try row.decode(atIndex: 8)
        self.state = state
        attempts = try row.decode(atIndex: 10)
        queuedAt = ArchiveTime(millisecondsSince1970: try row.decode(atIndex: 11))
        nextAttemptAt = try row.decode(Int64?.self, atIndex: 12).map { ArchiveTime(millisecondsSince1970: $0) }
        lastError = try row.decode(atIndex: 13)
        sentAt = try row.decode(Int64?.self, atIndex: 14).map { ArchiveTime(millisecondsSince1970: $0) }
        transactionUID = try row.decode(atIndex: 15)
    }

    /// As the audit log names it: destination, kind and identifier.
    var words: String { "delivery \(id) to \(destination): \(kind) \(identifier)" }
}
