internal import Foundation

/// The number and hash of the audit log's last line, kept in a file beside the database.
///
/// It shows when lines were cut from the log's end. It cannot show that to whoever could write both the database and
/// this file: for that, note the head elsewhere (it is on every `archive audit --check`), and compare.
public struct AuditHead: Sendable, Hashable, Codable {
    /// Number of the last line; 0 without any.
    public let sequence: Int64
    /// Its hash, lower-case hexadecimal.
    public let hash: String

    private static let form = "dopplerbridge-audit-head-1"
    private static let longest: Int64 = 200
    private static let hashDigits = 64

    init(sequence: Int64, hash: Data) {
        self.sequence = sequence
        self.hash = hash.hexadecimal
    }

    /// A head as it was noted: `NUMBER:HASH`.
    public init(noted text: String) throws(ArchiveError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int64(parts[0]), sequence > 0, parts[1].count == Self.hashDigits,
            Data(hexadecimal: String(parts[1])) != nil
        else {
            throw .badArgument(
                what: "`\(text.prefix(Self.hashDigits * 2))` is no head of an audit log",
                remedy: "write NUMBER:HASH as `archive audit --check` prints it")
        }
        self.sequence = sequence
        hash = parts[1].lowercased()
    }

    /// How it is noted: `NUMBER:HASH`.
    public var text: String { "\(sequence):\(hash)" }

    /// The head as its file has it; `nil` where there is no file.
    static func stored(_ paths: ArchivePaths) throws(ArchiveError) -> AuditHead? {
        guard Disk.kind(paths.auditHead) != .nothing else { return nil }
        let bytes = try Disk.contents(paths.auditHead, atMost: longest)
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, words[0] == form else {
            throw .auditBroken(path: paths.auditHead, reason: "the file is not an audit log's head")
        }
        do throws(ArchiveError) { return try AuditHead(noted: String(words[1])) } catch {
            throw .auditBroken(path: paths.auditHead, reason: "the file is not an audit log's head")
        }
    }

    /// Writes the head's file whole or not at all.
    func store(_ paths: ArchivePaths) throws(ArchiveError) {
        try Disk.replace(paths.auditHead, with: Data("\(Self.form) \(text)\n".utf8))
    }
}
