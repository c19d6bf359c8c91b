/// How velocity is spread over the lumen: it gives the spectrum its shape, and mean and maximum their ratio.
///
/// Every profile is relative to the mean over the part of the lumen that the gate covers.
public struct VelocityProfile: Sendable, Hashable, Codable {
    /// The law that the velocity follows from the middle to the wall.
    public enum Shape: Sendable, Hashable, Codable {
        /// One velocity everywhere.
        case plug
        /// 1 - r^2: steady laminar flow in a straight tube (Poiseuille).
        case parabolic
        /// 1 - r^exponent, exponent above 2: flatter in the middle than a parabola.
        case blunted(exponent: Double)
        /// (1 - r^2)(1 + skewness r cos(angle)), skewness 0 to 1: the maximum lies beside the middle, as behind a bend.
        case skewed(skewness: Double)
        /// A jet behind a stenosis: a core of this share of the lumen's area at full velocity, a shear layer as large,
        /// and slow recirculation around it; share above 0 and at most 0.4.
        case jet(coreShare: Double)
    }

    /// The law.
    public var shape: Shape
    /// Share of the lumen's area around its middle that the gate covers, above 0 and at most 1.
    public var gateShare: Double

    /// Recirculation beside a jet, share of the jet's velocity (project choice: weak, so that the mean stays forward).
    static let recirculation = 0.1
    /// Points of the area over which mean and maximum are found (project choice: mean to 1e-6 for all shapes).
    private static let meanPoints = 4096
    /// Angles around the middle over which a skewed profile is averaged (project choice).
    private static let anglePoints = 64

    /// A profile over the whole lumen, or the part that a small gate covers.
    public init(_ shape: Shape, gateShare: Double = 1) {
        self.shape = shape
        self.gateShare = gateShare
    }

    /// Velocity at a place, in units of the law: `area` is the share of the lumen's area within the place's radius.
    func lawVelocity(area: Double, angleTurns: Double) -> Double {
        let radius = area.squareRoot()
        switch shape {
        case .plug: return 1
        case .parabolic: return 1 - area
        case .blunted(let exponent): return 1 - PortableMath.power(radius, exponent)
        case .skewed(let skewness):
            return (1 - area) * (1 + skewness * radius * PortableMath.unit(turns: angleTurns).cosine)
        case .jet(let coreShare):
            let back = Self.recirculation
            if area < coreShare { return 1 }
            if area < 2 * coreShare { return 1 - (1 + back) * (area - coreShare) / coreShare }
            return -back * (1 - area) / (1 - 2 * coreShare)
        }
    }

    /// Mean of the law over the gate.
    func lawMean() -> Double {
        let angles = needsAngles ? Self.anglePoints : 1
        var sum = 0.0
        for point in 0..<Self.meanPoints {
            let area = gateShare * (Double(point) + 0.5) / Double(Self.meanPoints)
            for angle in 0..<angles {
                sum += lawVelocity(area: area, angleTurns: (Double(angle) + 0.5) / Double(angles))
            }
        }
        return sum / Double(Self.meanPoints * angles)
    }

    /// Whether the velocity depends on the angle around the middle.
    var needsAngles: Bool {
        if case .skewed = shape { return true }
        return false
    }

    /// Maximum velocity over the mean, 1 or above: exact for every shape.
    public var maximumOverMean: Double { lawMaximum / lawMean() }

    private var lawMaximum: Double {
        guard case .skewed(let skewness) = shape, skewness > 0 else { return 1 }
        // The derivative of (1 - r^2)(1 + k r) vanishes at (sqrt(1 + 3 k^2) - 1) / (3 k); the gate may end before.
        let radius = min(((1 + 3 * skewness * skewness).squareRoot() - 1) / (3 * skewness), gateShare.squareRoot())
        return (1 - radius * radius) * (1 + skewness * radius)
    }
}

extension PortableMath {
    /// A power of a base from 0 to any finite number above.
    static func power(_ base: Double, _ exponent: Double) -> Double {
        guard base > 0 else { return 0 }
        let decibelsPerNeper = 8.685889638065037
        return amplitude(ofDb: decibelsPerNeper * exponent * log(base))
    }

    /// The exponential function.
    static func exponential(_ exponent: Double) -> Double {
        let decibelsPerNeper = 8.685889638065037
        return amplitude(ofDb: decibelsPerNeper * exponent)
    }
}
