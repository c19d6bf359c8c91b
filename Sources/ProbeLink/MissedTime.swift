/// Reckons how many pulses fell into the packets that did not arrive, so that the rounding never adds up.
struct MissedTime: Sendable {
    private let pulsesPerSecond: Double
    /// Packets of the gap that has not been settled.
    private(set) var packets: UInt64 = 0
    private var seconds = 0.0
    /// What the gaps before were rounded by, pulses.
    private var remainder = 0.0
    /// Pulses of all gaps that were settled or not, for the measurement of the clock.
    private(set) var allPulses = 0.0

    init(pulsesPerSecond: Double) { self.pulsesPerSecond = pulsesPerSecond.isFinite ? max(0, pulsesPerSecond) : 0 }

    /// Whether there is a gap to be settled.
    var isOpen: Bool { packets > 0 }

    /// Adds packets to the gap; a count or an interval that is not above 0 adds nothing.
    mutating func add(packets count: Int, packetNanoseconds: UInt64) {
        guard count > 0 else { return }
        packets = packets.saturatingSum(UInt64(count))
        let duration = Double(count) * Double(packetNanoseconds) / 1e9
        seconds += duration
        allPulses += duration * pulsesPerSecond
    }

    /// The whole pulses of the gap, which is closed with that.
    ///
    /// - Parameter others: pulses that are missing beside it, such as the parts that it cut off.
    mutating func settle(others: Double = 0) -> UInt64 {
        let exact = seconds * pulsesPerSecond + others + remainder
        let whole = max(0, exact.rounded())
        remainder = exact.isFinite ? exact - whole : 0
        packets = 0
        seconds = 0
        return UInt64(exactly: whole) ?? .max
    }
}
