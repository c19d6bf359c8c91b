/// An ellipse whose two diameters an operator has set with calipers.
public struct CaliperEllipse: Sendable, Hashable, Codable {
    /// The ends of one diameter.
    public let first: [PicturePoint]
    /// The ends of the other.
    public let second: [PicturePoint]
    private let readingMm: Double

    /// How far the diameters may be from perpendicular, and their middles from each other, before they are no axes
    /// (project choices: 30 degrees, which changes the area by 13 %, and a third of the shorter diameter).
    private static let leastSine = 0.866
    private static let farthestMiddleShare = 0.34

    /// An ellipse from the ends of its diameters.
    ///
    /// - Throws: `pointOutside`, or `notTwoDiameters` when they are too short, not perpendicular or not about one centre.
    public init(
        _ first: (PicturePoint, PicturePoint), _ second: (PicturePoint, PicturePoint), in frame: BModeFrame
    ) throws(ImagingError) {
        for point in [first.0, first.1, second.0, second.1] where !frame.contains(point) { throw .pointOutside(point) }
        let lengths = (first.0.distanceMm(to: first.1), second.0.distanceMm(to: second.1))
        let shorter = min(lengths.0, lengths.1)
        guard shorter > 0 else { throw .notTwoDiameters(reason: "have no length") }
        let cross =
            (first.1.acrossMm - first.0.acrossMm) * (second.1.depthMm - second.0.depthMm)
            - (first.1.depthMm - first.0.depthMm) * (second.1.acrossMm - second.0.acrossMm)
        guard abs(cross) >= Self.leastSine * lengths.0 * lengths.1 else {
            throw .notTwoDiameters(reason: "are not perpendicular")
        }
        let middles = (Self.middle(first), Self.middle(second))
        guard middles.0.distanceMm(to: middles.1) <= Self.farthestMiddleShare * shorter else {
            throw .notTwoDiameters(reason: "do not cross in their middles")
        }
        self.first = [first.0, first.1]
        self.second = [second.0, second.1]
        // An end is read to the nearest place of the grid: a uniform error of one pitch, the larger of both.
        let uniformDeviation = 1 / 12.0.squareRoot()
        readingMm = max(frame.linePitchMm, frame.samplePitchMm) * uniformDeviation
    }

    /// Lengths of both diameters, mm.
    public var diametersMm: (first: Double, second: Double) {
        (first[0].distanceMm(to: first[1]), second[0].distanceMm(to: second[1]))
    }

    /// The area, mm2, with the uncertainty of reading four ends on the grid.
    public var area: AreaMeasurement {
        let diameters = diametersMm
        let area = Double.pi / 4 * diameters.first * diameters.second
        let ends = 2.0.squareRoot() * readingMm
        let first = ends / diameters.first
        let second = ends / diameters.second
        return AreaMeasurement(
            method: .ellipse, areaMm2: area, uncertaintyMm2: area * (first * first + second * second).squareRoot())
    }

    /// Its outline as points, for drawing.
    public func outline(points: Int = 96) -> [PicturePoint] {
        let centre = Self.middle((first[0], first[1]))
        let middle = Self.middle((second[0], second[1]))
        let centreAcross = (centre.acrossMm + middle.acrossMm) / 2
        let centreDepth = (centre.depthMm + middle.depthMm) / 2
        let one = (x: (first[1].acrossMm - first[0].acrossMm) / 2, y: (first[1].depthMm - first[0].depthMm) / 2)
        let two = (x: (second[1].acrossMm - second[0].acrossMm) / 2, y: (second[1].depthMm - second[0].depthMm) / 2)
        return UnitCircle.directions(max(3, points)).map {
            PicturePoint(
                acrossMm: centreAcross + $0.x * one.x + $0.y * two.x, depthMm: centreDepth + $0.x * one.y + $0.y * two.y
            )
        }
    }

    private static func middle(_ ends: (PicturePoint, PicturePoint)) -> PicturePoint {
        PicturePoint(
            acrossMm: (ends.0.acrossMm + ends.1.acrossMm) / 2, depthMm: (ends.0.depthMm + ends.1.depthMm) / 2)
    }
}
