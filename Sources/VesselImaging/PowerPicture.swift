internal import Glibc

/// A frame's echoes as powers, without the logarithm: full scale is 1.
struct PowerPicture {
    let frame: BModeFrame
    /// Line by line, as in the frame.
    let powers: [Float]

    /// Power of each byte: 0 stands for -60 dB or less (ODP 1.0, "Payloads").
    private static let powerOfByte: [Float] = (0...255).map {
        let levelDb = BModeFrame.rangeDb * (Double($0) / 255 - 1)
        return Float(pow(10, levelDb / 10))
    }

    init(_ frame: BModeFrame) {
        self.frame = frame
        powers = frame.samples.map { Self.powerOfByte[Int($0)] }
    }

    /// The power at a place, interpolated; `nil` outside the picture and on missing lines.
    func power(acrossMm: Double, depthMm: Double) -> Float? {
        let line = frame.line(atAcrossMm: acrossMm)
        let sample = frame.sample(atDepthMm: depthMm)
        guard line >= 0, sample >= 0, line <= Double(frame.lines - 1), sample <= Double(frame.samplesPerLine - 1),
            !frame.isMissing(atAcrossMm: acrossMm)
        else { return nil }
        let (left, upper) = (Int(line), Int(sample))
        let right = min(left + 1, frame.lines - 1)
        let lower = min(upper + 1, frame.samplesPerLine - 1)
        let across = Float(line - Double(left))
        let deep = Float(sample - Double(upper))
        func at(_ line: Int, _ sample: Int) -> Float { powers[line * frame.samplesPerLine + sample] }
        let above = at(left, upper) * (1 - across) + at(right, upper) * across
        let below = at(left, lower) * (1 - across) + at(right, lower) * across
        return above * (1 - deep) + below * deep
    }

    /// Means over a box around each place, that a speckle's depth does not hide a lumen's.
    func smoothed(acrossMm: Double, depthMm: Double) -> [Float] {
        let lines = max(0, Int((acrossMm / frame.linePitchMm / 2).rounded()))
        let samples = max(0, Int((depthMm / frame.samplePitchMm / 2).rounded()))
        let along = Self.means(
            powers, count: frame.samplesPerLine, half: samples, stride: 1, rows: frame.lines,
            rowStride: frame.samplesPerLine)
        return Self.means(
            along, count: frame.lines, half: lines, stride: frame.samplesPerLine, rows: frame.samplesPerLine,
            rowStride: 1)
    }

    /// Running means along one direction; at the edges over what is there.
    private static func means(
        _ values: [Float], count: Int, half: Int, stride: Int, rows: Int, rowStride: Int
    ) -> [Float] {
        guard half > 0 else { return values }
        var result = values
        for row in 0..<rows {
            let start = row * rowStride
            var sum = 0.0
            var inside = 0
            for place in 0..<min(half, count) {
                sum += Double(values[start + place * stride])
                inside += 1
            }
            for place in 0..<count {
                if place + half < count {
                    sum += Double(values[start + (place + half) * stride])
                    inside += 1
                }
                if place > half {
                    sum -= Double(values[start + (place - half - 1) * stride])
                    inside -= 1
                }
                result[start + place * stride] = Float(max(sum / Double(max(1, inside)), 0))
            }
        }
        return result
    }
}
