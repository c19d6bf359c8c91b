/// Keeps what a cable did, and finds out which ODP packets it hit.
struct CableLog: Sendable {
    /// What a fault did to the bytes of one USB packet.
    struct Effect: Sendable {
        /// Bytes that came otherwise than sent; places are those of the device's stream.
        var spoilt: [Range<UInt64>] = []
        /// Bytes that came twice; a packet that begins among them comes whole the second time.
        var repeated: Range<UInt64>?
    }

    /// Every fault so far, in the order of the wire.
    private(set) var injected: [InjectedCableFault] = []
    /// How often the device has begun to stream.
    private(set) var run: UInt64 = 0
    private let framing: StreamFraming
    private var trail = ODPTrail()
    private var rawPosition: UInt64 = 0
    /// A fault that may have hit a packet whose header was not whole yet.
    private var open: [(index: Int, effect: Effect)] = []

    init(_ framing: StreamFraming) { self.framing = framing }

    /// Status bytes at the head of a USB packet, which belong to no ODP packet.
    var statusBytes: Int {
        guard case .odp(let bytes) = framing else { return 0 }
        return bytes
    }

    /// Where the next byte stands in the device's stream.
    var position: UInt64 { rawPosition }

    /// The device begins to stream.
    mutating func beginRun() {
        run += 1
        trail = ODPTrail()
        rawPosition = 0
        open = []
    }

    /// Follows packets to which nothing happens.
    mutating func follow(_ bytes: [UInt8], packetBytes: Int) {
        guard case .odp = framing else {
            rawPosition += UInt64(bytes.count)
            return
        }
        guard statusBytes > 0 else {
            _ = known(bytes[...])
            return
        }
        var offset = 0
        while offset < bytes.count {
            let end = min(bytes.count, offset + packetBytes)
            _ = known(bytes[min(end, offset + statusBytes)..<end])
            offset = end
        }
    }

    /// Follows one packet and keeps what happened to it.
    mutating func note(_ fault: InjectedCableFault, _ effect: Effect, packet: ArraySlice<UInt8>) {
        let before = trail.current
        var spans = known(packet)
        if let before { spans.insert(before, at: 0) }
        var fault = fault
        fault.odpPackets = spans.filter { Self.isHit($0.range, by: effect) }.map(\.packet)
        fault.odpRepeats = spans.filter { span in
            effect.repeated.map { $0.lowerBound <= span.range.lowerBound && span.range.upperBound <= $0.upperBound }
                ?? false
        }.map(\.packet)
        injected.append(fault)
        if trail.unknownStart != nil { open.append((injected.count - 1, effect)) }
    }

    /// Follows bytes, and completes the faults that waited for a header.
    private mutating func known(_ bytes: ArraySlice<UInt8>) -> [ODPTrail.Span] {
        rawPosition += UInt64(bytes.count)
        guard case .odp = framing else { return [] }
        let found = trail.follow(bytes)
        if let first = found.first {
            for (index, effect) in open where Self.isHit(first.range, by: effect) {
                injected[index].odpPackets.append(first.packet)
            }
            open = []
        }
        return found
    }

    private static func isHit(_ range: Range<UInt64>, by effect: Effect) -> Bool {
        if let twice = effect.repeated, range.lowerBound < twice.lowerBound, twice.upperBound < range.upperBound {
            return true
        }
        return effect.spoilt.contains { $0.overlaps(range) }
    }
}
