internal import ProbeLink

extension AcquisitionSettings {
    /// The settings of a file of samples: the recording's own where this program wrote it; else what is not known is 0,
    /// frequency, depth and transmit level included.
    init(ofFile recording: RecordingDescription?, _ known: FileParameters, prfHz: Double, gates: Int) {
        self =
            recording?.settings
            ?? AcquisitionSettings(
                centreFrequencyHz: 0, prfMilliHz: 0, firstGateDepthUm: 0, gateLengthUm: 0, burstCycles: 0, streams: .iq,
                transmitLevelPerMille: 0)
        centreFrequencyHz = UInt32(clamping: Int((known.centreFrequencyHz ?? 0).rounded()))
        prfMilliHz = UInt32(clamping: Int((prfHz * 1000).rounded()))
        self.gates = UInt16(clamping: gates)
        streams = .iq
    }
}
