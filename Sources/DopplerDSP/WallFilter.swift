internal import Glibc

/// The wall filter: a Butterworth high-pass of order 4 over the I and Q of all gates.
///
/// Two second-order sections from the bilinear transform, each as a state-variable filter (trapezoidal
/// integrators; Zavalishin 2012, "The Art of VA Filter Design", chapter 4): its rounding noise does not grow as the
/// cut-off falls, and its rest state is exact, so a constant input gives no transient. The coefficients are
/// computed in Double. A cut-off of 0 passes everything.
public struct WallFilter: Sendable {
    /// Where the response is 3 dB down, Hz; 0 passes everything.
    public let cutoffHz: Double
    /// Sample rate of every gate, Hz.
    public let prfHz: Double
    /// Gates side by side.
    public let gates: Int
    /// Values of one pulse with the padding that lets every vector be full.
    let rowLength: Int

    /// Five for each of the two sections; none without a cut-off.
    private let coefficients: [Float]
    private static let sectionCount = 2
    /// Which lanes are filtered together.
    private let groups: [(first: Int, width: Int)]
    /// For each section and integrator one row.
    private var states: [Float]
    private var isAtRest = true

    /// Damping ratios of the two pole pairs: cos(3 pi / 8) and cos(pi / 8) (Butterworth 1930).
    private static let dampingRatios = [0.923_879_532_511_286_7, 0.382_683_432_365_089_8]
    /// The share of a step that may be left when the filter counts as settled: -60 dB (project choice: a wall of
    /// 50 dB over blood then lies below the blood).
    private static let settledShare = 1e-3

    /// A filter at rest.
    ///
    /// - Throws: `DSPError` when rate, cut-off or number of gates cannot be used.
    public init(cutoffHz: Double, prfHz: Double, gates: Int = 1) throws(DSPError) {
        guard prfHz.isFinite, prfHz > 0 else { throw .prf(prfHz) }
        guard cutoffHz >= 0, cutoffHz < prfHz / 2 else {
            throw .wallFilterCutoff(cutoffHz: cutoffHz, prfHz: prfHz)
        }
        guard SpectralSettings.gateRange.contains(gates) else { throw .gates(gates) }
        self.cutoffHz = cutoffHz
        self.prfHz = prfHz
        self.gates = gates
        groups = Self.groups(lanes: 2 * gates)
        rowLength = groups.reduce(0) { $0 + $1.width }
        let warped = tan(.pi * cutoffHz / prfHz)
        coefficients =
            cutoffHz > 0
            ? Self.dampingRatios.flatMap { Self.coefficients(warpedCutoff: warped, dampingRatio: $0) } : []
        // Two integrators a section.
        states = [Float](repeating: 0, count: cutoffHz > 0 ? 2 * Self.sectionCount * rowLength : 0)
    }

    /// Pulses after a start until what is left of a step has fallen by 60 dB; 0 without a cut-off.
    public var settlingPulses: Int {
        guard cutoffHz > 0, let slowest = Self.dampingRatios.min() else { return 0 }
        let warped = tan(.pi * cutoffHz / prfHz)
        let imaginary = warped * warped * (1 - slowest * slowest)
        let squaredRadius =
            ((1 - warped * slowest) * (1 - warped * slowest) + imaginary)
            / ((1 + warped * slowest) * (1 + warped * slowest) + imaginary)
        return Int((2 * log(Self.settledShare) / log(squaredRadius)).rounded(.up))
    }

    /// The cut-off as a velocity, cm/s: slower flow is not seen.
    public func cutoffCmPerS(_ scale: DopplerScale) -> Double { scale.velocityCmPerS(ofShiftHz: cutoffHz) }

    /// Share of the amplitude that passes at a shift in Hz, 0 to 1.
    public func response(atHz shiftHz: Double) -> Double {
        guard cutoffHz > 0 else { return 1 }
        let ratio = tan(.pi * shiftHz / prfHz) / tan(.pi * cutoffHz / prfHz)
        guard ratio.isFinite else { return 1 }
        let squared = ratio * ratio
        let fourth = squared * squared
        return fourth / (1 + fourth * fourth).squareRoot()
    }

