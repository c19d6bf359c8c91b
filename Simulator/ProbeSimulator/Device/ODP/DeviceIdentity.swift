/// What the simulated probe says it is and what it can do.
///
/// The mark that it is simulated is no field: every IDENTITY that is made from this carries it.
public struct DeviceIdentity: Sendable, Hashable {
    /// USB vendor id; 0x1209 is pid.codes.
    public var vendorID: UInt16 = 0x1209
    /// USB product id; 1209:0001 is the pid.codes test id.
    public var productID: UInt16 = 0x0001
    /// USB manufacturer string.
    public var manufacturer = "DopplerBridge"
    /// USB product string; a host expects it to begin with `ODP `.
    public var product = "ODP Reference (simulated)"
    /// USB serial number string.
    public var serialNumber: String
    /// Hardware revision.
    public var hardwareRevision: UInt16 = 1
    /// Firmware major, minor and patch.
    public var firmware: [UInt8] = [1, 0, 0]
    /// Whether it makes B-mode pictures.
    public var hasBMode = true
    /// Whether channel 0 of the physiology stream is an ECG.
    public var hasECG = true
    /// Whether channel 1 of the physiology stream is respiration.
    public var hasRespiration = true
    /// Lowest and highest centre frequency, Hz.
    public var centreFrequencyHz: ClosedRange<UInt32> = 1_000_000...12_000_000
    /// Lowest and highest pulse repetition frequency, thousandths of Hz.
    public var prfMilliHz: ClosedRange<UInt32> = 100_000...20_000_000
    /// Most gates.
    public var mostGates: UInt16 = 512
    /// Least gate spacing, micrometres.
    public var leastGateSpacingUm: UInt16 = 100
    /// Greatest depth, micrometres.
    public var greatestDepthUm: UInt32 = 200_000
    /// Lowest and highest receive gain, hundredths of dB.
    public var receiveGainCentiDb: ClosedRange<Int16> = 0...6000
    /// Shortest and longest burst, cycles.
    public var burstCycles: ClosedRange<UInt8> = 1...64
    /// Shortest and longest gate, micrometres; not in IDENTITY, so the host learns it from GET_ACQUISITION.
    public var gateLengthUm: ClosedRange<UInt32> = 100...20_000
    /// Fewest and most lines of a B-mode frame.
    public var bModeLines: ClosedRange<UInt16> = 1...256
    /// Fewest and most samples of a B-mode line.
    public var bModeSamplesPerLine: ClosedRange<UInt16> = 1...1024
    /// Lowest and highest B-mode frame rate, thousandths of Hz; the lowest is not in IDENTITY.
    public var bModeFrameRateMilliHz: ClosedRange<UInt32> = 1000...200_000
    /// Least and greatest depth of a B-mode frame, micrometres; not in IDENTITY.
    public var bModeDepthUm: ClosedRange<UInt32> = 5000...200_000
    /// Least and greatest distance of B-mode lines, nanometres; not in IDENTITY.
    public var bModeLinePitchNm: ClosedRange<UInt32> = 20_000...1_000_000

    /// The reference probe with this serial number.
    public init(serialNumber: String) { self.serialNumber = serialNumber }

    /// The capability bits of IDENTITY; bit 5, simulated, is always among them.
    public var capabilities: UInt32 {
        Capability.pulsedWave | Capability.simulated | (hasECG ? Capability.ecg : 0)
            | (hasRespiration ? Capability.respiration : 0) | (hasBMode ? Capability.bMode : 0)
    }

    /// The stream mask's bits that mean something to this probe.
    var knownStreams: UInt8 {
        StreamBit.iq | (hasECG || hasRespiration ? StreamBit.physiology : 0) | (hasBMode ? StreamBit.bMode : 0)
    }

    /// Bits of the stream mask in ACQUISITION.
    enum StreamBit {
        static let iq: UInt8 = 1
        static let bMode: UInt8 = 2
        static let physiology: UInt8 = 8
    }

    private enum Capability {
        static let pulsedWave: UInt32 = 1
        static let bMode: UInt32 = 2
        static let ecg: UInt32 = 8
        static let respiration: UInt32 = 16
        static let simulated: UInt32 = 32
    }

    /// The 64 bytes of IDENTITY.
    ///
    /// Mechanical and thermal index are not declared; without B-mode its limits are 0.
    var bytes: [UInt8] {
        let declaredNothing: UInt16 = 0
        var bytes = Array("ODP1".utf8)
        bytes += [1, 0]
        bytes.appendLittleEndian(hardwareRevision)
        bytes += (0..<3).map { firmware.indices.contains($0) ? firmware[$0] : 0 } + [0]
        bytes.appendLittleEndian(capabilities)
        bytes.appendLittleEndian(centreFrequencyHz.lowerBound)
        bytes.appendLittleEndian(centreFrequencyHz.upperBound)
        bytes.appendLittleEndian(prfMilliHz.lowerBound)
        bytes.appendLittleEndian(prfMilliHz.upperBound)
        bytes.appendLittleEndian(mostGates)
        bytes.appendLittleEndian(leastGateSpacingUm)
        bytes.appendLittleEndian(greatestDepthUm)
        bytes.appendLittleEndian(declaredNothing)
        bytes.appendLittleEndian(declaredNothing)
        bytes.appendLittleEndian(receiveGainCentiDb.lowerBound)
        bytes.appendLittleEndian(receiveGainCentiDb.upperBound)
        bytes += [burstCycles.lowerBound, burstCycles.upperBound]
        bytes.appendLittleEndian(hasBMode ? bModeLines.upperBound : 0)
        bytes.appendLittleEndian(hasBMode ? bModeSamplesPerLine.upperBound : 0)
        bytes.appendLittleEndian(hasBMode ? bModeFrameRateMilliHz.upperBound : 0)
        return bytes + [UInt8](repeating: 0, count: 64 - bytes.count)
    }
}
