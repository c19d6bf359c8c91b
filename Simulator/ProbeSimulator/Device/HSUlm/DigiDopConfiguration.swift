/// The 16 bytes of the DigiDop's request 3: eight words, least significant byte first.
struct DigiDopConfiguration: Sendable, Hashable {
    /// Bytes on the wire.
    static let byteCount = 16
    /// Ticks between the echo and its sample, by which the host moves a gate (published host program).
    private static let converterTicks = 8.0
    private static let hzPerMHz: UInt32 = 1_000_000

    /// Centre frequency, MHz.
    var frequencyMHz: UInt16 = 0
    /// Ticks of 64 MHz between two pulses.
    var period: UInt16 = 0
    /// Begin and end of the burst, ticks.
    var burst = (start: UInt16(0), end: UInt16(0))
    /// Begin and end of the two gates, ticks.
    var gates = [(start: UInt16(0), end: UInt16(0)), (start: UInt16(0), end: UInt16(0))]

    /// Nothing set.
    init() {}

    /// From the bytes of the request; `nil` for any other count.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        let words: [UInt16] = (0..<8).map { bytes.littleEndian(at: 2 * $0) }
        frequencyMHz = words[0]
        period = words[1]
        burst = (words[2], words[3])
        gates = [(words[4], words[5]), (words[6], words[7])]
    }

    /// The bytes of request 4.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        let words = [frequencyMHz, period, burst.start, burst.end] + gates.flatMap { [$0.start, $0.end] }
        for word in words { bytes.appendLittleEndian(word) }
        return bytes
    }

    static func == (left: DigiDopConfiguration, right: DigiDopConfiguration) -> Bool { left.bytes == right.bytes }
    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// Whether there is a first gate, and every gate lies behind the burst and before the next pulse.
    var isPossible: Bool {
        guard frequencyMHz > 0, frequencyMHz <= 64, period > 0, gates[0].end > gates[0].start else { return false }
        return gates.allSatisfy { gate in
            gate.end >= gate.start && gate.end <= period && (gate.end == gate.start || gate.start >= burst.end)
        }
    }

    /// The gates that are open, by rising depth: their places in the frame.
    var order: [Int] {
        let open = gates.indices.filter { gates[$0].end > gates[$0].start }
        return open.sorted { centre($0) < centre($1) }
    }

    /// The settings as the body in front of the probe sees them; both gates are as long as the nearer one.
    var settings: DeviceSettings? {
        guard isPossible, let prf = GateTicks.prfMilliHz(period: period), let first = order.first,
            let last = order.last
        else { return nil }
        let frequencyHz = UInt32(frequencyMHz) * Self.hzPerMHz
        return DeviceSettings(
            centreFrequencyHz: frequencyHz, prfMilliHz: prf, firstGateDepthUm: GateTicks.depthUm(centre(first)),
            gateSpacingUm: GateTicks.depthUm(centre(last) - centre(first)),
            gateLengthUm: GateTicks.depthUm(Double(gates[first].end - gates[first].start)),
            gates: UInt16(order.count),
            burstCycles: GateTicks.cycles(
                ticks: burst.end > burst.start ? burst.end - burst.start : 0, centreFrequencyHz: frequencyHz),
            streamMask: 1)
    }

    private func centre(_ gate: Int) -> Double {
        max(0, (Double(gates[gate].start) + Double(gates[gate].end)) / 2 - Self.converterTicks)
    }
}
