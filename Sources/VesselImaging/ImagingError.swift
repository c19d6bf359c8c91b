/// Why something cannot be measured in a picture, whatever it shows.
public enum ImagingError: Error, Sendable, Hashable {
    /// A frame's samples do not fit its lines, or its figures are no picture.
    case notAFrame(lines: Int, samplesPerLine: Int, samples: Int)
    /// Depth or line pitch is not known, so that nothing in the picture has a size.
    case noScale(depthMm: Double, linePitchMm: Double)
    /// A point that was given is not a number or lies outside the picture.
    case pointOutside(PicturePoint)
    /// Two diameters that are no axes of one ellipse.
    case notTwoDiameters(reason: String)
    /// A traced outline of fewer than three points, or one that crosses itself.
    case notAnOutline(reason: String)
    /// The line of an M-mode strip is not in its frames, or the frames differ.
    case noSuchLine(Int, lines: Int)
}

extension ImagingError: CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    public var description: String {
        switch self {
        case .notAFrame(let lines, let samplesPerLine, let samples):
            "a frame of \(lines) lines of \(samplesPerLine) samples has \(samples) samples: the recording is damaged"
        case .noScale(let depthMm, let linePitchMm):
            "depth \(depthMm) mm and line pitch \(linePitchMm) mm give no scale: record with B-mode settings"
        case .pointOutside(let point):
            "(\(point.acrossMm), \(point.depthMm)) mm lies outside the picture: give a point within it"
        case .notTwoDiameters(let reason): "the two diameters \(reason): put the calipers on both axes of one ellipse"
        case .notAnOutline(let reason): "the outline \(reason): trace it once around the lumen"
        case .noSuchLine(let line, let lines): "line \(line) is not in every frame: 0 to \(lines - 1) are"
        }
    }
}
