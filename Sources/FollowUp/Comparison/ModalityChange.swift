public import CCSVIAnalysis

/// What another modality found at one place, as two exams hold it: shown, never scored.
public struct ModalityChange: Sendable, Hashable, Encodable {
    /// One finding and how it stands to the ultrasound of its exam.
    public struct Entry: Sendable, Hashable, Encodable {
        /// What was found, in words.
        public var result: String
        /// Date, report number and source.
        public var origin: String
        /// Whether the ultrasound of the exam says the same; `nil` for veins that are not compared.
        public var agreement: ModalityComparison.Agreement?
    }

    /// How the two exams differ.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// Both hold the same findings, from the same reports.
        case same
        /// Both hold findings, and they differ.
        case changed
        /// The later exam alone holds a finding.
        case added
        /// The earlier exam alone holds a finding.
        case removed
    }

    /// The place's id: `mrVenography.ijv.left.j1`.
    public var id: String
    /// Modality and place in words.
    public var name: String
    /// What the earlier exam holds.
    public var earlier: [Entry]
    /// What the later exam holds.
    public var later: [Entry]
    /// How they differ.
    public var state: State

    /// The places of which either exam holds a finding of another modality.
    static func changes(_ earlier: Exam, _ later: Exam) -> [ModalityChange] {
        var seen: Set<String> = []
        return (earlier.measurements.otherFindings + later.measurements.otherFindings).compactMap { finding in
            let id = Self.id(of: finding)
            guard seen.insert(id).inserted else { return nil }
            let (before, now) = (entries(id, in: earlier), entries(id, in: later))
            return ModalityChange(
                id: id, name: "\(finding.modality.words), \(finding.place)", earlier: before, later: now,
                state: state(before, now))
        }
    }

    private static func state(_ earlier: [Entry], _ later: [Entry]) -> State {
        if earlier.isEmpty { return .added }
        if later.isEmpty { return .removed }
        return earlier.map { [$0.result, $0.origin] } == later.map { [$0.result, $0.origin] } ? .same : .changed
    }

    private static func entries(_ id: String, in exam: Exam) -> [Entry] {
        exam.measurements.otherFindings.filter { Self.id(of: $0) == id }.map { finding in
            Entry(
                result: finding.result, origin: finding.origin,
                agreement: exam.assessment.beside.modalities.first { $0.finding == finding }?.agreement)
        }
    }

    private static func id(of finding: OtherFinding) -> String {
        ([finding.modality.rawValue, finding.vein.code, finding.side.rawValue]
            + (finding.level.map { [$0.rawValue] } ?? []))
            .joined(separator: ".")
    }
}
