extension DeviceSettings {
    /// Bytes of ACQUISITION on the wire.
    static let wireBytes = 48

    /// Settings from the 48 bytes of ACQUISITION, unchecked; `nil` for any other count.
    init?(wire bytes: [UInt8]) {
        guard bytes.count == Self.wireBytes else { return nil }
        self.init(
            centreFrequencyHz: bytes.littleEndian(at: 0), prfMilliHz: bytes.littleEndian(at: 4),
            firstGateDepthUm: bytes.littleEndian(at: 8), gateSpacingUm: bytes.littleEndian(at: 12),
            gateLengthUm: bytes.littleEndian(at: 16), gates: bytes.littleEndian(at: 20), burstCycles: bytes[22],
            streamMask: bytes[23], transmitLevelPerMille: bytes.littleEndian(at: 24),
            receiveGainCentiDb: bytes.littleEndian(at: 26))
        bModeFrameRateMilliHz = bytes.littleEndian(at: 28)
        bModeLines = bytes.littleEndian(at: 32)
        bModeSamplesPerLine = bytes.littleEndian(at: 34)
        bModeDepthUm = bytes.littleEndian(at: 36)
        bModeLinePitchNm = bytes.littleEndian(at: 40)
    }

    /// The 48 bytes of ACQUISITION.
    var wire: [UInt8] {
        var bytes: [UInt8] = []
        for value in [centreFrequencyHz, prfMilliHz, firstGateDepthUm, gateSpacingUm, gateLengthUm] {
            bytes.appendLittleEndian(value)
        }
        bytes.appendLittleEndian(gates)
        bytes += [burstCycles, streamMask]
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
}
