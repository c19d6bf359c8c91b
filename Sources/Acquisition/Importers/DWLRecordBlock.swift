/// The layout of one record in a `.TD` file, worked out from recordings; the maker documents none.
struct DWLRecordBlock {
    /// Records begin at multiples of so many bytes.
    static let unitBytes = 128
    private static let prfOffset = 4
    private static let gatesOffset = 18
    /// Five groups of four absolute offsets: two short tables, I, Q and the device's own spectra.
    private static let tableOffset = 28
    private static let gatesOfTable = 4
    private static let groupsOfTable = 5
    private static let groupI = 2
    private static let groupQ = 3
    private static let linesOffset = 112
    private static let samplesPerLine = 25
    private static let levelOffset = 142
    private static let sampleBytes = 2

    let prfHz: Int
    let levelDb: Int
    let expectedSamples: Int
    /// Where I and Q of each gate begin, bytes.
    let gates: [(i: Int, q: Int)]
    /// Every offset of the table, rising: what begins at one ends at the next at the latest.
    private let starts: [Int]

    /// Reads the record that begins at an offset; `nil` where none stands.
    init?(_ bytes: [UInt8], at offset: Int) {
        guard bytes.has("Embo", at: offset), let prf = bytes.uint16(at: offset + Self.prfOffset), prf > 0,
            let gateCount = bytes.uint16(at: offset + Self.gatesOffset),
            (1...Self.gatesOfTable).contains(Int(gateCount)),
            let lines = bytes.uint16(at: offset + Self.linesOffset), lines > 0,
            let level = bytes.int16(at: offset + Self.levelOffset)
        else { return nil }
        prfHz = Int(prf)
        levelDb = Int(level)
        expectedSamples = Int(lines) * Self.samplesPerLine
        func entry(_ group: Int, _ gate: Int) -> Int? {
            bytes.uint32(at: offset + Self.tableOffset + 4 * (group * Self.gatesOfTable + gate)).map { Int($0) }
        }
        gates = (0..<Int(gateCount)).compactMap { gate in
            guard let i = entry(Self.groupI, gate), let q = entry(Self.groupQ, gate) else { return nil }
            return (i, q)
        }
        starts = (0..<Self.groupsOfTable).flatMap { group in (0..<Self.gatesOfTable).compactMap { entry(group, $0) } }
            .filter { $0 > 0 }.sorted()
    }

    /// How many samples stand from an offset on: as many as promised, or up to what begins next.
    ///
    /// - Parameter recordStarts: where the file's records begin, rising.
    func samplesFound(at offset: Int, in bytes: [UInt8], recordStarts: [Int]) -> Int {
        guard offset > 0, offset < bytes.count else { return 0 }
        let end = min(Self.next(after: offset, in: starts), Self.next(after: offset, in: recordStarts), bytes.count)
        return min(expectedSamples, (end - offset) / Self.sampleBytes)
    }

    /// The first of rising offsets that is greater; `Int.max` where none is.
    private static func next(after offset: Int, in rising: [Int]) -> Int {
        var low = 0
        var high = rising.count
        while low < high {
            let middle = (low + high) / 2
            if rising[middle] > offset { high = middle } else { low = middle + 1 }
        }
        return low < rising.count ? rising[low] : .max
    }

    /// The samples from an offset on, as many as `samplesFound` said.
    static func samples(_ count: Int, at offset: Int, in bytes: [UInt8]) -> [Int16] {
        (0..<count).compactMap { bytes.int16(at: offset + $0 * sampleBytes) }
    }
}
