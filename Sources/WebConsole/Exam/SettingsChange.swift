internal import CCSVIAnalysis

/// Settings that an operator changes; `nil` leaves a setting as it is.
///
/// They hold for the live scan and the next recordings of the same step.
public struct SettingsChange: Sendable, Hashable, Codable {
    /// Transmitted centre frequency, Hz.
    public var centreFrequencyHz: Double?
    /// Pulse repetition frequency, Hz.
    public var prfHz: Double?
    /// Depth of the centre of the gate that is recorded, mm.
    public var gateDepthMm: Double?
    /// Length of the gate, mm.
    public var gateLengthMm: Double?
    /// Receive gain, dB.
    public var receiveGainDb: Double?
    /// Transmit level, thousandths of the probe's maximum.
    public var transmitLevelPerMille: Int?
    /// Angle between beam and flow, degrees.
    public var insonationAngleDegrees: Double?
    /// Cut-off of the wall filter, Hz.
    public var wallFilterHz: Double?
    /// Which of the live scan's gates is looked at, from 0: its depth becomes `gateDepthMm`.
    public var gate: Int?

    /// No change.
    public init() {}

    /// These changes with later ones over them.
    public func merged(with later: SettingsChange) -> SettingsChange {
        var merged = self
        merged.centreFrequencyHz = later.centreFrequencyHz ?? centreFrequencyHz
        merged.prfHz = later.prfHz ?? prfHz
        merged.gateDepthMm = later.gateDepthMm ?? gateDepthMm
        merged.gateLengthMm = later.gateLengthMm ?? gateLengthMm
        merged.receiveGainDb = later.receiveGainDb ?? receiveGainDb
        merged.transmitLevelPerMille = later.transmitLevelPerMille ?? transmitLevelPerMille
        merged.insonationAngleDegrees = later.insonationAngleDegrees ?? insonationAngleDegrees
        merged.wallFilterHz = later.wallFilterHz ?? wallFilterHz
        merged.gate = later.gate ?? gate
        return merged
    }

    /// A preset with these changes.
    ///
    /// The rate and wall filter of a low-flow check are what makes it one: they stay.
    func applied(to preset: SettingsPreset, isLowFlowCheck: Bool) -> SettingsPreset {
        var changed = preset
        changed.centreFrequencyHz = centreFrequencyHz ?? preset.centreFrequencyHz
        changed.gateDepthMm = gateDepthMm ?? preset.gateDepthMm
        changed.gateLengthMm = gateLengthMm ?? preset.gateLengthMm
        changed.receiveGainDb = receiveGainDb ?? preset.receiveGainDb
        changed.transmitLevelPerMille = transmitLevelPerMille ?? preset.transmitLevelPerMille
        changed.insonationAngleDegrees = insonationAngleDegrees ?? preset.insonationAngleDegrees
        if !isLowFlowCheck {
            changed.prfHz = prfHz ?? preset.prfHz
            changed.wallFilterHz = wallFilterHz ?? preset.wallFilterHz
        }
        return changed
    }
}
