internal import Foundation
internal import ProbeLink

/// The metadata of a SigMF recording, as far as they say what the samples are (SigMF 1.0.0 to 1.2.x).
struct SigMFMetadata: Sendable {
    /// The longest metadata that are read, bytes (project choice: a hundred thousand annotations).
    static let mostBytes = 64 << 20
    /// The label of an annotation over pulses whose samples were lost; the samples there are only filling.
    static let missingLabel = "missing samples"
    /// The label of an annotation over pulses during which the transmitter was off.
    static let silentLabel = "transmitter off"
    /// The sample rates that are believed, Hz (as for WAV files).
    private static let plausibleSampleRateHz = 100.0...1_000_000.0
    private static let plausibleChannels = 1...512
    /// The most pulses that are counted (it keeps sums small).
    private static let mostPulses = 1 << 40

    /// How I and Q are stored, always little-endian.
    enum DataType: String, CaseIterable, Sendable {
        case ci16 = "ci16_le"
        case ci32 = "ci32_le"
        case cf32 = "cf32_le"

        /// How I and Q stand in the file.
        var form: IQNumberForm {
            switch self {
            case .ci16: .int16
            case .ci32: .int32
            case .cf32: .float32
            }
        }
    }

    /// How samples are stored.
    let dataType: DataType
    /// Samples a second.
    let sampleRateHz: Double
    /// Channels side by side: one for each gate.
    let channels: Int
    /// SHA-512 of the samples' file, lower-case hexadecimal; `nil` = not told.
    let sha512: String?
    /// The frequency that 0 Hz of the samples stands for, Hz; `nil` = not told, or told differently in places.
    let centreFrequencyHz: Double?
    /// What this program says of a recording of its own; `nil` = another program's file.
    let recording: RecordingDescription?
    /// Places in the file whose samples are only filling.
    let missing: [Range<Int>]
    /// Places in the file of pulses that were not transmitted.
    let silent: [Range<Int>]
    /// Pulses that are missing between neighbours in the file: before which place, and how many.
    let skips: [(place: Int, pulses: UInt64)]

    init(_ bytes: [UInt8], file: String) throws(SourceError) {
        func refuse(_ problem: String) -> SourceError { .data(file: file, problem: problem) }
        let document: Document
        do { document = try JSONDecoder().decode(Document.self, from: Data(bytes)) } catch {
            throw refuse("is no SigMF metadata: \(Self.words(error))")
        }
        let global = document.global
        guard let dataType = DataType(rawValue: global.datatype) else {
            let known = DataType.allCases.map(\.rawValue).joined(separator: ", ")
            throw refuse("holds samples of type \(global.datatype): \(known) are read; convert it to one of them")
        }
        self.dataType = dataType
        guard let rate = global.sampleRate, Self.plausibleSampleRateHz.contains(rate) else {
            let found = global.sampleRate.map { "is \($0)" } ?? "is missing"
            throw refuse("core:sample_rate \(found): 100 to 1000000 Hz is read, one sample a pulse")
        }
        sampleRateHz = rate
        channels = global.channels ?? 1
        guard Self.plausibleChannels.contains(channels) else {
            throw refuse("core:num_channels is \(channels): 1 to 512 are read, one for each gate")
        }
        guard global.dataset == nil, global.metadataOnly != true, (global.trailingBytes ?? 0) == 0,
            (global.offset ?? 0) == 0,
            document.captures.allSatisfy({ ($0.headerBytes ?? 0) == 0 })
        else {
            throw refuse(
                "is no conforming dataset (core:dataset, offset, metadata_only, header or trailing bytes): convert it")
        }
        sha512 = global.sha512?.lowercased()
        recording = global.recording
        let frequencies = Set(document.captures.compactMap(\.frequency))
        centreFrequencyHz = frequencies.count == 1 ? frequencies.first : nil
        missing = try Self.places(of: Self.missingLabel, in: document.annotations, file: file)
        silent = try Self.places(of: Self.silentLabel, in: document.annotations, file: file)
        skips = try Self.skips(document.captures, file: file)
    }

    /// Places of one kind of annotation.
    private static func places(
        of label: String, in annotations: [Annotation]?, file: String
    ) throws(SourceError) -> [Range<Int>] {
        var places: [Range<Int>] = []
        for annotation in annotations ?? [] where annotation.label == label {
            guard let count = annotation.count, (0...mostPulses).contains(annotation.start),
                (1...mostPulses).contains(count)
            else {
                throw .data(file: file, problem: "an annotation `\(label)` has no sensible start and count: correct it")
            }
            places.append(annotation.start..<annotation.start + count)
        }
        return places
    }

    /// What is missing between the captures, by their index in the whole stream.
    private static func skips(
        _ captures: [Capture], file: String
    ) throws(SourceError) -> [(place: Int, pulses: UInt64)] {
        var skips: [(place: Int, pulses: UInt64)] = []
        for (before, after) in zip(captures, captures.dropFirst()) {
            let range = 0...mostPulses
            guard range.contains(before.start), range.contains(after.start), before.start <= after.start,
                range.contains(before.globalIndex ?? 0), range.contains(after.globalIndex ?? 0)
            else {
                throw .data(file: file, problem: "its captures are not in the order of time: correct core:sample_start")
            }
            guard let from = before.globalIndex, let to = after.globalIndex else { continue }
            let skipped = (to - from) - (after.start - before.start)
            guard skipped >= 0 else {
                throw .data(file: file, problem: "core:global_index goes back at sample \(after.start): correct it")
            }
            if skipped > 0 { skips.append((after.start, UInt64(skipped))) }
        }
        return skips
    }

    /// Where JSON is wrong, and how.
    private static func words(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: " ")
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context): return "\(place(context)) \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let path = place(context)
            return (path.isEmpty ? "" : path + ": ") + context.debugDescription
        default: return "\(error)"
        }
    }
}

extension SigMFMetadata {
    /// The document as it stands.
    private struct Document: Decodable {
        var global: Global
        var captures: [Capture]
        var annotations: [Annotation]?
    }

    private struct Global: Decodable {
        var datatype: String
        var sampleRate: Double?
        var channels: Int?
        var sha512: String?
        var dataset: String?
        var metadataOnly: Bool?
        var trailingBytes: Int?
        var offset: Int?
        var recording: RecordingDescription?

        enum CodingKeys: String, CodingKey {
            case datatype = "core:datatype"
            case sampleRate = "core:sample_rate"
            case channels = "core:num_channels"
            case sha512 = "core:sha512"
            case dataset = "core:dataset"
            case metadataOnly = "core:metadata_only"
            case trailingBytes = "core:trailing_bytes"
            case offset = "core:offset"
            case recording = "dopplerbridge:recording"
        }
    }

    private struct Capture: Decodable {
        var start: Int
        var globalIndex: Int?
        var frequency: Double?
        var headerBytes: Int?

        enum CodingKeys: String, CodingKey {
            case start = "core:sample_start"
            case globalIndex = "core:global_index"
            case frequency = "core:frequency"
            case headerBytes = "core:header_bytes"
        }
    }

    private struct Annotation: Decodable {
        var start: Int
        var count: Int?
        var label: String?

        enum CodingKeys: String, CodingKey {
            case start = "core:sample_start"
            case count = "core:sample_count"
            case label = "core:label"
        }
    }
}
