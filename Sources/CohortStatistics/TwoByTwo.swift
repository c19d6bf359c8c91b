/// Counts of a finding in two groups: the cases, who have the condition, and the controls.
public struct TwoByTwo: Sendable, Hashable, Encodable {
    /// Cases with the finding.
    public let casesWith: Int
    /// Cases without the finding.
    public let casesWithout: Int
    /// Controls with the finding.
    public let controlsWith: Int
    /// Controls without the finding.
    public let controlsWithout: Int

    /// The most people of a group (project choice: more than were ever examined, and exact sums stay fast).
    public static let mostPeople = 10_000_000

    /// A table from `casesWith` of `cases` and `controlsWith` of `controls`.
    ///
    /// - Throws: `countOutOfRange`, or `moreFindingsThanPeople`.
    public init(casesWith: Int, of cases: Int, controlsWith: Int, of controls: Int) throws(CohortError) {
        for (name, value) in [
            ("cases with the finding", casesWith), ("cases", cases), ("controls with the finding", controlsWith),
            ("controls", controls),
        ] where !(0...Self.mostPeople).contains(value) {
            throw .countOutOfRange(name: name, value: value)
        }
        for (group, findings, people) in [("cases", casesWith, cases), ("controls", controlsWith, controls)]
        where findings > people {
            throw .moreFindingsThanPeople(group: group, findings: findings, people: people)
        }
        self.init(casesWith, cases - casesWith, controlsWith, controls - controlsWith)
    }

    private init(_ casesWith: Int, _ casesWithout: Int, _ controlsWith: Int, _ controlsWithout: Int) {
        self.casesWith = casesWith
        self.casesWithout = casesWithout
        self.controlsWith = controlsWith
        self.controlsWithout = controlsWithout
    }

    /// All cases.
    public var cases: Int { casesWith + casesWithout }
    /// All controls.
    public var controls: Int { controlsWith + controlsWithout }
    /// Everybody with the finding.
    public var findings: Int { casesWith + controlsWith }
    /// Everybody without the finding.
    public var withoutFinding: Int { casesWithout + controlsWithout }
    /// Everybody.
    public var people: Int { cases + controls }

    /// The table with finding and condition exchanged: who has the finding, by condition.
    public var exchanged: TwoByTwo { TwoByTwo(casesWith, controlsWith, casesWithout, controlsWithout) }

    /// Cases with, cases without, controls with, controls without.
    var cells: [Int] { [casesWith, casesWithout, controlsWith, controlsWithout] }

    /// Why nothing can be compared; `nil` when both groups and both answers occur.
    var emptyMargin: UndefinedReason? {
        if cases == 0 { return .noCases }
        if controls == 0 { return .noControls }
        if findings == 0 { return .nobodyWithFinding }
        return withoutFinding == 0 ? .nobodyWithoutFinding : nil
    }
}
