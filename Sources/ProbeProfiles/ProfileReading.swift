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
        let spoken = file.choice(.protocol, of: ProbeProtocol.self)
        let stream = StreamReading(&file, for: spoken, in: root, log)
        let quirks = Self.quirks(file.take(.quirks), for: spoken, log)
        let match = matchPlace.flatMap {
            MatchReading.rule(
                $0, requests: Self.requests(spoken, quirks), audio: stream.usbAudio?.value.need, log)
        }
        let cold = Self.cold(file.optionalSection(.cold, ProfileKey.Cold.self), match, log)
        let frequencies = file.section(.transducer, ProfileKey.Transducer.self).flatMap { Self.frequencies($0, log) }
        let limits = file.section(.acquisition, ProfileKey.Acquisition.self).map { LimitsReading($0, log) }
        let output = file.optionalSection(.acousticOutput, ProfileKey.AcousticOutput.self)
            .flatMap { Self.acousticOutput($0, log) }
        let correction = Self.correction(&file, stream.usbAudio?.value, log)
        file.finish()
        limits?.checkPhysics(centreFrequencies: frequencies, protocol: spoken, stream: stream, log)

        guard let id, let idPlace, let name, let source, let match, let matchPlace, let spoken, let frequencies,
            let read = limits?.limits, let correction
        else {
            document = nil
            return
        }
        let profile = DeviceProfile(
            id: id, name: name, source: source, match: match, cold: cold?.value, probeProtocol: spoken,
            usd3: stream.usd3?.value, digidop: stream.digidop?.value, usbAudio: stream.usbAudio?.value,
            centreFrequencies: frequencies.value, limits: read, acousticOutput: output, iqCorrection: correction,
            quirks: quirks)
        document = ProfileDocument(
            profile: profile, idPlace: idPlace, matchPlace: matchPlace, coldPlace: cold?.place)
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

    private static func cold(
        _ section: ProfileSection<ProfileKey.Cold>?, _ match: USBMatchRule?, _ log: YAMLLog
    ) -> Placed<ColdIdentity>? {
        guard let section, let identity = ColdReading.identity(section, log) else { return nil }
        let placed = Placed(value: identity, place: section.place)
        ColdReading.check(placed, against: match, log)
        return placed
    }

    private static func correction(
        _ file: inout ProfileSection<ProfileKey.File>, _ audio: USBAudioStream?, _ log: YAMLLog
    ) -> IQCorrection? {
        guard let place = file.require(.iqCorrection) else { return nil }
        let found = place.choice(ProfileKey.File.iqCorrection.rawValue, of: IQCorrection.self, log)
        if found == .automatic, let audio, !audio.channels.areQuadrature {
            log.note(
                "`iqCorrection` must be none: channels \(audio.channels.rawValue) carry no I and Q to correct",
                at: place)
        }
        return found
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

    private static func quirks(
        _ place: YAMLValue?, for spoken: ProbeProtocol?, _ log: YAMLLog
    ) -> [DeviceQuirk] {
        guard let place else { return [] }
        var quirks: [DeviceQuirk] = []
        for item in place.items(ProfileKey.File.quirks.rawValue, log) {
            guard let quirk = item.choice("quirk", of: DeviceQuirk.self, log) else { continue }
            if let spoken, !quirk.protocols.contains(spoken) {
                let owners = quirk.protocols.map(\.rawValue).joined(separator: ", ")
                log.note(
                    "quirk `\(quirk.rawValue)` goes with protocol \(owners), not with \(spoken.rawValue)", at: item)
            }
            if quirks.contains(quirk) { log.note("`quirks` names \(quirk.rawValue) twice", at: item) }
            quirks.append(quirk)
        }
        for quirk in quirks {
            guard let companion = quirk.companion, !quirks.contains(companion) else { continue }
            log.note("quirk `\(quirk.rawValue)` needs `\(companion.rawValue)` beside it", at: place)
        }
        return quirks
    }

    /// What sends the device vendor requests, in words; `nil` = nothing does, or the protocol could not be read.
    private static func requests(_ spoken: ProbeProtocol?, _ quirks: [DeviceQuirk]) -> String? {
        if let spoken, spoken.sendsVendorRequests { return "protocol \(spoken.rawValue)" }
        return quirks.first { $0.sendsVendorRequests }.map { "quirk \($0.rawValue)" }
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
