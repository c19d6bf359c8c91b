/// Two leaflets of a jugular valve in a transverse picture, or one that is fixed.
///
/// They open with the flow: at the x and y descents of the venous pulse, and close at the a wave.
public struct ValveLeaflets: Sendable, Hashable, Codable {
    /// The opening that never changes, 0 (closed) to 1; `nil` = they move with the heart.
    public var fixedOpening: Double?

    /// Leaflets that move, or that stand at one opening.
    public init(fixedOpening: Double? = nil) { self.fixedOpening = fixedOpening }

    /// When venous flow is fast: x descent in systole, y descent in early diastole (Sisini 2015; places: project choice).
    private static let openings = [
        PatientPhysiology.Bump(centre: 0.25, halfWidth: 0.2, height: 1),
        PatientPhysiology.Bump(centre: 0.6, halfWidth: 0.18, height: 0.8),
    ]

    /// How far they are open at a place in the heart beat, 0 to 1.
    public func opening(atHeartPhase phase: Double) -> Double {
        if let fixedOpening { return max(0, min(fixedOpening, 1)) }
        return max(0, min(PatientPhysiology.sum(of: Self.openings, atPhase: phase), 1))
    }

    /// Where closed leaflets meet and how much of the half lumen open ones move through (project choice).
    private static let closedShare = 0.06
    private static let travelShare = 0.7

    /// Distance of the leaflets from the first axis, shares of the second semi-axis, at a share of the first.
    func standing(atShareAlong share: Double, opening: Double) -> Double {
        (Self.closedShare + Self.travelShare * opening) * (1 - share * share)
    }
}
