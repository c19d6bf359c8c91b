/// How a probe is commanded and how its stream is read: a closed list, each with its own decoder.
public enum ProbeProtocol: String, Sendable, Hashable, Codable, CaseIterable {
    /// The open Doppler probe protocol, version 1.
    case odp1 = "odp-1"
    /// The unframed stream of the Hochschule Ulm's USD3.0.
    case hsUlmUSD3 = "hs-ulm-usd3"
    /// The isochronous frames of 17 bytes of the Hochschule Ulm's DigiDop.
    case hsUlmDigiDop = "hs-ulm-digidop"
    /// The stereo output of a directional Doppler through a USB sound interface.
    case usbAudio = "usb-audio"
    /// A board that streams ODP packets by itself, takes no requests and cannot be set.
    case fixedODPStream = "fixed-odp-stream"
}

extension ProbeProtocol {
    /// Whether the protocol itself has vendor requests, one of which may switch a transmitter on.
    ///
    /// Where it is, the device must be known by more than chance: by both ids, or by the vendor's id and both strings.
    public var sendsVendorRequests: Bool {
        switch self {
        case .odp1, .hsUlmUSD3, .hsUlmDigiDop: true
        case .usbAudio, .fixedODPStream: false
        }
    }

    /// Whether settings can be chosen; otherwise those of `acquisition.start` hold and no others.
    ///
    /// The settings of a Doppler behind a sound interface are chosen at that device, and typed in.
    public var isSettable: Bool { self != .fixedODPStream }

    /// Whether the transmitter is only switched on and off, with all of its power.
    public var transmitterIsSwitch: Bool { self == .hsUlmUSD3 || self == .hsUlmDigiDop }

    /// Whether a sample is one echo of one pulse, so that depth and repetition frequency limit each other.
    ///
    /// A sound interface samples at its own rate whatever the Doppler before it does.
    public var samplesArePulses: Bool { self != .usbAudio }

    /// How many gates can be asked for; ODP's IDENTITY states the most of its probe.
    public var gates: ClosedRange<Int> {
        switch self {
        case .odp1: 1...Int(UInt16.max)
        // The frame of the DigiDop always carries two (published host program).
        case .hsUlmDigiDop: 1...2
        case .hsUlmUSD3, .usbAudio, .fixedODPStream: 1...1
        }
    }
}

/// Whether differences of gain and phase between I and Q are corrected: a closed list.
public enum IQCorrection: String, Sendable, Hashable, Codable, CaseIterable {
    /// The samples are used as they come; right for digital demodulators.
    case none
    /// The differences are estimated from the samples and taken out; right for analogue demodulators.
    case automatic
}

/// A named departure of a device from its protocol: a closed list.
///
/// Each quirk that is added brings the code that honours it, and its test.
public enum DeviceQuirk: String, Sendable, Hashable, Codable, CaseIterable {
    /// Each USB packet begins with two bytes of modem status, which are no data (FTDI's bridges).
    case ftdiModemStatus = "ftdi-modem-status"
    /// The bridge is brought into its synchronous FIFO mode before the stream is read (FTDI AN_130).
    ///
    /// The requests concern the chip alone. Without it, the chip runs in the mode that its EEPROM names.
    case ftdiSynchronousFIFO = "ftdi-synchronous-fifo"

    /// The protocols that it can stand beside.
    ///
    /// An FTDI bridge takes its own requests and passes none on to the board behind it.
    public var protocols: [ProbeProtocol] {
        switch self {
        case .ftdiModemStatus, .ftdiSynchronousFIFO: [.fixedODPStream]
        }
    }

    /// Whether the device is sent vendor requests because of it.
    public var sendsVendorRequests: Bool { self == .ftdiSynchronousFIFO }

    /// The quirk that must stand beside it; `nil` = none.
    var companion: DeviceQuirk? { self == .ftdiSynchronousFIFO ? .ftdiModemStatus : nil }
}
