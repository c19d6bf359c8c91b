/// What a probe says of itself (ODP 1.0, IDENTITY, 64 bytes).
public struct ODPIdentity: Sendable, Hashable {
    /// Bytes of IDENTITY.
    public static let byteCount = 64
    /// The protocol's major version that this reader understands.
    public static let protocolMajor: UInt8 = 1
    /// `ODP1`, read as a little-endian number.
    private static let magic: UInt32 = 0x3150_444F

    /// What a probe can do.
    public struct Capabilities: OptionSet, Sendable, Hashable {
        /// The bits as in ODP IDENTITY.
        public let rawValue: UInt32

        /// Capabilities from their bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Pulsed-wave Doppler.
        public static let pulsedWave = Capabilities(rawValue: 1 << 0)
        /// B-mode pictures.
        public static let bMode = Capabilities(rawValue: 1 << 1)
        /// ECG.
        public static let ecg = Capabilities(rawValue: 1 << 3)
        /// Respiration.
        public static let respiration = Capabilities(rawValue: 1 << 4)
        /// The probe is simulated.
        ///
        /// Everything derived from its stream is marked so.
        public static let simulated = Capabilities(rawValue: 1 << 5)
    }

    /// Minor version of the protocol; the major one is `protocolMajor`.
    public var protocolMinor: UInt8
    /// The hardware's revision.
    public var hardwareRevision: UInt16
    /// Major, minor and patch of the firmware, such as `1.4.2`.
    public var firmware: String
    /// What the probe can do.
    public var capabilities: Capabilities
    /// Lowest centre frequency, Hz.
    public var lowestCentreFrequencyHz: UInt32
    /// Highest centre frequency, Hz.
    public var highestCentreFrequencyHz: UInt32
    /// Lowest pulse repetition frequency, thousandths of Hz.
    public var lowestPrfMilliHz: UInt32
    /// Highest pulse repetition frequency, thousandths of Hz.
    public var highestPrfMilliHz: UInt32
    /// Most gates.
    public var mostGates: UInt16
    /// Least distance of neighbouring gates, micrometres.
    public var leastGateSpacingUm: UInt16
    /// Greatest depth, micrometres.
    public var greatestDepthUm: UInt32
    /// Declared maximum of the mechanical index, thousandths; `nil` = not declared.
    public var declaredMechanicalIndexPerMille: UInt16?
    /// Declared maximum of the thermal index, thousandths; `nil` = not declared.
    public var declaredThermalIndexPerMille: UInt16?
    /// Lowest receive gain, hundredths of dB.
    public var lowestReceiveGainCentiDb: Int16
    /// Highest receive gain, hundredths of dB.
    public var highestReceiveGainCentiDb: Int16
    /// Shortest burst, cycles.
    public var leastBurstCycles: UInt8
    /// Longest burst, cycles.
    public var mostBurstCycles: UInt8
    /// Most B-mode lines of a frame.
    public var mostBModeLines: UInt16
    /// Most B-mode samples of a line.
    public var mostBModeSamplesPerLine: UInt16
    /// Highest B-mode frame rate, thousandths of Hz.
    public var highestBModeFrameRateMilliHz: UInt32

    /// Reads IDENTITY.
    ///
    /// - Throws: `protocolViolation` when there are not exactly 64 bytes, or the magic or the major version differs.
    public init(_ bytes: RawSpan) throws(TransportError) {
        guard bytes.byteCount == Self.byteCount else {
            throw .protocolViolation(what: "IDENTITY has \(bytes.byteCount) bytes instead of \(Self.byteCount)")
        }
        guard bytes.uint32(at: 0) == Self.magic else {
            throw .protocolViolation(what: "IDENTITY does not begin with ODP1")
        }
        guard bytes.uint8(at: 4) == Self.protocolMajor else {
            throw .protocolViolation(
                what: "it speaks ODP \(bytes.uint8(at: 4)).\(bytes.uint8(at: 5)), and this bridge ODP 1")
        }
        protocolMinor = bytes.uint8(at: 5)
        hardwareRevision = bytes.uint16(at: 6)
        firmware = "\(bytes.uint8(at: 8)).\(bytes.uint8(at: 9)).\(bytes.uint8(at: 10))"
        capabilities = Capabilities(rawValue: bytes.uint32(at: 12))
        lowestCentreFrequencyHz = bytes.uint32(at: 16)
        highestCentreFrequencyHz = bytes.uint32(at: 20)
        lowestPrfMilliHz = bytes.uint32(at: 24)
        highestPrfMilliHz = bytes.uint32(at: 28)
        mostGates = bytes.uint16(at: 32)
        leastGateSpacingUm = bytes.uint16(at: 34)
        greatestDepthUm = bytes.uint32(at: 36)
        declaredMechanicalIndexPerMille = Self.declared(bytes.uint16(at: 40))
        declaredThermalIndexPerMille = Self.declared(bytes.uint16(at: 42))
        lowestReceiveGainCentiDb = bytes.int16(at: 44)
        highestReceiveGainCentiDb = bytes.int16(at: 46)
        leastBurstCycles = bytes.uint8(at: 48)
        mostBurstCycles = bytes.uint8(at: 49)
        mostBModeLines = bytes.uint16(at: 50)
        mostBModeSamplesPerLine = bytes.uint16(at: 52)
        highestBModeFrameRateMilliHz = bytes.uint32(at: 54)
    }

    /// An index as declared: 0 on the wire means that none is.
    private static func declared(_ perMille: UInt16) -> UInt16? { perMille == 0 ? nil : perMille }
}
