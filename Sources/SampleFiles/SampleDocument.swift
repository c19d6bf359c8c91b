internal import Acquisition
internal import Foundation
internal import ProbeLink

/// Everything that a file of samples cannot say by itself; it stands beside or in every file.
struct SampleDocument: Encodable {
    /// The document's name and version.
    static let schemaID = "dopplerbridge-samples-1"

    /// A stretch of pulses.
    struct Stretch: Encodable {
        var firstPulse: Int
        var pulses: Int

        init(_ range: Range<Int>) {
            firstPulse = range.lowerBound
            pulses = range.count
        }
    }

    /// One of the probe's events.
    struct Event: Encodable {
        var pulse: UInt64
        var name: String
        var code: UInt8
        var value: UInt8
    }

    /// How the figures of the columns were computed.
    struct Columns: Encodable {
        var columnSeconds: Double
        var wallFilterHz: Double
        var envelopeMethod: String
        var hasVelocities: Bool
    }

    var schema = SampleDocument.schemaID
    /// `SIMULATED`, or `recorded` where nothing is marked as simulated.
    var nature: String
    var isSimulated: Bool
    /// The program that wrote this file.
    var software: String
    var sourceFile: String
    var sourceSHA256: String
    var isWhole: Bool
    var recording: RecordingDescription
    var closing: RecordingClosing?
    var sampleFormat: String
    var gates: Int
    var gateDepthsMm: [Double?]
    var pulses: Int
    var prfHz: Double
    var signConvention =
        "a positive shift, I leading Q, is flow towards the transducer: the phase of I + jQ grows with time"
    var timeBase =
        "the index of a pulse divided by prfHz, seconds since the first pulse; lost pulses keep their place, where the "
        + "samples are only filling"
    var notAMedicalDevice = "a measurement record for research and training, not a diagnosis"
    var gaps: [RecordedSamples.Gap]
    var clipped: [Stretch]
    var transmitterOff: [Stretch]
    var events: [Event]
    var physiologyRateHz: Double?
    var physiologyMissing: [Stretch]
    var columns: Columns?
    /// What velocities need and nobody knows: `centreFrequencyHz`, `insonationAngleDegrees`, and so on.
    var notKnown: [String]
    var problems: [String]

    init(_ samples: RecordedSamples, sha256: String, courses: VelocityCourses?, software: String) {
        let settings = samples.description.settings
        isSimulated = samples.isSimulated
        nature = samples.isSimulated ? "SIMULATED" : "recorded"
        self.software = software
        sourceFile = samples.fileName
        sourceSHA256 = sha256
        isWhole = samples.isWhole
        recording = samples.description
        closing = samples.closing
        sampleFormat = samples.format == .iqInt16 ? "int16, full scale 32767" : "int32, full scale 2147483647"
        gates = samples.gates
        gateDepthsMm = (0..<samples.gates).map { gate in
            guard settings.firstGateDepthUm > 0 else { return nil }
            return (Double(settings.firstGateDepthUm) + Double(gate) * Double(settings.gateSpacingUm)) / 1000
        }
        pulses = samples.pulses
        prfHz = samples.prfHz
        gaps = samples.gaps
        clipped = samples.clipped.map(Stretch.init)
        transmitterOff = samples.silent.map(Stretch.init)
        events = samples.events.map {
            Event(pulse: $0.pulseIndex, name: $0.name, code: $0.code, value: $0.value)
        }
        physiologyRateHz = samples.physiology?.rateHz
        physiologyMissing = (samples.physiology?.missing ?? []).map(Stretch.init)
        columns = courses.map {
            Columns(
                columnSeconds: $0.columnSeconds, wallFilterHz: $0.wallFilterHz, envelopeMethod: $0.envelopeMethod,
                hasVelocities: $0.hasVelocities)
        }
        notKnown = FileParameters(of: samples.description).missingForScoring
        problems = samples.problems
    }

    /// The document's bytes.
    func encoded(for file: String) throws(SampleFileError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do { return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")] } catch {
            throw .notWritable(file: file, reason: "\(error)")
        }
    }
}

extension ProbeEvent {
    /// What happened, in a word (ODP 1.0, "Events").
    var name: String {
        switch code {
        case 1: value & 0x80 == 0 ? "button" : "button-released"
        case 2: value & 0x80 == 0 ? "foot-switch" : "foot-switch-released"
        case 3: "temperature-warning"
        case 4: "disarmed"
        case 5: "fault"
        default: "event-\(code)"
        }
    }
}
