internal import Glibc

/// The echoes in a band along an ellipse, seen from its wall, and how likely the edge lies where.
///
/// Speckle is exponential in power about a mean, and the mean is a step that the spread of echoes has blurred: a normal
/// distribution function. The likelihood of each place of the step follows (as in speckle edge detection: Touzi 1988).
struct EdgeBand {
    /// Directions around the ellipse (project choice: a point each 0.2 to 0.4 mm of a jugular vein).
    static let directions = 96
    /// Distance of samples across the wall, mm (project choice: a fifth of the blur).
    static let stepMm = 0.04
    /// How far the band reaches within and beyond the ellipse, mm (project choices).
    private static let withinMm = 1.6
    private static let beyondMm = 1.8
    /// How far the edge may lie within and beyond the ellipse, mm.
    private static let inwardsMm = 0.9
    private static let outwardsMm = 1.1
    /// The share of the shorter semi-axis that the band leaves alone around the centre.
    private static let coreShare = 0.15

    /// One direction's samples; those outside the picture are `nil`.
    struct Ray {
        var point: PicturePoint
        var normal: (x: Double, y: Double)
        /// Index of the first sample that counts.
        var first: Int
        var powers: [Float?]
        /// Length of the ellipse that the ray stands for, mm.
        var arcMm: Double
        /// Standard deviation of the blurred step, mm.
        var blurMm: Double
    }

    let rays: [Ray]
    let ellipse: Ellipse
    let speckle: SpeckleSize

    /// Number of samples of a ray.
    static let samples = Int((withinMm + beyondMm) / stepMm)
    /// Offset of a sample from the ellipse, mm.
    static func offsetMm(_ sample: Int) -> Double { Double(sample) * stepMm - withinMm }
    /// Places that the edge may have.
    static let candidates = Int((withinMm - inwardsMm) / stepMm)..<Int((withinMm + outwardsMm) / stepMm)

    init(_ ellipse: Ellipse, in picture: PowerPicture, speckle: SpeckleSize) {
        self.ellipse = ellipse
        self.speckle = speckle
        let places = ellipse.places(Self.directions)
        let core = (1 - Self.coreShare) * ellipse.shortSemiAxisMm
        let first = max(0, Int(((Self.withinMm - core) / Self.stepMm).rounded(.up)))
        let deviations = Self.blurMm(speckle, in: picture.frame)
        rays = places.indices.map { index in
            let (point, normal) = places[index]
            let powers = (0..<Self.samples).map { sample -> Float? in
                guard sample >= first else { return nil }
                let offset = Self.offsetMm(sample)
                return picture.power(
                    acrossMm: point.acrossMm + offset * normal.x, depthMm: point.depthMm + offset * normal.y)
            }
            let before = places[(index + places.count - 1) % places.count].point
            let after = places[(index + 1) % places.count].point
            let across = deviations.across * normal.x
            let along = deviations.along * normal.y
            return Ray(
                point: point, normal: normal, first: first, powers: powers, arcMm: before.distanceMm(to: after) / 2,
                blurMm: max((across * across + along * along).squareRoot(), Self.stepMm / 2))
        }
    }

    /// Standard deviation of a blurred step across and along the beam, mm.
    ///
    /// That of power is that of amplitude over the square root of 2; reading between two places of the grid adds the
    /// variance of a triangle, a sixth of the squared pitch.
    static func blurMm(_ speckle: SpeckleSize, in frame: BModeFrame) -> (across: Double, along: Double) {
        func blur(_ deviation: Double, _ pitch: Double) -> Double {
            (deviation * deviation / 2 + pitch * pitch / 6).squareRoot()
        }
        return (blur(speckle.acrossMm, frame.linePitchMm), blur(speckle.alongMm, frame.samplePitchMm))
    }

    /// Mean power of a stretch of offsets from an edge, about each direction.
    func means(from edge: [Double], sectors: Int, _ stretchMm: (Ray) -> ClosedRange<Double>) -> [Double?] {
        let sums = rays.indices.map { index -> (sum: Double, count: Int) in
            let stretch = stretchMm(rays[index])
            var (sum, count) = (0.0, 0)
            for sample in 0..<Self.samples where stretch.contains(Self.offsetMm(sample) - edge[index]) {
                guard let power = rays[index].powers[sample] else { continue }
                sum += Double(power)
                count += 1
            }
            return (sum, count)
        }
        return rays.indices.map { index in
            var (sum, count) = (0.0, 0)
            for turn in -sectors...sectors {
                let near = sums[(index + turn + rays.count) % rays.count]
                sum += near.sum
                count += near.count
            }
            return count > 0 ? sum / Double(count) : nil
        }
    }

    /// The log-likelihood of the edge at each candidate, for each direction, in units of independent speckles.
    func likelihood(inside: [Double], outside: [Double]) -> [[Double]] {
        let cellMm2 = 2 * Double.pi * speckle.acrossMm * speckle.alongMm
        return rays.indices.map { index in
            let ray = rays[index]
            let (low, high) = (inside[index], max(outside[index], inside[index]))
            // A bright echo within the lumen (a leaflet) must not outweigh all others.
            let cap = log(high / low) + Self.capNepers
            let model = Self.model(low: low, high: high, blurMm: ray.blurMm)
            let weight = Self.stepMm * ray.arcMm / cellMm2
            return Self.candidates.map { edge in
                var sum = 0.0
                for sample in ray.first..<Self.samples {
                    guard let power = ray.powers[sample] else { continue }
                    let place = sample - edge + Self.samples
                    sum -= model.logarithm[place] + min(Double(power) * model.inverse[place], cap)
                }
                return sum * weight
            }
        }
    }

    private static let capNepers = 4.0

    /// The mean share of the outside's power that the blur leaves in a stretch beyond the edge.
    static func share(in stretchMm: ClosedRange<Double>, blurMm: Double) -> Double {
        let steps = 16
        let width = (stretchMm.upperBound - stretchMm.lowerBound) / Double(steps)
        let sum = (0..<steps).reduce(0.0) { sum, step in
            let distance = stretchMm.lowerBound + (Double(step) + 0.5) * width
            return sum + 0.5 * erfc(-distance / blurMm / 2.0.squareRoot())
        }
        return sum / Double(steps)
    }

    /// Logarithm and inverse of the mean power by distance from the edge, in steps from -samples on.
    private static func model(low: Double, high: Double, blurMm: Double) -> (logarithm: [Double], inverse: [Double]) {
        var (logarithm, inverse) = ([Double](), [Double]())
        for place in 0...2 * samples {
            let distance = Double(place - samples) * stepMm / blurMm
            let share = 0.5 * erfc(-distance / 2.0.squareRoot())
            let mean = low + (high - low) * share
            logarithm.append(log(mean))
            inverse.append(1 / mean)
        }
        return (logarithm, inverse)
    }
}
