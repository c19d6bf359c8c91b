/// What two readers answered, from comma-separated text: one subject and question a row.
///
/// Columns: `subject`, `question`, `first` and `second`.
public struct ReadingList: Sendable, Hashable {
    /// One subject and question with both readers' answers.
    public struct Pair: Sendable, Hashable {
        /// The subject's code.
        public var subject: String
        /// The question, for example a criterion.
        public var question: String
        /// The first reader's answer.
        public var first: Answer
        /// The second reader's answer.
        public var second: Answer

        /// A pair from its fields.
        public init(subject: String, question: String, first: Answer, second: Answer) {
            self.subject = subject
            self.question = question
            self.first = first
            self.second = second
        }
    }

    /// The pairs, in the order of the file.
    public let pairs: [Pair]

    /// A list from its pairs.
    public init(_ pairs: [Pair]) { self.pairs = pairs }

    /// Reads pairs strictly.
    ///
    /// - Throws: `tableNotReadable` with everything that was found.
    public init(_ text: String, file: String) throws(CohortError) {
        let table = try TextTable(text, file: file)
        let names = ["subject", "question", "first", "second"]
        let columns = try table.columns(required: names)
        var problems: [TextTableProblem] = []
        var known: Set<[String]> = []
        var pairs: [Pair] = []
        for row in table.rows {
            let cells = names.compactMap { columns[$0] }.map { row[$0] }
            guard cells.count == names.count else { continue }
            for (name, cell) in zip(names, cells.prefix(2)) where cell.text.isEmpty {
                problems.append(table.problem(at: cell, "`\(name)` is empty", "fill it"))
            }
            if !known.insert([cells[0].text, cells[1].text]).inserted {
                problems.append(
                    table.problem(
                        at: cells[0], "subject `\(cells[0].text)` stands twice with `\(cells[1].text)`",
                        "keep one row"))
            }
            let answers = cells.suffix(2).map { Answer(word: $0.text) }
            for (cell, answer) in zip(cells.suffix(2), answers) where answer == nil {
                problems.append(Answer.problem(at: cell, in: table))
            }
            guard let first = answers[0], let second = answers[1] else { continue }
            pairs.append(Pair(subject: cells[0].text, question: cells[1].text, first: first, second: second))
        }
        try TextTable.fail(problems)
        self.pairs = pairs
    }

    /// The agreement on each question, in the order in which they first occur; unanswered subjects are left out and
    /// counted.
    ///
    /// - Throws: `countOutOfRange`, `resamplesOutOfRange`.
    public func agreement(
        seed: UInt64, resamples: Int = PairedReadings.usualResamples
    ) throws(CohortError) -> [AgreementSummary] {
        var questions: [String] = []
        var byQuestion: [String: [Pair]] = [:]
        for pair in pairs {
            if byQuestion[pair.question] == nil { questions.append(pair.question) }
            byQuestion[pair.question, default: []].append(pair)
        }
        var summaries: [AgreementSummary] = []
        for question in questions {
            let all = byQuestion[question] ?? []
            let known = all.filter { $0.first.isKnown && $0.second.isKnown }
            summaries.append(
                try AgreementSummary(
                    question: question,
                    PairedReadings(known.map { (first: $0.first == .yes, second: $0.second == .yes) }),
                    leftOut: all.count - known.count, seed: seed, resamples: resamples))
        }
        return summaries
    }
}
