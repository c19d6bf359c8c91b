/// How a probe is commanded and how its stream is read: a closed list, each with its own decoder.
public enum ProbeProtocol: String, Sendable, Hashable, Codable, CaseIterable {
    /// The open Doppler probe protocol, version 1.
    case odp1 = "odp-1"
    /// The unframed stream of the Hochschule Ulm's USD3.0.
    case hsUlmUSD3 = "hs-ulm-usd3"
}

/// Whether differences of gain and phase between I and Q are corrected: a closed list.
public enum IQCorrection: String, Sendable, Hashable, Codable, CaseIterable {
    /// The samples are used as they come; right for digital demodulators.
    case none
    /// The differences are estimated from the samples and taken out; right for analogue demodulators.
    case automatic
}

/// A named departure of a device from its protocol: a closed list, empty in this version.
///
/// Each quirk that is added brings the code that honours it, and its test.
public enum DeviceQuirk: Sendable, Hashable {
    /// The names of all quirks as they stand in a profile.
    public static let allNames: [String] = []
}
