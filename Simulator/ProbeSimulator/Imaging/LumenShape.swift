/// The lumen of a vein in a transverse picture: an ellipse.
public struct LumenShape: Sendable, Hashable, Codable {
    /// Centre, mm to the right of the Doppler line.
    public var centreAcrossMm: Double
    /// Depth of the centre, mm.
    public var centreDepthMm: Double
    /// The semi-axis that lies across, more or less, mm.
    public var semiAxisAcrossMm: Double
    /// The other semi-axis, mm.
    public var semiAxisDeepMm: Double
    /// How far the first semi-axis is turned, degrees; positive = its right end lies deeper.
    public var tiltDegrees: Double

    /// A lumen from its axes.
    public init(
        centreAcrossMm: Double, centreDepthMm: Double, semiAxisAcrossMm: Double, semiAxisDeepMm: Double,
        tiltDegrees: Double = 0
    ) {
        self.centreAcrossMm = centreAcrossMm
        self.centreDepthMm = centreDepthMm
        self.semiAxisAcrossMm = semiAxisAcrossMm
        self.semiAxisDeepMm = semiAxisDeepMm
        self.tiltDegrees = tiltDegrees
    }

    /// A lumen of an area, mm2, and a ratio of its axes; without a ratio, that of a vein of this area.
    public init(
        areaMm2: Double, axisRatio: Double? = nil, centreAcrossMm: Double = 0, centreDepthMm: Double,
        tiltDegrees: Double = 0
    ) {
        let area = areaMm2.isFinite ? max(0, areaMm2) : 0
        let ratio = max(axisRatio ?? Self.usualAxisRatio(ofAreaMm2: area), 1e-3)
        let product = area / (PortableMath.twoPi / 2)
        self.init(
            centreAcrossMm: centreAcrossMm, centreDepthMm: centreDepthMm,
            semiAxisAcrossMm: (product * ratio).squareRoot(), semiAxisDeepMm: (product / ratio).squareRoot(),
            tiltDegrees: tiltDegrees)
    }

    /// Exact area, mm2.
    public var areaMm2: Double { semiAxisAcrossMm * semiAxisDeepMm * PortableMath.twoPi / 2 }

    /// One of the two axes.
    public enum Axis: Sendable, Hashable, CaseIterable {
        /// The one that lies across, more or less.
        case across
        /// The other one.
        case deep
    }

    /// An end of an axis, mm: with `sign` 1 the right or the lower one, with -1 the other.
    public func axisEnd(_ axis: Axis, sign: Double) -> (acrossMm: Double, depthMm: Double) {
        let turn = PortableMath.unit(turns: tiltDegrees / 360)
        let (along, aside) = axis == .across ? (sign * semiAxisAcrossMm, 0) : (0, sign * semiAxisDeepMm)
        return (
            centreAcrossMm + along * turn.cosine - aside * turn.sine,
            centreDepthMm + along * turn.sine + aside * turn.cosine
        )
    }

    // A full vein is slightly oval, a collapsed one a slit: its wall keeps its length better than its area (project
    // choices; the IJV is elliptical: Zamboni 2016, and 6.5 mm2 sitting: Holmlund 2017).
    private static let fullAxisRatio = 1.35
    private static let slitAxisRatio = 6.0
    private static let fullAreaMm2 = 60.0
    private static let slitAreaMm2 = 6.0

    /// The ratio of axes of a vein that fills to an area.
    static func usualAxisRatio(ofAreaMm2 area: Double) -> Double {
        let missing = max(0, min((fullAreaMm2 - area) / (fullAreaMm2 - slitAreaMm2), 1))
        return fullAxisRatio + (slitAxisRatio - fullAxisRatio) * missing * missing
    }

    /// Half of the width and height of the rectangle around it, mm.
    var reachMm: (across: Double, deep: Double) {
        let turn = PortableMath.unit(turns: tiltDegrees / 360)
        func reach(_ first: Double, _ second: Double) -> Double { (first * first + second * second).squareRoot() }
        return (
            reach(semiAxisAcrossMm * turn.cosine, semiAxisDeepMm * turn.sine),
            reach(semiAxisAcrossMm * turn.sine, semiAxisDeepMm * turn.cosine)
        )
    }
}

/// The lumen prepared for asking many places.
struct LumenPlacing {
    private let shape: LumenShape
    private let cosine: Double
    private let sine: Double

    init(_ shape: LumenShape) {
        self.shape = shape
        (cosine, sine) = PortableMath.unit(turns: shape.tiltDegrees / 360)
    }

    /// A place seen from the lumen.
    struct Place {
        /// Along the first axis and along the second, mm from the centre.
        var along: Double
        var aside: Double
        /// Distance from the wall, mm, negative within (of first order near the wall).
        var distanceMm: Double
        /// The outward normal: to the right and downwards.
        var normal: (across: Double, deep: Double)
    }

    /// Where a place of the picture lies.
    func place(acrossMm: Double, depthMm: Double) -> Place {
        let x = acrossMm - shape.centreAcrossMm
        let y = depthMm - shape.centreDepthMm
        let along = x * cosine + y * sine
        let aside = y * cosine - x * sine
        // The smallest semi-axis that is drawn: a lumen of no area is a line.
        let a = max(shape.semiAxisAcrossMm, 1e-3)
        let b = max(shape.semiAxisDeepMm, 1e-3)
        let value = (along / a) * (along / a) + (aside / b) * (aside / b) - 1
        let slopeAlong = 2 * along / (a * a)
        let slopeAside = 2 * aside / (b * b)
        let slope = max((slopeAlong * slopeAlong + slopeAside * slopeAside).squareRoot(), 1e-9)
        let normal = (
            across: (slopeAlong * cosine - slopeAside * sine) / slope,
            deep: (slopeAlong * sine + slopeAside * cosine) / slope
        )
        // Near the wall both forms are the same to first order; the second one stays finite at the centre.
        let isNear = value > -0.5
        let distance = isNear ? value / slope : ((value + 1).squareRoot() - 1) * min(a, b)
        return Place(along: along, aside: aside, distanceMm: distance, normal: normal)
    }
}
