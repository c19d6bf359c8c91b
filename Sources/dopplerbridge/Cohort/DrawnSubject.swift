import CohortStatistics
import ProbeSimulator

/// A person of a simulated cohort: which criteria are true of them, and how far.
///
/// The criteria come from published prevalences; how long a reflux or how wide a vein is within them is this project's
/// choice: published studies print who is beyond a threshold, not how far.
struct DrawnSubject {
    let number: Int
    let isCase: Bool
    /// Whether each criterion is true, c1 to c5.
    let criteria: [Bool]
    private let seed: UInt64
    private let refluxSeconds: Double
    private let deepRefluxSeconds: Double
    private let areasMm2: [String: Double]

    /// The subject's code.
    var code: String { "SIM-" + String(repeating: "0", count: max(0, 6 - "\(number)".count)) + "\(number)" }

    /// Draws a person: the same for the same seed and number, whatever the others are.
    init(_ number: Int, isCase: Bool, prevalences: CriterionPrevalences, seed: UInt64) {
        self.number = number
        self.isCase = isCase
        self.seed = seed
        var numbers = SeededNumbers(seed: seed &* 1_000_003 &+ UInt64(truncatingIfNeeded: number))
        criteria = prevalences.drawn(isCase: isCase, from: &numbers)
        // Beyond 0.88 s, and ended before the next breath of 4 s begins.
        refluxSeconds = numbers.between(1.0, 1.8)
        // Beyond 0.5 s.
        deepRefluxSeconds = numbers.between(0.65, 1.4)
        areasMm2 = Self.areas(narrow: criteria[2], widerSitting: criteria[4], &numbers)
    }

    /// Areas about the means of Holmlund 2017 (94.5 mm2 supine, 6.5 mm2 sitting); their spread is a project choice.
    private static func areas(
        narrow: Bool, widerSitting: Bool, _ numbers: inout SeededNumbers
    ) -> [String: Double] {
        var areas = [
            "right.j1.supine": numbers.between(70, 140), "right.j2.supine": numbers.between(60, 120),
            "left.j1.supine": numbers.between(60, 120), "left.j2.supine": numbers.between(50, 100),
            "right.j2.sitting": numbers.between(5, 30), "left.j2.sitting": numbers.between(5, 30),
        ]
        // At most 30 mm2 (Mayer 2011).
        if narrow { areas["left.j1.supine"] = numbers.between(14, 28) }
        if widerSitting {
            let supine = numbers.between(45, 60)
            areas["right.j2.supine"] = supine
            areas["right.j2.sitting"] = supine + numbers.between(4, 20)
        }
        return areas
    }

    /// The scenario of this person under an operator's error.
    ///
    /// - Throws: where the scenario would not be a patient.
    func scenario(_ error: OperatorError?) throws -> Scenario {
        do throws(ScenarioError) { return try Scenario(yaml: yaml(error), file: code) } catch {
            throw Failure(error)
        }
    }

    /// The scenario's file.
    func yaml(_ error: OperatorError?) -> String {
        var numbers = SeededNumbers(seed: seed &* 7_919 &+ UInt64(truncatingIfNeeded: number) &+ 0x0E44)
        let verdict = criteria.count(where: \.self) >= 2 ? "positive" : "negative"
        let stated = criteria.enumerated().map { "c\($0.offset + 1): \($0.element ? "met" : "notMet")" }
        var lines = [
            "schema: 1", "scenario: \(code.lowercased())", "extends: healthy",
            "description: A person of a simulated cohort.", "sites:",
            // Competent valves in everybody: 0.46 +/- 0.14 s (Nedelmann 2005), below every threshold for reflux but the lowest.
            "  ijv.*.j1.*:", "    reversals:",
            "      - { kind: valveClosure, onsetSeconds: 2.2, velocityCmPerS: 12 }",
        ]
        lines += findings + mistakes(error, &numbers)
        lines.append("areasMm2:")
        lines += areas(error, &numbers)
        lines += [
            "expected:", "  verdict: \(verdict)", "  criteria: { \(stated.joined(separator: ", ")) }",
            "  vhiss: { low: 0, high: 16 }",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// What is true of this person's flow, as in the scenarios `only-c1` to `only-c4`.
    private var findings: [String] {
        var lines: [String] = []
        if criteria[0] {
            for (posture, velocity) in [("supine", 10), ("sitting", 12)] {
                lines += ["  ijv.left.j1.\(posture):", "    reversals:", reflux(refluxSeconds, "\(velocity)")]
            }
        }
        if criteria[1] { lines += ["  bvr.right.transtemporal.*:", "    reversals:", reflux(deepRefluxSeconds, "7")] }
        if criteria[3] { lines += ["  vv.right.*:", "    absent: true"] }
        return lines
    }

    private func reflux(_ seconds: Double, _ velocity: String) -> String {
        "      - { kind: reflux, onsetSeconds: 2.0, lengthSeconds: \(Self.text(seconds)), velocityCmPerS: \(velocity) }"
    }

    /// What an operator does to the flow that is seen.
    private func mistakes(_ error: OperatorError?, _ numbers: inout SeededNumbers) -> [String] {
        switch error?.kind {
        case .angle:
            let most = error?.amount ?? 0
            return [("ijv.*.*.*", 60.0), ("vv.*.*", 60.0)].flatMap { pattern, degrees in
                ["  \"\(pattern)\":", "    angleDegrees: \(Self.text(degrees + numbers.between(-most, most)))"]
            }
        case .gate:
            let most = error?.amount ?? 0
            return [("ijv.*.*.*", 15.0), ("vv.*.*", 25.0), ("bvr.*.transtemporal.*", 65.0)].flatMap {
                pattern, depthMm in
                ["  \"\(pattern)\":", "    depthMm: \(Self.text(depthMm + numbers.between(-most, most)))"]
            }
        case .skip where numbers.between(0, 100) < (error?.amount ?? 0):
            return ["ijv.*.*.sitting", "vv.*.sitting", "*.*.*.sitting"].flatMap {
                ["  \"\($0)\":", "    notExamined: true"]
            }
        case .skip, .pressure, nil: return []
        }
    }

    private func areas(_ error: OperatorError?, _ numbers: inout SeededNumbers) -> [String] {
        areasMm2.sorted { $0.key < $1.key }.map { place, areaMm2 in
            let pressed = error?.kind == .pressure ? numbers.between(0, error?.amount ?? 0) / 100 : 0
            // The smallest lumen that a scenario can hold is 0.5 mm2.
            return "  \(place): \(Self.text(max(0.6, areaMm2 * (1 - pressed))))"
        }
    }

    /// Three decimals, never in scientific notation.
    private static func text(_ value: Double) -> String { ExamText.rounded(value, 3) }
}
