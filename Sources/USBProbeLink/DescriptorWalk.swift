/// The descriptors in a row of bytes that may be anything: each has its length first and its type second.
///
/// It ends at the first descriptor that does not fit. Each element has at least its first two bytes.
struct DescriptorWalk: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The next descriptor, its indices beginning at 0.
    mutating func next() -> [UInt8]? {
        guard let length = rest.first.map(Int.init), length >= 2, length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
    }
}
