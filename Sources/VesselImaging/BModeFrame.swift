/// One B-mode frame with its geometry.
public struct BModeFrame: Sendable, Hashable {
    /// Lines, from left to right.
    public let lines: Int
    /// Samples of a line, from the transducer on.
    public let samplesPerLine: Int
    /// Depth of the picture, mm.
    public let depthMm: Double
    /// Distance of neighbouring lines, mm.
    public let linePitchMm: Double
    /// The samples, line by line: 0 = -60 dB or less, 255 = 0 dB.
    public let samples: [UInt8]
    /// Lines that never arrived, in order; their samples mean nothing.
    public let missingLines: [Range<Int>]

    /// The most samples of a frame (project choice: sixteen times what the reference probe makes).
    public static let mostSamples = 1 << 22
    /// The range that the bytes span, dB (ODP 1.0, "Payloads").
    public static let rangeDb = 60.0
    /// Sizes that a picture of a neck may have, mm (project choice: anything a transducer can see).
    private static let possibleMm = 1e-3...1000.0

    /// A frame from its parts.
    ///
    /// - Throws: `notAFrame` when the counts do not fit, `noScale` when depth or pitch is not known.
    public init(
        lines: Int, samplesPerLine: Int, depthMm: Double, linePitchMm: Double, samples: [UInt8],
        missingLines: [Range<Int>] = []
    ) throws(ImagingError) {
        let (count, overflows) = lines.multipliedReportingOverflow(by: samplesPerLine)
        guard lines > 0, samplesPerLine > 0, !overflows, count <= Self.mostSamples, samples.count == count,
            missingLines.allSatisfy({ $0.lowerBound >= 0 && $0.upperBound <= lines })
        else { throw .notAFrame(lines: lines, samplesPerLine: samplesPerLine, samples: samples.count) }
        guard Self.possibleMm.contains(depthMm), Self.possibleMm.contains(linePitchMm) else {
            throw .noScale(depthMm: depthMm, linePitchMm: linePitchMm)
        }
        self.lines = lines
        self.samplesPerLine = samplesPerLine
        self.depthMm = depthMm
        self.linePitchMm = linePitchMm
        self.samples = samples
        self.missingLines = missingLines
    }

    /// Whether every line arrived.
    public var isComplete: Bool { missingLines.allSatisfy(\.isEmpty) }

    /// Distance of neighbouring samples, mm: sample i lies at depth i x depth / samples a line (ODP 1.0).
    public var samplePitchMm: Double { depthMm / Double(samplesPerLine) }

    /// Where a line lies, mm to the right of the Doppler line; lines may be broken.
    public func acrossMm(ofLine line: Double) -> Double { (line - Double(lines - 1) / 2) * linePitchMm }

    /// Depth of a sample, mm; samples may be broken.
    public func depthMm(ofSample sample: Double) -> Double { sample * samplePitchMm }

    /// The line at a place, broken.
    public func line(atAcrossMm acrossMm: Double) -> Double { acrossMm / linePitchMm + Double(lines - 1) / 2 }

    /// The sample at a depth, broken.
    public func sample(atDepthMm depthMm: Double) -> Double { depthMm / samplePitchMm }

    /// The picture's edges, mm: from the first to the last line, and from the first to the last sample.
    public var edgesMm: (across: ClosedRange<Double>, depth: ClosedRange<Double>) {
        (
            acrossMm(ofLine: 0)...acrossMm(ofLine: Double(lines - 1)),
            0...depthMm(ofSample: Double(samplesPerLine - 1))
        )
    }

    /// Whether a place lies within the picture.
    public func contains(_ point: PicturePoint) -> Bool {
        point.isFinite && edgesMm.across.contains(point.acrossMm) && edgesMm.depth.contains(point.depthMm)
    }

    /// Whether the line nearest to a place is missing.
    func isMissing(atAcrossMm acrossMm: Double) -> Bool {
        guard !missingLines.isEmpty else { return false }
        let line = Int(max(-1, min(line(atAcrossMm: acrossMm).rounded(), Double(lines))))
        return missingLines.contains { $0.contains(line) }
    }
}
