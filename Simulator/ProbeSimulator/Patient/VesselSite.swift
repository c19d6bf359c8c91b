/// One vein under the probe at one site: everything that its signal follows.
public struct VesselSite: Sendable, Hashable, Codable {
    /// Direction of the normal flow with regard to the transducer.
    public enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
        case towards, away

        /// Sign of the Doppler shift: positive towards the transducer (ODP 1.0, "Payloads").
        var sign: Double { self == .towards ? 1 : -1 }
    }

    /// Depth of the vessel's axis, mm.
    public var depthMm: Double
    /// Radius of the round lumen, mm.
    public var radiusMm: Double
    /// Angle between beam and flow that the phantom assumes, degrees, 0 up to but not including 90.
    public var insonationAngleDegrees: Double
    /// Velocity along the vein in the normal direction, mean over the lumen and over time, cm/s, 0 or above.
    public var velocityCmPerS: Double
    /// Direction of the normal flow at this probe position.
    public var normalDirection: Direction
    /// Even exponent n of the velocity profile v(r) ~ 1 - (r/R)^n: 2 is parabolic, more is blunter.
    public var profileExponent = VesselSite.defaultProfileExponent
    /// Width of the beam across the vessel, mm.
    public var beamWidthMm = VesselSite.defaultBeamWidthMm
    /// Length of the gate that the exported truth assumes, mm.
    public var referenceGateLengthMm = VesselSite.defaultReferenceGateLengthMm
    /// Cardiac modulation of the velocity, share of the mean velocity.
    public var cardiacModulation = 0.0
    /// Respiratory modulation, share of the mean velocity; negative: expiration raises the velocity.
    public var respiratoryModulation = 0.0
    /// Intrinsic broadening: standard deviation of the shift of one velocity, share of that shift.
    public var intrinsicBroadening = VesselSite.defaultIntrinsicBroadening
    /// Power of the wall clutter over the blood of a full gate, dB.
    public var clutterOverBloodDb = VesselSite.defaultClutterOverBloodDb
    /// Fastest motion of the walls along the beam, mm/s.
    public var wallSpeedMmPerS = VesselSite.defaultWallSpeedMmPerS
    /// Attenuation of blood and clutter alike (bone, depth), dB.
    public var attenuationDb = 0.0
    /// Whether the vein carries no flow at all: clutter and noise remain.
    public var flowIsAbsent = false
    /// Reverse flow, at most once each in a breath and without overlap.
    public var reversals: [FlowReversal] = []
    /// A profile of the test object instead of the power law; `nil` = the law of `profileExponent`.
    public var profile: VelocityProfile.Shape?
    /// Change of the lumen's area with the heart, share of the mean area: larger where the velocity is lower.
    public var areaPulse = 0.0
    /// Change of the area with breathing, share of the mean area: smaller in inspiration.
    public var areaBreathing = 0.0
    /// A Valsalva manoeuvre; `nil` = the patient does not strain.
    public var strain: ValsalvaStrain?
    /// What the front end does to the signal here; a clock's drift lasts from begin to end.
    public var faults: [FrontEndFault] = []
    /// Whether the examiner gets to this site at all.
    public var isExamined = true
    /// Where a septum stands in the picture, share of the lumen's first semi-axis to the right; `nil` = there is none.
    public var septumShare: Double?
    /// Leaflets of a valve in the picture; `nil` = those of a valve that is heard to close, at J1.
    public var leaflets: ValveLeaflets?

    /// A vein with steady flow and the defaults for everything else.
    public init(
        depthMm: Double, radiusMm: Double, insonationAngleDegrees: Double, velocityCmPerS: Double,
        normalDirection: Direction
    ) {
        self.depthMm = depthMm
        self.radiusMm = radiusMm
        self.insonationAngleDegrees = insonationAngleDegrees
        self.velocityCmPerS = velocityCmPerS
        self.normalDirection = normalDirection
    }
}

extension VesselSite {
    /// Venous flow is neither plug nor parabola (project choice: blunted, axis at 1.25 of the mean).
    public static let defaultProfileExponent = 8
    /// Beam width, mm (project choice: a 7.5 MHz linear array at 15 to 25 mm).
    public static let defaultBeamWidthMm = 1.5
    /// Gate length, mm (project choice: the 3 mm of the exam protocol in the neck).
    public static let defaultReferenceGateLengthMm = 3.0
    /// Intrinsic broadening (project choice, 7 %: a narrow aperture; Hoskins 1996 found 0 to 29 % overestimated maxima).
    public static let defaultIntrinsicBroadening = 0.07
    /// Clutter over blood, dB (project's references, signal synthesis: +40 to +60 dB below 100 Hz; the middle).
    public static let defaultClutterOverBloodDb = 50.0
    /// Wall speed, mm/s (project choice: 3.9 Hz at 7.5 MHz, an axis gate that sees walls only in its side lobes).
    public static let defaultWallSpeedMmPerS = 0.4

    /// Velocity on the vessel's axis over the mean velocity of the power law: (n + 2) / n for 1 - (r/R)^n.
    public var axisOverMeanVelocity: Double { Double(profileExponent + 2) / Double(profileExponent) }

    /// Area of the round lumen, mm2.
    public var lumenAreaMm2: Double { radiusMm * radiusMm * PortableMath.twoPi / 2 }
}
