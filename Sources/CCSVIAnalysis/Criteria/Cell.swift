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
    /// Of what is missing, the items that can each alone show that the finding is there.
    var confirming: Set<String> = []
    /// Of what is missing, the items that can each alone show that the finding is not there.
    var refuting: Set<String> = []

    /// An open cell that hangs on one item.
    static func open(_ item: MissingItem, evidence: [Evidence] = []) -> Cell {
        Cell(
            state: .open, evidence: evidence, missing: [item], confirming: [item.itemID], refuting: [item.itemID])
    }

    /// The finding is there when it is in any part; it is not there only when no part is open.
    static func any(_ parts: [Cell]) -> Cell {
        let evidence =
            parts.filter { $0.state == .yes }.flatMap(\.evidence)
            + parts.filter { $0.state != .yes }.flatMap(\.evidence)
        if parts.contains(where: { $0.state == .yes }) { return Cell(state: .yes, evidence: evidence) }
        let open = parts.filter { $0.state == .open }
        guard let first = open.first else { return Cell(state: .no, evidence: evidence) }
        return Cell(
            state: .open, evidence: evidence, missing: open.flatMap(\.missing),
            confirming: open.reduce(into: []) { $0.formUnion($1.confirming) },
            refuting: open.dropFirst().reduce(into: first.refuting) { $0.formIntersection($1.refuting) })
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
        var joined = Cell(
            state: .open, evidence: evidence, missing: pivotal.flatMap { cells[$0.element].missing })
        for item in open.reduce(into: Set<String>(), { $0.formUnion(cells[$1].confirming.union(cells[$1].refuting)) }) {
            let reached = decisions(of: item, cells, open, results)
            if reached.contains(true) { joined.confirming.insert(item) }
            if reached.contains(false) { joined.refuting.insert(item) }
        }
        return joined
    }

    /// What one item alone can decide: the results that are the same in all completions of the other open cells.
    private static func decisions(of item: String, _ cells: [Cell], _ open: [Int], _ results: [Bool]) -> Set<Bool> {
        let completions = results.indices
        // The open cells that the item settles, and how.
        var mask = 0
        for (bit, index) in open.enumerated()
        where cells[index].confirming.contains(item) || cells[index].refuting.contains(item) { mask |= 1 << bit }
        var reached: Set<Bool> = []
        for settled in completions where settled & ~mask == 0 {
            let isPossible = open.enumerated().allSatisfy { bit, index in
                guard mask >> bit & 1 == 1 else { return true }
                return (settled >> bit & 1 == 1 ? cells[index].confirming : cells[index].refuting).contains(item)
            }
            guard isPossible else { continue }
            let outcomes = Set(completions.filter { $0 & mask == settled }.map { results[$0] })
            if outcomes.count == 1 { reached.formUnion(outcomes) }
        }
        return reached
    }
}

extension Array where Element: Hashable {
    /// The elements without repeats, in their order.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
