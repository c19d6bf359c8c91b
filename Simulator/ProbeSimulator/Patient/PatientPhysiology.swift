/// Heart and breathing of the simulated patient: everything periodic that the veins follow.
///
/// Breath `k` (from 0) begins with the onset of inspiration at `k` breath periods after the start of the run,
/// heart beat `k` with its R wave at `k` heart periods: the truth has round times.
public struct PatientPhysiology: Sendable, Hashable, Codable {
    /// Heart rate, 1/min.
    public var heartRatePerMinute: Double
    /// Breathing rate, 1/min.
    public var breathsPerMinute: Double
    /// Share of a breath that is inspiration, 0 to 1 without the ends; 0.4 is an I:E ratio of 1:1.5.
    public var inspirationShare: Double
    /// Whether the patient breathes deeply: a larger excursion at the same rhythm, so that the times stay.
    public var breathesDeeply = false
    /// Where the breath is held in a strain, seconds since the start; `nil` = nowhere.
    public var heldSeconds: ClosedRange<Double>?

    /// Physiology from its figures.
    public init(heartRatePerMinute: Double, breathsPerMinute: Double, inspirationShare: Double) {
        self.heartRatePerMinute = heartRatePerMinute
        self.breathsPerMinute = breathsPerMinute
        self.inspirationShare = inspirationShare
    }

    /// Length of a heart beat, seconds.
    public var heartPeriodSeconds: Double { 60 / heartRatePerMinute }

    /// Length of a breath, seconds.
    public var breathPeriodSeconds: Double { 60 / breathsPerMinute }

    /// Which breath a time falls into (from 0) and how far it has gone, 0 up to but not including 1.
    func breath(atSeconds seconds: Double) -> (index: Int, phase: Double) {
        let breaths = max(0, seconds) / breathPeriodSeconds
        // Beyond what an Int holds a run has long ended.
        let whole = min(breaths.rounded(.down), 0x1p40)
        return (Int(whole), max(0, min(breaths - whole, 1)))
    }

    /// How far the heart beat has gone since its R wave, 0 up to but not including 1.
    func heartPhase(atSeconds seconds: Double) -> Double {
        let beats = max(0, seconds) / heartPeriodSeconds
        return beats - beats.rounded(.down)
    }
}

// MARK: - What a probe's physiology channels show

extension PatientPhysiology {
    /// Excursion of the breathing belt in quiet breathing, of 32,767 (project choice: deep breaths stay in range).
    static let quietExcursion = 12_000.0
    /// Time in which the belt joins the rhythm again after a held breath, seconds (project choice).
    static let rejoinSeconds = 0.5
    /// Excursion in deep breathing, of 32,767 (project choice: about twice the quiet one).
    static let deepExcursion = 26_000.0

    /// The breathing belt: rises through inspiration, falls through expiration, full scale 32,767.
    ///
    /// It stands still where the breath is held, and comes back to its rhythm within `rejoinSeconds`.
    public func respiration(atSeconds seconds: Double) -> Int16 {
        guard let held = heldSeconds, seconds > held.lowerBound else { return freeRespiration(atSeconds: seconds) }
        let still = Double(freeRespiration(atSeconds: held.lowerBound))
        let share = min(max((seconds - held.upperBound) / Self.rejoinSeconds, 0), 1)
        return Int16((still + share * (Double(freeRespiration(atSeconds: seconds)) - still)).rounded())
    }

    private func freeRespiration(atSeconds seconds: Double) -> Int16 {
        let phase = breath(atSeconds: seconds).phase
        let turns =
            phase < inspirationShare
            ? phase / inspirationShare / 2
            : 0.5 + (phase - inspirationShare) / (1 - inspirationShare) / 2
        let excursion = breathesDeeply ? Self.deepExcursion : Self.quietExcursion
        return Int16((-excursion * PortableMath.unit(turns: turns).cosine).rounded())
    }

    /// A bump of a periodic trace: a raised cosine.
    struct Bump: Sendable {
        /// Where it stands in the heart beat, 0 to 1 from the R wave.
        var centre: Double
        /// Half of its width, in heart beats.
        var halfWidth: Double
        /// Its height.
        var height: Double
    }

    /// P, Q, R, S and T: heights in uV and places of an ordinary lead II (textbook proportions; project choice).
    static let electrocardiogram = [
        Bump(centre: 0.83, halfWidth: 0.05, height: 120), Bump(centre: 0.97, halfWidth: 0.015, height: -90),
        Bump(centre: 0, halfWidth: 0.02, height: 1000), Bump(centre: 0.03, halfWidth: 0.015, height: -220),
        Bump(centre: 0.30, halfWidth: 0.09, height: 280),
    ]

    /// The ECG-like trace, uV.
    public func electrocardiogramMicroV(atSeconds seconds: Double) -> Int16 {
        Int16(Self.sum(of: Self.electrocardiogram, atPhase: heartPhase(atSeconds: seconds)).rounded())
    }

    static func sum(of bumps: [Bump], atPhase phase: Double) -> Double {
        var sum = 0.0
        for bump in bumps {
            let distance = phase - bump.centre
            let wrapped = distance - distance.rounded(.toNearestOrEven)
            guard abs(wrapped) < bump.halfWidth else { continue }
            sum += bump.height * (1 + PortableMath.unit(turns: wrapped / bump.halfWidth / 2).cosine) / 2
        }
        return sum
    }
}

// MARK: - How the veins follow

extension PatientPhysiology {
    /// Venous velocity over a heart beat: fastest in the x and y descents, slowest at the a, c and v waves of the
    /// jugular pulse (Sisini 2015, Behav Neurol 170756; order of the waves, heights are the project's choice).
    static let venousPulse = [
        Bump(centre: 0.88, halfWidth: 0.12, height: -0.9),  // a: atrial contraction, after the P wave
        Bump(centre: 0.08, halfWidth: 0.06, height: -0.3),  // c: tricuspid closure
        Bump(centre: 0.28, halfWidth: 0.16, height: 1.0),  // x: descent of the valve's floor
        Bump(centre: 0.49, halfWidth: 0.10, height: -0.6),  // v: filling
        Bump(centre: 0.64, halfWidth: 0.13, height: 0.7),  // y: tricuspid opening
    ]
    /// Mean of `venousPulse` over a heart beat: a raised cosine has the area height x half width.
    static let venousPulseMean = venousPulse.reduce(0) { $0 + $1.height * $1.halfWidth }

    /// The cardiac part of a vein's velocity, mean 0, from about -1 to 1.
    func cardiacModulation(atSeconds seconds: Double) -> Double {
        Self.sum(of: Self.venousPulse, atPhase: heartPhase(atSeconds: seconds)) - Self.venousPulseMean
    }

    /// The respiratory part, mean 0, at most 1 either way: faster in inspiration, slower in expiration.
    ///
    /// Velocity rises in inspiration (cervical venous ultrasound texts; in some people expiration raises it,
    /// Lagana 2017, which a negative `respiratoryModulation` of a site gives).
    func respiratoryModulation(atSeconds seconds: Double) -> Double {
        let phase = breath(atSeconds: seconds).phase
        let expirationShare = 1 - inspirationShare
        // Both lobes have the same area; the shorter one reaches 1.
        let shorter = min(inspirationShare, expirationShare)
        if phase < inspirationShare {
            return shorter / inspirationShare * PortableMath.unit(turns: phase / inspirationShare / 2).sine
        }
        let passed = (phase - inspirationShare) / expirationShare
        return -shorter / expirationShare * PortableMath.unit(turns: passed / 2).sine
    }
}
