/// What a gate sees of the lumen: a box, as long as the gate and as wide as the beam, across a round vessel.
///
/// The tilt of the gate against the vessel's axis is not modelled: it is part of the insonation angle.
struct GateGeometry: Sendable {
    /// Scatterers tried before the middle of the overlap is taken (project choice; a box never misses that often).
    private static let mostTries = 64
    /// Cells in depth and across for the means (project choice: far finer than any profile needs).
    private static let cells = 32

    private let profile: LumenProfile
    private let depths: ClosedRange<Double>
    private let halfWidthMm: Double

    /// Power of the blood in this gate over that of a gate of the same size on the vessel's axis, 0 to 1.
    let fill: Double
    /// Mean velocity in this gate over the mean over the lumen; 0 where it sees no lumen.
    let relativeVelocity: Double

    /// A gate by its centre's depth and its length.
    init(site: VesselSite, depthMm: Double, lengthMm: Double) {
        self.init(site: site, profile: LumenProfile(site: site), depthMm: depthMm, lengthMm: lengthMm)
    }

    /// Area of lumen, mm2, in a gate of a length on the axis: what `fill` refers to.
    static func areaOnAxisMm2(site: VesselSite, profile: LumenProfile, lengthMm: Double) -> Double {
        let reach = min(max(lengthMm, 0.01) / 2, site.radiusMm)
        let halfWidthMm = min(site.beamWidthMm / 2, site.radiusMm)
        return means(of: profile, depths: -reach...reach, halfWidthMm: halfWidthMm).area
    }

    /// The same, with what all gates of a run have in common at hand.
    init(
        site: VesselSite, profile: LumenProfile, depthMm: Double, lengthMm: Double, areaOnAxisMm2: Double? = nil
    ) {
        self.profile = profile
        let halfLengthMm = max(lengthMm, 0.01) / 2
        let fromAxisMm = depthMm - site.depthMm
        halfWidthMm = min(site.beamWidthMm / 2, site.radiusMm)
        let lower = max(fromAxisMm - halfLengthMm, -site.radiusMm)
        let upper = min(fromAxisMm + halfLengthMm, site.radiusMm)
        depths = min(lower, upper)...max(lower, upper)
        guard lower < upper else {
            fill = 0
            relativeVelocity = 0
            return
        }
        let here = Self.means(of: profile, depths: lower...upper, halfWidthMm: halfWidthMm)
        let onAxisMm2 =
            areaOnAxisMm2 ?? Self.areaOnAxisMm2(site: site, profile: profile, lengthMm: lengthMm)
        fill = onAxisMm2 > 0 ? min(here.area / onAxisMm2, 1) : 0
        relativeVelocity = here.velocity
    }

    /// Area of lumen in a stretch of depth, mm2, and mean relative velocity there.
    private static func means(
        of profile: LumenProfile, depths: ClosedRange<Double>, halfWidthMm: Double
    ) -> (area: Double, velocity: Double) {
        let depthStep = (depths.upperBound - depths.lowerBound) / Double(cells)
        let acrossStep = 2 * halfWidthMm / Double(cells)
        var inside = 0.0
        var sum = 0.0
        for row in 0..<cells {
            let depth = depths.lowerBound + (Double(row) + 0.5) * depthStep
            for column in 0..<cells {
                let across = (Double(column) + 0.5) * acrossStep - halfWidthMm
                guard let relative = profile.relativeVelocity(depthMm: depth, acrossMm: across) else { continue }
                inside += 1
                sum += relative
            }
        }
        guard inside > 0 else { return (0, 0) }
        return (inside * depthStep * acrossStep, sum / inside)
    }

    /// Relative velocity at a random place of lumen within the gate.
    func drawRelativeVelocity(_ noise: inout SignalNoise) -> Double {
        for _ in 0..<Self.mostTries {
            let depth = depths.lowerBound + noise.uniform() * (depths.upperBound - depths.lowerBound)
            let across = (2 * noise.uniform() - 1) * halfWidthMm
            if let relative = profile.relativeVelocity(depthMm: depth, acrossMm: across) { return relative }
        }
        return relativeVelocity
    }
}
