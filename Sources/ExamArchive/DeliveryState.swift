/// How far the delivery of a document is.
public enum DeliveryState: String, Sendable, Hashable, Codable, CaseIterable {
    /// Waits for its turn, or for its next attempt.
    case queued
    /// A worker is at it; when the archive is opened for writing again, it is queued again.
    case sending
    /// The receiver has taken it.
    case sent
    /// The receiver has said that it keeps it.
    case committed
    /// Nothing goes on with it before a person has looked.
    case needsAPerson = "needs-a-person"
    /// A person has given it up.
    case cancelled

    /// Whether nothing changes any more.
    public var isFinal: Bool { self == .committed || self == .cancelled }

    /// Whether a delivery may go from this state to another one.
    ///
    /// A delivery that needs a person becomes `committed` only where it was sent before: a late answer of the receiver.
    public func allows(_ next: DeliveryState) -> Bool {
        switch (self, next) {
        case (.queued, .sending), (.queued, .cancelled), (.sending, .sent), (.sending, .queued),
            (.sending, .needsAPerson), (.sent, .committed), (.sent, .needsAPerson), (.needsAPerson, .queued),
            (.needsAPerson, .cancelled), (.needsAPerson, .committed):
            true
        default: false
        }
    }
}
