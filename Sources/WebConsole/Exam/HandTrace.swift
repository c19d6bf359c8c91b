/// One side's envelope as an operator drew it over the analyser's: straight between its points, nothing outside of them.
///
/// It changes no measurement: what the analyser traced and what the operator drew are both kept, and both are shown.
public struct HandTrace: Sendable, Hashable, Codable {
    /// The most points (project choice: a minute of columns has more, but nobody sets so many).
    public static let mostPoints = 2000

    /// Which envelope.
    public enum Side: String, Sendable, Hashable, Codable, CaseIterable {
        /// The one of flow towards the probe, above zero.
        case towards
        /// The one of flow away from the probe, below zero.
        case away
    }

    /// One point of the line.
    public struct Point: Sendable, Hashable, Codable {
        /// When, seconds since the start of the recording.
        public var seconds: Double
        /// How fast, cm/s; towards the probe is positive, as the recording's sign convention has it.
        public var velocityCmPerS: Double

        /// A point from its fields.
        public init(seconds: Double, velocityCmPerS: Double) {
            self.seconds = seconds
            self.velocityCmPerS = velocityCmPerS
        }
    }

    /// Which envelope was corrected.
    public var side: Side
    /// The points, in the order of time.
    public var points: [Point]

    /// A corrected envelope from its fields.
    public init(side: Side, points: [Point]) {
        self.side = side
        self.points = points
    }

    /// Refuses what is no envelope of its side.
    func check() throws(RoomRefusal) {
        guard points.count <= Self.mostPoints else {
            throw .wrong(what: "\(points.count) points in one envelope", next: "set \(Self.mostPoints) at most")
        }
        guard points.allSatisfy({ $0.seconds.isFinite && $0.seconds >= 0 && $0.velocityCmPerS.isFinite }) else {
            throw .wrong(what: "a point of the envelope has no time or no velocity", next: "give both as numbers")
        }
        guard zip(points, points.dropFirst()).allSatisfy({ $0.seconds < $1.seconds }) else {
            throw .wrong(what: "two points of the envelope are out of order", next: "send them in the order of time")
        }
        let isOnSide = points.allSatisfy { side == .towards ? $0.velocityCmPerS >= 0 : $0.velocityCmPerS <= 0 }
        guard isOnSide else {
            throw .wrong(
                what: "a point lies on the other side of zero than `\(side.rawValue)`",
                next: "keep the envelope on its side")
        }
    }
}
