/// The bytes of an unfinished packet, kept until the rest of it has come.
///
/// It never holds more than the longest packet. Twice that is allocated, once, so that bytes are moved to the
/// front at most once for each byte that goes through.
struct CarryOver: Sendable {
    private var storage = [UInt8](repeating: 0, count: 2 * ODPPacketHeader.longestPacket)
    /// Where in `storage` the bytes are.
    private var range = 0..<0

    /// Nothing carried over.
    init() {}

    var count: Int { range.count }
    var isEmpty: Bool { range.isEmpty }

    /// Takes the bytes of `bytes` from `start` to before `end`.
    mutating func append(_ bytes: RawSpan, from start: Int, to end: Int) {
        let added = end - start
        precondition(count + added <= ODPPacketHeader.longestPacket, "an unfinished packet is never longer")
        if range.upperBound + added > storage.count { moveToFront() }
        let place = range.upperBound
        bytes.extracting(start..<end).withUnsafeBytes { source in
            storage.withUnsafeMutableBytes { target in
                UnsafeMutableRawBufferPointer(rebasing: target[place..<(place + added)]).copyMemory(from: source)
            }
        }
        range = range.lowerBound..<(place + added)
    }

    /// Shows the bytes to a scanner.
    func scan<Sink: FrameSink & ~Copyable>(
        with scanner: inout PacketScanner, isEnd: Bool, into sink: inout Sink
    ) -> PacketScanner.Progress {
        scanner.scan(storage.span.bytes.extracting(range), isEnd: isEnd, into: &sink)
    }

    /// Gives up the first bytes.
    mutating func dropFirst(_ dropped: Int) {
        range = (range.lowerBound + dropped)..<range.upperBound
        if range.isEmpty { range = 0..<0 }
    }

    /// Gives up everything.
    mutating func removeAll() { range = 0..<0 }

    private mutating func moveToFront() {
        let from = range
        storage.withUnsafeMutableBytes { bytes in
            // The two places may overlap, which copyMemory allows.
            UnsafeMutableRawBufferPointer(rebasing: bytes[0..<from.count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[from]))
        }
        range = 0..<from.count
    }
}
