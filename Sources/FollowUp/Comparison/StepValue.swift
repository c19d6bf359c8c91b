/// A quantity that two exams are compared by.
public enum FollowUpQuantity: String, Sendable, Hashable, Codable, CaseIterable {
    case meanVelocity, longestReflux, lumenArea, volumeFlow, flowShare

    /// The quantity's unit.
    public var unit: String {
        switch self {
        case .meanVelocity: "cm/s"
        case .longestReflux: "s"
        case .lumenArea: "mm2"
        case .volumeFlow: "mL/min"
        case .flowShare: "of 1"
        }
    }

    /// The quantity's name for people.
    public var name: String {
        switch self {
        case .meanVelocity: "mean velocity"
        case .longestReflux: "longest reflux"
        case .lumenArea: "lumen area"
        case .volumeFlow: "volume flow"
        case .flowShare: "share"
        }
    }
}

/// What an exam says of one quantity at one step.
///
/// Not examined, not assessable, not measured and nothing found are different values.
public struct StepValue: Sendable, Hashable, Encodable {
    /// What kind of value it is.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// There is a number.
        case measured
        /// The site was examined and there is no reflux.
        case nothingFound
        /// The site was examined under the three conditions and there is no flow.
        case flowAbsent
        /// Examined, but the number was not taken.
        case notMeasured
        /// The step was not done.
        case notExamined
        /// The step was done and cannot be judged.
        case notAssessable
    }

    /// What kind of value it is.
    public let state: State
    /// The number in the quantity's unit; `nil` unless measured.
    public let value: Double?
    /// How far the number may be off either way; `nil` when that is not known.
    public let errorBand: Double?
    /// Why it cannot be judged.
    public let reason: String?

    private init(_ state: State, value: Double? = nil, errorBand: Double? = nil, reason: String? = nil) {
        self.state = state
        self.value = value
        self.errorBand = errorBand
        self.reason = reason
    }

    static let nothingFound = StepValue(.nothingFound)
    static let flowAbsent = StepValue(.flowAbsent)
    static let notMeasured = StepValue(.notMeasured)
    static let notExamined = StepValue(.notExamined)

    static func measured(_ value: Double, errorBand: Double?) -> StepValue {
        guard value.isFinite else { return notAssessable("the number in the exam is not finite") }
        return StepValue(.measured, value: value, errorBand: errorBand)
    }

    static func notAssessable(_ reason: String?) -> StepValue {
        StepValue(.notAssessable, reason: reason ?? "no reason given")
    }

    /// The value in words.
    public func words(_ quantity: FollowUpQuantity) -> String {
        switch state {
        case .measured: "measured"
        case .nothingFound: "no reflux"
        case .flowAbsent: "no flow"
        case .notMeasured: "not measured"
        case .notExamined: "not examined"
        case .notAssessable: "not assessable: \(reason ?? "no reason given")"
        }
    }
}

/// How one quantity at one step differs between two exams.
public struct StepDifference: Sendable, Hashable, Encodable {
    /// What kind of difference it is.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// The numbers differ by less than their error.
        case withinError
        /// The numbers differ by more than their error.
        case beyondError
        /// The numbers differ by an amount whose error is not known.
        case errorNotKnown
        /// There was none before and there is one now.
        case appeared
        /// There was one before and there is none now.
        case disappeared
        /// There was none before and there is none now.
        case stillNone
        /// The two cannot be compared.
        case notComparable
    }

    /// What kind of difference it is.
    public let state: State
    /// Later minus earlier, in the quantity's unit.
    public let change: Double?
    /// How far the change may be off either way.
    public let errorBand: Double?
    /// Why it cannot be compared.
    public let reason: String?

    private init(_ state: State, change: Double? = nil, errorBand: Double? = nil, reason: String? = nil) {
        self.state = state
        self.change = change
        self.errorBand = errorBand
        self.reason = reason
    }

    static func notComparable(_ reason: String) -> StepDifference { StepDifference(.notComparable, reason: reason) }

    /// The difference of two values of one quantity.
    static func between(_ earlier: StepValue, _ later: StepValue) -> StepDifference {
        for (name, value) in [("earlier", earlier), ("later", later)] {
            switch value.state {
            case .notExamined: return notComparable("not examined in the \(name) exam")
            case .notMeasured: return notComparable("not measured in the \(name) exam")
            case .notAssessable:
                return notComparable("not assessable in the \(name) exam: \(value.reason ?? "no reason given")")
            case .measured, .nothingFound, .flowAbsent: break
            }
        }
        if let before = earlier.value, let now = later.value {
            let change = now - before
            guard let band = ErrorBand.difference(earlier.errorBand, later.errorBand) else {
                return StepDifference(.errorNotKnown, change: change)
            }
            return StepDifference(abs(change) > band ? .beyondError : .withinError, change: change, errorBand: band)
        }
        if earlier.value != nil { return StepDifference(.disappeared) }
        if later.value != nil { return StepDifference(.appeared) }
        guard earlier.state == later.state else {
            return notComparable("no flow in the one exam, flow without reflux in the other")
        }
        return StepDifference(.stillNone)
    }
}
