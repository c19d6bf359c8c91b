extension AcquisitionSettings {
    /// Bytes of ACQUISITION (ODP 1.0).
    public static let odpByteCount = 48

    /// The settings as ODP 1.0 ACQUISITION, 48 bytes, the reserved ones 0.
    public var odpBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.odpByteCount)
        bytes.appendLittleEndian(centreFrequencyHz)
        bytes.appendLittleEndian(prfMilliHz)
        bytes.appendLittleEndian(firstGateDepthUm)
        bytes.appendLittleEndian(gateSpacingUm)
        bytes.appendLittleEndian(gateLengthUm)
        bytes.appendLittleEndian(gates)
        bytes.append(burstCycles)
        bytes.append(streams.rawValue)
        bytes.appendLittleEndian(transmitLevelPerMille)
        bytes.appendLittleEndian(receiveGainCentiDb)
        bytes.appendLittleEndian(bModeFrameRateMilliHz)
        bytes.appendLittleEndian(bModeLines)
        bytes.appendLittleEndian(bModeSamplesPerLine)
        bytes.appendLittleEndian(bModeDepthUm)
        bytes.appendLittleEndian(bModeLinePitchNm)
        bytes.appendLittleEndian(UInt32(0))
        return bytes
    }

    /// Reads ODP 1.0 ACQUISITION; reserved bytes may hold anything.
    ///
    /// - Throws: `protocolViolation` when there are not exactly 48 bytes.
    public init(odp bytes: RawSpan) throws(TransportError) {
        guard bytes.byteCount == Self.odpByteCount else {
            throw .protocolViolation(
                what: "ACQUISITION has \(bytes.byteCount) bytes instead of \(Self.odpByteCount)")
        }
        self.init(
            centreFrequencyHz: bytes.uint32(at: 0), prfMilliHz: bytes.uint32(at: 4),
            firstGateDepthUm: bytes.uint32(at: 8), gateSpacingUm: bytes.uint32(at: 12),
            gateLengthUm: bytes.uint32(at: 16), gates: bytes.uint16(at: 20), burstCycles: bytes.uint8(at: 22),
            streams: StreamMask(rawValue: bytes.uint8(at: 23)), transmitLevelPerMille: bytes.uint16(at: 24),
            receiveGainCentiDb: bytes.int16(at: 26))
        bModeFrameRateMilliHz = bytes.uint32(at: 28)
        bModeLines = bytes.uint16(at: 32)
        bModeSamplesPerLine = bytes.uint16(at: 34)
        bModeDepthUm = bytes.uint32(at: 36)
        bModeLinePitchNm = bytes.uint32(at: 40)
    }

    /// What in these settings no probe can have in force; `nil` when nothing is.
    var odpContradiction: String? {
        if centreFrequencyHz == 0 { return "a centre frequency of 0 Hz" }
        if prfMilliHz == 0 { return "a pulse repetition frequency of 0 Hz" }
        if gates == 0 { return "0 gates" }
        if streams.isDisjoint(with: [.iq, .bMode, .physiology]) { return "no stream" }
        return nil
    }
}
