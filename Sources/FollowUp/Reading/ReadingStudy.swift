public import CohortStatistics

/// A study of blinded reading: subject codes, two readers, an adjudicator, and what each of them answered.
///
/// The document holds no group and no earlier result: a reader who opens it learns nothing of the subjects.
public struct ReadingStudy: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-reading-1"

    /// The answers of one reader on one subject.
    public struct Reading: Sendable, Hashable, Codable {
        /// The reader's name.
        public var reader: String
        /// The subject's code.
        public var subject: String
        /// The answer to each question.
        public var answers: [String: Answer]
        /// When it was entered, ISO 8601.
        public var enteredAt: String
    }

    /// The opening of the groups.
    public struct Unblinding: Sendable, Hashable, Codable {
        /// When, ISO 8601.
        public var at: String
        /// Who.
        public var by: String
        /// Why.
        public var reason: String
        /// Whether every reading and adjudication was in.
        public var isAfterTheEnd: Bool
    }

    /// `dopplerbridge-reading-1`.
    public private(set) var schema: String
    /// The study's id.
    public private(set) var studyID: String
    /// When the study was set up, ISO 8601.
    public private(set) var createdAt: String
    /// The seed of the reading orders.
    public private(set) var seed: UInt64
    /// The subjects' codes, sorted.
    public private(set) var subjects: [String]
    /// The questions: usually the criteria.
    public private(set) var questions: [String]
    /// The two readers.
    public private(set) var readers: [String]
    /// Who decides where they disagree.
    public private(set) var adjudicator: String
    /// The readings, in the order in which they were entered.
    public private(set) var readings: [Reading]
    /// The unblindings, in order.
    public private(set) var unblindings: [Unblinding]

    /// The questions that are read unless others are named: the five criteria.
    public static let usualQuestions = ["c1", "c2", "c3", "c4", "c5"]
    /// The most subjects (project choice: more than two people can read).
    static let mostSubjects = 10_000
    /// The longest code and name (project choice).
    static let longestName = 32

    /// A study from its parts, without any reading.
    ///
    /// - Throws: `reading` when a code could be a name, something stands twice, or a part is missing.
    public init(
        studyID: String, subjects: [String], readers: [String], adjudicator: String,
        questions: [String] = usualQuestions, seed: UInt64, createdAt: String
    ) throws(FollowUpError) {
        schema = Self.schemaID
        self.studyID = studyID
        self.createdAt = createdAt
        self.seed = seed
        self.subjects = subjects.sorted()
        self.questions = questions
        self.readers = readers
        self.adjudicator = adjudicator
        readings = []
        unblindings = []
        try validate()
    }

    /// A study from a document, checked: every reading must be what its reader was to read at that point.
    ///
    /// - Throws: what the decoder finds wrong, and `FollowUpError.reading`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        schema = try values.decode(String.self, forKey: .schema)
        studyID = try values.decode(String.self, forKey: .studyID)
        createdAt = try values.decode(String.self, forKey: .createdAt)
        seed = try values.decode(UInt64.self, forKey: .seed)
        subjects = try values.decode([String].self, forKey: .subjects)
        questions = try values.decode([String].self, forKey: .questions)
        readers = try values.decode([String].self, forKey: .readers)
        adjudicator = try values.decode(String.self, forKey: .adjudicator)
        readings = try values.decode([Reading].self, forKey: .readings)
        unblindings = try values.decode([Unblinding].self, forKey: .unblindings)
        try validate()
    }

    /// The order in which a reader reads: random by the seed, another one for each reader.
    ///
    /// The adjudicator reads what the readers disagree on.
    public func order(of reader: String) -> [String] {
        guard let place = (readers + [adjudicator]).firstIndex(of: reader) else { return [] }
        // Each reader's numbers begin at a place of their own.
        var seeds = SeededNumbers(seed: seed)
        var own = seeds.next()
        for _ in 0..<place { own = seeds.next() }
        var numbers = SeededNumbers(seed: own)
        let shuffled = numbers.shuffled(subjects)
        guard reader == adjudicator else { return shuffled }
        let open = Set(disagreements.map(\.subject))
        return shuffled.filter { open.contains($0) }
    }

    /// Whether both readers have read every subject.
    public var isReadWhole: Bool { readers.allSatisfy { count(of: $0) == subjects.count } }

    /// Whether nothing is left to read or to decide.
    public var isComplete: Bool { isReadWhole && count(of: adjudicator) == order(of: adjudicator).count }

    /// A subject on which the readers gave different answers.
    public struct Disagreement: Sendable, Hashable, Encodable {
        /// The subject's code.
        public var subject: String
        /// The questions.
        public var questions: [String]
    }

    /// Where both readers have read and disagree, in the order of the codes.
    public var disagreements: [Disagreement] {
        let (first, second) = (answers(of: readers[0]), answers(of: readers[1]))
        return subjects.compactMap { subject in
            guard let one = first[subject], let other = second[subject] else { return nil }
            let open = questions.filter { one[$0] != other[$0] }
            return open.isEmpty ? nil : Disagreement(subject: subject, questions: open)
        }
    }

    /// What a reader is to read next.
    public struct Assignment: Sendable, Hashable, Encodable {
        /// The subject's code.
        public var subject: String
        /// Its place in the reader's order, from 1.
        public var place: Int
        /// The length of that order.
        public var count: Int
        /// The questions to answer.
        public var questions: [String]
    }

    /// What a reader is to read next; `nil` when everything is read.
    ///
    /// - Throws: `reading` for somebody else, for the adjudicator before both readers have finished, and after an
    ///   unblinding.
    public func next(for reader: String) throws(FollowUpError) -> Assignment? {
        guard readers.contains(reader) || reader == adjudicator else {
            throw .reading(
                what: "`\(reader.prefix(Self.longestName))` reads nothing in study \(studyID)",
                remedy: "use one of \((readers + [adjudicator]).joined(separator: ", "))")
        }
        if let unblinding = unblindings.first {
            throw .reading(
                what: "study \(studyID) was unblinded at \(unblinding.at) by \(unblinding.by)",
                remedy: "no reading after that is blinded: set up another study")
        }
        if reader == adjudicator, !isReadWhole {
            throw .reading(
                what: "the readers have not finished (\(progress))", remedy: "adjudicate when both have read everything"
            )
        }
        let order = order(of: reader)
        let done = count(of: reader)
        guard done < order.count else { return nil }
        let subject = order[done]
        let open = disagreements.first { $0.subject == subject }?.questions ?? []
        return Assignment(
            subject: subject, place: done + 1, count: order.count, questions: reader == adjudicator ? open : questions)
    }

    /// Enters a reader's answers on the subject that is next for that reader.
    ///
    /// - Throws: `reading` for another subject, for a missing or unknown question, and for what `next(for:)` refuses.
    public mutating func enter(
        _ answers: [String: Answer], of subject: String, by reader: String, at time: String
    ) throws(FollowUpError) {
        guard let wanted = try next(for: reader) else {
            throw .reading(what: "\(reader) has read everything", remedy: "nothing is left to enter")
        }
        guard wanted.subject == subject else {
            throw .reading(
                what: "subject \(subject.prefix(Self.longestName)) is not next for \(reader)",
                remedy: "read \(wanted.subject): the order is part of the blinding")
        }
        for question in wanted.questions where answers[question] == nil {
            throw .reading(
                what: "`\(question)` has no answer", remedy: "give one; what cannot be read is notAssessable")
        }
        for question in answers.keys.sorted() where !wanted.questions.contains(question) {
            throw .reading(
                what: "`\(question.prefix(Self.longestName))` is not asked here",
                remedy: "answer \(wanted.questions.joined(separator: ", "))")
        }
        readings.append(Reading(reader: reader, subject: subject, answers: answers, enteredAt: time))
    }

    /// Logs that the groups are opened; no reading is accepted after it.
    ///
    /// - Throws: `reading` when it is not said who and why.
    public mutating func unblind(by name: String, reason: String, at time: String) throws(FollowUpError) {
        guard !name.isEmpty, !reason.isEmpty else {
            throw .reading(what: "an unblinding without a name or a reason", remedy: "say who unblinds and why")
        }
        unblindings.append(Unblinding(at: time, by: name, reason: reason, isAfterTheEnd: isComplete))
    }

    /// How far everybody is: `A 3 of 12, B 12 of 12`.
    public var progress: String {
        readers.map { "\($0) \(count(of: $0)) of \(subjects.count)" }.joined(separator: ", ")
    }

    /// How many readings somebody has entered.
    public func count(of reader: String) -> Int { readings.count { $0.reader == reader } }

    /// The answers of one reader by subject.
    func answers(of reader: String) -> [String: [String: Answer]] {
        var found: [String: [String: Answer]] = [:]
        for reading in readings where reading.reader == reader { found[reading.subject] = reading.answers }
        return found
    }
}
