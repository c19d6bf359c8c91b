internal import ProbeLink

/// Writes an XDF file (Extensible Data Format 1.0): samples, velocities, ECG and breathing, and what happened.
///
/// I and Q are floating-point numbers, which hold them exactly, so that a lost pulse can be NaN at its place.
struct XDFWriter {
    let export: SampleExport
    /// The whole document, in the head of the first stream.
    private let metadata: String
    private static let samplesOfChunk = 16_384

    /// The kinds of chunk.
    private enum Tag: UInt16 {
        case fileHeader = 1
        case streamHeader = 2
        case samples = 3
        case clockOffset = 4
        case streamFooter = 6
    }

    /// A channel of a stream.
    private struct Channel {
        var label: String
        var unit: String
    }

    /// A stream of numbers.
    private struct Stream {
        var id: UInt32
        var name: String
        var type: String
        /// Samples a second; 0 = each sample has its own time.
        var rateHz: Double
        var format: String
        var channels: [Channel]
        var count: Int
        var firstSeconds: Double
        var lastSeconds: Double
    }

    init(export: SampleExport) throws(SampleFileError) {
        self.export = export
        metadata = String(decoding: try export.document.encoded(for: export.samples.fileName), as: UTF8.self)
    }

    func write(to path: String) throws(SampleFileError) -> [String] {
        let samples = export.samples
        var file = try OutputFile(path: path)
        try file.append("XDF:")
        try append(.fileHeader, Array("<?xml version=\"1.0\"?><info><version>1.0</version></info>".utf8), to: &file)
        try writeIQ(samples, to: &file)
        try writeMarkers(to: &file)
        var id: UInt32 = 3
        if let physiology = samples.physiology {
            try writePhysiology(physiology, id: id, to: &file)
            id += 1
        }
        for course in export.courses?.gates ?? [] {
            try writeCourse(course, id: id, to: &file)
            id += 1
        }
        try file.finish()
        return [path]
    }

    private func writeIQ(_ samples: RecordedSamples, to file: inout OutputFile) throws(SampleFileError) {
        let isSingle = samples.bytesPerNumber == 2
        let stream = Stream(
            id: 1, name: "DopplerIQ", type: "DopplerIQ", rateHz: samples.prfHz,
            format: isSingle ? "float32" : "double64",
            channels: (0..<samples.gates).flatMap {
                [Channel(label: "gate\($0) I", unit: "counts"), Channel(label: "gate\($0) Q", unit: "counts")]
            }, count: samples.pulses, firstSeconds: 0, lastSeconds: Double(samples.pulses - 1) / samples.prfHz)
        let mask = samples.mask
        let width = 2 * samples.gates
        try write(stream, to: &file) { (pulse, bytes) in
            for number in pulse * width..<(pulse + 1) * width {
                let value = mask[pulse] == 1 ? Double.nan : Double(samples.number(number))
                if isSingle { bytes.append(littleEndian: Float(value)) } else { bytes.append(littleEndian: value) }
            }
            return nil
        }
    }

    private func writePhysiology(
        _ physiology: RecordedSamples.Physiology, id: UInt32, to file: inout OutputFile
    ) throws(SampleFileError) {
        let count = physiology.ecgMicroV.count
        let stream = Stream(
            id: id, name: "Physiology", type: "ECG", rateHz: physiology.rateHz, format: "float32",
            channels: [
                Channel(label: "ECG", unit: "microvolts"), Channel(label: "respiration", unit: "counts of 32767"),
            ], count: count, firstSeconds: 0, lastSeconds: Double(count - 1) / physiology.rateHz)
        var mask = [Bool](repeating: false, count: count)
        for stretch in physiology.missing { for place in stretch { mask[place] = true } }
        try write(stream, to: &file) { (place, bytes) in
            bytes.append(littleEndian: mask[place] ? Float.nan : Float(physiology.ecgMicroV[place]))
            bytes.append(littleEndian: mask[place] ? Float.nan : Float(physiology.respiration[place]))
            return nil
        }
    }

    private func writeCourse(
        _ course: VelocityCourse, id: UInt32, to file: inout OutputFile
    ) throws(SampleFileError) {
        let series = course.series
        let stream = Stream(
            id: id, name: "DopplerEnvelope gate\(course.gate)", type: "DopplerEnvelope", rateHz: 0, format: "double64",
            channels: series.map { Channel(label: $0.name, unit: $0.name.hasSuffix("_hz") ? "Hz" : "cm/s") },
            count: course.timeSeconds.count, firstSeconds: course.timeSeconds.first ?? 0,
            lastSeconds: course.timeSeconds.last ?? 0)
        try write(stream, to: &file) { (column, bytes) in
            for item in series { bytes.append(littleEndian: item.values[column] ?? .nan) }
            return course.timeSeconds[column]
        }
    }

