internal import Glibc

/// An ellipse by its centre, semi-axes and tilt.
public struct Ellipse: Sendable, Hashable, Codable {
    /// Centre.
    public var centre: PicturePoint
    /// The longer semi-axis, mm.
    public var longSemiAxisMm: Double
    /// The shorter semi-axis, mm.
    public var shortSemiAxisMm: Double
    /// How far the longer axis is turned, degrees; positive = its right end lies deeper.
    public var tiltDegrees: Double

    /// Area, mm2.
    public var areaMm2: Double { .pi * longSemiAxisMm * shortSemiAxisMm }

    /// An ellipse from its figures.
    public init(centre: PicturePoint, longSemiAxisMm: Double, shortSemiAxisMm: Double, tiltDegrees: Double) {
        self.centre = centre
        self.longSemiAxisMm = longSemiAxisMm
        self.shortSemiAxisMm = shortSemiAxisMm
        self.tiltDegrees = tiltDegrees
    }

    /// The ellipse of an area whose axes stand as the variances of a region say; `nil` for a line.
    init?(centre: PicturePoint, areaMm2: Double, xx: Double, xy: Double, yy: Double) {
        let mean = (xx + yy) / 2
        let spread = (((xx - yy) / 2) * ((xx - yy) / 2) + xy * xy).squareRoot()
        guard mean - spread > 1e-9, areaMm2 > 0 else { return nil }
        let ratio = ((mean + spread) / (mean - spread)).squareRoot()
        self.init(
            centre: centre, longSemiAxisMm: (areaMm2 / .pi * ratio).squareRoot(),
            shortSemiAxisMm: (areaMm2 / .pi / ratio).squareRoot(),
            tiltDegrees: atan2(2 * xy, xx - yy) / 2 * 180 / .pi)
    }

    /// Points on it and the outward normals there, by so many directions.
    func places(_ count: Int) -> [(point: PicturePoint, normal: (x: Double, y: Double))] {
        let tilt = tiltDegrees * .pi / 180
        let (cosine, sine) = (cos(tilt), sin(tilt))
        return UnitCircle.directions(count).map { direction in
            let (u, v) = (longSemiAxisMm * direction.x, shortSemiAxisMm * direction.y)
            let (p, q) = (direction.x / longSemiAxisMm, direction.y / shortSemiAxisMm)
            let length = max((p * p + q * q).squareRoot(), 1e-12)
            return (
                point: PicturePoint(
                    acrossMm: centre.acrossMm + u * cosine - v * sine, depthMm: centre.depthMm + u * sine + v * cosine),
                normal: (x: (p * cosine - q * sine) / length, y: (p * sine + q * cosine) / length)
            )
        }
    }
}
