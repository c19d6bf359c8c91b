internal import ProbeLink
internal import StrictYAML

/// Reads the sections that belong to one protocol each: what varies within that protocol.
struct StreamReading {
    /// The widths of a sample of USB audio that can be read, bits.
    static let audioSampleBits = [16, 24]
    /// The sampling frequencies of USB audio that can be read, Hz.
    static let audioSampleRatesHz = [44_100, 48_000]
    /// The factors that are believed for the right channel (project choice: 20 dB; beyond, a cable is broken).
    static let plausibleRightGain = 0.1...10.0
    /// The phase errors that are believed, degrees (project choice: beyond, the channels are swapped or wired wrongly).
    static let plausibleRightPhaseDegrees = -45.0...45.0

    let usd3: Placed<USD3Stream>?
    let digidop: Placed<DigiDopStream>?
    let usbAudio: Placed<USBAudioStream>?

    init(
        _ file: inout ProfileSection<ProfileKey.File>, for spoken: ProbeProtocol?, in root: YAMLValue, _ log: YAMLLog
    ) {
        usd3 = Self.open(.usd3, of: .hsUlmUSD3, &file, spoken, root, log).flatMap { Self.usd3($0, log) }
        digidop = Self.open(.digidop, of: .hsUlmDigiDop, &file, spoken, root, log).flatMap { Self.digidop($0) }
        usbAudio = Self.open(.usbAudio, of: .usbAudio, &file, spoken, root, log).flatMap { Self.usbAudio($0, log) }
    }

    /// The clock in whose ticks the probe counts its period, Hz, and the most that it counts to.
    var clock: (frequencyHz: Int, greatestTicks: Int)? {
        if let usd3 { return (usd3.value.clockHz, USD3Stream.greatestTicks) }
        return digidop.map { ($0.value.clockHz, DigiDopStream.greatestTicks) }
    }

    /// Opens the section of one protocol; `nil`, and noted, where it is missing, out of place or no mapping.
    private static func open<Key: RawRepresentable & CaseIterable>(
        _ key: ProfileKey.File, of owner: ProbeProtocol, _ file: inout ProfileSection<ProfileKey.File>,
        _ spoken: ProbeProtocol?, _ root: YAMLValue, _ log: YAMLLog
    ) -> ProfileSection<Key>? where Key.RawValue == String {
        guard let place = file.take(key) else {
            if spoken == owner {
                log.note("key `\(key.rawValue)` is missing: protocol \(owner.rawValue) needs it", at: root)
            }
            return nil
        }
        if let spoken, spoken != owner {
            log.note(
                "`\(key.rawValue)` belongs to protocol \(owner.rawValue), not to \(spoken.rawValue): remove it",
                at: place)
        }
        return ProfileSection<Key>(place, key.rawValue, log)
    }

    private static func usd3(_ opened: ProfileSection<ProfileKey.USD3>, _ log: YAMLLog) -> Placed<USD3Stream>? {
        var section = opened
        let bits = section.require(.sampleBits).flatMap {
            number($0, ProfileKey.USD3.sampleBits.rawValue, of: USD3Stream.sampleWidthsBits, log)
        }
        let order = section.choice(.byteOrder, of: USD3Stream.ByteOrder.self)
        let clock = section.int(.clockHz, in: USD3Stream.plausibleClockHz)
        section.finish()
        guard let bits, let order, let clock else { return nil }
        return Placed(value: USD3Stream(sampleBits: bits, byteOrder: order, clockHz: clock), place: section.place)
    }

    private static func digidop(_ opened: ProfileSection<ProfileKey.DigiDop>) -> Placed<DigiDopStream>? {
        var section = opened
        let order = section.choice(.byteOrder, of: DigiDopByteOrder.self)
        let clock = section.int(.clockHz, in: USD3Stream.plausibleClockHz)
        section.finish()
        guard let order, let clock else { return nil }
        return Placed(value: DigiDopStream(byteOrder: order, clockHz: clock), place: section.place)
    }

    private static func usbAudio(
        _ opened: ProfileSection<ProfileKey.USBAudio>, _ log: YAMLLog
    ) -> Placed<USBAudioStream>? {
        var section = opened
        let rate = section.require(.sampleRateHz).flatMap {
            number($0, ProfileKey.USBAudio.sampleRateHz.rawValue, of: audioSampleRatesHz, log)
        }
        let bits = section.require(.sampleBits).flatMap {
            number($0, ProfileKey.USBAudio.sampleBits.rawValue, of: audioSampleBits, log)
        }
        let channels = section.choice(.channels, of: USBAudioStream.Channels.self)
        let inverts = section.take(.invertsDirection)
        let gain = section.take(.rightGain)
        let phase = section.take(.rightPhaseDegrees)
        section.finish()
        if let channels { checkCorrections(channels, inverts: inverts, gain: gain, phase: phase, log) }
        guard let rate, let bits, let channels else { return nil }
        var stream = USBAudioStream(sampleRateHz: rate, sampleBits: bits, channels: channels)
        stream.invertsDirection =
            inverts?.bool(ProfileKey.USBAudio.invertsDirection.rawValue, log) ?? stream.invertsDirection
        stream.rightGain =
            gain?.double(ProfileKey.USBAudio.rightGain.rawValue, in: plausibleRightGain, log) ?? stream.rightGain
        stream.rightPhaseDegrees =
            phase?.double(ProfileKey.USBAudio.rightPhaseDegrees.rawValue, in: plausibleRightPhaseDegrees, log)
            ?? stream.rightPhaseDegrees
        return Placed(value: stream, place: section.place)
    }

    /// Notes corrections that the channels cannot have.
    private static func checkCorrections(
        _ channels: USBAudioStream.Channels, inverts: YAMLValue?, gain: YAMLValue?, phase: YAMLValue?, _ log: YAMLLog
    ) {
        if channels == .mono {
            for (place, key) in [(inverts, ProfileKey.USBAudio.invertsDirection), (gain, .rightGain)] {
                guard let place else { continue }
                log.note("`\(key.rawValue)` needs two channels, and channels is mono: remove it", at: place)
            }
        }
        if !channels.areQuadrature, let phase {
            log.note(
                "`rightPhaseDegrees` is between I and Q, and channels is \(channels.rawValue): remove it", at: phase)
        }
    }

    /// One of a few whole numbers.
    private static func number(_ place: YAMLValue, _ key: String, of allowed: [Int], _ log: YAMLLog) -> Int? {
        guard let text = place.text, let value = Int(text), allowed.contains(value) else {
            let words = allowed.map(String.init).joined(separator: " or ")
            log.note("`\(key)` must be \(words), found \(place.text ?? "no single value")", at: place)
            return nil
        }
        return value
    }
}

extension USBAudioStream.Channels {
    /// Whether the two channels are in phase and quadrature.
    var areQuadrature: Bool { self == .iq || self == .qi }
}

extension USBAudioStream {
    /// What an alternate setting of the sound interface must offer for this stream.
    var need: USBAudioNeed {
        USBAudioNeed(channels: channels == .mono ? 1 : 2, sampleBits: sampleBits, sampleRateHz: sampleRateHz)
    }
}
