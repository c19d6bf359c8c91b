internal import Glibc

/// Finds the contour of a lumen around a seed point.
///
/// A dark stretch around the seed gives a first ellipse. In a band along it the likelihood of the edge is computed for
/// every direction from the statistics of speckle, the best closed path is found by dynamic programming, and the
/// ellipse is moved there, some times over. Nothing is assumed of gain or transducer: the blur of the edge is that of
/// the picture's own speckle.
public struct ContourSearch: Sendable {
    private let picture: PowerPicture
    private let speckle: SpeckleSize

    /// Times that the band is laid anew (project choice: it then no longer moves by more than a sample).
    private static let rounds = 5
    /// Shape that a contour may have beyond an ellipse: harmonics around it (project choice).
    private static let harmonics = 6
    /// How far neighbouring directions may lie apart, samples of the band, and what it costs (project choices).
    private static let mostSteps = 5
    private static let bending = 0.02
    /// Directions on either side over which levels are averaged (project choice: 15 degrees).
    private static let sectors = 4
    /// Where the level outside is taken, mm from the edge: the wall, which is what blurs into the lumen (project choice).
    private static let outsideMm = 0.0...0.45
    /// Where the level inside is taken: so many deviations of the blur from the edge, where none of the wall is left, and
    /// from there so far, mm (project choices).
    private static let insideDeviations = 3.5
    private static let insideMm = 0.7
    /// The least share of a contour that must have an edge of its own (project choice).
    private static let leastClosed = 0.7
    /// An edge of its own: so much brighter outside, dB (project choice).
    private static let leastEdgeDb = 6.0
    /// Where it would be dark again behind a septum or a leaflet, mm from the edge, how dark, dB over the lumen, and beyond
    /// which share of the contour (project choices: a carotid beside the vein takes less).
    private static let beyondMm = 1.2...1.8
    private static let darkAgainDb = 8.0
    private static let mostDividedShare = 0.3
    /// What is resolved: so many standard deviations of the blur (project choice: the full width at a tenth).
    private static let resolvedDeviations = 4.3
    /// What the model of the blur leaves open: this share of it, all around (project choice).
    private static let blurDoubt = 0.15

    /// A search in a frame.
    public init(_ frame: BModeFrame) {
        picture = PowerPicture(frame)
        speckle = SpeckleSize(frame)
    }

    /// Looks for the lumen around a seed point.
    public func contour(around seed: PicturePoint) -> ContourAnswer {
        guard picture.frame.contains(seed) else { return .notAssessable(.seedOutside) }
        switch DarkRegion.around(seed, in: picture) {
        case .notDark(let contrastDb): return .notFound(contrastDb: contrastDb)
        case .endless(let areaMm2): return .notAssessable(.noWall(areaMm2: areaMm2))
        case .atEdge: return .notAssessable(.outsidePicture(share: 0))
        case .region(let ellipse): return refined(ellipse)
        }
    }

    private func refined(_ first: Ellipse) -> ContourAnswer {
        var ellipse = first
        var edge = [Double](repeating: 0, count: EdgeBand.directions)
        var band = EdgeBand(ellipse, in: picture, speckle: speckle)
        var tables: [[Double]] = []
        for round in 0..<Self.rounds {
            band = EdgeBand(ellipse, in: picture, speckle: speckle)
            guard let levels = levels(band, edge) else { return .notFound(contrastDb: 0) }
            tables = band.likelihood(inside: levels.inside, outside: levels.outside)
            let path = ClosedPath.best(tables, mostSteps: Self.mostSteps, bending: Self.bending)
            edge = ClosedPath.smooth(
                path.map { EdgeBand.offsetMm(EdgeBand.candidates.lowerBound + $0) }, harmonics: Self.harmonics)
            if round < Self.rounds - 1, let moved = Polygon.ellipse(points(band, edge)) {
                ellipse = moved
                edge = [Double](repeating: 0, count: EdgeBand.directions)
            }
        }
        return judged(band, edge, tables)
    }

    private func points(_ band: EdgeBand, _ edge: [Double]) -> [PicturePoint] {
        zip(band.rays, edge).map { ray, offset in
            PicturePoint(
                acrossMm: ray.point.acrossMm + offset * ray.normal.x,
                depthMm: ray.point.depthMm + offset * ray.normal.y)
        }
    }

    /// Mean powers inside and outside about each direction; `nil` where nothing of the band lies in the picture.
    private func levels(_ band: EdgeBand, _ edge: [Double]) -> (inside: [Double], outside: [Double])? {
        let deep = band.means(from: edge, sectors: Self.sectors) { ray in
            let nearest = -Self.insideDeviations * ray.blurMm
            return nearest - Self.insideMm...nearest
        }
        // Where the lumen is thinner than that: the nearest to its middle.
        let thin = band.means(from: edge, sectors: Self.sectors) { ray in
            let middle = EdgeBand.offsetMm(ray.first)
            return middle...middle + EdgeBand.stepMm
        }
        let outside = band.means(from: edge, sectors: Self.sectors) { _ in Self.outsideMm }
        let known = zip(deep, thin).compactMap { $0 ?? $1 }
        guard !known.isEmpty, outside.contains(where: { $0 != nil }) else { return nil }
        let usual = known.sorted()[known.count / 2]
        let bright = outside.compactMap { $0 }.sorted()
        let usualOutside = bright[bright.count / 2]
        let least = 1e-7
        return (
            zip(deep, thin).map { max($0 ?? $1 ?? usual, least) },
            zip(outside, band.rays).map { level, ray in
                max((level ?? usualOutside) / EdgeBand.share(in: Self.outsideMm, blurMm: ray.blurMm), least)
            }
        )
    }

