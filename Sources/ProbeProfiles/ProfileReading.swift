internal import ProbeLink
internal import StrictYAML

/// Reads the form of one profile (keys, types, ranges), then its physics; problems go to the log.
struct ProfileReading {
    /// The version of the profile's form that this program reads.
    static let schemaVersion = 1
    /// The centre frequencies that are believed, Hz (medical ultrasound is 0.5 to 30 MHz; outside is a slip of units).
    static let plausibleCentreFrequencyHz = 500_000.0...30_000_000.0
    /// The most centre frequencies that a list may hold (project choice).
    static let mostCentreFrequencies = 32

    /// The profile, where its form could be read; only to be used when nothing was noted.
    let document: ProfileDocument?

    init(_ root: YAMLValue, _ log: YAMLLog) {
        guard var file = ProfileSection<ProfileKey.File>(root, "profile", log) else {
            document = nil
            return
        }
        _ = file.int(.schema, in: Self.schemaVersion...Self.schemaVersion)
        let idPlace = file.require(.id)
        let id = idPlace.flatMap { Self.id($0, log) }
        let name = file.string(.name)
        let source = file.string(.source)
        let matchPlace = file.require(.match)
        let match = matchPlace.flatMap { MatchReading.rule($0, log) }
        let spoken = file.choice(.protocol, of: ProbeProtocol.self)
        let usd3 = Self.usd3(file.take(.usd3), for: spoken, in: root, log)
        let frequencies = file.section(.transducer, ProfileKey.Transducer.self).flatMap { Self.frequencies($0, log) }
        let limits = file.section(.acquisition, ProfileKey.Acquisition.self).map { LimitsReading($0, log) }
        let output = file.optionalSection(.acousticOutput, ProfileKey.AcousticOutput.self)
            .flatMap { Self.acousticOutput($0, log) }
        let correction = file.choice(.iqCorrection, of: IQCorrection.self)
        Self.refuseQuirks(file.take(.quirks), log)
        file.finish()
        limits?.checkPhysics(centreFrequencies: frequencies, usd3: usd3?.value, log)

        guard let id, let idPlace, let name, let source, let match, let matchPlace, let spoken, let frequencies,
            let read = limits?.limits, let correction
        else {
            document = nil
            return
        }
        let profile = DeviceProfile(
            id: id, name: name, source: source, match: match, probeProtocol: spoken, usd3: usd3?.value,
            centreFrequencies: frequencies.value, limits: read, acousticOutput: output, iqCorrection: correction,
            quirks: [])
        document = ProfileDocument(profile: profile, idPlace: idPlace, matchPlace: matchPlace)
    }

    /// An id that can be a path in any folder: `maker/model` in small letters, digits, `.` and `-`.
    private static func id(_ place: YAMLValue, _ log: YAMLLog) -> String? {
        guard let text = place.string(ProfileKey.File.id.rawValue, log) else { return nil }
        guard DeviceProfile.isID(text) else {
            log.note(
                "`id` must be maker/model in small letters, digits, dots and hyphens, found \(text)", at: place)
            return nil
        }
        return text
    }

    private static func usd3(
        _ place: YAMLValue?, for spoken: ProbeProtocol?, in root: YAMLValue, _ log: YAMLLog
    ) -> Placed<USD3Stream>? {
        guard let place else {
            if spoken == .hsUlmUSD3 {
                log.note("key `usd3` is missing: protocol hs-ulm-usd3 needs it", at: root)
            }
            return nil
        }
        if let spoken, spoken != .hsUlmUSD3 {
            log.note("`usd3` belongs to protocol hs-ulm-usd3, not to \(spoken.rawValue): remove it", at: place)
        }
        guard var section = ProfileSection<ProfileKey.USD3>(place, ProfileKey.File.usd3.rawValue, log) else {
            return nil
        }
        let bitsPlace = section.require(.sampleBits)
        let order = section.choice(.byteOrder, of: USD3Stream.ByteOrder.self)
        let clock = section.int(.clockHz, in: USD3Stream.plausibleClockHz)
        section.finish()
        guard let bitsPlace, let bits = sampleBits(bitsPlace, log), let order, let clock else { return nil }
        return Placed(value: USD3Stream(sampleBits: bits, byteOrder: order, clockHz: clock), place: place)
    }

    private static func sampleBits(_ place: YAMLValue, _ log: YAMLLog) -> Int? {
        guard let text = place.text, let bits = Int(text), USD3Stream.sampleWidthsBits.contains(bits) else {
            log.note("`sampleBits` must be 16 or 32, found \(place.text ?? "no single value")", at: place)
            return nil
        }
        return bits
    }

    private static func frequencies(
        _ opened: ProfileSection<ProfileKey.Transducer>, _ log: YAMLLog
    ) -> Placed<CentreFrequencies>? {
        var section = opened
        let name = ProfileKey.Transducer.centreFrequencyHz.rawValue
        let found = section.require(.centreFrequencyHz)
        section.finish()
        guard let place = found else { return nil }
        if case .mapping = place.content {
            return ProfileSection<ProfileKey.Range>.range(place, name, in: plausibleCentreFrequencyHz, log)
                .map { Placed(value: .range($0.value), place: place) }
        }
        guard case .list(let items) = place.content, (1...mostCentreFrequencies).contains(items.count) else {
            log.note(
                "`\(name)` must be a list of 1 to \(mostCentreFrequencies) values, or lowest and highest", at: place)
            return nil
        }
        let values = items.compactMap { $0.double(name, in: plausibleCentreFrequencyHz, log) }
        guard values.count == items.count else { return nil }
        guard zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
            log.note("`\(name)` must rise from value to value", at: place)
            return nil
        }
        return Placed(value: .values(values), place: place)
    }

    private static func acousticOutput(
        _ opened: ProfileSection<ProfileKey.AcousticOutput>, _ log: YAMLLog
    ) -> AcousticOutput? {
        var section = opened
        let places = [section.take(.maximumMechanicalIndex), section.take(.maximumThermalIndex)]
        let keys = [ProfileKey.AcousticOutput.maximumMechanicalIndex, .maximumThermalIndex]
        let indices = zip(places, keys).map { place, key in
            place.flatMap { $0.double(key.rawValue, in: AcousticOutput.plausibleIndex, log) }
        }
        let source = section.string(.source)
        section.finish()
        if places.allSatisfy({ $0 == nil }) {
            log.note("`acousticOutput` declares no index: give one, or leave the key out", at: section.place)
        }
        return source.map {
            AcousticOutput(maximumMechanicalIndex: indices[0], maximumThermalIndex: indices[1], source: $0)
        }
    }

    private static func refuseQuirks(_ place: YAMLValue?, _ log: YAMLLog) {
        guard let place else { return }
        for item in place.items(ProfileKey.File.quirks.rawValue, log) {
            guard let name = item.string("quirk", log) else { continue }
            log.note("unknown quirk `\(name)`: this version knows none", at: item)
        }
    }
}

extension DeviceProfile {
    /// Whether a text is an id: `maker/model`, each of small letters, digits, `.` and `-`, beginning with a letter or
    /// a digit.
    static func isID(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                guard let first = part.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else {
                    return false
                }
                return part.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "."), UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
            }
    }
}
