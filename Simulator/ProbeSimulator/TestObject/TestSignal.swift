/// The samples of one gate of a test scene.
public struct TestSignal: Sendable {
    /// Pulse repetition frequency that the device states, Hz.
    public let prfHz: Double
    /// I of each pulse, counts.
    public internal(set) var inPhase: [Double]
    /// Q of each pulse, counts.
    public internal(set) var quadrature: [Double]
    /// The pulses that arrive, in the order of time: what lies between them is lost.
    public internal(set) var arriving: [Range<Int>]
    /// The pulses in which the converter clipped.
    public internal(set) var clipped: [Range<Int>]

    /// Number of pulses, lost ones included.
    public var count: Int { inPhase.count }

    /// A signal without losses.
    public init(prfHz: Double, inPhase: [Double], quadrature: [Double]) {
        self.prfHz = prfHz
        self.inPhase = inPhase
        self.quadrature = quadrature
        arriving = inPhase.isEmpty ? [] : [0..<min(inPhase.count, quadrature.count)]
        clipped = []
    }

    /// Adds a constant to I of one pulse; a pulse outside the signal changes nothing.
    public mutating func add(counts: Double, atPulse pulse: Int) {
        guard inPhase.indices.contains(pulse) else { return }
        inPhase[pulse] += counts
    }

    /// I and Q alternating as a converter of 32 bits gives them, rounded; what is not a number is 0.
    public func counts(_ pulses: Range<Int>) -> [Int32] {
        var values: [Int32] = []
        values.reserveCapacity(2 * pulses.count)
        for pulse in pulses {
            values.append(Self.rounded(inPhase[pulse]))
            values.append(Self.rounded(quadrature[pulse]))
        }
        return values
    }

    /// Whether the converter clipped in a pulse.
    public func isClipped(_ pulse: Int) -> Bool { clipped.contains { $0.contains(pulse) } }

    private static func rounded(_ value: Double) -> Int32 {
        guard value == value else { return 0 }
        return Int32(min(max(value.rounded(), Double(Int32.min)), Double(Int32.max)))
    }
}
