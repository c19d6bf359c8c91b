/// Complex echoes of a stretch of a picture: they are made, spread and shown as bytes.
///
/// Scatterers are independent complex normal numbers, one at each place of the grid, so that the speckle is fully
/// developed (Wagner 1983, IEEE Sonics Ultrasonics 30:156).
struct SpecklePicture {
    /// Lines and samples that it covers.
    let lines: Range<Int>
    let samples: Range<Int>
    /// Real and imaginary parts, line by line.
    var re: [Float]
    var im: [Float]

    init(lines: Range<Int>, samples: Range<Int>) {
        self.lines = lines
        self.samples = samples
        re = [Float](repeating: 0, count: lines.count * samples.count)
        im = re
    }

    /// Fills it with scatterers of unit mean power.
    mutating func fill(_ noise: inout SignalNoise) {
        let half = 0.5.squareRoot()
        for place in re.indices {
            let (first, second) = noise.gaussianPair()
            re[place] = Float(first * half)
            im[place] = Float(second * half)
        }
    }

    /// Spreads every echo by both kernels, and keeps the given part; beyond the edges there is nothing.
    func spread(axial: [Float], lateral: [Float], keeping part: (lines: Range<Int>, samples: Range<Int>)) -> Self {
        var across = SpecklePicture(lines: part.lines, samples: samples)
        let depth = samples.count
        let half = lateral.count / 2
        for line in part.lines {
            let target = (line - part.lines.lowerBound) * depth
            for (offset, weight) in lateral.enumerated() {
                let from = line + offset - half
                guard lines.contains(from) else { continue }
                let source = (from - lines.lowerBound) * depth
                for sample in 0..<depth {
                    across.re[target + sample] += weight * re[source + sample]
                    across.im[target + sample] += weight * im[source + sample]
                }
            }
        }
        return across.spreadAlong(axial, keeping: part.samples)
    }

    private func spreadAlong(_ kernel: [Float], keeping kept: Range<Int>) -> Self {
        var result = SpecklePicture(lines: lines, samples: kept)
        let half = kernel.count / 2
        for line in 0..<lines.count {
            let source = line * samples.count
            let target = line * kept.count
            for (offset, weight) in kernel.enumerated() {
                // The samples of the result that this weight reaches.
                let shift = kept.lowerBound - samples.lowerBound + offset - half
                let first = max(0, -shift)
                let last = min(kept.count, samples.count - shift)
                guard first < last else { continue }
                for sample in first..<last {
                    result.re[target + sample] += weight * re[source + sample + shift]
                    result.im[target + sample] += weight * im[source + sample + shift]
                }
            }
        }
        return result
    }

    /// The powers as log-compressed bytes: 0 = -60 dB or less, 255 = 0 dB or more (ODP 1.0, "Payloads").
    func byte(at place: Int) -> UInt8 {
        let power = Double(re[place]) * Double(re[place]) + Double(im[place]) * Double(im[place])
        guard power > Self.leastPower else { return 0 }
        // 10 log10(e).
        let decibelPerNeper = 4.3429448190325175
        let share = 1 + decibelPerNeper * PortableMath.log(power) / Self.rangeDb
        return UInt8(max(0, min((share * 255).rounded(.toNearestOrEven), 255)))
    }

    private static let leastPower = 1e-6
    private static let rangeDb = 60.0
}
