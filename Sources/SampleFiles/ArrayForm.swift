/// What an array of a file is: kind of numbers, and how many along each axis.
struct ArrayForm: Sendable, Hashable {
    /// Kinds of items that are read.
    enum Kind: Sendable, Hashable {
        case bool
        case integer(bytes: Int, isSigned: Bool)
        case float(bytes: Int)
        /// Real and imaginary part, each of so many bytes.
        case complex(bytes: Int)
        /// Text of so many bytes for each item; 0 = of any length, as the file tells it.
        case text(bytes: Int)
    }

    var kind: Kind
    /// Items along each axis, the slowest first; empty = a single item.
    var shape: [Int]

    /// Bytes of an item.
    var bytesPerItem: Int {
        switch kind {
        case .bool: 1
        case .integer(let bytes, _), .float(let bytes), .text(let bytes): bytes
        case .complex(let bytes): 2 * bytes
        }
    }

    /// Bytes of all items; `nil` where that is no number.
    var byteCount: Int? { Self.product(shape + [bytesPerItem]) }

    /// Bytes of one row: of everything behind the first axis; `nil` where that is no number.
    var bytesPerRow: Int? { Self.product(shape.dropFirst() + [bytesPerItem]) }

    /// What it is, in words.
    var words: String {
        let kind =
            switch self.kind {
            case .bool: "bool"
            case .integer(let bytes, let isSigned): "\(isSigned ? "" : "u")int\(8 * bytes)"
            case .float(let bytes): "float\(8 * bytes)"
            case .complex(let bytes): "complex\(16 * bytes)"
            case .text: "text"
            }
        return "\(kind) (\(shape.map(String.init).joined(separator: ", ")))"
    }

    private static func product(_ factors: [Int]) -> Int? {
        var product = 1
        for factor in factors {
            let (next, overflows) = product.multipliedReportingOverflow(by: factor)
            guard factor >= 0, !overflows else { return nil }
            product = next
        }
        return product
    }
}
