/// An outline that an operator has traced, or a contour that was found and may be corrected.
public struct TracedOutline: Sendable, Hashable, Codable {
    /// Its corners in order; the last one is joined to the first.
    public let points: [PicturePoint]
    private let readingMm: Double

    /// The most corners that are taken (project choice: the test for crossings is quadratic).
    public static let mostPoints = 2000

    /// An outline from its corners.
    ///
    /// - Throws: `pointOutside`, or `notAnOutline` when it has fewer than 3 or too many corners, no area, or crosses
    ///   itself.
    public init(_ points: [PicturePoint], in frame: BModeFrame) throws(ImagingError) {
        for point in points where !frame.contains(point) { throw .pointOutside(point) }
        guard points.count >= 3 else { throw .notAnOutline(reason: "has \(points.count) points") }
        guard points.count <= Self.mostPoints else { throw .notAnOutline(reason: "has \(points.count) points") }
        guard !Polygon.crossesItself(points) else { throw .notAnOutline(reason: "crosses itself") }
        guard Polygon.areaMm2(points) > 0 else { throw .notAnOutline(reason: "has no area") }
        self.points = points
        let uniformDeviation = 1 / 12.0.squareRoot()
        readingMm = max(frame.linePitchMm, frame.samplePitchMm) * uniformDeviation
    }

    /// The area, mm2, with the uncertainty of reading every corner on the grid.
    public var area: AreaMeasurement {
        // A corner that is off by e perpendicular to its neighbours' chord changes the area by e x chord / 2.
        var squares = 0.0
        for index in points.indices {
            let before = points[(index + points.count - 1) % points.count]
            let chord = before.distanceMm(to: points[(index + 1) % points.count])
            squares += chord * chord / 4
        }
        return AreaMeasurement(
            method: .traced, areaMm2: Polygon.areaMm2(points), uncertaintyMm2: readingMm * squares.squareRoot())
    }
}
