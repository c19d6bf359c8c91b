/// The acquisition settings in force in the simulated probe, in the exact units of ODP 1.0 ACQUISITION.
///
/// This is the device's own reading of the 48 bytes, apart from the host's.
public struct DeviceSettings: Sendable, Hashable {
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
    /// The stream mask: bit 0 I/Q, bit 1 B-mode, bit 3 physiology.
    public var streamMask: UInt8
    /// Transmit level, thousandths of the probe's maximum; 0 does not transmit.
    public var transmitLevelPerMille: UInt16
    /// Receive gain, hundredths of dB.
    public var receiveGainCentiDb: Int16
    /// B-mode frame rate, thousandths of Hz.
    public var bModeFrameRateMilliHz: UInt32 = 0
    /// B-mode lines of a frame.
    public var bModeLines: UInt16 = 0
    /// B-mode samples of a line.
    public var bModeSamplesPerLine: UInt16 = 0
    /// B-mode depth, micrometres.
    public var bModeDepthUm: UInt32 = 0
    /// B-mode distance of neighbouring lines, nanometres.
    public var bModeLinePitchNm: UInt32 = 0

    /// Settings for pulsed-wave Doppler with physiology and without imaging.
    public init(
        centreFrequencyHz: UInt32, prfMilliHz: UInt32, firstGateDepthUm: UInt32, gateSpacingUm: UInt32 = 0,
        gateLengthUm: UInt32, gates: UInt16 = 1, burstCycles: UInt8 = 8, streamMask: UInt8 = 0b1001,
        transmitLevelPerMille: UInt16 = 1000, receiveGainCentiDb: Int16 = 0
    ) {
        self.centreFrequencyHz = centreFrequencyHz
        self.prfMilliHz = prfMilliHz
        self.firstGateDepthUm = firstGateDepthUm
        self.gateSpacingUm = gateSpacingUm
        self.gateLengthUm = gateLengthUm
        self.gates = gates
        self.burstCycles = burstCycles
        self.streamMask = streamMask
        self.transmitLevelPerMille = transmitLevelPerMille
        self.receiveGainCentiDb = receiveGainCentiDb
    }

    /// Pulse repetition frequency, Hz.
    public var prfHz: Double { Double(prfMilliHz) / 1000 }

    /// Depth of the centre of gate `index` (from 0), millimetres.
    public func gateDepthMm(_ index: Int) -> Double {
        (Double(firstGateDepthUm) + Double(index) * Double(gateSpacingUm)) / 1000
    }
}
