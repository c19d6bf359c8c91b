internal import Acquisition
internal import Foundation
internal import ProbeLink

/// Writes a SigMF recording (SigMF 1.2): samples as they are, gaps filled with 0 and annotated.
struct SigMFWriter {
    let export: SampleExport
    private static let version = "1.2.0"
    /// The labels that `SigMFSource` knows, and the others.
    private enum Label: String {
        case missing = "missing samples"
        case silent = "transmitter off"
        case clipped = "clipped"
    }

    func write(to stem: String) throws(SampleFileError) -> [String] {
        let samples = export.samples
        let dataPath = stem + ".sigmf-data"
        let metadataPath = stem + ".sigmf-meta"
        try OutputFile.write(samples.bytes, to: dataPath)
        let sha512: String
        do throws(RecordingError) { sha512 = try RecordingFingerprint.sha512(ofFile: dataPath) } catch {
            throw .recording(error)
        }
        let metadata = Metadata(
            global: global(sha512: sha512),
            captures: [
                Capture(
                    start: 0,
                    frequency: FileParameters(of: samples.description).centreFrequencyHz)
            ],
            annotations: annotations)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let bytes: [UInt8]
        do { bytes = [UInt8](try encoder.encode(metadata)) + [UInt8(ascii: "\n")] } catch {
            throw .notWritable(file: metadataPath, reason: "\(error)")
        }
        try OutputFile.write(bytes, to: metadataPath)
        return [metadataPath, dataPath]
    }

    private func global(sha512: String) -> Global {
        let samples = export.samples
        return Global(
            datatype: samples.format == .iqInt16 ? "ci16_le" : "ci32_le", version: Self.version,
            sampleRate: samples.prfHz, channels: samples.gates, sha512: sha512,
            description: "\(export.document.nature): pulsed-wave Doppler samples, one a pulse, a channel for each gate",
            recorder: export.software, hardware: samples.description.origin.device,
            extensions: [Extension()], recording: samples.description, document: export.document)
    }

    /// What is annotated, in the order of time.
    private var annotations: [Annotation] {
        let samples = export.samples
        var annotations = samples.gaps.map {
            Annotation(
                start: $0.firstPulse, count: $0.pulses, label: Label.missing.rawValue,
                comment: "lost (\($0.place)): the samples here are only filling")
        }
        annotations += samples.silent.map {
            Annotation(start: $0.lowerBound, count: $0.count, label: Label.silent.rawValue, comment: nil)
        }
        annotations += samples.clipped.map {
            Annotation(
                start: $0.lowerBound, count: $0.count, label: Label.clipped.rawValue,
                comment: "a sample in here stood at full scale")
        }
        annotations += samples.events.filter { $0.pulseIndex < UInt64(samples.pulses) }.map {
            Annotation(
                start: Int($0.pulseIndex), count: 1, label: $0.name,
                comment: "probe event \($0.code), value \($0.value)")
        }
        return annotations.sorted { ($0.start, $0.label) < ($1.start, $1.label) }
    }
}

extension SigMFWriter {
    private struct Metadata: Encodable {
        var global: Global
        var captures: [Capture]
        var annotations: [Annotation]
    }

    private struct Extension: Encodable {
        var name = "dopplerbridge"
        var version = "1.0.0"
        var optional = true
    }

    private struct Global: Encodable {
        var datatype: String
        var version: String
        var sampleRate: Double
        var channels: Int
        var sha512: String
        var description: String
        var recorder: String
        var hardware: String
        var extensions: [Extension]
        var recording: RecordingDescription
        var document: SampleDocument

        enum CodingKeys: String, CodingKey {
            case datatype = "core:datatype"
            case version = "core:version"
            case sampleRate = "core:sample_rate"
            case channels = "core:num_channels"
            case sha512 = "core:sha512"
            case description = "core:description"
            case recorder = "core:recorder"
            case hardware = "core:hw"
            case extensions = "core:extensions"
            case recording = "dopplerbridge:recording"
            case document = "dopplerbridge:document"
        }
    }

    private struct Capture: Encodable {
        var start: Int
        var frequency: Double?

        enum CodingKeys: String, CodingKey {
            case start = "core:sample_start"
            case frequency = "core:frequency"
        }
    }

    private struct Annotation: Encodable {
        var start: Int
        var count: Int
        var label: String
        var comment: String?

        enum CodingKeys: String, CodingKey {
            case start = "core:sample_start"
            case count = "core:sample_count"
            case label = "core:label"
            case comment = "core:comment"
        }
    }
}
