public import CohortStatistics

extension ReadingStudy {
    /// The readers' agreement on each question, before adjudication.
    ///
    /// - Throws: `reading` before both readers have finished: agreement that is seen on the way would lead them.
    public func agreement(
        seed: UInt64, resamples: Int = PairedReadings.usualResamples
    ) throws(FollowUpError) -> [AgreementSummary] {
        guard isReadWhole else {
            throw .reading(
                what: "the readers have not finished (\(progress))",
                remedy: "agreement is computed when both have read everything")
        }
        let (first, second) = (answers(of: readers[0]), answers(of: readers[1]))
        let pairs = questions.flatMap { question in
            subjects.compactMap { subject -> ReadingList.Pair? in
                guard let one = first[subject]?[question], let other = second[subject]?[question] else { return nil }
                return ReadingList.Pair(subject: subject, question: question, first: one, second: other)
            }
        }
        do throws(CohortError) {
            return try ReadingList(pairs).agreement(seed: seed, resamples: resamples)
        } catch {
            throw .reading(what: error.description, remedy: "correct the call")
        }
    }

    /// The final answers by subject: what both readers gave, or the adjudicator's where they disagree.
    ///
    /// - Throws: `reading` before everything is read and decided.
    public func finalAnswers() throws(FollowUpError) -> [String: [String: Answer]] {
        guard isComplete else {
            throw .reading(
                what: "the study is not complete (\(progress), adjudicated \(count(of: adjudicator)) of "
                    + "\(order(of: adjudicator).count))", remedy: "finish the readings")
        }
        let (first, decided) = (answers(of: readers[0]), answers(of: adjudicator))
        var final: [String: [String: Answer]] = [:]
        for subject in subjects {
            final[subject] = (first[subject] ?? [:]).merging(decided[subject] ?? [:]) { _, decision in decision }
        }
        return final
    }

    /// The final answers with each subject's group, as comma-separated text: one person a row.
    ///
    /// - Throws: `reading` before an unblinding, before the end, and when a subject has no group.
    public func unblindedTable(groups: [String: SubjectGroup]) throws(FollowUpError) -> String {
        guard !unblindings.isEmpty else {
            throw .reading(what: "study \(studyID) is blinded", remedy: "unblind it first, with a name and a reason")
        }
        let final = try finalAnswers()
        var lines = [(["subject", "group"] + questions).joined(separator: ",")]
        for subject in subjects {
            guard let group = groups[subject] else {
                throw .reading(what: "subject \(subject) has no group", remedy: "add it to the file with the groups")
            }
            let answers = questions.map { final[subject]?[$0]?.rawValue ?? Answer.notExamined.rawValue }
            lines.append(([subject, group.rawValue] + answers).joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Checks that a study holds together, and throws what is wrong first.
    func validate() throws(FollowUpError) {
        guard schema == Self.schemaID else {
            throw .reading(what: "`\(schema.prefix(60))` cannot be read", remedy: "give a \(Self.schemaID) file")
        }
        guard (1...Self.mostSubjects).contains(subjects.count), Set(subjects).count == subjects.count,
            subjects == subjects.sorted()
        else {
            throw .reading(
                what: "\(subjects.count) subjects", remedy: "give 1 to \(Self.mostSubjects) different ones, sorted")
        }
        for subject in subjects where !Self.isCode(subject) {
            throw .reading(
                what: "`\(subject.prefix(Self.longestName))` could be a name",
                remedy:
                    "use codes of letters, digits, - and _ with at least one digit, at most \(Self.longestName) long")
        }
        let people = readers + [adjudicator]
        guard readers.count == 2, Set(people).count == 3, people.allSatisfy(Self.isWord) else {
            throw .reading(
                what: "readers \(people.map { String($0.prefix(Self.longestName)) }.joined(separator: ", "))",
                remedy: "name two readers and an adjudicator, three different people, in letters, digits, - and _")
        }
        guard !questions.isEmpty, Set(questions).count == questions.count, questions.allSatisfy(Self.isWord),
            Self.isWord(studyID)
        else {
            throw .reading(
                what: "the study's id or its questions are empty, twice there or hold odd characters",
                remedy: "use different words of letters, digits, - and _")
        }
        try validateReadings()
    }

    /// Checks that every reading is what its reader was to read at that point.
    private func validateReadings() throws(FollowUpError) {
        guard !readings.isEmpty else { return }
        // Each reader's readings follow that reader's order, and the adjudicator comes after both.
        for reader in readers {
            let read = readings.filter { $0.reader == reader }
            guard read.map(\.subject) == Array(order(of: reader).prefix(read.count)),
                read.allSatisfy({ Set($0.answers.keys) == Set(questions) })
            else {
                throw .reading(
                    what: "the readings of \(reader) do not follow the order or leave questions open",
                    remedy: "the file was changed by hand: take the last good copy")
            }
        }
        let decided = readings.filter { $0.reader == adjudicator }
        let open = Dictionary(disagreements.map { ($0.subject, Set($0.questions)) }) { first, _ in first }
        guard readings.allSatisfy({ readers.contains($0.reader) || $0.reader == adjudicator }),
            decided.isEmpty || isReadWhole,
            decided.map(\.subject) == Array(order(of: adjudicator).prefix(decided.count)),
            decided.allSatisfy({ Set($0.answers.keys) == open[$0.subject] })
        else {
            throw .reading(
                what: "the adjudicator's readings do not fit the disagreements, or somebody else has read",
                remedy: "the file was changed by hand: take the last good copy")
        }
    }

    /// Whether a word can be printed and typed everywhere.
    private static func isWord(_ text: String) -> Bool {
        (1...longestName).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                let character = Character(Unicode.Scalar(byte))
                return character.isASCII && (character.isLetter || character.isNumber || byte == 45 || byte == 95)
            }
    }

    /// Whether a word is a code and no name: it holds a digit.
    private static func isCode(_ text: String) -> Bool {
        isWord(text) && text.utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
