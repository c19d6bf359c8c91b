/// Whether something was found, with absence of knowledge as a value of its own.
enum Ternary: Sendable, Hashable {
    case yes, no, open
}

/// One cell of a criterion or a score: its state, what supports it and what is still missing.
struct Cell: Sendable, Hashable {
    /// Whether the finding is there.
    var state: Ternary
    /// What was seen, counted or not.
    var evidence: [Evidence] = []
    /// What the cell still hangs on; empty unless it is open.
    var missing: [MissingItem] = []

    /// The finding is there when it is in any part; it is not there only when no part is open.
    static func any(_ parts: [Cell]) -> Cell {
        let evidence =
            parts.filter { $0.state == .yes }.flatMap(\.evidence)
            + parts.filter { $0.state != .yes }.flatMap(\.evidence)
        if parts.contains(where: { $0.state == .yes }) { return Cell(state: .yes, evidence: evidence) }
        let missing = parts.flatMap(\.missing)
        let isOpen = parts.contains { $0.state == .open }
        return Cell(state: isOpen ? .open : .no, evidence: evidence, missing: isOpen ? missing : [])
    }

    /// Joins cells by a rule: decided only if no completion of the open cells could change it.
    ///
    /// What the result hangs on is exactly what is missing in the open cells that can change it. At most four cells,
    /// so sixteen completions.
    static func joined(_ cells: [Cell], by rule: ([Bool]) -> Bool) -> Cell {
        let open = cells.indices.filter { cells[$0].state == .open }
        let completions = 1 << open.count
        let results = (0..<completions).map { completion in
            var states = cells.map { $0.state == .yes }
            for (bit, index) in open.enumerated() { states[index] = completion >> bit & 1 == 1 }
            return rule(states)
        }
        let evidence = cells.flatMap(\.evidence)
        guard results.contains(true) else { return Cell(state: .no, evidence: evidence) }
        guard results.contains(false) else { return Cell(state: .yes, evidence: evidence) }
        let pivotal = open.enumerated().filter { bit, _ in
            (0..<completions).contains { results[$0] != results[$0 ^ (1 << bit)] }
        }
        return Cell(
            state: .open, evidence: evidence, missing: pivotal.flatMap { cells[$0.element].missing })
    }
}

extension Array where Element: Hashable {
    /// The elements without repeats, in their order.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
