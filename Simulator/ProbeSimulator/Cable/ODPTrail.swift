/// Follows the ODP packets in what a device sends, before the cable does anything to it.
struct ODPTrail: Sendable {
    /// Where an ODP packet lies, bytes since the device began to stream.
    struct Span: Sendable {
        var packet: InjectedCableFault.ODPPacket
        var range: Range<UInt64>
    }

    /// Bytes of a header that are needed (ODP 1.0, "Packet header").
    private static let headerBytes = 32
    private static let magic: [UInt8] = Array("ODPS".utf8)

    /// Bytes followed so far.
    private(set) var position: UInt64 = 0
    /// The packet that began last and whose header is known.
    private(set) var current: Span?
    private var header: [UInt8] = []
    private var isLost = false

    /// Where a packet began whose header is not whole yet; `nil` = there is none.
    var unknownStart: UInt64? { header.isEmpty ? nil : position - UInt64(header.count) }

    /// Follows the next bytes.
    ///
    /// - Returns: the packets whose headers became whole.
    mutating func follow(_ bytes: ArraySlice<UInt8>) -> [Span] {
        var found: [Span] = []
        var rest = bytes
        while !rest.isEmpty {
            if header.isEmpty, let end = current?.range.upperBound, position < end {
                let skipped = min(UInt64(rest.count), end - position)
                rest = rest.dropFirst(Int(skipped))
                position += skipped
                continue
            }
            if isLost, !findMagic(in: &rest) { break }
            let taken = rest.prefix(Self.headerBytes - header.count)
            header += taken
            position += UInt64(taken.count)
            rest = rest.dropFirst(taken.count)
            if header.count == Self.headerBytes, let span = readHeader() { found.append(span) }
        }
        return found
    }

    /// Goes on to the next magic; `false` = there is none in these bytes, which are passed over.
    private mutating func findMagic(in rest: inout ArraySlice<UInt8>) -> Bool {
        while rest.count >= Self.magic.count {
            if rest.starts(with: Self.magic) {
                isLost = false
                return true
            }
            rest = rest.dropFirst()
            position += 1
        }
        position += UInt64(rest.count)
        rest = []
        return false
    }

    private mutating func readHeader() -> Span? {
        defer { header.removeAll(keepingCapacity: true) }
        guard header.starts(with: Self.magic) else {
            isLost = true
            return nil
        }
        let headerLength: UInt16 = header.littleEndian(at: 6)
        let payload: UInt32 = header.littleEndian(at: 8)
        let start = position - UInt64(Self.headerBytes)
        let length = UInt64(max(headerLength, UInt16(Self.headerBytes))) + UInt64(payload)
        let span = Span(
            packet: InjectedCableFault.ODPPacket(
                type: header[4], sequence: header.littleEndian(at: 12), pulseIndex: header.littleEndian(at: 16),
                records: header.littleEndian(at: 26)),
            range: start..<(start + length))
        current = span
        return span
    }
}
