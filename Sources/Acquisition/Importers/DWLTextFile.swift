internal import ProbeLink

/// What a `.TX` file tells of its recordings.
///
/// The lines about the patient are passed over; no text of the file leaves this type.
struct DWLTextFile: Sendable, Hashable {
    /// One `HIT` line.
    struct Hit: Sendable, Hashable {
        var line: Int
        var timeCentiseconds: Int
        var levelDb: Int
        var prfHz: Int
        var direction: BeamDirection
        var channel: Int
        var depthMm: Int
        var gateSpacingMm: Int?
        /// The start of the record in `.TD`, in units of 128 bytes.
        var index: Int
    }

    /// The most lines and hits that are read (project choices: an hour's examination has a few hundred).
    private static let mostLines = 100_000
    private static let mostHits = 10_000
    /// The largest number that any field may hold (project choice; it keeps sums and products small).
    private static let mostInField = 1_000_000_000

    /// The rate of the device's envelope, tenths of Hz; `nil` = not told.
    private(set) var envelopeRateTenthsHz: Int?
    /// Transmitted frequency of channels 1 and 2, kHz; `nil` = not told.
    private(set) var frequencyKHz: [Int?] = [nil, nil]
    private(set) var hits: [Hit] = []
    /// The numbers of the `HIT` lines that could not be read.
    private(set) var unreadableLines: [Int] = []

    init(_ bytes: [UInt8]) {
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard number <= Self.mostLines, hits.count < Self.mostHits else { return }
            read(line, number: number)
        }
    }

    private mutating func read(_ line: ArraySlice<UInt8>, number: Int) {
        let words = line.split(omittingEmptySubsequences: true) { $0 <= UInt8(ascii: " ") }
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count >= 3 else { return }
        switch words[1] {
        case "SYS":
            let value = words.count >= 4 ? Self.number(words[3][...]) : nil
            switch words[2] {
            case "SAMPLE_F": envelopeRateTenthsHz = value
            case "FDOP1": frequencyKHz[0] = value
            case "FDOP2": frequencyKHz[1] = value
            default: break
            }
        case "HIT":
            if let hit = Self.hit(words, number: number) {
                hits.append(hit)
            } else {
                unreadableLines.append(number)
            }
        default: break
        }
    }

    /// `691 HIT 38dB 7:40:20 5000A2D046 dS05 ... 288`.
    private static func hit(_ words: [String], number line: Int) -> Hit? {
        guard words.count >= 6, let time = number(words[0][...]), words[2].hasSuffix("dB"),
            let level = Int16(words[2].dropLast(2)),
            let index = words.last.flatMap({ number($0[...]) })
        else { return nil }
        var label = words[4][...]
        let prf = leadingNumber(&label)
        let direction: BeamDirection? =
            switch label.popFirst() {
            case "A": .away
            case "T": .towards
            default: nil
            }
        guard let prf, let direction, let channel = label.popFirst()?.wholeNumberValue, (1...2).contains(channel),
            label.popFirst() == "D", let depth = number(label)
        else { return nil }
        let spacing = words.first { $0.hasPrefix("dS") }.flatMap { number($0.dropFirst(2)) }
        return Hit(
            line: line, timeCentiseconds: time, levelDb: Int(level), prfHz: prf, direction: direction, channel: channel,
            depthMm: depth, gateSpacingMm: spacing, index: index)
    }

    private static func leadingNumber(_ text: inout Substring) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        text = text.dropFirst(digits.count)
        return number(digits)
    }

    /// A whole number of digits alone.
    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let value = Int(text),
            value <= mostInField
        else { return nil }
        return value
    }
}
