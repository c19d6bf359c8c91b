internal import Glibc

/// How far the echo of a point spreads, estimated from the speckle itself.
///
/// In fully developed speckle the logarithms of two intensities whose fields have the squared correlation r differ by
/// 2 (pi^2 / 6 - Li2(r)) in the mean square, whatever the gain and whatever the tissue. From r at a known distance
/// follows the spread, taken as Gaussian.
struct SpeckleSize: Sendable, Hashable {
    /// Standard deviation of the amplitude across the beam, mm.
    var acrossMm: Double
    /// Standard deviation of the amplitude along the beam, mm.
    var alongMm: Double

    /// Blocks in which tissue is taken as even, mm (project choice: some speckles each way).
    private static let blockMm = 3.0
    /// Bytes that may have been cut by the range (ODP 1.0: 0 and 255) or lie in what is nearly noise.
    private static let usableBytes = UInt8(20)...UInt8(252)
    private static let furthestLag = 5
    /// Below this squared correlation a lag tells enough.
    private static let tellingCorrelation = 0.6
    /// Least usable pairs of a block, share of it.
    private static let leastShare = 0.7

    /// The spread in a frame; where there is too little tissue to tell, half of a pitch.
    init(_ frame: BModeFrame) {
        let stride = frame.samplesPerLine
        acrossMm = Self.spread(frame, step: stride, pitchMm: frame.linePitchMm) { line, _, lag in
            line + lag < frame.lines
        }
        alongMm = Self.spread(frame, step: 1, pitchMm: frame.samplePitchMm) { _, sample, lag in sample + lag < stride }
    }

    private static func spread(
        _ frame: BModeFrame, step: Int, pitchMm: Double, exists: (_ line: Int, _ sample: Int, _ lag: Int) -> Bool
    ) -> Double {
        var best = pitchMm / 2
        for lag in 1...furthestLag {
            guard let difference = meanSquare(frame, step: step, lag: lag, exists: exists) else { break }
            let correlation = squaredCorrelation(meanSquare: difference)
            guard correlation > 0.02, correlation < 0.999 else { break }
            best = Double(lag) * pitchMm / (-2 * log(correlation)).squareRoot()
            if correlation < tellingCorrelation { break }
        }
        return best
    }

    /// The median over blocks of the mean squared difference of log intensities; `nil` without usable blocks.
    private static func meanSquare(
        _ frame: BModeFrame, step: Int, lag: Int, exists: (Int, Int, Int) -> Bool
    ) -> Double? {
        let nepersPerByte = BModeFrame.rangeDb / 255 * M_LN10 / 10
        let linesOfBlock = max(2, Int(blockMm / frame.linePitchMm))
        let samplesOfBlock = max(2, Int(blockMm / frame.samplePitchMm))
        var blocks: [Double] = []
        for firstLine in stride(from: 0, to: frame.lines, by: linesOfBlock) {
            for firstSample in stride(from: 0, to: frame.samplesPerLine, by: samplesOfBlock) {
                var sum = 0.0
                var used = 0
                for line in firstLine..<min(firstLine + linesOfBlock, frame.lines) {
                    for sample in firstSample..<min(firstSample + samplesOfBlock, frame.samplesPerLine)
                    where exists(line, sample, lag) {
                        let place = line * frame.samplesPerLine + sample
                        let (one, other) = (frame.samples[place], frame.samples[place + lag * step])
                        guard usableBytes.contains(one), usableBytes.contains(other) else { continue }
                        let difference = (Double(one) - Double(other)) * nepersPerByte
                        sum += difference * difference
                        used += 1
                    }
                }
                if Double(used) >= leastShare * Double(linesOfBlock * samplesOfBlock) {
                    blocks.append(sum / Double(used))
                }
            }
        }
        guard !blocks.isEmpty else { return nil }
        return blocks.sorted()[blocks.count / 2]
    }

    /// The squared correlation that belongs to a mean squared difference, by halving.
    private static func squaredCorrelation(meanSquare: Double) -> Double {
        let wanted = Double.pi * Double.pi / 6 - meanSquare / 2
        var (low, high) = (0.0, 1.0)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            if dilogarithm(middle) < wanted { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// Li2(r) = sum of r^n / n^2 for 0 <= r <= 1.
    private static func dilogarithm(_ argument: Double) -> Double {
        var (sum, power) = (0.0, 1.0)
        for term in 1...200 {
            power *= argument
            sum += power / Double(term * term)
        }
        return sum
    }
}
