/// Holds the first pulses of a DigiDop back until their bytes show which comes first.
///
/// From pulse to pulse a sample changes little. Read the wrong way round, its fastest byte stands in front, and the
/// energy of the differences grows by orders of magnitude.
struct ByteOrderFinder: Sendable {
    /// Pulses of one judgement (project choice: 13 ms at 5 kHz, 252 differences).
    static let windowPulses = 64
    /// The most pulses that are held back (project choice: 0.8 s at 5 kHz, 64 KiB).
    static let mostPulses = 4096
    /// How many times less energy the differences of one order must have (project choice: a wrong byte order makes
    /// thousands, noise over the whole range makes 1).
    static let decisiveFactor = 16.0
    /// Bytes of a pulse: I and Q of two gates, 32 bits each.
    static let pulseByteCount = 16
    private static let samplesPerPulse = 4

    /// What is missing before a pulse.
    struct Gap: Sendable {
        var pulses: UInt64 = 0
        var packets: UInt64 = 0
    }

    /// The held pulses' bytes as they came.
    private(set) var held: [UInt8] = []
    /// What is missing before each of them.
    private(set) var gaps: [Gap] = []
    /// What is missing behind the last one.
    private(set) var lastGap = Gap()
    private var judgedPulses = 0

    /// Pulses that are held.
    var pulses: Int { gaps.count }

    /// Holds a pulse back.
    ///
    /// - Returns: the order, when it is clear with this pulse.
    mutating func hold(_ bytes: [UInt8], at offset: Int) -> UnframedIQFormat.ByteOrder? {
        for byte in 0..<Self.pulseByteCount { held.append(bytes[offset + byte]) }
        gaps.append(lastGap)
        lastGap = Gap()
        guard pulses - judgedPulses == Self.windowPulses else { return nil }
        defer { judgedPulses = pulses }
        return judge(from: judgedPulses)
    }

    /// Notes that pulses are missing behind the last one that is held.
    mutating func lose(pulses: UInt64, packets: UInt64) {
        lastGap.pulses = lastGap.pulses.saturatingSum(pulses)
        lastGap.packets = lastGap.packets.saturatingSum(packets)
    }

    /// Forgets the first pulses, or all with the gap behind them.
    mutating func drop(pulses count: Int) {
        if count == pulses { lastGap = Gap() }
        held.removeFirst(count * Self.pulseByteCount)
        gaps.removeFirst(count)
        judgedPulses = max(0, judgedPulses - count)
    }

    /// Whether a held pulse reads the same in both orders, as silence does.
    func readsAlike(pulse: Int) -> Bool {
        (0..<Self.samplesPerPulse).allSatisfy { sample in
            let offset = pulse * Self.pulseByteCount + 4 * sample
            return held[offset] == held[offset + 3] && held[offset + 1] == held[offset + 2]
        }
    }

    /// What the samples of a window do in one order.
    private struct Energy {
        /// Of the differences from pulse to pulse.
        var differences = 0.0
        /// About the first pulse's value, without its mean.
        var variation = 0.0
    }

    /// The order of a window's samples; `nil` when it is not clear.
    private func judge(from first: Int) -> UnframedIQFormat.ByteOrder? {
        let big = energy(.bigEndian, from: first)
        let little = energy(.littleEndian, from: first)
        if Self.isClearly(big, better: little) { return .bigEndian }
        if Self.isClearly(little, better: big) { return .littleEndian }
        return nil
    }

    /// Samples that leave their low bytes unused are small, not smooth, the wrong way round; their differences
    /// are then large against their own variation, and nothing is decided.
    private static func isClearly(_ one: Energy, better other: Energy) -> Bool {
        guard one.differences * decisiveFactor < other.differences else { return false }
        let isContradicted =
            other.differences * one.variation * decisiveFactor < one.differences * other.variation
        return !isContradicted
    }

    private func energy(_ order: UnframedIQFormat.ByteOrder, from first: Int) -> Energy {
        let format = UnframedIQFormat(sampleWidth: .bits32, byteOrder: order)
        var energy = Energy()
        for sample in 0..<Self.samplesPerPulse {
            var sum = 0.0
            var squares = 0.0
            var origin: Int64 = 0
            var before: Int64 = 0
            for pulse in first..<(first + Self.windowPulses) {
                let value = format.sample(in: held.span.bytes, at: pulse * Self.pulseByteCount + 4 * sample)
                if pulse == first { origin = value }
                let offset = Double(value - origin)
                sum += offset
                squares += offset * offset
                if pulse > first, gaps[pulse].pulses == 0 {
                    let step = Double(value - before)
                    energy.differences += step * step
                }
                before = value
            }
            energy.variation += max(0, squares - sum * sum / Double(Self.windowPulses))
        }
        return energy
    }
}