    /// The lowest shift that counts as detectable: where the response is 6 dB down, Hz.
    public var lowestDetectableHz: Double { Self.lowestDetectableHz(cutoffHz: cutoffHz, prfHz: prfHz) }

    /// The lowest detectable shift of a filter with a cut-off, Hz: the 6 dB point of the order-4 Butterworth response.
    public static func lowestDetectableHz(cutoffHz: Double, prfHz: Double) -> Double {
        guard cutoffHz > 0, prfHz > 0, cutoffHz < prfHz / 2 else { return 0 }
        // x^8 / (1 + x^8) = 1/4, x the ratio of the warped frequencies.
        let ratio = pow(1.0 / 3, 1.0 / 8)
        return atan(ratio * tan(.pi * cutoffHz / prfHz)) * prfHz / .pi
    }

    /// The lowest detectable velocity, cm/s: the 6 dB point on a scale.
    public func lowestDetectableCmPerS(_ scale: DopplerScale) -> Double {
        scale.velocityCmPerS(ofShiftHz: lowestDetectableHz)
    }

    /// Forgets the past: the next pulse counts as having stood there for ever.
    public mutating func reset() { isAtRest = true }

    /// Filters pulse-major samples in place: for each pulse, for each gate, I and Q.
    ///
    /// - Throws: `DSPError.arrayLength` when the last pulse is not whole.
    public mutating func process(_ samples: inout [Float]) throws(DSPError) {
        let valuesAPulse = 2 * gates
        let pulses = samples.count / valuesAPulse
        guard samples.count == pulses * valuesAPulse else {
            throw .arrayLength(found: samples.count, expected: (pulses + 1) * valuesAPulse)
        }
        guard rowLength != valuesAPulse else {
            filter(&samples, pulses: pulses)
            return
        }
        var rows = [Float](repeating: 0, count: pulses * rowLength)
        for pulse in 0..<pulses {
            for value in 0..<valuesAPulse { rows[pulse * rowLength + value] = samples[pulse * valuesAPulse + value] }
        }
        filter(&rows, pulses: pulses)
        for pulse in 0..<pulses {
            for value in 0..<valuesAPulse { samples[pulse * valuesAPulse + value] = rows[pulse * rowLength + value] }
        }
    }

    /// Filters rows of `rowLength` values in place.
    mutating func filter(_ rows: UnsafeMutablePointer<Float>, pulses: Int) {
        guard pulses > 0, !coefficients.isEmpty else { return }
        if isAtRest { rest(on: rows) }
        isAtRest = false
        states.withUnsafeMutableBufferPointer { buffer in
            guard let states = buffer.baseAddress else { return }
            for group in groups {
                SIMDLevel.kernels.filterRows(
                    rows + group.first, lanes: group.width, pulses: pulses, rowLength: rowLength,
                    states: states + group.first, coefficients: coefficients)
            }
        }
    }

    /// Sets the states as if the first pulse had come for ever: all of it in the first section's second integrator.
    private mutating func rest(on row: UnsafePointer<Float>) {
        for index in states.indices { states[index] = 0 }
        for lane in 0..<rowLength { states[rowLength + lane] = row[lane] }
    }

    /// As many full vectors as there are, and the narrowest one that takes the rest.
    private static func groups(lanes: Int) -> [(first: Int, width: Int)] {
        var groups = stride(from: 0, through: lanes - 16, by: 16).map { (first: $0, width: 16) }
        let left = lanes % 16
        if left > 0 {
            groups.append((first: lanes - left, width: left > 8 ? 16 : left > 4 ? 8 : left > 2 ? 4 : 2))
        }
        return groups
    }

    /// One second-order high-pass section as coefficients of its two integrators, in the kernels' order.
    private static func coefficients(warpedCutoff: Double, dampingRatio: Double) -> [Float] {
        let damping = 2 * dampingRatio
        let scale = 1 / (1 + warpedCutoff * (warpedCutoff + damping))
        let outputFromDifference = scale
        let outputFromFirst = -scale * (damping + warpedCutoff)
        let firstFromFirst = 2 * scale - 1
        let crossGain = 2 * warpedCutoff * scale
        let secondFromDifference = 2 * warpedCutoff * warpedCutoff * scale
        return [outputFromDifference, outputFromFirst, firstFromFirst, crossGain, secondFromDifference].map {
            Float($0)
        }
    }
}
