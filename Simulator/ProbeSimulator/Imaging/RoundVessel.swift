/// An artery in a transverse picture: round, with a bright wall, wider in systole.
public struct RoundVessel: Sendable, Hashable, Codable {
    /// Centre, mm to the right of the Doppler line.
    public var centreAcrossMm: Double
    /// Depth of the centre, mm.
    public var centreDepthMm: Double
    /// Radius in diastole, mm.
    public var radiusMm: Double
    /// How much wider the radius is at the height of systole, share of it.
    public var pulsation = RoundVessel.carotidPulsation

    /// Distension of the common carotid's diameter: 5 % (project choice; 0.3 to 0.5 mm of 6 to 7 mm is usual).
    public static let carotidPulsation = 0.05
    /// Thickness of the wall, mm (intima-media and adventitia; project choice).
    static let wallMm = 0.7

    /// An artery from its place and size.
    public init(centreAcrossMm: Double, centreDepthMm: Double, radiusMm: Double) {
        self.centreAcrossMm = centreAcrossMm
        self.centreDepthMm = centreDepthMm
        self.radiusMm = radiusMm
    }

    /// Distension through a heart beat: it rises in early systole and falls through diastole (project choice).
    private static let distension = [
        PatientPhysiology.Bump(centre: 0.16, halfWidth: 0.14, height: 1),
        PatientPhysiology.Bump(centre: 0.36, halfWidth: 0.22, height: 0.45),
    ]

    /// The radius at a place in the heart beat, mm.
    func radiusMm(atHeartPhase phase: Double) -> Double {
        radiusMm * (1 + pulsation * PatientPhysiology.sum(of: Self.distension, atPhase: phase))
    }
}
