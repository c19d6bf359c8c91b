internal import ProbeLink

/// The head of an array in NumPy's own format, read strictly (NumPy Enhancement Proposal 1, versions 1.0 to 3.0).
///
/// Python objects are never read, nor is anything executed: of the dictionary in the head only three literal entries are
/// known.
struct NPYHeader: Sendable, Hashable {
    /// Bytes before the array's own.
    let byteCount: Int
    /// What the array is.
    let form: ArrayForm
    /// Whether its numbers stand with the high byte first.
    let isBigEndian: Bool

    /// The longest head that is read, bytes (project choice; NumPy itself stops at 10,000 characters).
    static let mostBytes = 1 << 16
    /// The most axes (as of NumPy 1).
    private static let mostAxes = 32
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// How many bytes the head has, as its first 12 bytes tell it.
    static func byteCount(_ bytes: [UInt8]) throws(NPYProblem) -> Int {
        guard bytes.count >= 12, Array(bytes.prefix(magic.count)) == magic else {
            throw NPYProblem("does not begin as an array of NumPy does")
        }
        let head: Int
        switch (bytes[6], bytes[7]) {
        case (1, 0): head = 10 + Int(ArrayNumbers.bits(bytes[8..<10]))
        case (2, 0), (3, 0): head = 12 + Int(ArrayNumbers.bits(bytes[8..<12]))
        default: throw NPYProblem("is of version \(bytes[6]).\(bytes[7]) of NumPy's format: 1.0, 2.0 and 3.0 are read")
        }
        guard head <= mostBytes else { throw NPYProblem("has a head of \(head) bytes: this is no such array") }
        return head
    }

    /// Reads a whole head.
    init(_ bytes: [UInt8]) throws(NPYProblem) {
        byteCount = try Self.byteCount(bytes)
        guard bytes.count >= byteCount else { throw NPYProblem("ends within its head") }
        var text = NPYText(bytes[(bytes[6] == 1 ? 10 : 12)..<byteCount])
        let dictionary = try text.dictionary(mostAxes: Self.mostAxes)
        guard !dictionary.isFortranOrder else {
            throw NPYProblem("is in Fortran order: save numpy.ascontiguousarray of it")
        }
        let (kind, isBigEndian) = try Self.kind(dictionary.type)
        form = ArrayForm(kind: kind, shape: dictionary.shape)
        self.isBigEndian = isBigEndian
        guard form.byteCount != nil else { throw NPYProblem("has an impossible shape, \(form.words)") }
    }

    /// What `<i2` and the like mean.
    private static func kind(_ type: String) throws(NPYProblem) -> (kind: ArrayForm.Kind, isBigEndian: Bool) {
        let characters = Array(type.utf8)
        guard characters.count >= 2, characters.count <= 12, let order = type.first, "<>|".contains(order) else {
            throw NPYProblem("is of type `\(type.prefix(40))`, which is not read")
        }
        let letter = characters[1]
        if letter == UInt8(ascii: "O") {
            throw NPYProblem("holds pickled Python objects, which are never read: save numbers")
        }
        let digits = characters.dropFirst(2)
        guard let size = Int(String(decoding: digits, as: UTF8.self)), digits.allSatisfy({ (48...57).contains($0) })
        else { throw NPYProblem("is of type `\(type)`, which is not read") }
        let kind: ArrayForm.Kind? =
            switch (letter, size) {
            case (UInt8(ascii: "b"), 1): .bool
            case (UInt8(ascii: "i"), 1), (UInt8(ascii: "i"), 2), (UInt8(ascii: "i"), 4), (UInt8(ascii: "i"), 8):
                .integer(bytes: size, isSigned: true)
            case (UInt8(ascii: "u"), 1), (UInt8(ascii: "u"), 2), (UInt8(ascii: "u"), 4), (UInt8(ascii: "u"), 8):
                .integer(bytes: size, isSigned: false)
            case (UInt8(ascii: "f"), 4), (UInt8(ascii: "f"), 8): .float(bytes: size)
            case (UInt8(ascii: "c"), 8), (UInt8(ascii: "c"), 16): .complex(bytes: size / 2)
            // Characters of 32 bits.
            case (UInt8(ascii: "U"), 0...(1 << 28)): .text(bytes: 4 * size)
            default: nil
            }
        guard let kind else { throw NPYProblem("is of type `\(type)`, which is not read") }
        let isWide =
            kind != .bool && kind != .integer(bytes: 1, isSigned: true) && kind != .integer(bytes: 1, isSigned: false)
        guard !isWide || order != "|" else { throw NPYProblem("does not tell its byte order (type `\(type)`)") }
        return (kind, order == ">")
    }
}

/// Why an array's head was refused.
struct NPYProblem: Error, Hashable {
    var what: String

    init(_ what: String) { self.what = what }
}
