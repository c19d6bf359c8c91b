import CohortStatistics
import Foundation

/// Cohort statistics as a person reads them on a terminal.
enum CohortText {
    /// A probability below this is printed as `< 0.0001` (convention of the papers compared with).
    private static let leastProbability = 0.0001

    /// A ratio: three digits or more.
    static func ratio(_ figure: Figure) -> String {
        words(figure) { value in
            guard value < 1e15 else { return "\(value)" }
            return ExamText.rounded(value, value >= 100 ? 0 : value >= 10 ? 1 : 2)
        }
    }

    /// A ratio with its limits: `1.55 (0.72-3.35)`.
    static func ratio(_ figure: Figure, _ limits: Limits) -> String {
        guard figure.value != nil else { return ratio(figure) }
        return "\(ratio(figure)) (\(interval(limits, ratio)))"
    }

    /// Limits: `0.72-3.35`, or why there are none.
    static func interval(_ limits: Limits, _ words: (Figure) -> String) -> String {
        if case .undefined(let reason) = limits.lower { return "no limits: \(reason.words)" }
        if limits.upper == .unbounded { return "\(words(limits.lower)) and above" }
        let (lower, upper) = (words(limits.lower), words(limits.upper))
        return lower.hasPrefix("-") || upper.hasPrefix("-") ? "\(lower) to \(upper)" : "\(lower)-\(upper)"
    }

    /// A share with its limits and counts: `3.3 % (2.3-4.4), 38 of 1165`.
    static func share(_ share: CountedShare) -> String {
        guard share.share.value != nil else { return words(share.share) { "\($0)" } }
        return "\(percent(share.share)) % (\(interval(share.limits, percent))), \(share.count) of \(share.total)"
    }

    /// A share as a percentage without its sign.
    static func percent(_ figure: Figure) -> String { words(figure) { ExamText.rounded($0 * 100, 1) } }

    /// A probability: `p 0.2998`, `p < 0.0001`.
    static func probability(_ figure: Figure) -> String {
        words(figure) { value in
            value < leastProbability
                ? "p < \(ExamText.rounded(leastProbability, 4))" : "p \(ExamText.rounded(value, 4))"
        }
    }

    /// A coefficient with two decimals.
    static func coefficient(_ figure: Figure) -> String { words(figure) { ExamText.rounded($0, 2) } }

    /// A number in words, or why there is none.
    static func words(_ figure: Figure, _ number: (Double) -> String) -> String {
        switch figure {
        case .value(let value): number(value)
        case .unbounded: "no upper limit"
        case .undefined(let reason): "undefined: \(reason.words)"
        }
    }

    /// Runs something of the statistics; what was given by file is wrong.
    static func fromFile<Value>(_ body: () throws(CohortError) -> Value) throws -> Value {
        do throws(CohortError) { return try body() } catch {
            switch error {
            case .resamplesOutOfRange: throw Failure(.usage, error.description)
            case .tableNotReadable, .cohortTwice, .countOutOfRange, .moreFindingsThanPeople:
                throw Failure(.data, error.description)
            }
        }
    }
}
