internal import ProbeLink

/// The two directions of one gate as sound: the reverse of how a directional Doppler's sound becomes I and Q.
///
/// With I = towards + away and Q the Hilbert transform of towards - away, the transform of Q is away - towards. The filter
/// is that of `HilbertFilter`, with its ripple of 1.3 %: a direction shows about 43 dB below itself in the other.
public struct DirectionalSplit: Sendable {
    /// Flow towards the transducer, 16 bits; 0 in gaps.
    public private(set) var towards: [Int16] = []
    /// Flow away from the transducer, 16 bits; 0 in gaps.
    public private(set) var away: [Int16] = []

    /// The sound of a gate, one sample a pulse.
    ///
    /// - Parameter gate: from 0; a recording has `samples.gates` of them.
    public init(_ samples: RecordedSamples, gate: Int) {
        guard (0..<samples.gates).contains(gate) else { return }
        towards.reserveCapacity(samples.pulses)
        away.reserveCapacity(samples.pulses)
        var pulse = 0
        let end = RecordedSamples.Gap(firstPulse: samples.pulses, pulses: 0, place: "")
        for gap in samples.gaps + [end] {
            add(samples, gate: gate, pulse..<gap.firstPulse)
            towards.append(contentsOf: repeatElement(0, count: gap.pulses))
            away.append(contentsOf: repeatElement(0, count: gap.pulses))
            pulse = gap.firstPulse + gap.pulses
        }
    }

    /// Adds an unbroken stretch; beyond its ends the filter reckons with silence.
    private mutating func add(_ samples: RecordedSamples, gate: Int, _ pulses: Range<Int>) {
        var filter = HilbertFilter()
        let scale = samples.bytesPerNumber == 2 ? 1 : 1 / 65_536.0
        var next = pulses.lowerBound
        func number(_ pulse: Int, _ part: Int) -> Double {
            Double(samples.number(2 * (pulse * samples.gates + gate) + part)) * scale
        }
        func take(_ output: (inPhase: Double, quadrature: Double)?) {
            guard let output, next < pulses.upperBound else { return }
            let inPhase = number(next, 0)
            towards.append(Self.clamped((inPhase - output.quadrature) / 2))
            away.append(Self.clamped((inPhase + output.quadrature) / 2))
            next += 1
        }
        for pulse in pulses { take(filter.take(forward: number(pulse, 1), reverse: 0)) }
        while next < pulses.upperBound { take(filter.drain()) }
    }

    private static func clamped(_ value: Double) -> Int16 {
        Int16(max(Double(Int16.min), min(Double(Int16.max), value.rounded())))
    }
}
