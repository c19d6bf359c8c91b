import DopplerDSP
import Glibc
import TestSupport

/// A complex sample: I and Q.
typealias Sample = SIMD2<Double>

/// Signals whose truth is known, from a seed.
struct TestSignals {
    var generator: SeededGenerator

    init(seed: Int) { generator = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)) &* 7919 &+ 17) }

    mutating func uniform() -> Double { Double.random(in: 0..<1, using: &generator) }

    /// A complex normal number of mean power 1 (Box and Muller).
    mutating func normal() -> Sample {
        let radius = (-log(1 - uniform())).squareRoot()
        let angle = 2 * Double.pi * uniform()
        return Sample(radius * cos(angle), radius * sin(angle))
    }

    /// White noise of a mean power in squared counts.
    mutating func noise(_ count: Int, power: Double) -> [Sample] {
        let scale = power.squareRoot()
        return (0..<count).map { _ in normal() * scale }
    }

    /// Flow of a mean power: sinusoids of random phase at the given shifts (Mo and Cobbold 1989).
    mutating func flow(_ count: Int, shiftsHz: [Double], prfHz: Double, power: Double) -> [Sample] {
        var sum = [Sample](repeating: .zero, count: count)
        let amplitude = (power / Double(shiftsHz.count)).squareRoot()
        for shiftHz in shiftsHz {
            let phase = 2 * Double.pi * uniform()
            let step = 2 * Double.pi * shiftHz / prfHz
            let turn = Sample(cos(step), sin(step))
            var value = Sample(cos(phase), sin(phase)) * amplitude
            for index in sum.indices {
                sum[index] += value
                value = Sample(value.x * turn.x - value.y * turn.y, value.x * turn.y + value.y * turn.x)
            }
        }
        return sum
    }

    /// Shifts spread like a normal distribution about a mean, whose own mean is exact.
    mutating func normalShifts(meanHz: Double, deviationHz: Double, count: Int = 40) -> [Double] {
        let pairs = (0..<count / 2).map { index in
            // Standard normal quantile by its logistic approximation, shifted at random inside its share.
            let share = 0.5 + (Double(index) + uniform()) / Double(count)
            return log(share / (1.0000001 - share)) / 1.702 * deviationHz
        }
        return pairs.flatMap { [meanHz + $0, meanHz - $0] }
    }

    /// Shifts spread evenly between two limits: a parabolic velocity profile.
    mutating func evenShifts(from firstHz: Double, to lastHz: Double, count: Int = 60) -> [Double] {
        (0..<count).map { firstHz + (lastHz - firstHz) * (Double($0) + uniform()) / Double(count) }
    }
}

/// The sum of two signals of the same length.
func + (a: [Sample], b: [Sample]) -> [Sample] { zip(a, b).map { $0 + $1 } }

/// Samples of several gates, pulse by pulse, as 16-bit counts.
func counts(_ gates: [[Sample]]) -> [Int16] {
    var values: [Int16] = []
    values.reserveCapacity(2 * gates.count * (gates.first?.count ?? 0))
    for pulse in 0..<(gates.first?.count ?? 0) {
        for gate in gates {
            values.append(Int16(clamping: Int(gate[pulse].x.rounded())))
            values.append(Int16(clamping: Int(gate[pulse].y.rounded())))
        }
    }
    return values
}

extension SpectralAnalyser {
    /// Takes 16-bit counts.
    mutating func process(
        _ values: [Int16], firstPulse: UInt64 = 0, flags: FrameConditions = [.transmitting]
    ) throws {
        try process(
            values.span.bytes, format: .int16, pulses: values.count / 2 / settings.gates, firstPulse: firstPulse,
            flags: flags)
    }
}

/// The spectrogram of one gate's samples in one piece.
func spectrogram(_ samples: [Sample], _ settings: SpectralSettings) throws -> Spectrogram {
    var analyser = try SpectralAnalyser(settings)
    try analyser.process(counts([samples]))
    return analyser.finish()[0]
}

/// 5 kHz, windows of 128 pulses, 100 Hz cut-off, as much as a test may change.
func settings(
    gates: Int = 1, fftLength: Int = 128, hop: Int = 50, cutoffHz: Double = 100,
    method: EnvelopeMethod = .noiseThreshold, correctsIQ: Bool = false
) -> SpectralSettings {
    SpectralSettings(
        prfHz: 5000, gates: gates, fftLength: fftLength, hopPulses: hop, wallFilterCutoffHz: cutoffHz,
        envelopeMethod: method, correctsIQ: correctsIQ)
}

/// Mean and standard deviation.
func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(max(1, values.count - 1))).squareRoot())
}
