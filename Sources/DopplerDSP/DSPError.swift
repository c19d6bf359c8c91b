/// Why spectra cannot be computed.
public enum DSPError: Error, Sendable, Equatable {
    /// The transform's length is not a power of two in the range that is offered.
    case fftLength(Int)
    /// The distance of neighbouring columns is out of range, pulses.
    case hop(Int)
    /// The pulse repetition frequency is not a number above 0, Hz.
    case prf(Double)
    /// The wall filter's cut-off is negative or not below half the pulse repetition frequency, Hz.
    case wallFilterCutoff(cutoffHz: Double, prfHz: Double)
    /// The number of gates is out of range.
    case gates(Int)
    /// The bytes of a chunk are not pulses times gates times the bytes of one I/Q pair.
    case sampleBytes(found: Int, pulses: Int, gates: Int, bytesPerPair: Int)
    /// Arrays that belong together have other lengths than the transform or the filter.
    case arrayLength(found: Int, expected: Int)
    /// The angle between beam and flow is outside 0 up to but not including 90 degrees.
    case insonationAngle(Double)
    /// The centre frequency is not a number above 0, Hz.
    case centreFrequency(Double)
    /// The speed of sound is not a number above 0, m/s.
    case speedOfSound(Double)
    /// The zero line cannot be moved by this share of the Nyquist limit.
    case baselineShift(Double)
    /// The depth of a gate is not a number above 0, mm.
    case gateDepth(Double)
    /// A gate lies deeper than echoes come from before the next pulse leaves, mm: its samples are of two depths.
    case gateBeyondPulse(farEdgeMm: Double, prfHz: Double, greatestMm: Double)
    /// A map of many gates is asked to estimate gain and phase of I and Q.
    case mapCannotCorrectIQ
}

extension DSPError: CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    public var description: String {
        switch self {
        case .fftLength(let length):
            "The spectrum's length of \(length) pulses is not offered; choose 64, 128, 256, 512 or 1024."
        case .hop(let hop):
            "The hop of \(hop) pulses is out of range; choose 1 to \(SpectralSettings.hopLimit)."
        case .prf(let prfHz):
            "The pulse repetition frequency of \(prfHz) Hz cannot be used; it must be above 0."
        case .wallFilterCutoff(let cutoffHz, let prfHz):
            "The wall filter's cut-off of \(cutoffHz) Hz cannot be used with a pulse repetition frequency of "
                + "\(prfHz) Hz; choose 0 up to, but below, \(prfHz / 2) Hz."
        case .gates(let gates):
            "\(gates) gates cannot be analysed; choose 1 to \(SpectralSettings.gateRange.upperBound)."
        case .sampleBytes(let found, let pulses, let gates, let bytesPerPair):
            "A chunk has \(found) bytes, but \(pulses) pulses of \(gates) gates take \(bytesPerPair) bytes a "
                + "pair; check the frame's header against the settings in force."
        case .arrayLength(let found, let expected):
            "An array has \(found) values where \(expected) belong."
        case .insonationAngle(let degrees):
            "The insonation angle of \(degrees) degrees gives no velocity; enter 0 up to, but below, 90."
        case .centreFrequency(let hz):
            "The centre frequency of \(hz) Hz gives no velocity; it must be above 0."
        case .speedOfSound(let metres):
            "The speed of sound of \(metres) m/s gives no velocity; it must be above 0."
        case .baselineShift(let share):
            "The baseline cannot be shifted by \(share) of the Nyquist limit; choose -\(BaselineShift.largestShare) to "
                + "\(BaselineShift.largestShare), and less with a high wall filter or a short spectrum."
        case .gateDepth(let mm):
            "A gate at \(mm) mm is at no depth; it must be above 0."
        case .mapCannotCorrectIQ:
            "A map of many gates does not correct gain and phase of I and Q; analyse the gate by itself."
        case .gateBeyondPulse(let farEdgeMm, let prfHz, let greatestMm):
            "The gate ends at \(farEdgeMm) mm, but at a pulse repetition frequency of \(prfHz) Hz echoes come back in "
                + "time from \(greatestMm.rounded(.down)) mm and less; lower the PRF or the depth."
        }
    }
}
