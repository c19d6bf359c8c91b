internal import ProbeLink

/// Quadrature samples as text, a pulse a line: time in microseconds, I, Q (as the recordings of Wadehn and Heldt, IEEE
/// DataPort 10.21227/44mg-2965).
///
/// Commas, semicolons, tabs or blanks part the numbers. Lines without any number first, and those that begin with `#`, are
/// passed over. A time that goes on by several steps at once tells that pulses are missing.
struct IQTextFile: Sendable {
    /// The longest file that is read, bytes (project choice: an hour at 2 kHz).
    static let mostBytes = 512 << 20
    /// The longest line that is read, bytes (project choice: three numbers of any form).
    private static let mostBytesOfLine = 256
    /// The lines of words that may stand before the first numbers (project choice).
    private static let mostHeadLines = 100
    /// How far a step may be from a whole number of steps, in steps: times may be rounded to whole microseconds.
    private static let stepTolerance = 0.25
    /// The most steps from one line to the next: more is no gap but another recording (project choice).
    private static let mostSteps = 1e9
    private static let plausibleSampleRateHz = 100.0...1_000_000.0
    /// The largest size of a number that is believed (project choice; it keeps sums finite).
    private static let mostInField = 1e15

    /// Pulses missing before a line of samples.
    struct Skip: Sendable, Hashable {
        /// The sample that follows, from 0.
        var sample: Int
        /// How many are missing before it.
        var pulses: UInt64
    }

    /// I and Q of each sample in turn, as in the file.
    let numbers: [Double]
    /// Steps a second, by the first and the last time.
    let sampleRateHz: Double
    /// What is missing.
    let skips: [Skip]
    /// How the samples fit into frames.
    let format: SampleFormat
    /// The power of two that samples with decimals are divided by before they fill 32 bits; `nil` = they are whole.
    let scaleExponent: Int?

    /// Number of samples.
    var samples: Int { numbers.count / 2 }

    init(_ bytes: [UInt8], file: String) throws(SourceError) {
        var times: [Double] = []
        var lines: [Int] = []
        var numbers: [Double] = []
        var line = 0
        for text in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            guard let fields = try Self.fields(text, line: line, hasSamples: !times.isEmpty, file: file) else {
                continue
            }
            times.append(fields[0])
            lines.append(line)
            numbers.append(fields[1])
            numbers.append(fields[2])
        }
        guard times.count > 1 else {
            throw .data(file: file, problem: "holds fewer than two lines of time, I and Q: this is no such file")
        }
        (skips, sampleRateHz) = try Self.steps(times, lines: lines, file: file)
        self.numbers = numbers
        let largest = numbers.reduce(0) { max($0, abs($1)) }
        let areWhole = numbers.allSatisfy { $0 == $0.rounded() }
        if areWhole, largest <= Double(Int16.max) {
            (format, scaleExponent) = (.iqInt16, nil)
        } else if areWhole, largest <= Double(Int32.max) {
            (format, scaleExponent) = (.iqInt32, nil)
        } else {
            format = .iqInt32
            scaleExponent = Int(largest.exponent) + (largest.significand > 1 ? 1 : 0)
        }
    }

    /// The three numbers of a line; `nil` for one that is passed over.
    private static func fields(
        _ text: ArraySlice<UInt8>, line: Int, hasSamples: Bool, file: String
    ) throws(SourceError) -> [Double]? {
        func refuse(_ problem: String) -> SourceError { .data(file: "\(file):\(line)", problem: problem) }
        guard text.count <= mostBytesOfLine else {
            throw refuse("is longer than \(mostBytesOfLine) bytes: no line of samples")
        }
        let words = text.split { byte in
            byte <= UInt8(ascii: " ") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
        }
        guard let first = words.first, first.first != UInt8(ascii: "#") else { return nil }
        let numbers = words.map { Double(String(decoding: $0, as: UTF8.self)) }
        if !hasSamples, numbers.allSatisfy({ $0 == nil }), line <= mostHeadLines { return nil }
        let known = numbers.compactMap { $0 }.filter { $0.isFinite && abs($0) <= mostInField }
        guard words.count == 3, known.count == 3 else {
            throw refuse("is not three numbers: time in microseconds, I, Q")
        }
        return known
    }

    /// What is missing by the times, and the rate.
    private static func steps(
        _ times: [Double], lines: [Int], file: String
    ) throws(SourceError) -> (skips: [Skip], rateHz: Double) {
        let intervals = zip(times.dropFirst(), times).map { $0 - $1 }
        // The middle one may be rounded to a microsecond; the mean of those like it is not.
        let usual = intervals.sorted()[intervals.count / 2]
        let single = intervals.filter { abs($0 - usual) <= usual / 2 }
        let step = single.reduce(0, +) / Double(max(1, single.count))
        let microsecondsPerSecond = 1e6
        guard step > 0, plausibleSampleRateHz.contains(microsecondsPerSecond / step) else {
            throw .data(
                file: file,
                problem: "its times go on by \(step) as a rule: 100 to 1000000 samples a second are read, times in "
                    + "microseconds")
        }
        var skips: [Skip] = []
        var total = 0.0
        for (index, interval) in intervals.enumerated() {
            let count = (interval / step).rounded()
            guard count >= 1, count <= mostSteps, abs(interval / step - count) <= stepTolerance else {
                throw .data(
                    file: "\(file):\(lines[index + 1])",
                    problem: "its time comes \(interval) us after the one before, which is no whole number of steps of "
                        + "\(step) us: the samples are not evenly spaced")
            }
            if count > 1 { skips.append(Skip(sample: index + 1, pulses: UInt64(count) - 1)) }
            total += count
        }
        return (skips, total * microsecondsPerSecond / (times[times.count - 1] - times[0]))
    }

    /// Samples as frames hold them.
    func payload(_ range: Range<Int>) -> IQFrameFeed.Stretch {
        var payload: [UInt8] = []
        var isClipped = false
        let factor = scaleExponent.map { Double(sign: .plus, exponent: 31 - $0, significand: 1) } ?? 1
        for number in numbers[2 * range.lowerBound..<2 * range.upperBound] {
            switch format {
            case .iqInt16:
                let whole = Int16(number)
                payload.append(littleEndian: whole)
                if whole == .max { isClipped = true }
            default:
                let whole = Int32(max(Double(Int32.min), min(Double(Int32.max), (number * factor).rounded())))
                withUnsafeBytes(of: whole.littleEndian) { payload.append(contentsOf: $0) }
            }
        }
        return IQFrameFeed.Stretch(payload: payload, isClipped: isClipped)
    }
}
