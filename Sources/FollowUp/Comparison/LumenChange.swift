public import CCSVIAnalysis

/// What looking at one jugular lumen for defects brought in two exams.
public struct LumenChange: Sendable, Hashable, Encodable {
    /// What one exam says of a lumen.
    public struct State: Sendable, Hashable, Encodable {
        /// How far it was looked at.
        public var status: ExaminationStatus
        /// Why it could not be assessed.
        public var reason: String?
        /// The defects that were seen, in the order of the coded list; empty also where nobody looked.
        public var defects: [LumenDefectKind]
        /// How the leaflets of the valve move; `nil` where that was not noted.
        public var leafletMotion: LeafletMotion?

        /// The state in words: `septum, leaflets immobile`, `no defect`, `not examined`.
        public var words: String {
            guard status == .examined else { return status.words + (reason.map { ": \($0)" } ?? "") }
            let seen = defects.isEmpty ? ["no defect"] : defects.map(\.words)
            return (seen + (leafletMotion.map { [$0.words] } ?? [])).joined(separator: ", ")
        }
    }

    /// The place's id: `lumen.left.j1`.
    public var id: String
    /// The place in words.
    public var name: String
    /// What the earlier exam says.
    public var earlier: State
    /// What the later exam says.
    public var later: State
    /// Defects that the later exam alone has; empty where the two cannot be compared.
    public var appeared: [LumenDefectKind]
    /// Defects that the earlier exam alone has; empty where the two cannot be compared.
    public var disappeared: [LumenDefectKind]
    /// Why the two cannot be compared; `nil` when they can.
    public var notComparable: String?

    /// The lumens that either exam says something of.
    static func changes(_ earlier: Exam, _ later: Exam, isMixed: Bool) -> [LumenChange] {
        [Side.right, .left].flatMap { side in
            JugularLevel.allCases.compactMap { level in
                let place = LumenPlace(side: side, level: level)
                let states = (state(of: place, in: earlier.measurements), state(of: place, in: later.measurements))
                guard states.0 != nil || states.1 != nil else { return nil }
                let unseen = State(status: .notExamined, defects: [])
                return LumenChange(place, states.0 ?? unseen, states.1 ?? unseen, isMixed: isMixed)
            }
        }
    }

    private init(_ place: LumenPlace, _ earlier: State, _ later: State, isMixed: Bool) {
        id = place.itemID
        name = place.name
        self.earlier = earlier
        self.later = later
        (appeared, disappeared) = ([], [])
        if isMixed {
            notComparable = "one exam is simulated"
        } else if earlier.status != .examined {
            notComparable = "\(earlier.status.words) in the earlier exam"
        } else if later.status != .examined {
            notComparable = "\(later.status.words) in the later exam"
        } else {
            appeared = later.defects.filter { !earlier.defects.contains($0) }
            disappeared = earlier.defects.filter { !later.defects.contains($0) }
        }
    }

    /// What an exam says of a lumen; `nil` where it says nothing.
    private static func state(of place: LumenPlace, in measurements: ExamMeasurements) -> State? {
        let found = Set(
            measurements.lumenDefects.filter { $0.side == place.side && $0.level == place.level }.map(\.kind))
        let inspection = measurements.lumenInspections.first { $0.place == place }
        guard !found.isEmpty || inspection != nil else { return nil }
        // Whoever names a defect has looked.
        let status = found.isEmpty ? inspection?.status ?? .notExamined : .examined
        return State(
            status: status, reason: status == .notAssessable ? inspection?.reason : nil,
            defects: LumenDefectKind.allCases.filter(found.contains), leafletMotion: inspection?.leafletMotion)
    }
}
