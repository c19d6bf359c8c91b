/// Which streams a probe sends.
public struct StreamMask: OptionSet, Sendable, Hashable, Codable {
    /// The bits as in ODP ACQUISITION.
    public let rawValue: UInt8

    /// A mask from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Quadrature samples.
    public static let iq = StreamMask(rawValue: 1)
    /// B-mode pictures.
    public static let bMode = StreamMask(rawValue: 2)
    /// ECG and respiration.
    public static let physiology = StreamMask(rawValue: 8)
}

/// The settings of an acquisition, in the exact units of ODP 1.0 ACQUISITION, whatever the probe.
///
/// A source returns those in force, which may differ from those asked for; only the settings in force are
/// used and recorded.
public struct AcquisitionSettings: Sendable, Hashable, Codable {
    /// Transmitted centre frequency, Hz.
    public var centreFrequencyHz: UInt32
    /// Pulse repetition frequency, thousandths of Hz.
    public var prfMilliHz: UInt32
    /// Depth of the first gate's centre, micrometres.
    public var firstGateDepthUm: UInt32
    /// Distance of neighbouring gates' centres, micrometres.
    public var gateSpacingUm: UInt32
    /// Length of each gate, micrometres.
    public var gateLengthUm: UInt32
    /// Number of gates, 1 or more.
    public var gates: UInt16
    /// Length of the transmitted burst, cycles.
    public var burstCycles: UInt8
    /// What is streamed.
    public var streams: StreamMask
    /// Transmit level, thousandths of the probe's maximum; 0 does not transmit.
    public var transmitLevelPerMille: UInt16
    /// Receive gain, hundredths of dB.
    public var receiveGainCentiDb: Int16
    /// B-mode frame rate, thousandths of Hz.
    public var bModeFrameRateMilliHz: UInt32
    /// B-mode lines of a frame.
    public var bModeLines: UInt16
    /// B-mode samples of a line.
    public var bModeSamplesPerLine: UInt16
    /// B-mode depth, micrometres.
    public var bModeDepthUm: UInt32
    /// B-mode distance of neighbouring lines, nanometres.
    public var bModeLinePitchNm: UInt32

    /// Settings for pulsed-wave Doppler without imaging.
    public init(
        centreFrequencyHz: UInt32, prfMilliHz: UInt32, firstGateDepthUm: UInt32, gateSpacingUm: UInt32 = 0,
        gateLengthUm: UInt32, gates: UInt16 = 1, burstCycles: UInt8, streams: StreamMask,
        transmitLevelPerMille: UInt16, receiveGainCentiDb: Int16 = 0
    ) {
        self.centreFrequencyHz = centreFrequencyHz
        self.prfMilliHz = prfMilliHz
        self.firstGateDepthUm = firstGateDepthUm
        self.gateSpacingUm = gateSpacingUm
        self.gateLengthUm = gateLengthUm
        self.gates = gates
        self.burstCycles = burstCycles
        self.streams = streams
        self.transmitLevelPerMille = transmitLevelPerMille
        self.receiveGainCentiDb = receiveGainCentiDb
        bModeFrameRateMilliHz = 0
        bModeLines = 0
        bModeSamplesPerLine = 0
        bModeDepthUm = 0
        bModeLinePitchNm = 0
    }

    /// Pulse repetition frequency, Hz.
    public var prfHz: Double { Double(prfMilliHz) / 1000 }

    /// Bytes of 16-bit I/Q samples each second.
    var iqBytesPerSecond: Int { Int(prfHz) * Int(gates) * 4 }

    /// Bytes of B-mode samples each second; 0 without B-mode.
    var bModeBytesPerSecond: Int {
        guard streams.contains(.bMode) else { return 0 }
        return Int(bModeLines) * Int(bModeSamplesPerLine) * Int(bModeFrameRateMilliHz) / 1000
    }
}
