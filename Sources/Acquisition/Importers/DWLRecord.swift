/// One gate of a record of a DWL file: its quadrature samples at the PRF, as far as the file holds them.
public struct DWLGate: Sendable, Hashable {
    /// Depth of the gate, mm; `nil` = not told: of two gates the file does not say which one its depth belongs to.
    public var depthMm: Double?
    /// I, as in the file; as many as `q`.
    public var i: [Int16]
    /// Q, as in the file.
    public var q: [Int16]
    /// Samples that the record's header promises.
    public var expectedSamples: Int
    /// Whether the file holds fewer samples than promised.
    public var isTruncated: Bool { i.count < expectedSamples }
}

/// One record of a DWL file: the raw samples around one hit.
public struct DWLRecord: Sendable, Hashable {
    /// Counted from 1 in the order of the `.TX` file.
    public var number: Int
    /// When the hit was, hundredths of a second after the examination's start.
    public var hitTimeCentiseconds: Int
    /// The hit's level, dB; the `.TX` line and the record agree on it.
    public var levelDb: Int
    /// The direction of flow on the label.
    public var labelDirection: BeamDirection
    /// The device's channel, 1 or 2.
    public var channel: Int
    /// The depth on the label, mm.
    public var labelDepthMm: Double
    /// The distance of the gates on the label, mm; `nil` = not told.
    public var gateSpacingMm: Double?
    /// Pulse repetition frequency, Hz.
    public var prfHz: Double
    /// Transmitted frequencies of channels 1 and 2, Hz; `nil` = not told.
    public var channelFrequenciesHz: [Double?]
    /// The gates, in the order of the record.
    public var gates: [DWLGate]
    /// The device's own envelope of this channel over the whole examination; `nil` without a `.TW` file.
    public var envelope: DWLEnvelope?

    /// The frequency of this record's channel, Hz; `nil` = not told.
    public var centreFrequencyHz: Double? {
        channelFrequenciesHz.indices.contains(channel - 1) ? channelFrequenciesHz[channel - 1] : nil
    }

    /// The device's own velocity envelope from some time before the hit, as long as the record is promised to be.
    ///
    /// The raw samples begin about 1.4 to 2.2 s before the hit; the file does not say when exactly.
    ///
    /// - Parameter secondsBeforeHit: where the stretch begins, seconds before the hit.
    /// - Returns: values at `envelope.rateHz`; `nil` without a `.TW` file or where the stretch is not wholly in it.
    public func deviceEnvelope(secondsBeforeHit: Double) -> [Int16]? {
        guard let envelope, secondsBeforeHit.isFinite, abs(secondsBeforeHit) < Self.mostSecondsBeforeHit,
            let samples = gates.map(\.expectedSamples).max()
        else { return nil }
        let hitSeconds = Double(hitTimeCentiseconds) / 100
        let start = ((hitSeconds - secondsBeforeHit) * envelope.rateHz).rounded()
        let length = (Double(samples) / prfHz * envelope.rateHz).rounded(.down)
        guard start >= 0, length >= 1, start + length <= Double(envelope.values.count) else { return nil }
        return Array(envelope.values[Int(start)..<Int(start + length)])
    }

    /// A day (project choice; it keeps the arithmetic small).
    private static let mostSecondsBeforeHit = 86_400.0
}

/// A device's own velocity envelope; its scale to cm/s is not documented, so only its shape may be used.
public struct DWLEnvelope: Sendable, Hashable {
    /// Values a second.
    public var rateHz: Double
    /// The values from the examination's start.
    public var values: [Int16]
}
