internal import StrictYAML

extension ExpectedOutcome {
    /// Highest severity score (BMC Med 2013, 11:260, table 3).
    private static let highestSeverity = 16

    /// What an exam should come to: under the scenario's own definition first, then under those of `under`.
    static func reading(_ map: YAMLMap?, _ log: YAMLLog) -> [ExpectedOutcome]? {
        guard var map else { return nil }
        let definition = map.string("definition")
        let verdict = map.choice("verdict", of: Verdict.self)
        var criteria: [Criterion: CriterionOutcome] = [:]
        if var list = map.map("criteria") {
            for criterion in Criterion.allCases {
                criteria[criterion] = list.choice(criterion.rawValue, of: CriterionOutcome.self)
            }
            list.finish()
        }
        var table: String?
        var low: Int?
        var high: Int?
        if var severity = map.map("vhiss") {
            table = severity.string("table")
            low = severity.int("low", in: 0...highestSeverity)
            high = severity.int("high", in: (low ?? 0)...highestSeverity)
            severity.finish()
        }
        let under = map.take("under")
        map.finish()
        guard let definition, let verdict, criteria.count == Criterion.allCases.count, let table, let low, let high
        else { return nil }
        let outcome = ExpectedOutcome(
            definition: definition, verdict: verdict, criteria: criteria, severityTable: table, severityLow: low,
            severityHigh: high)
        outcome.noteContradiction(at: map.value, log)
        return [outcome] + (under.map { outcome.elsewhere($0, log) } ?? [])
    }

    /// The same under other definitions, each with what it says differently.
    private func elsewhere(_ value: YAMLValue, _ log: YAMLLog) -> [ExpectedOutcome] {
        guard case .mapping(let entries) = value.content else {
            log.note("`under` must be a mapping of definitions, such as { mayer-2011: {} }", at: value)
            return []
        }
        return entries.map { entry in
            if entry.name == definition {
                log.note("`\(entry.name)` is the definition of `expected` itself", at: entry.key)
            }
            return differing(entry, log)
        }
    }

    private func differing(_ entry: YAMLValue.Entry, _ log: YAMLLog) -> ExpectedOutcome {
        var outcome = self
        outcome.definition = entry.name
        var map = YAMLMap(entry.value, log: log)
        if let verdict = map.optionalChoice("verdict", of: Verdict.self) { outcome.verdict = verdict }
        if var list = map.optionalMap("criteria") {
            for criterion in Criterion.allCases {
                if let other = list.optionalChoice(criterion.rawValue, of: CriterionOutcome.self) {
                    outcome.criteria[criterion] = other
                }
            }
            list.finish()
        }
        if var severity = map.optionalMap("vhiss") {
            if let low = severity.optionalInt("low", in: 0...Self.highestSeverity) { outcome.severityLow = low }
            let least = min(outcome.severityLow, Self.highestSeverity)
            if let high = severity.optionalInt("high", in: least...Self.highestSeverity) { outcome.severityHigh = high }
            severity.finish()
        }
        map.finish()
        outcome.noteContradiction(at: entry.value, log)
        return outcome
    }

    private func noteContradiction(at value: YAMLValue, _ log: YAMLLog) {
        guard verdictByCount != verdict else { return }
        log.note("`verdict` contradicts `criteria`, which make it \(verdictByCount.rawValue)", at: value)
    }
}
