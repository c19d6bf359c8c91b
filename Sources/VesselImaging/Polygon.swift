/// Areas and moments of closed polygons.
enum Polygon {
    /// Area, mm2, whichever way round.
    static func areaMm2(_ points: [PicturePoint]) -> Double { abs(signedAreaMm2(points)) }

    /// Length around, mm.
    static func perimeterMm(_ points: [PicturePoint]) -> Double {
        points.indices.reduce(0) { $0 + points[$1].distanceMm(to: points[($1 + 1) % points.count]) }
    }

    private static func signedAreaMm2(_ points: [PicturePoint]) -> Double {
        guard let origin = points.first else { return 0 }
        return edges(points).reduce(0) { sum, edge in
            sum + cross(edge.0, edge.1, about: origin) / 2
        }
    }

    private static func edges(_ points: [PicturePoint]) -> [(PicturePoint, PicturePoint)] {
        points.indices.map { (points[$0], points[($0 + 1) % points.count]) }
    }

    private static func cross(_ first: PicturePoint, _ second: PicturePoint, about origin: PicturePoint) -> Double {
        (first.acrossMm - origin.acrossMm) * (second.depthMm - origin.depthMm)
            - (second.acrossMm - origin.acrossMm) * (first.depthMm - origin.depthMm)
    }

    /// Whether two edges that are not neighbours touch.
    static func crossesItself(_ points: [PicturePoint]) -> Bool {
        let edges = edges(points)
        guard edges.count > 3 else { return false }
        for first in 0..<edges.count - 2 {
            for second in first + 2..<edges.count where !(first == 0 && second == edges.count - 1) {
                if cross(edges[first], edges[second]) { return true }
            }
        }
        return false
    }

    private static func cross(_ one: (PicturePoint, PicturePoint), _ two: (PicturePoint, PicturePoint)) -> Bool {
        let a = cross(two.0, two.1, about: one.0)
        let b = cross(two.0, two.1, about: one.1)
        let c = cross(one.0, one.1, about: two.0)
        let d = cross(one.0, one.1, about: two.1)
        return a * b < 0 && c * d < 0
    }

    /// The ellipse with the same area, centre and second moments; `nil` when there is no area.
    static func ellipse(_ points: [PicturePoint]) -> Ellipse? {
        guard let origin = points.first else { return nil }
        var area = 0.0
        var first = (x: 0.0, y: 0.0)
        var second = (xx: 0.0, xy: 0.0, yy: 0.0)
        for (from, to) in edges(points) {
            let (x0, y0) = (from.acrossMm - origin.acrossMm, from.depthMm - origin.depthMm)
            let (x1, y1) = (to.acrossMm - origin.acrossMm, to.depthMm - origin.depthMm)
            let cross = x0 * y1 - x1 * y0
            area += cross / 2
            first.x += (x0 + x1) * cross / 6
            first.y += (y0 + y1) * cross / 6
            second.xx += (x0 * x0 + x0 * x1 + x1 * x1) * cross / 12
            second.yy += (y0 * y0 + y0 * y1 + y1 * y1) * cross / 12
            second.xy += (x0 * y1 + 2 * x0 * y0 + 2 * x1 * y1 + x1 * y0) * cross / 24
        }
        guard abs(area) > 1e-9 else { return nil }
        let (x, y) = (first.x / area, first.y / area)
        return Ellipse(
            centre: PicturePoint(acrossMm: origin.acrossMm + x, depthMm: origin.depthMm + y), areaMm2: abs(area),
            xx: second.xx / area - x * x, xy: second.xy / area - x * y, yy: second.yy / area - y * y)
    }
}
