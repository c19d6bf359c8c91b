/// A figure that a clause measured, with its limit.
public struct ClauseFigure: Sendable, Hashable, Codable {
    /// On which side of the limit it must lie.
    public enum Bound: String, Sendable, Hashable, Codable {
        /// At most the limit.
        case atMost
        /// At least the limit.
        case atLeast
        /// It has no limit and is shown only.
        case shown
    }

    /// What it is.
    public var name: String
    /// Its value; `nil` = nothing was measured, which never passes.
    public var value: Double?
    /// The unit: `%`, `dB`, `ms`, or empty for a number of scenes.
    public var unit: String
    /// The limit, in the same unit; `nil` for a figure that is shown only.
    public var limit: Double?
    /// On which side of the limit it must lie.
    public var bound: Bound
    /// Where the value comes from, such as the scenes in which it was worst; `nil` when there is nothing to say.
    public var note: String?

    /// A figure that must be at most its limit.
    public static func atMost(
        _ limit: Double, _ name: String, _ value: Double?, _ unit: String = "", note: String? = nil
    ) -> ClauseFigure {
        ClauseFigure(name: name, value: value, unit: unit, limit: limit, bound: .atMost, note: note)
    }

    /// A figure that must be at least its limit.
    public static func atLeast(
        _ limit: Double, _ name: String, _ value: Double?, _ unit: String = "", note: String? = nil
    ) -> ClauseFigure {
        ClauseFigure(name: name, value: value, unit: unit, limit: limit, bound: .atLeast, note: note)
    }

    /// A figure without a limit.
    public static func shown(_ name: String, _ value: Double?, _ unit: String = "") -> ClauseFigure {
        ClauseFigure(name: name, value: value, unit: unit, limit: nil, bound: .shown)
    }

    /// Whether it is within its limit; a figure without one always is.
    public var isWithin: Bool {
        guard bound != .shown else { return true }
        guard let value, let limit, value.isFinite else { return false }
        return bound == .atMost ? value <= limit : value >= limit
    }
}

/// What running a clause gave.
public enum ClauseOutcome: Sendable {
    /// Figures over a number of scenes.
    case measured([ClauseFigure], scenes: Int)
    /// The clause cannot be run yet, and why: it counts neither as passed nor as failed.
    case notAvailable(String)
}

/// A clause with what it gave, for the table and the record.
public struct ClauseResult: Sendable, Hashable, Codable {
    /// How it ended.
    public enum State: String, Sendable, Hashable, Codable {
        case passed, failed
        case notAvailableYet = "not available yet"
    }

    /// The clause's name.
    public var clause: String
    /// The standard's heading.
    public var heading: String
    /// The limit in words.
    public var limit: String
    /// How it ended.
    public var state: State
    /// The figures; empty when it is not available.
    public var figures: [ClauseFigure]
    /// Number of scenes.
    public var scenes: Int
    /// Why it is not available.
    public var reason: String?

    init(clause: Clause, outcome: ClauseOutcome) {
        self.clause = clause.name
        heading = clause.heading
        limit = clause.limit
        switch outcome {
        case .measured(let figures, let scenes):
            let isPassed = scenes > 0 && figures.contains { $0.bound != .shown } && figures.allSatisfy(\.isWithin)
            state = isPassed ? .passed : .failed
            self.figures = figures
            self.scenes = scenes
        case .notAvailable(let reason):
            state = .notAvailableYet
            figures = []
            scenes = 0
            self.reason = reason
        }
    }
}
