public import CCSVIAnalysis
internal import DopplerDSP

/// Two exams of one subject beside each other.
public struct ExamComparison: Sendable, Hashable, Encodable {
    /// One quantity at one step in both exams.
    public struct Step: Sendable, Hashable, Encodable {
        /// The step's id: a site's, or `area.left.j2.sitting`.
        public var id: String
        /// The step in words.
        public var name: String
        /// The quantity.
        public var quantity: FollowUpQuantity
        /// What the earlier exam says.
        public var earlier: StepValue
        /// What the later exam says.
        public var later: StepValue
        /// How they differ.
        public var difference: StepDifference
        /// Settings that changed between the two recordings.
        public var changedSettings: [SettingChange]
        /// What else a reader must know, for example that an area was found in another way.
        public var remarks: [String]
    }

    /// The earlier exam.
    public var earlier: ComparedExam
    /// The later exam.
    public var later: ComparedExam
    /// Days between them.
    public var intervalDays: Double
    /// The window into which that falls.
    public var window: FollowUpWindow
    /// What changed for the whole exam, in sentences: algorithms, protocol, source.
    public var changes: [String]
    /// The interventions up to the later exam.
    public var interventions: [Intervention]
    /// The criteria.
    public var criteria: [CriterionChange]
    /// The severity score.
    public var severity: SeverityChange
    /// The steps.
    public var steps: [Step]
    /// Defects of the jugular lumens, and where they were looked for.
    public var lumens: [LumenChange]
    /// Findings of other modalities.
    public var modalities: [ModalityChange]
    /// Jugular lumens that have become narrow.
    public var narrowings: [Narrowing]
    /// Levels at which that cannot be said, because an area is missing.
    public var narrowingsOpen: [String]

    /// Compares two exams, the earlier one first.
    ///
    /// - Throws: `differentSubjects`, `sameExam`, `timeUnreadable`, `sameTime`.
    public init(_ one: Exam, _ other: Exam, history: [Intervention] = []) throws(FollowUpError) {
        let ordered = try ExamTimes([one, other]).ordered
        self.init(ordered[0], ordered[1], history: history)
    }

    init(_ earlier: ExamTimes.Timed, _ later: ExamTimes.Timed, history: [Intervention]) {
        self.earlier = ComparedExam(earlier.exam)
        self.later = ComparedExam(later.exam)
        intervalDays = earlier.instant.days(to: later.instant)
        window = FollowUpWindow(days: intervalDays)
        changes = Self.changes(earlier.exam, later.exam)
        criteria = CriterionChange.changes(earlier.exam.assessment, later.exam.assessment)
        severity = SeverityChange(earlier.exam.assessment, later.exam.assessment)
        let (before, now) = (StepReading(earlier.exam), StepReading(later.exam))
        let isMixed = earlier.exam.isSimulated != later.exam.isSimulated
        steps = StepPairing(before, now, isMixed: isMixed).steps
        lumens = LumenChange.changes(earlier.exam, later.exam, isMixed: isMixed)
        modalities = ModalityChange.changes(earlier.exam, later.exam)
        let dated = history.compactMap { entry in ExamInstant(entry.date).map { (entry: entry, at: $0) } }
        interventions = dated.filter { $0.at <= later.instant }.map(\.entry)
        func isTreated(_ side: Side, _ holds: (ExamInstant) -> Bool) -> Bool {
            dated.contains { $0.entry.vein == .internalJugular && $0.entry.side == side && holds($0.at) }
        }
        if isMixed {
            (narrowings, narrowingsOpen) = ([], ["all: one exam is simulated"])
        } else {
            (narrowings, narrowingsOpen) = Narrowing.find(
                before, now, treatedBefore: { isTreated($0) { $0 <= earlier.instant } },
                treatedBetween: { isTreated($0) { $0 > earlier.instant && $0 <= later.instant } })
        }
    }

    /// What differs for the whole exam.
    private static func changes(_ earlier: Exam, _ later: Exam) -> [String] {
        var lines: [String] = []
        func note(_ what: String, _ before: String, _ now: String) {
            if before != now { lines.append("\(what) changed: \(before), then \(now).") }
        }
        if earlier.isSimulated != later.isSimulated {
            lines.append("One exam is simulated and the other is not: nothing is compared.")
        }
        note("Program", earlier.software, later.software)
        let gone = earlier.algorithms.filter { !later.algorithms.contains($0) }
        let new = later.algorithms.filter { !earlier.algorithms.contains($0) }
        if !gone.isEmpty || !new.isEmpty {
            lines.append(
                "Algorithms changed: \((gone.isEmpty ? ["none"] : gone).joined(separator: ", ")), then "
                    + "\((new.isEmpty ? ["none"] : new).joined(separator: ", ")). "
                    + "Differences may be theirs: analyse the earlier recordings again first.")
        }
        note(
            "Protocol", ComparedExam.name(earlier.protocolReference), ComparedExam.name(later.protocolReference))
        note(
            "Definition", ComparedExam.name(earlier.assessment.definition),
            ComparedExam.name(later.assessment.definition))
        note(
            "Score table", ComparedExam.name(earlier.assessment.vhiss.table),
            ComparedExam.name(later.assessment.vhiss.table))
        note("Source", earlier.sourceDescription, later.sourceDescription)
        return lines
    }
}
