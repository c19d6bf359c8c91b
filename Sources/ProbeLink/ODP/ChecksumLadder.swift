/// Checks packets that overlap, reading each byte a bounded number of times.
///
/// After a bad packet the search goes on from its second byte, so a stream full of false headers would have
/// every byte checked by thousands of announced packets. This keeps the CRC register of the stream at every 32nd byte
/// ("rung"); the register of any stretch then follows from two of them (see `CRC32CPolynomial`).
struct ChecksumLadder: Sendable {
    /// Bytes between rungs.
    ///
    /// At most the fixed header's length, so that the rung below a packet's 33rd byte never lies before the packet.
    private static let rungSpacing = ODPPacketHeader.byteCount

    /// How many rungs are kept: a power of two that covers the longest packet.
    private static let rungCount = 4096

    /// Registers (begun with 0 at `base`) at `base + 32 k`, k modulo `rungCount`.
    private var rungs = [UInt32](repeating: 0, count: rungCount)
    /// The place in the stream where the ladder begins.
    private var base = 0
    /// The highest place that has a rung.
    private var top = 0
    /// The end of the furthest packet that was read in full and found bad.
    private var readTo = 0

    /// A ladder for a stream's beginning.
    init() {}

    /// Whether a packet that lies whole in `window` carries the right checksum.
    ///
    /// - Parameter windowPlace: the place in the stream of the window's first byte.
    mutating func isIntact(
        _ header: ODPPacketHeader, in window: RawSpan, at offset: Int, windowPlace: Int
    ) -> Bool {
        var checksum = CRC32C()
        checksum.update(window.extracting(offset..<(offset + ODPPacketHeader.checkedByteCount)))
        let bodyStart = offset + ODPPacketHeader.byteCount
        let end = offset + header.packetLength
        if windowPlace + bodyStart < readTo {
            let first = register(at: bodyStart, in: window, from: offset, windowPlace: windowPlace)
            let last = register(at: end, in: window, from: offset, windowPlace: windowPlace)
            checksum.register =
                last ^ CRC32CPolynomial.carry(checksum.register ^ first, overZeros: end - bodyStart)
        } else {
            checksum.update(window.extracting(bodyStart..<end))
        }
        guard checksum.value != header.checksum else { return true }
        readTo = max(readTo, windowPlace + end)
        return false
    }

    /// The stream's register at an offset of the window; the ladder is built up to there.
    private mutating func register(
        at offset: Int, in window: RawSpan, from packet: Int, windowPlace: Int
    ) -> UInt32 {
        let place = windowPlace + offset
        if windowPlace + packet > top {
            base = windowPlace + packet
            top = base
            rungs[0] = 0
        }
        while top + Self.rungSpacing <= place {
            let from = top - windowPlace
            var step = CRC32C(register: rungs[Self.index(of: top, from: base)])
            step.update(window.extracting(from..<(from + Self.rungSpacing)))
            top += Self.rungSpacing
            rungs[Self.index(of: top, from: base)] = step.register
        }
        let below = place - (place - base) % Self.rungSpacing
        var rest = CRC32C(register: rungs[Self.index(of: below, from: base)])
        rest.update(window.extracting((below - windowPlace)..<offset))
        return rest.register
    }

    private static func index(of place: Int, from base: Int) -> Int { (place - base) / rungSpacing % rungCount }
}
