internal import DopplerDSP
internal import Glibc
internal import ProbeLink

/// Makes the picture of all gates: mean shift and power over depth.
struct LiveProfile: Sendable {
    /// From so many dB over the noise on a gate has a mean shift (project choice: below it the mean is that of noise).
    private static let leastDb: Float = 3
    private static let stepDb: Float = 0.5
    /// The noise is the weakest of so many bands of the spectrum, those about 0 left out (project choice).
    private static let bands = 8
    /// The shortest window that the map offers: depth needs less resolution than the spectrum (project choice).
    private static let mapLength = 64

    private let settings: AcquisitionSettings
    private var map: SpectralMap
    private var taken: SpectralMap.Columns?
    private let prfHz: Double

    init(_ settings: AcquisitionSettings, _ look: SpectralSettings, perSecond: Double) throws(DSPError) {
        self.settings = settings
        var spectral = look
        spectral.gates = Int(settings.gates)
        spectral.correctsIQ = false
        spectral.fftLength = min(look.fftLength, Self.mapLength)
        let hop = Int((look.prfHz / perSecond).rounded())
        spectral.hopPulses = min(max(hop, 1), SpectralSettings.hopLimit)
        prfHz = look.prfHz
        map = try SpectralMap(spectral)
    }

    mutating func add(_ samples: RawSpan, _ format: IQFormat, pulses: Int, firstPulse: UInt64) throws(DSPError) {
        try map.process(samples, format: format, pulses: pulses, firstPulse: firstPulse)
    }

    /// The newest moment as a piece; `nil` where nothing is new.
    mutating func take() -> LivePiece? {
        map.takeColumns(into: &taken)
        guard let taken, let pulse = taken.firstPulses.last else { return nil }
        let last = taken.firstPulses.count - 1
        let headBytes = 20
        let bytesOfGate = 3
        var piece = PieceBytes(.profile, capacity: headBytes + bytesOfGate * taken.gates)
        piece.append(UInt16(clamping: taken.gates))
        piece.append(settings.firstGateDepthUm)
        piece.append(settings.gateSpacingUm)
        piece.append(pulse)
        var levels: [UInt8] = []
        levels.reserveCapacity(taken.gates)
        for gate in 0..<taken.gates {
            let db = Self.overNoiseDb(taken.power(column: last, gate: gate))
            levels.append(UInt8(min(max((db / Self.stepDb).rounded(), 0), 255)))
            let shiftHz = taken.meanShiftHz(column: last, gate: gate)
            piece.append(db >= Self.leastDb ? shift(shiftHz) : ColumnPacker.notMeasured)
        }
        piece.append(contentsOf: levels)
        return LivePiece(bytes: piece.bytes)
    }

    private func shift(_ shiftHz: Float) -> Int16 {
        guard shiftHz.isFinite else { return ColumnPacker.notMeasured }
        return Int16(min(max((Double(shiftHz) / prfHz * 65_536).rounded(), -32_767), 32_767))
    }

    /// Power of a spectrum over its noise, dB; 0 for an empty one.
    private static func overNoiseDb(_ power: ArraySlice<Float>) -> Float {
        let width = power.count / bands
        var total: Float = 0
        var noise = Float.infinity
        for band in 0..<bands {
            let start = power.startIndex + band * width
            let sum = power[start..<start + width].reduce(0, +)
            total += sum
            let isAtZero = band == bands / 2 || band == bands / 2 - 1
            if !isAtZero { noise = min(noise, sum) }
        }
        guard noise > 0, noise.isFinite, total > 0 else { return 0 }
        return max(0, 10 * log10f(total / (noise * Float(bands))))
    }
}
