/// An HL7 v2 acknowledgement, as far as it says whether a message was taken.
public struct Acknowledgement: Sendable, Hashable {
    /// MSA-1 (table 0008).
    public var code: String
    /// MSA-2: the message that it answers.
    public var messageID: String
    /// ERR-3: the error's code (table 0357); `nil` where none stands.
    ///
    /// Words are left out: they may repeat a name.
    public var errorCode: String?

    /// The longest code that is kept, characters: those of table 0357 have 3.
    private static let longestErrorCode = 16

    /// Reads one; `nil` where the bytes are none.
    ///
    /// - Parameter bytes: a message between the marks of MLLP.
    public init?(_ bytes: [UInt8]) {
        // Codes and identifiers are ASCII, whatever character set the rest is in.
        let text = String(decoding: bytes, as: UTF8.self)
        let segments = text.split(whereSeparator: { $0 == "\r" || $0 == "\n" || $0 == "\r\n" })
        guard let head = segments.first, head.hasPrefix("MSH"), let separator = head.dropFirst(3).first else {
            return nil
        }
        let fields = { (name: String) in
            segments.first { $0.hasPrefix(name + String(separator)) }?
                .split(separator: separator, omittingEmptySubsequences: false)
        }
        guard let answer = fields("MSA"), answer.count > 2 else { return nil }
        code = String(answer[1])
        messageID = String(answer[2])
        guard let error = fields("ERR"), error.count > 3 else { return }
        let first = error[3].prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        errorCode = first.isEmpty ? nil : String(first.prefix(Self.longestErrorCode))
    }
}
