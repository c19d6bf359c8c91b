internal import ExamArchive
internal import LocalServer

/// Who sits at which browser, and who operates.
struct DeskPeople: Sendable {
    /// What is known of one browser.
    struct Person: Sendable {
        /// Who signed in; `nil` for nobody.
        var signIn: ArchiveSignIn?
        /// When the person last did something.
        var lastActAt: ArchiveTime
        /// The names that the person was shown since signing in, by the subjects' codes; `nil` = has none.
        var shown: [String: PatientIdentity?] = [:]
    }

    /// The operator's browser; `nil` while nobody operates.
    private(set) var operating: VisitorID?
    private var people: [VisitorID: Person] = [:]
    /// Live connections by browser.
    private var connections: [VisitorID: Int] = [:]

    /// Without an act for so long, the account is locked, ms (10 minutes: project choice).
    static let lockAfterMs: Int64 = 10 * 60 * 1000
    /// The most browsers that are remembered (project choice); those that were silent longest are forgotten.
    private static let mostPeople = 256

    /// What is known of a browser.
    func person(_ visitor: VisitorID) -> Person? { people[visitor] }

    /// Notes that a browser's person does something.
    mutating func note(_ visitor: VisitorID, at now: ArchiveTime) {
        people[visitor, default: Person(lastActAt: now)].lastActAt = now
        guard people.count > Self.mostPeople else { return }
        let silent = people.filter { connections[$0.key] == nil && $0.key != operating && $0.key != visitor }
        if let oldest = silent.min(by: { $0.value.lastActAt < $1.value.lastActAt }) {
            people.removeValue(forKey: oldest.key)
        }
    }

    /// Somebody signed in, or out with `nil`: what the one before was shown is forgotten.
    mutating func sign(_ visitor: VisitorID, in signIn: ArchiveSignIn?, at now: ArchiveTime) {
        people[visitor] = Person(signIn: signIn, lastActAt: now)
    }

    /// Keeps what a person was shown.
    mutating func show(_ identities: [String: PatientIdentity?], to visitor: VisitorID) {
        people[visitor]?.shown.merge(identities) { _, new in new }
    }

    /// Forgets what anybody was shown of a subject.
    mutating func forget(_ subjectCode: String) {
        for visitor in people.keys { people[visitor]?.shown.removeValue(forKey: subjectCode) }
    }

    /// Locks whoever did nothing for too long.
    ///
    /// - Returns: the browsers that were locked.
    mutating func lockIdle(at now: ArchiveTime) -> [VisitorID] {
        let idle = people.filter { entry in
            entry.value.signIn != nil
                && now.millisecondsSince1970 &- entry.value.lastActAt.millisecondsSince1970 >= Self.lockAfterMs
        }
        for visitor in idle.keys { people[visitor] = Person(lastActAt: now) }
        return idle.keys.sorted { $0.number < $1.number }
    }

    /// Takes the operator's seat.
    ///
    /// - Returns: whether somebody else, or nobody, had it.
    mutating func operate(_ visitor: VisitorID) -> Bool {
        defer { operating = visitor }
        return operating != visitor
    }

    /// Leaves the operator's seat.
    mutating func leaveSeat(_ visitor: VisitorID) {
        if operating == visitor { operating = nil }
    }

    /// A live connection of a browser began.
    ///
    /// - Returns: whether it is the operator's.
    mutating func connected(_ visitor: VisitorID) -> Bool {
        connections[visitor, default: 0] += 1
        return visitor == operating
    }

    /// A live connection of a browser ended.
    ///
    /// - Returns: whether it was the operator's last one.
    mutating func disconnected(_ visitor: VisitorID) -> Bool {
        let left = (connections[visitor] ?? 0) - 1
        connections[visitor] = left > 0 ? left : nil
        return left <= 0 && visitor == operating
    }

    /// Whether the operator's browser has a live connection.
    var isOperatorThere: Bool { operating.map { connections[$0] != nil } ?? false }
}