    /// What happened, as words with a time each.
    private func writeMarkers(to file: inout OutputFile) throws(SampleFileError) {
        let samples = export.samples
        var markers: [(seconds: Double, text: String)] = [(0, export.document.nature)]
        for gap in samples.gaps {
            let seconds = Double(gap.firstPulse) / samples.prfHz
            markers.append((seconds, "missing samples: \(gap.pulses) pulses from \(gap.firstPulse) (\(gap.place))"))
        }
        for event in samples.events { markers.append((Double(event.pulseIndex) / samples.prfHz, event.name)) }
        markers.sort { $0.seconds < $1.seconds }
        let stream = Stream(
            id: 2, name: "Markers", type: "Markers", rateHz: 0, format: "string",
            channels: [Channel(label: "marker", unit: "")], count: markers.count,
            firstSeconds: markers.first?.seconds ?? 0, lastSeconds: markers.last?.seconds ?? 0)
        try write(stream, to: &file) { (index, bytes) in
            let text = Array(markers[index].text.utf8)
            bytes.append(4)
            bytes.append(littleEndian: UInt32(text.count))
            bytes += text
            return markers[index].seconds
        }
    }

    /// Writes a stream: its head, its samples in chunks, its foot.
    ///
    /// - Parameter sample: appends one sample's values, and gives its time where it has one of its own.
    private func write(
        _ stream: Stream, to file: inout OutputFile, _ sample: (Int, inout [UInt8]) -> Double?
    ) throws(SampleFileError) {
        try append(.streamHeader, id(stream) + Array(header(of: stream).utf8), to: &file)
        // There is one clock, that of the pulses: its offset is 0, which readers look for.
        var clock = id(stream)
        clock.append(littleEndian: 0.0)
        clock.append(littleEndian: 0.0)
        try append(.clockOffset, clock, to: &file)
        var next = 0
        while next < stream.count {
            let end = min(stream.count, next + Self.samplesOfChunk)
            var content = id(stream)
            content.append(4)
            content.append(littleEndian: UInt32(end - next))
            for index in next..<end {
                var values: [UInt8] = []
                let seconds = sample(index, &values) ?? (index == next ? Double(index) / stream.rateHz : nil)
                content.append(seconds == nil ? 0 : 8)
                if let seconds { content.append(littleEndian: seconds) }
                content += values
            }
            try append(.samples, content, to: &file)
            next = end
        }
        let footer =
            "<?xml version=\"1.0\"?><info><first_timestamp>\(stream.firstSeconds)</first_timestamp>"
            + "<last_timestamp>\(stream.lastSeconds)</last_timestamp><sample_count>\(stream.count)</sample_count></info>"
        try append(.streamFooter, id(stream) + Array(footer.utf8), to: &file)
    }

    private func id(_ stream: Stream) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: stream.id)
        return bytes
    }

    private func header(of stream: Stream) -> String {
        let channels = stream.channels.map {
            "<channel><label>\(Self.escaped($0.label))</label><unit>\(Self.escaped($0.unit))</unit></channel>"
        }
        let samples = export.samples
        let fields = [
            ("name", stream.name), ("type", stream.type), ("channel_count", "\(stream.channels.count)"),
            ("nominal_srate", "\(stream.rateHz)"), ("channel_format", stream.format),
            ("source_id", export.document.sourceSHA256), ("created_at", "0"),
        ].map { "<\($0.0)>\(Self.escaped($0.1))</\($0.0)>" }
        let recording = [
            ("nature", export.document.nature), ("software", export.software), ("source_file", samples.fileName),
            ("sign_convention", export.document.signConvention),
            ("not_known", export.document.notKnown.joined(separator: " ")),
            ("document", stream.id == 1 ? metadata : ""),
        ].map { "<\($0.0)>\(Self.escaped($0.1))</\($0.0)>" }
        return "<?xml version=\"1.0\"?><info>\(fields.joined())<desc><channels>\(channels.joined())</channels>"
            + "<dopplerbridge>\(recording.joined())</dopplerbridge></desc></info>"
    }

    /// A text within XML: no mark-up, no control character.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\n", "\t": result.unicodeScalars.append(character)
            case _ where character.value < 0x20 || (0xFFFE...0xFFFF).contains(character.value): result += " "
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// A chunk: the length of what follows, its kind, its content.
    private func append(_ tag: Tag, _ content: [UInt8], to file: inout OutputFile) throws(SampleFileError) {
        var head: [UInt8] = [8]
        head.append(littleEndian: UInt64(content.count + 2))
        head.append(littleEndian: tag.rawValue)
        try file.append(head)
        try file.append(content)
    }
}
