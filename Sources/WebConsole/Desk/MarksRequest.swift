internal import CCSVIAnalysis

/// The marks that a person sends of one recording: `{recordingID, marks: [{startSeconds, endSeconds, state, proposed}]}`.
struct MarksRequest: Sendable, Hashable {
    /// The recording.
    var recordingID: String
    /// The marks.
    var marks: [OperatorMarks.Mark]

    /// The longest recording, seconds (project choice; the protocols' longest has 60).
    private static let longestSeconds = 3600.0
    /// The highest velocity that a proposal may name, cm/s (project choice: far above any in a vein).
    private static let highestCmPerS = 1000.0
    /// The longest id of a recording, bytes.
    private static let longestID = 128

    /// Reads a request's body.
    init(_ body: [UInt8]) throws(DeskRefusal) {
        var fields = try JSONFields(body)
        recordingID = try fields.text("recordingID", atMost: Self.longestID)
        let items = try fields.list("marks", atMost: OperatorMarks.mostOfARecording)
        try fields.end()
        marks = []
        for (index, item) in items.enumerated() {
            marks.append(try Self.mark(JSONFields(item, place: "marks[\(index)]")))
        }
    }

    private static func mark(_ given: JSONFields) throws(DeskRefusal) -> OperatorMarks.Mark {
        var fields = given
        let stretch = try stretch(&fields)
        let state = try fields.word("state", OperatorMarks.Mark.State.self)
        var proposed: OperatorMarks.Stretch?
        if var inner = try fields.optionalFields("proposed") {
            proposed = try Self.stretch(&inner)
            // The page sends back what it was given; the peak is the analyser's own and is not kept twice.
            _ = try inner.optionalNumber("peakCmPerS", in: -highestCmPerS...highestCmPerS)
            try inner.end()
        }
        try fields.end()
        return OperatorMarks.Mark(
            startSeconds: stretch.startSeconds, endSeconds: stretch.endSeconds, state: state, proposed: proposed)
    }

    /// Reads the body of a corrected envelope: `{recordingID, side, points: [{seconds, velocityCmPerS}]}`.
    static func trace(_ body: [UInt8]) throws(DeskRefusal) -> (recordingID: String, trace: HandTrace) {
        var fields = try JSONFields(body)
        let recordingID = try fields.text("recordingID", atMost: longestID)
        let side = try fields.word("side", HandTrace.Side.self)
        let items = try fields.list("points", atMost: HandTrace.mostPoints)
        try fields.end()
        var points: [HandTrace.Point] = []
        for (index, item) in items.enumerated() {
            var given = try JSONFields(item, place: "points[\(index)]")
            points.append(
                HandTrace.Point(
                    seconds: try given.number("seconds", in: 0...longestSeconds),
                    velocityCmPerS: try given.number("velocityCmPerS", in: -highestCmPerS...highestCmPerS)))
            try given.end()
        }
        return (recordingID, HandTrace(side: side, points: points))
    }

    private static func stretch(_ fields: inout JSONFields) throws(DeskRefusal) -> OperatorMarks.Stretch {
        OperatorMarks.Stretch(
            startSeconds: try fields.number("startSeconds", in: 0...longestSeconds),
            endSeconds: try fields.number("endSeconds", in: 0...longestSeconds))
    }
}

/// What a review shows of one recording's marks.
struct ReviewedMarks: Encodable, Sendable {
    /// What the analyser proposed.
    struct Proposal: Encodable, Sendable {
        var startSeconds: Double
        var endSeconds: Double
        var peakCmPerS: Double?
    }

    var recordingID: String
    var proposed: [Proposal]
    /// What was said of them; `nil` while nobody has.
    var marks: [OperatorMarks.Mark]
    /// Whether anybody has looked at them.
    var isJudged: Bool
    var moments: [ExamState.MarkedMoment]
    /// The envelopes that were corrected by hand.
    var traces: [HandTrace]

    /// What was proposed and marked, for every recording of an exam that has either.
    static func all(_ marks: OperatorMarks, of exam: Exam) -> [ReviewedMarks] {
        exam.recordings.compactMap { recording in
            let proposed = proposed(in: recording.recordingID, of: exam)
            let own = marks.recordings[recording.recordingID]
            guard !proposed.isEmpty || own != nil else { return nil }
            return ReviewedMarks(
                recordingID: recording.recordingID, proposed: proposed, marks: own?.refluxes ?? [],
                isJudged: own?.refluxes != nil, moments: own?.moments ?? [], traces: own?.traces ?? [])
        }
    }

    /// The refluxes that the analyser found in a recording.
    private static func proposed(in recordingID: String, of exam: Exam) -> [Proposal] {
        let takes = exam.course?.steps.flatMap(\.takes).compactMap(\.observation) ?? []
        let seen = (exam.measurements.observations + takes).first { $0.recordingID == recordingID }
        return (seen?.refluxes ?? []).compactMap { reflux in
            reflux.onsetSeconds.map { onset in
                Proposal(
                    startSeconds: onset, endSeconds: onset + reflux.durationSeconds,
                    peakCmPerS: reflux.peakVelocityCmPerS)
            }
        }
    }
}
