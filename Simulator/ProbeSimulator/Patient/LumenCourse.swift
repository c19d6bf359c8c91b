/// Area of a site's lumen over time: pulse, breathing and a strain.
///
/// A pure function of time. Where the scenario says nothing of it the area is constant.
public struct LumenCourse: Sendable {
    /// Time in which the area follows the begin and the end of a strain, seconds (project choice).
    public static let strainChangeSeconds = 0.5

    private let site: VesselSite
    private let physiology: PatientPhysiology

    /// The area of a site.
    init(site: VesselSite, physiology: PatientPhysiology) {
        self.site = site
        self.physiology = physiology
    }

    /// Area of the lumen at a time since the start of the run, mm2, above 0.
    ///
    /// It is largest in the a, c and v waves and in expiration, smallest in the x and y descents and in inspiration: the
    /// opposite of the velocity (Sisini 2015: area and velocity have the period of the heart).
    public func areaMm2(atSeconds seconds: Double) -> Double {
        var factor = 1.0
        if site.areaPulse != 0 { factor -= site.areaPulse * physiology.cardiacModulation(atSeconds: seconds) }
        if site.areaBreathing != 0 {
            factor -= site.areaBreathing * physiology.respiratoryModulation(atSeconds: seconds)
        }
        return site.lumenAreaMm2 * factor * strainFactor(atSeconds: seconds)
    }

    private func strainFactor(atSeconds seconds: Double) -> Double {
        guard let strain = site.strain else { return 1 }
        let sinceBegin = (seconds - strain.beginSeconds) / Self.strainChangeSeconds
        let sinceEnd = (seconds - strain.endSeconds) / Self.strainChangeSeconds
        let share = min(max(sinceBegin, 0), 1) - min(max(sinceEnd, 0), 1)
        return 1 + (strain.areaFactor - 1) * (0.5 - 0.5 * PortableMath.unit(turns: share / 2).cosine)
    }
}

extension VesselSite {
    /// mL/min of 1 mm2 and 1 cm/s: 0.01 cm2 times 1 cm/s times 60 s.
    public static let millilitresPerMinutePerMm2CmPerS = 0.6

    /// Points of a period over which the waves are averaged (project choice: to 1e-6).
    private static let wavePoints = 1000

    /// Flow in the normal direction outside reversals and strains, mean over time, mL/min: the mean of area times velocity.
    ///
    /// Where the area is constant it is the area times the mean velocity. Where both follow the heart, or both the
    /// breathing, the part that they have in common counts too.
    func meanFlowMlPerMin(_ physiology: PatientPhysiology) -> Double {
        guard !flowIsAbsent else { return 0 }
        func meanSquare(_ periodSeconds: Double, _ wave: (Double) -> Double) -> Double {
            (0..<Self.wavePoints).reduce(0) { sum, point in
                let value = wave((Double(point) + 0.5) / Double(Self.wavePoints) * periodSeconds)
                return sum + value * value
            } / Double(Self.wavePoints)
        }
        let cardiac = areaPulse * cardiacModulation
        let respiratory = areaBreathing * respiratoryModulation
        var common = 0.0
        if cardiac != 0 {
            common +=
                cardiac * meanSquare(physiology.heartPeriodSeconds) { physiology.cardiacModulation(atSeconds: $0) }
        }
        if respiratory != 0 {
            common +=
                respiratory
                * meanSquare(physiology.breathPeriodSeconds) { physiology.respiratoryModulation(atSeconds: $0) }
        }
        return lumenAreaMm2 * velocityCmPerS * Self.millilitresPerMinutePerMm2CmPerS * (1 - common)
    }
}
