internal import Foundation
internal import GRDB

/// The audit log within the database.
enum AuditLog {
    /// The longest word or sentence that is kept, characters (project choice).
    private static let longest = 2000

    /// Appends a line, in the transaction of what it tells.
    static func append(
        _ event: AuditEvent, act: ArchiveAct, examID: String? = nil, version: Int? = nil, details: String,
        in db: Database
    ) throws {
        let last = try Row.fetchOne(db, sql: "SELECT sequence, atMs, hash FROM audit ORDER BY sequence DESC LIMIT 1")
        let previous: Data
        if let last {
            previous = try last.decode(forColumn: "hash")
        } else {
            previous = AuditLine.beginning(archiveID: try Archive.archiveID(db) ?? "")
        }
        let lastSequence: Int64 = try last?.decode(forColumn: "sequence") ?? 0
        let lastAt: Int64? = try last?.decode(forColumn: "atMs")
        var line = AuditLine(
            sequence: lastSequence + 1, at: act.at,
            isClockSetBack: lastAt.map { act.at.millisecondsSince1970 < $0 } ?? false,
            actor: String(act.by.prefix(longest)), event: event.rawValue, examID: examID, version: version,
            details: String(details.prefix(longest)), hash: "")
        let hash = line.hash(after: previous)
        line.hash = hash.hexadecimal
        try db.execute(
            sql: """
                INSERT INTO audit (sequence, atMs, isClockSetBack, actor, event, examID, version, details, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                line.sequence, line.at.millisecondsSince1970, line.isClockSetBack, line.actor, line.event, line.examID,
                line.version, line.details, hash,
            ])
    }

    /// The log's end.
    static func head(_ db: Database) throws -> AuditHead {
        guard let last = try Row.fetchOne(db, sql: "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")
        else { return AuditHead(sequence: 0, hash: Data()) }
        return AuditHead(sequence: try last.decode(forColumn: "sequence"), hash: try last.decode(forColumn: "hash"))
    }

    /// All lines, in their order.
    static func lines(_ db: Database) throws -> [AuditLine] {
        try Row.fetchAll(db, sql: "SELECT * FROM audit ORDER BY sequence").map { row in
            AuditLine(
                sequence: try row.decode(forColumn: "sequence"),
                at: ArchiveTime(millisecondsSince1970: try row.decode(forColumn: "atMs")),
                isClockSetBack: try row.decode(forColumn: "isClockSetBack"), actor: try row.decode(forColumn: "actor"),
                event: try row.decode(forColumn: "event"), examID: try row.decode(forColumn: "examID"),
                version: try row.decode(forColumn: "version"), details: try row.decode(forColumn: "details"),
                hash: try row.decode(Data.self, forColumn: "hash").hexadecimal)
        }
    }

    /// What is wrong between the log and a head that was noted before; `nil` where nothing is.
    ///
    /// A log that goes on behind the head is fine: a kill may come between a commit and the writing of the head.
    static func problem(ofHead head: AuditHead?, in db: Database) throws -> String? {
        let last = try Self.head(db)
        guard let head else {
            return last.sequence > 1 ? "the file audit.head is missing, and the log has \(last.sequence) lines" : nil
        }
        guard head.sequence <= last.sequence else {
            return "it ends at line \(last.sequence); its head was line \(head.sequence): lines were cut from its end"
        }
        let hash = try Data.fetchOne(db, sql: "SELECT hash FROM audit WHERE sequence = ?", arguments: [head.sequence])
        guard let hash, hash.hexadecimal == head.hash else {
            return "line \(head.sequence) is not the one that was noted as its head"
        }
        return nil
    }

    /// Everything that is wrong in the chain: a line that was removed, changed or put elsewhere.
    static func problems(_ lines: [AuditLine], archiveID: String) -> [String] {
        var previous = AuditLine.beginning(archiveID: archiveID)
        var expected: Int64 = 1
        var problems: [String] = []
        for line in lines {
            if line.sequence != expected {
                let lost =
                    line.sequence - 1 == expected ? "line \(expected)" : "lines \(expected) to \(line.sequence - 1)"
                problems.append("\(lost) missing before line \(line.sequence)")
            } else if line.hash(after: previous).hexadecimal != line.hash {
                problems.append("line \(line.sequence) was changed, or is not the one that stood here")
            }
            expected = line.sequence &+ 1
            previous = Data(hexadecimal: line.hash) ?? Data()
        }
        return problems
    }
}

/// What the check of the audit log found.
public struct AuditCheck: Sendable, Hashable, Codable {
    /// Lines in the log.
    public var lineCount: Int
    /// The log's head, to be noted elsewhere; 0 and no hash where the log is empty.
    public var head: AuditHead
    /// Lines that tell of a clock that was set back.
    public var setBackLines: [Int64]
    /// Everything that is wrong, in sentences.
    public var problems: [String]
}

extension Archive {
    /// The audit log, in its order.
    public func auditLines() throws(ArchiveError) -> [AuditLine] { try reading { try AuditLog.lines($0) } }

    /// Checks the chain of the audit log, and its end against the head's file and a head that was noted before.
    ///
    /// It finds every line that was removed, changed, put elsewhere or cut from the end. It cannot find that the whole
    /// log, with the head's file, was computed anew by somebody who may write both, unless a head was noted elsewhere.
    public func checkAudit(noted: AuditHead? = nil) throws(ArchiveError) -> AuditCheck {
        // Before the log: another process may append to both meanwhile.
        let stored: Result<AuditHead?, ArchiveError>
        do throws(ArchiveError) { stored = .success(try AuditHead.stored(paths)) } catch { stored = .failure(error) }
        return try reading { db in
            let lines = try AuditLog.lines(db)
            var problems = AuditLog.problems(lines, archiveID: try Self.archiveID(db) ?? "")
            do {
                let stored = try stored.get()
                if let problem = try AuditLog.problem(ofHead: stored, in: db) {
                    problems.append("audit.head: " + problem)
                }
            } catch let error as ArchiveError {
                problems.append(error.description)
            }
            if let noted, let problem = try AuditLog.problem(ofHead: noted, in: db) {
                problems.append("the head that was noted: " + problem)
            }
            return AuditCheck(
                lineCount: lines.count, head: try AuditLog.head(db),
                setBackLines: lines.filter(\.isClockSetBack).map(\.sequence), problems: problems)
        }
    }
}