    private func judged(_ band: EdgeBand, _ edge: [Double], _ tables: [[Double]]) -> ContourAnswer {
        let points = points(band, edge)
        guard let ellipse = Polygon.ellipse(points), let levels = levels(band, edge) else {
            return .notFound(contrastDb: 0)
        }
        let contrasts = zip(levels.inside, levels.outside).map { 10 * log10($1 / $0) }
        let strength = contrasts.sorted()[contrasts.count / 2]
        guard strength >= DarkRegion.leastContrastDb else { return .notFound(contrastDb: strength) }
        let outside = points.count { !picture.frame.contains($0) || picture.frame.isMissing(atAcrossMm: $0.acrossMm) }
        guard outside == 0 else {
            return .notAssessable(.outsidePicture(share: Double(outside) / Double(points.count)))
        }
        let blur = band.rays.map(\.blurMm).reduce(0, +) / Double(band.rays.count)
        let thinBlur = shortAxisBlurMm(ellipse)
        let resolved = Self.resolvedDeviations * thinBlur
        guard 2 * ellipse.shortSemiAxisMm >= resolved else {
            return .notAssessable(.tooThin(shortDiameterMm: 2 * ellipse.shortSemiAxisMm, resolvedMm: resolved))
        }
        let divided = dividedShare(band, edge, levels.inside)
        guard divided <= Self.mostDividedShare else { return .notAssessable(.divided(share: divided)) }
        let closed = Double(contrasts.count { $0 >= Self.leastEdgeDb }) / Double(contrasts.count)
        guard closed >= Self.leastClosed else { return .notAssessable(.open(closedShare: closed)) }
        let area = Polygon.areaMm2(points)
        let deviations = edge.indices.reduce(0) { $0 + abs(edge[$1]) * band.rays[$1].arcMm }
        let confidence = ContourConfidence(
            edgeStrengthDb: strength, closedShare: closed, ellipseAgreement: max(0, 1 - deviations / max(area, 1e-9)),
            darkBeyondShare: divided,
            diameterOverResolution: 2 * ellipse.shortSemiAxisMm / resolved)
        let perimeter = Polygon.perimeterMm(points)
        let shift = shiftDeviationMm(edge, tables)
        let systematic = Self.blurDoubt * blur
        return .measured(
            LumenContour(
                points: points,
                area: AreaMeasurement(
                    method: .automatic, areaMm2: area,
                    uncertaintyMm2: perimeter * (shift * shift + systematic * systematic).squareRoot()),
                ellipse: ellipse, confidence: confidence))
    }

    /// The share of directions in which it is as dark beyond the wall as within.
    private func dividedShare(_ band: EdgeBand, _ edge: [Double], _ inside: [Double]) -> Double {
        let beyond = band.means(from: edge, sectors: 1) { _ in Self.beyondMm }
        let dark = zip(beyond, inside).count { level, within in
            level.map { 10 * log10(max($0, within) / within) < Self.darkAgainDb } ?? false
        }
        return Double(dark) / Double(max(1, inside.count))
    }

    /// The blur along the shorter axis, mm.
    private func shortAxisBlurMm(_ ellipse: Ellipse) -> Double {
        let tilt = ellipse.tiltDegrees * .pi / 180
        let blur = EdgeBand.blurMm(speckle, in: picture.frame)
        let across = blur.across * sin(tilt)
        let along = blur.along * cos(tilt)
        return (across * across + along * along).squareRoot()
    }

    /// Standard deviation of a shift of the whole contour, mm: from the curvature of the likelihood.
    private func shiftDeviationMm(_ edge: [Double], _ tables: [[Double]]) -> Double {
        let reach = 2
        var curvature = 0.0
        for (offset, table) in zip(edge, tables) {
            let wanted = Int(((offset - EdgeBand.offsetMm(EdgeBand.candidates.lowerBound)) / EdgeBand.stepMm).rounded())
            guard table.count > 2 * reach else { continue }
            let place = max(reach, min(wanted, table.count - 1 - reach))
            let step = Double(reach) * EdgeBand.stepMm
            curvature -= (table[place + reach] + table[place - reach] - 2 * table[place]) / (step * step)
        }
        // A flat likelihood says nothing: the whole range of candidates, even.
        let range = Double(EdgeBand.candidates.count) * EdgeBand.stepMm / 12.0.squareRoot()
        return curvature > 0 ? min(1 / curvature.squareRoot(), range) : range
    }
}
