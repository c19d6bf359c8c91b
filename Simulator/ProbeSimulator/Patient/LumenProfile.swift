/// Velocity over the round lumen of a site, relative to its mean.
struct LumenProfile: Sendable {
    private enum Law: Sendable {
        /// 1 - (r/R)^n with an even n.
        case power(exponent: Int, axis: Double)
        /// A shape of the test object, with 1 over its mean.
        case shape(VelocityProfile, perMean: Double)
    }

    private let law: Law
    private let radiusMm: Double
    /// Fastest velocity over the mean, 1 or above.
    let maximumOverMean: Double

    /// The profile of a site.
    init(site: VesselSite) {
        radiusMm = site.radiusMm
        if let shape = site.profile {
            let profile = VelocityProfile(shape)
            law = .shape(profile, perMean: 1 / profile.lawMean())
            maximumOverMean = profile.maximumOverMean
        } else {
            law = .power(exponent: site.profileExponent, axis: site.axisOverMeanVelocity)
            maximumOverMean = site.axisOverMeanVelocity
        }
    }

    /// Velocity at a place over the mean; `nil` outside the lumen.
    ///
    /// A skewed profile is fastest on the far side of the axis. Beside a jet the blood runs slowly backwards.
    ///
    /// - Parameters:
    ///   - depthMm: below the axis, along the beam.
    ///   - acrossMm: beside the axis, across the beam.
    func relativeVelocity(depthMm: Double, acrossMm: Double) -> Double? {
        let squared = depthMm * depthMm + acrossMm * acrossMm
        let share = squared / (radiusMm * radiusMm)
        guard share < 1 else { return nil }
        switch law {
        case .power(let exponent, let axis):
            var power = 1.0
            for _ in 0..<(exponent / 2) { power *= share }
            return axis * (1 - power)
        case .shape(let profile, let perMean):
            return perMean * profile.lawVelocity(area: share, alongDepth: depthMm / radiusMm)
        }
    }
}

extension VelocityProfile {
    /// Velocity at a place, in units of the law.
    ///
    /// - Parameters:
    ///   - area: share of the lumen's area within the place's radius.
    ///   - alongDepth: how far the place lies towards the side on which a skewed profile is fastest, in radii.
    func lawVelocity(area: Double, alongDepth: Double) -> Double {
        if case .skewed(let skewness) = shape { return (1 - area) * (1 + skewness * alongDepth) }
        return lawVelocity(area: area, angleTurns: 0)
    }
}
