internal import Glibc

/// The window of a spectrum, in its periodic form (Harris 1978, 10.1109/PROC.1978.10837).
public enum SpectralWindow: String, Sendable, Hashable, Codable, CaseIterable {
    /// Hann: the usual one; side lobes fall by 18 dB an octave.
    case hann
    /// Hamming: a slightly narrower lobe, side lobes at -43 dB that hardly fall.
    case hamming
    /// Blackman-Harris, four terms: the widest lobe, side lobes at -92 dB.
    case blackmanHarris
    /// None: the narrowest lobe, side lobes at -13 dB.
    case rectangular

    /// The weights of a window of `length` pulses.
    func weights(_ length: Int) -> [Double] {
        let terms = terms
        return (0..<length).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(length)
            return terms.enumerated().reduce(0) { $0 + $1.element * cos(Double($1.offset) * angle) }
        }
    }

    /// What squared magnitudes are multiplied by so that the bins of a spectrum add up to the mean power of the samples,
    /// weighted by the square of a window of `length` pulses.
    func powerScale(_ length: Int) -> Float {
        Float(1 / (Double(length) * weights(length).reduce(0) { $0 + $1 * $1 }))
    }

    /// Factors of the cosines of 0, 1, 2 and 3 turns (Harris 1978, table I).
    private var terms: [Double] {
        switch self {
        case .hann: [0.5, -0.5]
        case .hamming: [0.54, -0.46]
        case .blackmanHarris: [0.35875, -0.48829, 0.14128, -0.01168]
        case .rectangular: [1]
        }
    }

    /// Half of the 6 dB width of the main lobe, bins (Harris 1978, table I).
    var lobeHalfWidth: Float {
        switch self {
        case .hann: 1
        case .hamming: 0.905
        case .blackmanHarris: 1.36
        case .rectangular: 0.605
        }
    }

    /// Squared correlation of a noise bin with the bin at a distance.
    func squaredCorrelation(_ distance: Int) -> Double {
        // The spectrum of the squared window: products of the terms' lines.
        var lines = [Double](repeating: 0, count: 7)
        for (index, factor) in terms.enumerated() {
            if index == 0 {
                lines[3] = factor
            } else {
                lines[3 + index] = factor / 2
                lines[3 - index] = factor / 2
            }
        }
        func overlap(_ shift: Int) -> Double {
            lines.indices.reduce(0) { lines.indices.contains($1 + shift) ? $0 + lines[$1] * lines[$1 + shift] : $0 }
        }
        let ratio = overlap(distance) / overlap(0)
        return ratio * ratio
    }
}

/// The kind of wall filter.
public enum WallFilterKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// High-pass Butterworth of order 4, running.
    case butterworth
    /// Polynomial regression within each window: no transient after a gap, steeper, with a window's own resolution.
    case regression
}
