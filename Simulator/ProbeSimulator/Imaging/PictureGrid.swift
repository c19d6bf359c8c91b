/// Where the lines and samples of a B-mode frame lie.
///
/// Lines run from left to right at the line pitch, centred on the Doppler line; sample i lies at depth
/// i x depth / samples a line (ODP 1.0, "Payloads").
public struct PictureGrid: Sendable, Hashable, Codable {
    /// Lines of a frame.
    public let lines: Int
    /// Samples of a line.
    public let samplesPerLine: Int
    /// Depth of the picture, mm.
    public let depthMm: Double
    /// Distance of neighbouring lines, mm.
    public let linePitchMm: Double

    /// A grid from its figures; counts below 1 are taken as 1.
    public init(lines: Int, samplesPerLine: Int, depthMm: Double, linePitchMm: Double) {
        self.lines = max(1, lines)
        self.samplesPerLine = max(1, samplesPerLine)
        self.depthMm = depthMm
        self.linePitchMm = linePitchMm
    }

    /// The grid of settings in force.
    public init(_ settings: DeviceSettings) {
        self.init(
            lines: Int(settings.bModeLines), samplesPerLine: Int(settings.bModeSamplesPerLine),
            depthMm: Double(settings.bModeDepthUm) / 1000, linePitchMm: Double(settings.bModeLinePitchNm) / 1e6)
    }

    /// Distance of neighbouring samples, mm.
    public var samplePitchMm: Double { depthMm / Double(samplesPerLine) }

    /// Where a line lies, mm to the right of the Doppler line.
    public func acrossMm(ofLine line: Int) -> Double { (Double(line) - Double(lines - 1) / 2) * linePitchMm }

    /// Depth of a sample, mm.
    public func depthMm(ofSample sample: Int) -> Double { Double(sample) * samplePitchMm }

    /// Samples of a frame.
    var count: Int { lines * samplesPerLine }

    /// The lines and samples that a rectangle touches; `nil` when it lies outside the picture.
    func cells(across: ClosedRange<Double>, depth: ClosedRange<Double>) -> (lines: Range<Int>, samples: Range<Int>)? {
        func places(_ range: ClosedRange<Double>, first: Double, pitch: Double, count: Int) -> Range<Int>? {
            guard pitch > 0, range.lowerBound.isFinite, range.upperBound.isFinite else { return nil }
            let low = max(0, ((range.lowerBound - first) / pitch).rounded(.down))
            let high = min(Double(count - 1), ((range.upperBound - first) / pitch).rounded(.up))
            return low <= high ? Int(low)..<Int(high) + 1 : nil
        }
        guard let lines = places(across, first: acrossMm(ofLine: 0), pitch: linePitchMm, count: lines),
            let samples = places(depth, first: 0, pitch: samplePitchMm, count: samplesPerLine)
        else { return nil }
        return (lines, samples)
    }
}
