public import ProbeProfiles

/// Between what an operator may set a probe.
///
/// As JSON each is `{"least": 100, "most": 20000}`.
public struct SettingsLimits: Sendable, Hashable, Codable {
    /// Transmitted centre frequencies, Hz.
    public var centreFrequencyHz: ClosedRange<Double>
    /// Pulse repetition frequencies, Hz.
    public var prfHz: ClosedRange<Double>
    /// Depths of a gate's centre, mm.
    public var gateDepthMm: ClosedRange<Double>
    /// Lengths of a gate, mm.
    public var gateLengthMm: ClosedRange<Double>
    /// Receive gains, dB.
    public var receiveGainDb: ClosedRange<Double>
    /// Transmit levels, thousandths of the probe's maximum.
    public var transmitLevelPerMille: ClosedRange<Double>
    /// Angles between beam and flow, degrees: 89 is the last whole one at which a velocity can be computed.
    public var insonationAngleDegrees: ClosedRange<Double>
    /// Cut-offs of the wall filter, Hz; above half the PRF nothing would be left.
    public var wallFilterHz: ClosedRange<Double>

    /// What any probe might do (project choices: the limits of ODP 1.0, and wall filters of 20 to 1600 Hz as scanners have,
    /// from 0 on).
    public static let wide = SettingsLimits(
        centreFrequencyHz: 1e6...2e7, prfHz: 100...20_000, gateDepthMm: 1...200, gateLengthMm: 0.1...20,
        receiveGainDb: -60...60, transmitLevelPerMille: 0...1000, insonationAngleDegrees: 0...89,
        wallFilterHz: 0...1600)

    /// Limits from their fields.
    public init(
        centreFrequencyHz: ClosedRange<Double>, prfHz: ClosedRange<Double>, gateDepthMm: ClosedRange<Double>,
        gateLengthMm: ClosedRange<Double>, receiveGainDb: ClosedRange<Double>,
        transmitLevelPerMille: ClosedRange<Double>, insonationAngleDegrees: ClosedRange<Double>,
        wallFilterHz: ClosedRange<Double>
    ) {
        self.centreFrequencyHz = centreFrequencyHz
        self.prfHz = prfHz
        self.gateDepthMm = gateDepthMm
        self.gateLengthMm = gateLengthMm
        self.receiveGainDb = receiveGainDb
        self.transmitLevelPerMille = transmitLevelPerMille
        self.insonationAngleDegrees = insonationAngleDegrees
        self.wallFilterHz = wallFilterHz
    }

    /// The limits of a profile; what it does not state is as wide as any.
    public init(_ profile: DeviceProfile) {
        self = .wide
        prfHz = profile.limits.prfHz
        gateDepthMm = profile.limits.depthMm
        gateLengthMm = profile.limits.gateLengthMm
    }

    private enum CodingKeys: String, CodingKey {
        case centreFrequencyHz, prfHz, gateDepthMm, gateLengthMm, receiveGainDb, transmitLevelPerMille
        case insonationAngleDegrees, wallFilterHz
    }

    /// The ends of a range, by name.
    private struct Ends: Codable {
        var least: Double
        var most: Double
    }

    private static var members: [(CodingKeys, WritableKeyPath<SettingsLimits, ClosedRange<Double>>)] {
        [
            (.centreFrequencyHz, \.centreFrequencyHz), (.prfHz, \.prfHz), (.gateDepthMm, \.gateDepthMm),
            (.gateLengthMm, \.gateLengthMm), (.receiveGainDb, \.receiveGainDb),
            (.transmitLevelPerMille, \.transmitLevelPerMille),
            (.insonationAngleDegrees, \.insonationAngleDegrees), (.wallFilterHz, \.wallFilterHz),
        ]
    }

    /// Limits from a document.
    ///
    /// - Throws: what the decoder finds, ends that are not in order included.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self = .wide
        for (key, path) in Self.members {
            let ends = try values.decode(Ends.self, forKey: key)
            guard ends.least <= ends.most else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: values, debugDescription: "the limits are not in order")
            }
            self[keyPath: path] = ends.least...ends.most
        }
    }

    /// Writes the limits.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        for (key, path) in Self.members {
            let range = self[keyPath: path]
            try values.encode(Ends(least: range.lowerBound, most: range.upperBound), forKey: key)
        }
    }

    /// Checks a change against the limits.
    ///
    /// - Throws: `RoomRefusal.wrong` with the first setting beyond its limits.
    func check(_ change: SettingsChange) throws(RoomRefusal) {
        try Self.check("centreFrequencyHz", change.centreFrequencyHz, centreFrequencyHz, "Hz")
        try Self.check("prfHz", change.prfHz, prfHz, "Hz")
        try Self.check("gateDepthMm", change.gateDepthMm, gateDepthMm, "mm")
        try Self.check("gateLengthMm", change.gateLengthMm, gateLengthMm, "mm")
        try Self.check("receiveGainDb", change.receiveGainDb, receiveGainDb, "dB")
        try Self.check(
            "transmitLevelPerMille", change.transmitLevelPerMille.map { Double($0) }, transmitLevelPerMille, "‰")
        try Self.check(
            "insonationAngleDegrees", change.insonationAngleDegrees, insonationAngleDegrees, "degrees")
        try Self.check("wallFilterHz", change.wallFilterHz, wallFilterHz, "Hz")
    }

    private static func check(
        _ name: String, _ value: Double?, _ limits: ClosedRange<Double>, _ unit: String
    ) throws(RoomRefusal) {
        guard let value, !limits.contains(value) else { return }
        throw .wrong(
            what: "\(name) \(value) is beyond what can be set",
            next: "choose \(limits.lowerBound) to \(limits.upperBound) \(unit)")
    }
}
