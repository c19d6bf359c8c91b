import CohortStatistics
import Testing

/// Expects a figure to be a number within a relative distance.
func expectNear(
    _ figure: Figure, _ wanted: Double, within relative: Double = 1e-9,
    location: SourceLocation = #_sourceLocation
) {
    guard let value = figure.value else {
        Issue.record("\(figure) is not \(wanted)", sourceLocation: location)
        return
    }
    #expect(abs(value - wanted) <= relative * max(abs(wanted), 1e-300), sourceLocation: location)
}

/// A number as a paper prints it, with fixed decimals.
func printed(_ figure: Figure, _ decimals: Int) -> String {
    guard let value = figure.value else { return "\(figure)" }
    var factor = 1.0
    for _ in 0..<decimals { factor *= 10 }
    let scaled = Int((value * factor).rounded())
    guard decimals > 0 else { return "\(scaled)" }
    let digits = "\(abs(scaled) % Int(factor))"
    return "\(scaled < 0 ? "-" : "")\(abs(scaled) / Int(factor))."
        + String(repeating: "0", count: decimals - digits.count) + digits
}

/// A ratio with its limits as papers print it: `1.55 (0.72-3.36)`.
func printed(_ ratio: Figure, _ limits: Limits, _ decimals: Int) -> String {
    "\(printed(ratio, decimals)) (\(printed(limits.lower, decimals))-\(printed(limits.upper, decimals)))"
}

/// A table from its four cells.
func table(_ casesWith: Int, _ casesWithout: Int, _ controlsWith: Int, _ controlsWithout: Int) throws -> TwoByTwo {
    try TwoByTwo(
        casesWith: casesWith, of: casesWith + casesWithout, controlsWith: controlsWith,
        of: controlsWith + controlsWithout)
}
