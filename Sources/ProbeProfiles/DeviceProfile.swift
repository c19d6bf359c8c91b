public import ProbeLink

/// One kind of probe as data: how it is known, how it speaks, what it can do and where the figures come from.
///
/// A profile is read from `<maker>/<model>.yaml`. What needs an `if` is a protocol or a named quirk, not a profile.
public struct DeviceProfile: Sendable, Hashable {
    /// `<maker>/<model>`, equal to the file's path without `.yaml`.
    public var id: String
    /// The probe's name for people.
    public var name: String
    /// Where the figures come from.
    public var source: String
    /// What an attached device must show before anything is sent to it.
    ///
    /// It always names more than the ids.
    public var match: USBMatchRule
    /// How the probe speaks.
    public var probeProtocol: ProbeProtocol
    /// How its samples are stored; for `hs-ulm-usd3` only, and always there.
    public var usd3: USD3Stream?
    /// The centre frequencies that the transducer transmits.
    public var centreFrequencies: CentreFrequencies
    /// What can be set, and where an examination starts.
    public var limits: AcquisitionLimits
    /// Declared mechanical and thermal index; `nil` = not available.
    public var acousticOutput: AcousticOutput?
    /// Whether differences between I and Q are corrected.
    public var iqCorrection: IQCorrection
    /// Named departures from the protocol; none in this version.
    public var quirks: [DeviceQuirk]

    /// The settings that an examination starts from, one gate, quadrature samples only.
    ///
    /// - Parameter transmitLevelPerMille: thousandths of the probe's maximum; 0 does not transmit.
    public func startingSettings(transmitLevelPerMille: UInt16) -> AcquisitionSettings {
        let start = limits.start
        return AcquisitionSettings(
            centreFrequencyHz: UInt32(clampingRounded: start.centreFrequencyHz),
            prfMilliHz: UInt32(clampingRounded: start.prfHz * 1000),
            firstGateDepthUm: UInt32(clampingRounded: start.gateDepthMm * 1000),
            gateLengthUm: UInt32(clampingRounded: start.gateLengthMm * 1000),
            burstCycles: start.burstCycles, streams: .iq, transmitLevelPerMille: transmitLevelPerMille)
    }
}

extension UInt32 {
    /// The nearest whole number that fits; 0 for what is not a number.
    init(clampingRounded value: Double) {
        guard value.isFinite else {
            self = 0
            return
        }
        self = UInt32(Swift.min(Swift.max(value.rounded(), 0), Double(UInt32.max)))
    }
}
