/// People with their group and their findings, from comma-separated text: one person a row.
///
/// Columns: `subject`, `group` (`case` or `control`), and one for each finding with an answer.
public struct SubjectList: Sendable, Hashable {
    /// The findings' names, in the order of the columns.
    public let findings: [String]
    private let people: [Person]

    private struct Person: Hashable {
        var isCase: Bool
        var answers: [Answer]
    }

    /// What one finding says in a cohort.
    public struct Count: Sendable, Hashable, Encodable {
        /// The finding's name.
        public var finding: String
        /// The counts of those with an answer.
        public var counts: TwoByTwo
        /// Cases without an answer: not examined or not assessable; never counted as no.
        public var casesLeftOut: Int
        /// Controls without an answer.
        public var controlsLeftOut: Int
    }

    /// Reads people strictly.
    ///
    /// - Throws: `tableNotReadable` with everything that was found.
    public init(_ text: String, file: String) throws(CohortError) {
        let table = try TextTable(text, file: file)
        let columns = try table.columns(required: ["subject", "group"], allowsOthers: true)
        let places = table.header.indices.filter { !["subject", "group"].contains(table.header[$0].text) }
        var problems: [TextTableProblem] = []
        if places.isEmpty, let place = table.header.last {
            problems.append(table.problem(at: place, "there is no finding", "add a column for each finding"))
        }
        var people: [Person] = []
        var known: Set<String> = []
        for row in table.rows {
            guard let subject = columns["subject"].map({ row[$0] }), let group = columns["group"].map({ row[$0] })
            else { continue }
            if subject.text.isEmpty { problems.append(table.problem(at: subject, "`subject` is empty", "fill it")) }
            if !known.insert(subject.text).inserted {
                problems.append(table.problem(at: subject, "subject `\(subject.text)` stands twice", "keep one row"))
            }
            if !["case", "control"].contains(group.text) {
                problems.append(table.problem(at: group, "`group` is `\(group.text)`", "use case or control"))
            }
            var answers: [Answer] = []
            for place in places {
                if let answer = Answer(word: row[place].text) {
                    answers.append(answer)
                } else {
                    problems.append(Answer.problem(at: row[place], in: table))
                }
            }
            people.append(Person(isCase: group.text == "case", answers: answers))
        }
        try TextTable.fail(problems)
        findings = places.map { table.header[$0].text }
        self.people = people
    }

    /// The table of each finding.
    ///
    /// - Throws: `countOutOfRange`.
    public func counts() throws(CohortError) -> [Count] {
        var counts: [Count] = []
        for (index, finding) in findings.enumerated() {
            func number(_ isCase: Bool, _ answers: [Answer]) -> Int {
                people.count { $0.isCase == isCase && answers.contains($0.answers[index]) }
            }
            counts.append(
                Count(
                    finding: finding,
                    counts: try TwoByTwo(
                        casesWith: number(true, [.yes]), of: number(true, [.yes, .no]),
                        controlsWith: number(false, [.yes]), of: number(false, [.yes, .no])),
                    casesLeftOut: number(true, Answer.open), controlsLeftOut: number(false, Answer.open)))
        }
        return counts
    }
}
