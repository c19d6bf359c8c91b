import ArgumentParser
import CohortStatistics

/// What an operator does wrong in every exam of a simulated cohort.
struct OperatorError: Hashable, ExpressibleByArgument {
    /// What goes wrong.
    enum Kind: String, CaseIterable {
        /// The angle between beam and vein is up to so many degrees off what velocities are corrected for.
        case angle
        /// The gate lies up to so many mm above or below the vein's axis.
        case gate
        /// The probe presses: each area is up to so many percent too small.
        case pressure
        /// In so many percent of the exams nothing is examined sitting.
        case skip
    }

    var kind: Kind
    /// Degrees, mm or percent.
    var amount: Double

    /// The greatest amounts (what a scenario can hold; a vein that is pressed shut has no area).
    private static let most: [Kind: Double] = [.angle: 20, .gate: 10, .pressure: 95, .skip: 100]

    static let help = "angle:DEGREES, gate:MM, pressure:PERCENT or skip:PERCENT (sitting is left out)"

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), let amount = Double(parts[1]),
            let most = Self.most[kind], amount > 0, amount <= most
        else { return nil }
        self.kind = kind
        self.amount = amount
    }

    /// The error in words of a table.
    var words: String {
        let amount = ExamText.rounded(amount, amount == amount.rounded() ? 0 : 1)
        switch kind {
        case .angle: return "angle up to \(amount) degrees off"
        case .gate: return "gate up to \(amount) mm off the axis"
        case .pressure: return "areas up to \(amount) % pressed shut"
        case .skip: return "sitting left out in \(amount) %"
        }
    }
}

extension SeededNumbers {
    /// A number of an interval, each as probable.
    mutating func between(_ low: Double, _ high: Double) -> Double {
        // 53 bits are what a Double holds.
        low + (high - low) * Double(next() >> 11) / 9_007_199_254_740_992
    }
}
