extension CriteriaScorer {
    /// So many steps the sentence names; the list holds them all (project choice: what a person reads at once).
    private static let mostNamedSteps = 4

    /// What can still settle an open verdict; `nil` when it is settled.
    func settling(_ cells: [(criterion: Criterion, cell: Cell)], metCount: Int, verdict: Verdict) -> Settling? {
        guard verdict == .borderline || verdict == .indeterminate else { return nil }
        let open = cells.filter { $0.cell.state == .open }
        let items = open.flatMap(\.cell.missing)
        var seen: Set<String> = []
        let steps = items.filter { seen.insert($0.itemID).inserted }.compactMap { item -> DecidingStep? in
            let verdicts = reachable(by: item.itemID, open, metCount: metCount)
            return verdicts.isEmpty ? nil : DecidingStep(itemID: item.itemID, text: item.text, verdicts: verdicts)
        }
        guard !steps.isEmpty else {
            let hangs = open.map { open in
                let count = Set(open.cell.missing.map(\.itemID)).count
                return "\(open.criterion.rawValue.uppercased()) on \(count) \(count == 1 ? "step" : "steps")"
            }
            return Settling(
                sentence: "No single step can decide; open are \(hangs.joined(separator: ", ")).", steps: [])
        }
        let words = steps.prefix(Self.mostNamedSteps).map {
            "\($0.text) (\($0.verdicts.map(\.rawValue).joined(separator: " or ")))"
        }
        let others = steps.count - words.count
        let rest = others > 0 ? "; or one of \(others) more" : ""
        let lead = steps.count == 1 ? "One more step can decide" : "One more step can decide, any of"
        return Settling(sentence: "\(lead): \(words.joined(separator: "; "))\(rest).", steps: steps)
    }

    /// The settled verdicts that one item alone can lead to.
    private func reachable(
        by item: String, _ open: [(criterion: Criterion, cell: Cell)], metCount: Int
    ) -> [Verdict] {
        var confirmed = Set(open.filter { $0.cell.confirming.contains(item) }.map(\.criterion))
        // One look at a vein shows reflux or no flow, not both; the mixed rule alone counts reflux for criterion 4 too.
        if confirmed.isSuperset(of: [.c1, .c4]), definition.c4.postures.value != .bothOrRefluxInOther {
            confirmed.remove(.c4)
        }
        let refuted = open.count { $0.cell.refuting.contains(item) }
        var verdicts: [Verdict] = []
        if metCount + confirmed.count >= Verdict.criteriaForPositive { verdicts.append(.positive) }
        if metCount + open.count - refuted < Verdict.criteriaForPositive { verdicts.append(.negative) }
        return verdicts
    }
}
