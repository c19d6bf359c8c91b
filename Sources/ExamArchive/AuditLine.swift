internal import Crypto
internal import Foundation

/// What is told in the audit log.
public enum AuditEvent: String, Sendable, Hashable, Codable, CaseIterable {
    case archiveMade, archiveRestored, backupMade
    case examAdded, examUpdated, examSigned, examAmended, examExported, examPurged
    case identityKeyChosen, identitySet, identityShown, identityPurged
    case orderSet, recordIdentifiersSet
    case deliveryQueued, deliverySent, deliveryCommitted, deliveryGivenToPerson, deliveryRetried, deliveryCancelled
    case registryExported
    case accountAdded, accountRemoved, passphraseChanged, signedIn, signInRefused, permissionRefused
}

/// One line of the audit log.
public struct AuditLine: Sendable, Hashable, Codable {
    /// Number of the line, from 1.
    public var sequence: Int64
    /// When, by the clock of whoever acted.
    public var at: ArchiveTime
    /// Whether that is earlier than the line before: the clock was set back.
    public var isClockSetBack: Bool
    /// Who.
    public var actor: String
    /// What: a word of `AuditEvent`, or that of a newer program.
    public var event: String
    /// The exam; `nil` where the line is about none.
    public var examID: String?
    /// The exam's version.
    public var version: Int?
    /// More, in words; never a patient's name.
    public var details: String
    /// SHA-256 of the line before's hash and this line's canonical form, lower-case hexadecimal.
    public var hash: String
}

extension AuditLine {
    /// What the first line follows: SHA-256 of the log's format and the archive's id.
    static func beginning(archiveID: String) -> Data {
        Data(SHA256.hash(data: Data("dopplerbridge-audit-1 \(archiveID)".utf8)))
    }

    /// The hash of this line behind another one.
    func hash(after previous: Data) -> Data { Data(SHA256.hash(data: previous + canonical)) }

    /// The line as one sequence of bytes that no other line has: each field with its length before it (a netstring),
    /// `-` for one that is missing.
    var canonical: Data {
        let fields: [String?] = [
            "\(sequence)", "\(at.millisecondsSince1970)", isClockSetBack ? "1" : "0", actor, event, examID,
            version.map { "\($0)" }, details,
        ]
        return Data(fields.map { field in field.map { "\($0.utf8.count):\($0)," } ?? "-" }.joined().utf8)
    }
}

extension Data {
    /// Lower-case hexadecimal.
    var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

    /// Bytes from hexadecimal; `nil` where it is none.
    init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            let pair = String(decoding: digits[index...(index + 1)], as: UTF8.self)
            guard pair.allSatisfy(\.isHexDigit), let byte = UInt8(pair, radix: 16) else { return nil }
            bytes.append(byte)
        }
        self.init(bytes)
    }
}
