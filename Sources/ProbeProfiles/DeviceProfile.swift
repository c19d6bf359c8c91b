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
    /// It always names more than the ids. For `usb-audio` it asks for the format of `usbAudio`, too.
    public var match: USBMatchRule
    /// What the board shows before its firmware is loaded; `nil` = it keeps its firmware.
    public var cold: ColdIdentity?
    /// How the probe speaks.
    public var probeProtocol: ProbeProtocol
    /// How its samples are stored; for `hs-ulm-usd3` only, and always there.
    public var usd3: USD3Stream?
    /// How its samples are stored; for `hs-ulm-digidop` only, and always there.
    public var digidop: DigiDopStream?
    /// What the two channels carry; for `usb-audio` only, and always there.
    public var usbAudio: USBAudioStream?
    /// The centre frequencies that the transducer transmits.
    public var centreFrequencies: CentreFrequencies
    /// What can be set, and where an examination starts.
    public var limits: AcquisitionLimits
    /// Declared mechanical and thermal index; `nil` = not available.
    public var acousticOutput: AcousticOutput?
    /// Whether differences between I and Q are corrected.
    public var iqCorrection: IQCorrection
    /// Named departures from the protocol.
    public var quirks: [DeviceQuirk]

    /// Whether the device is sent vendor requests: by its protocol, or by a quirk.
    ///
    /// Where it is, its rule names both ids, or the vendor's id and both strings.
    public var sendsVendorRequests: Bool {
        probeProtocol.sendsVendorRequests || quirks.contains { $0.sendsVendorRequests }
    }

    /// Whether the profile is used only when the user names it: its rule alone would fit devices that are no probe.
    ///
    /// Two such profiles may fit one device, because no choice between them is ever made by the program.
    public var needsNaming: Bool { namingReason != nil }

    /// Why the profile is used only when the user names it; `nil` = it is found by its rule.
    public var namingReason: String? {
        if match.vendorID == nil { return "`match` names no ids, and devices of this shape are common" }
        guard match.productID == nil, match.manufacturer == nil || match.product == nil else { return nil }
        return "`match` names neither a product id nor both strings, and other devices of this vendor have this shape"
    }

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
