/// The dictionary in the head of an array of NumPy: a literal of Python with three entries, and nothing else.
struct NPYText {
    /// What it says.
    struct Dictionary: Hashable {
        var type: String
        var isFortranOrder: Bool
        var shape: [Int]
    }

    private var rest: ArraySlice<UInt8>
    private let begin: Int
    /// The most digits of a length: more is no length of an array.
    private static let mostDigits = 18
    private static let mostCharactersOfString = 64

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
        begin = bytes.startIndex
    }

    /// Reads `{'descr': '<i2', 'fortran_order': False, 'shape': (3, 1, 2)}` and the blanks behind it.
    mutating func dictionary(mostAxes: Int) throws(NPYProblem) -> Dictionary {
        var type: String?
        var isFortranOrder: Bool?
        var shape: [Int]?
        try expect("{")
        while !take("}") {
            let key = try string()
            try expect(":")
            switch key {
            case "descr" where type == nil:
                guard !take("[") else { throw problem("has fields (a structured type), which are not read") }
                type = try string()
            case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truth()
            case "shape" where shape == nil: shape = try tuple(mostAxes: mostAxes)
            case "descr", "fortran_order", "shape": throw problem("has `\(key)` twice")
            default: throw problem("has the unknown entry `\(key)`")
            }
            guard take(",") else {
                try expect("}")
                break
            }
        }
        passBlanks()
        guard rest.isEmpty else { throw problem("has more than blanks behind it") }
        guard let type, let isFortranOrder, let shape else {
            throw problem("lacks `descr`, `fortran_order` or `shape`")
        }
        return Dictionary(type: type, isFortranOrder: isFortranOrder, shape: shape)
    }

    private func problem(_ what: String) -> NPYProblem {
        NPYProblem("its head \(what) (character \(rest.startIndex - begin + 1) of it)")
    }

    private mutating func passBlanks() {
        while let byte = rest.first, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") { rest.removeFirst() }
    }

    /// Takes a character, with the blanks before it.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        passBlanks()
        guard let byte = rest.first, UInt32(byte) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(NPYProblem) {
        guard take(character) else { throw problem("should have `\(character)` here") }
    }

    /// A string in single or double quotes, of printable ASCII without a backslash.
    private mutating func string() throws(NPYProblem) -> String {
        passBlanks()
        guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw problem("should have a quoted word here")
        }
        guard let end = rest.dropFirst().prefix(Self.mostCharactersOfString + 1).firstIndex(of: quote) else {
            throw problem("has a word without its closing quote")
        }
        let word = rest[(rest.startIndex + 1)..<end]
        guard word.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw problem("has a word that is no plain one")
        }
        rest = rest[(end + 1)...]
        return String(decoding: word, as: UTF8.self)
    }

    private mutating func truth() throws(NPYProblem) -> Bool {
        passBlanks()
        for (word, value) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
            rest = rest.dropFirst(word.utf8.count)
            return value
        }
        throw problem("should have True or False here")
    }

    /// `()`, `(3,)`, `(3, 1, 2)`.
    private mutating func tuple(mostAxes: Int) throws(NPYProblem) -> [Int] {
        try expect("(")
        var lengths: [Int] = []
        var hasComma = true
        while !take(")") {
            guard hasComma else { throw problem("should have `,` here") }
            passBlanks()
            let digits = rest.prefix(Self.mostDigits + 1).prefix { (48...57).contains($0) }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), digits.count <= Self.mostDigits else {
                throw problem("should have a length here")
            }
            rest = rest.dropFirst(digits.count)
            lengths.append(length)
            guard lengths.count <= mostAxes else { throw problem("has more than \(mostAxes) axes") }
            hasComma = take(",")
        }
        // (3) is a number in brackets, not a shape.
        guard lengths.count != 1 || hasComma else { throw problem("has a shape that is no tuple") }
        return lengths
    }
}
