/// A place in the plane of a picture, in millimetres.
public struct PicturePoint: Sendable, Hashable, Codable {
    /// To the right of the Doppler line, mm.
    public var acrossMm: Double
    /// Below the transducer's face, mm.
    public var depthMm: Double

    /// A place from its distances, mm.
    public init(acrossMm: Double, depthMm: Double) {
        self.acrossMm = acrossMm
        self.depthMm = depthMm
    }

    /// Distance to another place, mm.
    public func distanceMm(to other: PicturePoint) -> Double {
        let across = other.acrossMm - acrossMm
        let deep = other.depthMm - depthMm
        return (across * across + deep * deep).squareRoot()
    }

    /// Whether both distances are numbers.
    var isFinite: Bool { acrossMm.isFinite && depthMm.isFinite }
}
