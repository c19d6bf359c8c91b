internal import Glibc

/// Texts as C wants them, kept for as long as a call lasts.
final class CTexts {
    private var pointers: [UnsafeMutablePointer<CChar>] = []

    /// A text; `nil` stays `nil`.
    ///
    /// Zero bytes end it, as everywhere in C.
    func add(_ text: String?) -> UnsafePointer<CChar>? {
        guard let text, let copy = strdup(text) else { return nil }
        pointers.append(copy)
        return UnsafePointer(copy)
    }

    /// The text of a field of fixed length, up to its first zero.
    static func read<Field>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }

    deinit { for pointer in pointers { free(pointer) } }
}
