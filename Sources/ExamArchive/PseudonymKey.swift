internal import Crypto
internal import Foundation

/// The key that pseudonyms and shifts of dates are made with; it stays at the clinic.
///
/// The same key gives the same pseudonym for the same code, so that later exports join the earlier ones. Without it nobody
/// finds the code that a pseudonym stands for, not even by trying all codes.
public struct PseudonymKey: Sendable {
    private let subjects: SymmetricKey
    private let exams: SymmetricKey
    private let shifts: SymmetricKey

    /// Dates are put back by 1 to this many days (project choice: a year, so that neither year nor season is told).
    public static let longestShiftDays = 366

    /// Reads a key file of 32 bytes or more that only its owner may read and that lies outside the archive.
    ///
    /// - Throws: `ArchiveError.wrongKey` with what is wrong with it.
    public init(file: String, of archive: Archive) throws(ArchiveError) {
        self.init(bytes: [UInt8](try IdentitySecret.keyBytes(file, outside: archive.path)))
    }

    /// A key from its bytes.
    init(bytes: [UInt8]) {
        let root = SymmetricKey(data: bytes)
        func key(_ use: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: root, info: Data("dopplerbridge registry \(use)".utf8), outputByteCount: 32)
        }
        subjects = key("subjects")
        exams = key("exams")
        shifts = key("shifts")
    }

    /// The keyed hash of a subject's code, 32 bytes.
    public func subjectHash(_ code: String) -> [UInt8] { Self.hash(code, subjects) }

    /// The keyed hash of an exam's id, 32 bytes.
    public func examHash(_ id: String) -> [UInt8] { Self.hash(id, exams) }

    /// By how many days the dates of a subject are put back, 1 to `longestShiftDays`.
    public func shiftDays(ofSubject code: String) -> Int {
        let number = Self.hash(code, shifts).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(number % UInt64(Self.longestShiftDays)) + 1
    }

    private static func hash(_ text: String, _ key: SymmetricKey) -> [UInt8] {
        [UInt8](HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
    }
}
