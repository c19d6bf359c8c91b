internal import Acquisition
internal import ProbeLink

/// Writes stereo WAV files, one for each gate, with what they cannot say beside them.
struct WAVWriter {
    let export: SampleExport
    /// What a side file may be long so that `--probe wav:` reads it (the limit of StrictYAML).
    private static let mostBytesOfSideFile = 262_144
    /// Sizes in a RIFF file have 32 bits.
    private static let mostBytesOfSamples = Int(UInt32.max) - (1 << 20)
    private static let pulsesAtATime = 16_384

    private var samples: RecordedSamples { export.samples }

    /// I left and Q right, as they stand in the recording; `.wav.yaml` is what `--probe wav:` takes.
    func writeIQ(to stem: String) throws(SampleFileError) -> [String] {
        let side = sideFile
        guard side.utf8.count <= Self.mostBytesOfSideFile else {
            throw export.refusal(.wav, "has \(samples.gaps.count) gaps, more than the file beside a WAV file may list")
        }
        var written: [String] = []
        for gate in 0..<samples.gates {
            let path = stem + suffix(of: gate) + ".wav"
            try write(to: path, format: .wav, bytesPerNumber: samples.bytesPerNumber, what: "left I, right Q", gate) {
                (pulses) in
                var bytes: [UInt8] = []
                let pair = 2 * samples.bytesPerNumber
                bytes.reserveCapacity(pulses.count * pair)
                for pulse in pulses {
                    let offset = (pulse * samples.gates + gate) * pair
                    bytes.append(contentsOf: samples.bytes[offset..<offset + pair])
                }
                return bytes
            }
            try OutputFile.write(Array(side.utf8), to: path + ".yaml")
            try OutputFile.write(try export.document.encoded(for: path), to: path + ".json")
            written += [path, path + ".yaml", path + ".json"]
        }
        return written
    }

    /// Flow towards the transducer left and away from it right, 16 bits: to listen to.
    func writeDirections(to stem: String) throws(SampleFileError) -> [String] {
        var written: [String] = []
        for gate in 0..<samples.gates {
            let path = stem + suffix(of: gate) + ".directions.wav"
            let split = DirectionalSplit(samples, gate: gate)
            try write(
                to: path, format: .wavDirections, bytesPerNumber: 2,
                what: "left flow towards the transducer, right away from it", gate
            ) { pulses in
                var bytes: [UInt8] = []
                for pulse in pulses {
                    bytes.append(littleEndian: split.towards[pulse])
                    bytes.append(littleEndian: split.away[pulse])
                }
                return bytes
            }
            try OutputFile.write(try export.document.encoded(for: path), to: path + ".json")
            written += [path, path + ".json"]
        }
        return written
    }

    private func suffix(of gate: Int) -> String { samples.gates == 1 ? "" : ".gate\(gate)" }

    /// Writes one file, pulse by pulse.
    private func write(
        to path: String, format: SampleFileFormat, bytesPerNumber: Int, what: String, _ gate: Int,
        _ bytes: (Range<Int>) -> [UInt8]
    ) throws(SampleFileError) {
        let size = samples.pulses * 2 * bytesPerNumber
        let rate = samples.prfHz.rounded()
        guard size <= Self.mostBytesOfSamples else { throw export.refusal(format, "is longer than 4 GiB") }
        guard rate >= 1 else { throw export.refusal(format, "its pulse repetition frequency is below 1 Hz") }
        let comment =
            "\(export.document.nature); Doppler samples of gate \(gate): \(what); one sample a pulse; see the .json beside it"
        let head = Self.head(rateHz: UInt32(rate), bytesPerNumber: bytesPerNumber)
        let list = Self.list(comment: comment, software: export.software)
        var file = try OutputFile(path: path)
        var riff = Array("RIFF".utf8)
        riff.append(littleEndian: UInt32(4 + head.count + list.count + 8 + size))
        riff += Array("WAVE".utf8) + head + list + Array("data".utf8)
        riff.append(littleEndian: UInt32(size))
        try file.append(riff)
        var pulse = 0
        while pulse < samples.pulses {
            let end = min(samples.pulses, pulse + Self.pulsesAtATime)
            try file.append(bytes(pulse..<end))
            pulse = end
        }
        try file.finish()
    }

    /// The `fmt ` chunk of PCM (Microsoft and IBM, Multimedia Programming Interface 1.0).
    private static func head(rateHz: UInt32, bytesPerNumber: Int) -> [UInt8] {
        var chunk = Array("fmt ".utf8)
        chunk.append(littleEndian: UInt32(16))
        chunk.append(littleEndian: UInt16(1))
        chunk.append(littleEndian: UInt16(2))
        chunk.append(littleEndian: rateHz)
        chunk.append(littleEndian: rateHz &* UInt32(2 * bytesPerNumber))
        chunk.append(littleEndian: UInt16(2 * bytesPerNumber))
        chunk.append(littleEndian: UInt16(8 * bytesPerNumber))
        return chunk
    }

    /// The `LIST` chunk of type `INFO` with a comment and the program's name.
    private static func list(comment: String, software: String) -> [UInt8] {
        var body = Array("INFO".utf8)
        for (name, text) in [("ICMT", comment), ("ISFT", software)] {
            var bytes = Array(text.utf8) + [0]
            body += Array(name.utf8)
            body.append(littleEndian: UInt32(bytes.count))
            if bytes.count % 2 == 1 { bytes.append(0) }
            body += bytes
        }
        var chunk = Array("LIST".utf8)
        chunk.append(littleEndian: UInt32(body.count))
        return chunk + body
    }

    /// What `--probe wav:` needs to know; what is not known is left out.
    private var sideFile: String {
        let known = FileParameters(of: samples.description)
        var lines = ["# What the WAV file cannot say. Written by \(export.software); \(export.document.nature)."]
        func add(_ name: String, _ value: (some CustomStringConvertible)?) {
            if let value { lines.append("\(name): \(value)") }
        }
        add("centreFrequencyHz", known.centreFrequencyHz)
        add("prfHz", known.prfHz)
        add("insonationAngleDegrees", known.insonationAngleDegrees)
        add("speedOfSoundMPerS", known.speedOfSoundMPerS)
        add("normalDirection", known.normalDirection?.rawValue)
        add("isSimulated", samples.isSimulated)
        if !samples.gaps.isEmpty {
            lines.append("missing:")
            lines += samples.gaps.map { "  - { firstPulse: \($0.firstPulse), pulses: \($0.pulses) }" }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
