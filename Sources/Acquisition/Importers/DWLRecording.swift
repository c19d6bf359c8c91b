public import ProbeLink

/// The raw recordings of a DWL Multi-Dop examination: a `.TD` file with its `.TX`, and `.TW` where there is one.
///
/// The files carry the patient's name; nothing here does.
public struct DWLRecording: Sendable, Hashable {
    /// The `.TD` file's name without its folder.
    public let fileName: String
    /// The records that could be read, in the order of the `.TX` file.
    public let records: [DWLRecord]
    /// What could not be read, or stands only in part, in words.
    public let problems: [String]

    /// The longest files that are read, bytes (project choices: a hundred times what was seen).
    static let mostBytes = 256 << 20
    static let mostBytesOfText = 4 << 20

    /// Reads a `.TD` file and what lies beside it.
    ///
    /// - Throws: `.storage` when the `.TD` or `.TX` file cannot be read, `.data` when no record could be read.
    public static func read(path: String) throws(SourceError) -> DWLRecording {
        let name = ImportFile.name(of: path)
        guard let textPath = sibling(of: path, kind: "X"), let wavePath = sibling(of: path, kind: "W") else {
            throw .data(file: name, problem: "is no .TD file by its name: give a file such as NAME.TD2")
        }
        guard ImportFile.exists(path) else {
            throw .storage(file: name, problem: "does not exist: check the name")
        }
        guard ImportFile.exists(textPath) else {
            let text = ImportFile.name(of: textPath)
            throw .storage(file: text, problem: "is missing beside \(name): it says where the records lie; copy it too")
        }
        let wave = ImportFile.exists(wavePath) ? try ImportFile.contents(of: wavePath, mostBytes: mostBytes) : nil
        return try DWLRecording(
            fileName: name, raw: try ImportFile.contents(of: path, mostBytes: mostBytes),
            text: try ImportFile.contents(of: textPath, mostBytes: mostBytesOfText), wave: wave)
    }

    /// `NAME.TD2` to `NAME.TX2` or `NAME.TW2`, in the same case; `nil` for other names.
    private static func sibling(of path: String, kind: String) -> String? {
        let suffix = path.suffix(4)
        guard suffix.count == 4, suffix.uppercased().hasPrefix(".TD"), let last = suffix.last else { return nil }
        let letters = suffix.dropFirst().first == "t" ? ".t" + kind.lowercased() : ".T" + kind
        return path.dropLast(4) + letters + String(last)
    }

    /// Reads the contents of the three files.
    init(fileName: String, raw: [UInt8], text: [UInt8], wave: [UInt8]?) throws(SourceError) {
        let told = DWLTextFile(text)
        var problems = told.unreadableLines.map { "line \($0) of the .TX file names a hit that cannot be read" }
        var records: [DWLRecord] = []
        let starts = Set(told.hits.map { $0.index * DWLRecordBlock.unitBytes }).sorted()
        var seen: Set<Int> = []
        // In a good file no two channels overlap, so all of them together are no longer than the file.
        var budgetBytes = raw.count
        for (index, hit) in told.hits.enumerated() {
            let number = index + 1
            let offset = hit.index * DWLRecordBlock.unitBytes
            guard let block = DWLRecordBlock(raw, at: offset), seen.insert(offset).inserted else {
                problems.append("record \(number) does not stand at byte \(offset), as line \(hit.line) says")
                continue
            }
            guard block.levelDb == hit.levelDb, block.prfHz == hit.prfHz else {
                problems.append(
                    "record \(number) has \(block.levelDb) dB and PRF \(block.prfHz) Hz, but line \(hit.line) says "
                        + "\(hit.levelDb) dB and \(hit.prfHz) Hz: the files do not belong together")
                continue
            }
            guard let gates = Self.gates(of: block, hit: hit, in: raw, recordStarts: starts, budget: &budgetBytes)
            else {
                problems.append("record \(number) overlaps others: the file was damaged")
                continue
            }
            records.append(Self.record(number: number, hit: hit, block: block, gates: gates, told: told, wave: wave))
            for (gate, samples) in gates.enumerated() where samples.isTruncated {
                problems.append(
                    "record \(number), gate \(gate + 1) is truncated: \(samples.expectedSamples) samples expected, "
                        + "\(samples.i.count) found")
            }
        }
        guard !records.isEmpty else {
            let why = problems.first.map { ": \($0)" } ?? ": the .TX file names none"
            throw .data(file: fileName, problem: "holds no record that can be read\(why)")
        }
        self.fileName = fileName
        self.records = records
        self.problems = problems
    }

    private static func gates(
        of block: DWLRecordBlock, hit: DWLTextFile.Hit, in raw: [UInt8], recordStarts: [Int], budget: inout Int
    ) -> [DWLGate]? {
        var gates: [DWLGate] = []
        for place in block.gates {
            let count = min(
                block.samplesFound(at: place.i, in: raw, recordStarts: recordStarts),
                block.samplesFound(at: place.q, in: raw, recordStarts: recordStarts))
            budget -= 4 * count
            guard budget >= 0 else { return nil }
            gates.append(
                DWLGate(
                    depthMm: block.gates.count == 1 ? Double(hit.depthMm) : nil,
                    i: DWLRecordBlock.samples(count, at: place.i, in: raw),
                    q: DWLRecordBlock.samples(count, at: place.q, in: raw), expectedSamples: block.expectedSamples))
        }
        return gates
    }

    private static func record(
        number: Int, hit: DWLTextFile.Hit, block: DWLRecordBlock, gates: [DWLGate], told: DWLTextFile, wave: [UInt8]?
    ) -> DWLRecord {
        var envelope: DWLEnvelope?
        if let wave, let tenths = told.envelopeRateTenthsHz, tenths > 0 {
            envelope = DWLEnvelope(rateHz: Double(tenths) / 10, values: Self.envelope(wave, channel: hit.channel))
        }
        return DWLRecord(
            number: number, hitTimeCentiseconds: hit.timeCentiseconds, levelDb: hit.levelDb,
            labelDirection: hit.direction, channel: hit.channel, labelDepthMm: Double(hit.depthMm),
            gateSpacingMm: hit.gateSpacingMm.map { Double($0) }, prfHz: Double(block.prfHz),
            channelFrequenciesHz: told.frequencyKHz.map { $0.map { Double($0) * 1000 } }, gates: gates,
            envelope: envelope)
    }

    /// The values of one channel: blocks of 64 of channel 1, then 64 of channel 2; an incomplete block is left out.
    private static func envelope(_ wave: [UInt8], channel: Int) -> [Int16] {
        let valuesOfBlock = 64
        let channelBytes = 2 * valuesOfBlock
        let blocks = wave.count / (2 * channelBytes)
        return (0..<blocks).flatMap { block in
            let start = block * 2 * channelBytes + (channel - 1) * channelBytes
            return (0..<valuesOfBlock).compactMap { wave.int16(at: start + 2 * $0) }
        }
    }
}
