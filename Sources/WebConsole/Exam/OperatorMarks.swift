public import ExamSession

/// What an operator says of the refluxes that the analyser proposes, and the moments that were marked: `marks.json`.
///
/// It stands beside the exam and never changes it: what the analyser proposed and what the operator says are both kept.
public struct OperatorMarks: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-marks-1"
    /// The name of the file.
    public static let fileName = "marks.json"
    /// The most marks of a recording (project choice: far more than anybody sets).
    public static let mostOfARecording = 500

    /// A stretch of time in a recording.
    public struct Stretch: Sendable, Hashable, Codable {
        /// Start since the start of the recording, seconds.
        public var startSeconds: Double
        /// End, seconds, after the start.
        public var endSeconds: Double

        /// A stretch from its ends.
        public init(startSeconds: Double, endSeconds: Double) {
            self.startSeconds = startSeconds
            self.endSeconds = endSeconds
        }

        /// Whether both are times and in order.
        var isPossible: Bool {
            startSeconds.isFinite && endSeconds.isFinite && startSeconds >= 0 && endSeconds > startSeconds
        }
    }

    /// A reflux as the operator sees it.
    public struct Mark: Sendable, Hashable, Codable {
        /// What became of the analyser's proposal.
        public enum State: String, Sendable, Hashable, Codable, CaseIterable {
            /// It stands as proposed.
            case accepted
            /// It stands elsewhere.
            case moved
            /// It is none.
            case rejected
            /// The operator saw one that was not proposed.
            case added
        }

        /// Start since the start of the recording, seconds.
        public var startSeconds: Double
        /// End, seconds, after the start.
        public var endSeconds: Double
        /// What became of the proposal.
        public var state: State
        /// The proposal; `nil` for one that was added.
        public var proposed: Stretch?

        /// A mark from its fields.
        public init(startSeconds: Double, endSeconds: Double, state: State, proposed: Stretch?) {
            self.startSeconds = startSeconds
            self.endSeconds = endSeconds
            self.state = state
            self.proposed = proposed
        }
    }

    /// What was marked in one recording.
    public struct OfRecording: Sendable, Hashable, Codable {
        /// The operator's refluxes; `nil` until the operator has said something of them.
        public var refluxes: [Mark]?
        /// The moments that were marked while recording, in the order in which they were.
        public var moments: [ExamState.MarkedMoment] = []
        /// The envelopes as the operator corrected them, one a side at most; `nil` where none was.
        public var traces: [HandTrace]?
    }

    /// `dopplerbridge-marks-1`.
    public var schema = Self.schemaID
    /// By the recordings' ids.
    public var recordings: [String: OfRecording] = [:]

    /// Nothing marked.
    public init() {}

    /// Reads what is marked in an exam's folder; nothing where there is no file.
    ///
    /// - Throws: when the file cannot be read or is of another format.
    public init(in folder: ExamFolder) throws(ExamSessionError) {
        guard folder.holds(Self.fileName) else { return }
        self = try folder.read(Self.self, from: Self.fileName)
        guard schema == Self.schemaID else {
            throw .unreadable(path: folder.file(Self.fileName), reason: "its format is \(schema)")
        }
    }

    /// Puts the operator's refluxes of a recording in the place of those before.
    ///
    /// - Throws: `RoomRefusal.wrong` for times that are none, proposals that are missing, and too many.
    public mutating func set(_ marks: [Mark], of recordingID: String) throws(RoomRefusal) {
        guard marks.count <= Self.mostOfARecording else {
            throw .wrong(what: "\(marks.count) marks in one recording", next: "mark \(Self.mostOfARecording) at most")
        }
        for mark in marks {
            let stretch = Stretch(startSeconds: mark.startSeconds, endSeconds: mark.endSeconds)
            guard stretch.isPossible, mark.proposed?.isPossible ?? true else {
                throw .wrong(what: "a mark ends where it begins, or before", next: "set its start before its end")
            }
            guard (mark.proposed == nil) == (mark.state == .added) else {
                throw .wrong(
                    what:
                        "a mark that is `\(mark.state.rawValue)` \(mark.proposed == nil ? "needs" : "has no") proposal",
                    next: "send the analyser's stretch with it, except for one that was added")
            }
        }
        recordings[recordingID, default: OfRecording()].refluxes = marks
    }

    /// Puts a corrected envelope in the place of the one before of its side; one without points takes it away.
    ///
    /// - Throws: `RoomRefusal.wrong` for points that are no envelope.
    public mutating func set(_ trace: HandTrace, of recordingID: String) throws(RoomRefusal) {
        try trace.check()
        let others = (recordings[recordingID]?.traces ?? []).filter { $0.side != trace.side }
        let traces = trace.points.isEmpty ? others : others + [trace]
        recordings[recordingID, default: OfRecording()].traces = traces.isEmpty ? nil : traces
    }

    /// Adds a moment.
    mutating func add(_ moment: ExamState.MarkedMoment, to recordingID: String) {
        let before = recordings[recordingID, default: OfRecording()].moments
        guard before.count < Self.mostOfARecording, !before.contains(moment) else { return }
        recordings[recordingID, default: OfRecording()].moments.append(moment)
    }

    /// Writes the file into an exam's folder, whole or not at all.
    public func write(to folder: ExamFolder) throws(ExamSessionError) { try folder.write(self, as: Self.fileName) }
}
