internal import CCSVIAnalysis
internal import ExamArchive
internal import ExamSession
internal import LocalServer
internal import Synchronization

extension ConsoleDesk {
    /// `POST /api/exams/*/marks`: a person's marks of one recording, kept beside the analyser's.
    func mark(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        let request = try MarksRequest(call.request.body)
        let ends = request.marks.map(\.endSeconds)
        return try await keep(of: request.recordingID, ends, call) { (marks) throws(RoomRefusal) in
            try marks.set(request.marks, of: request.recordingID)
        }
    }

    /// `POST /api/exams/*/trace`: an envelope that a person corrected, kept beside the analyser's.
    func trace(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        let (recordingID, trace) = try MarksRequest.trace(call.request.body)
        return try await keep(of: recordingID, trace.points.map(\.seconds), call) { (marks) throws(RoomRefusal) in
            try marks.set(trace, of: recordingID)
        }
    }

    /// What changes the marks of an exam.
    private typealias Change = @Sendable (inout OperatorMarks) throws(RoomRefusal) -> Void

    private func keep(
        of recordingID: String, _ ends: [Double], _ call: DeskCall, _ change: @escaping Change
    ) async throws(DeskRefusal) -> WebAnswer {
        try await onDeskThread { [self] () throws(DeskRefusal) in
            try keep(Kept(recordingID: recordingID, ends: ends, change: change), in: call.names[0], call.actor)
        }
        fanOut.offer(#"{"event":"patients"}"#)
        return .done
    }

    /// What is to be kept of one recording.
    private struct Kept: Sendable {
        var recordingID: String
        /// The times that must lie in the recording, seconds.
        var ends: [Double]
        var change: Change
    }

    /// Keeps marks on the shelf and in the archive.
    ///
    /// Blocks.
    private func keep(_ request: Kept, in examID: String, _ actor: DeskActor) throws(DeskRefusal) {
        let archived = try archived(examID)
        let isOpen = state.withLock { $0.openExamID } == examID
        if let archived, !isOpen {
            guard !archived.state.isSigned else {
                throw DeskRefusal(
                    .notNow, "exam \(examID) is signed, and nothing of it changes",
                    next: "Amend it with `archive amend`.")
            }
            try means.shelf.bring(archived, from: means.archive)
        }
        try means.shelf.alone { () throws(DeskRefusal) in
            let folder = try means.shelf.folder(examID)
            if isOpen { try checkOpen(request, folder) } else { try check(request, folder) }
            var marks = try atExam { () throws(ExamSessionError) in try OperatorMarks(in: folder) }
            try atRoom { () throws(RoomRefusal) in try request.change(&marks) }
            let document = marks
            try atExam { () throws(ExamSessionError) in try document.write(to: folder) }
            // What is marked while the exam is made goes into the archive with it.
            guard archived != nil, !isOpen else { return }
            let archive = means.archive
            _ = try actor.acting { () throws(ArchiveError) in
                try archive.mark(
                    examID, from: folder.path, document: OperatorMarks.fileName, reader: ExamShelf.condition,
                    act: actor.act)
            }
        }
    }

    /// Refuses marks while a recording is made, and of recordings that are not there.
    private func checkOpen(_ request: Kept, _ folder: ExamFolder) throws(DeskRefusal) {
        let phase = room.state?.phase ?? .working
        guard phase != .recording, phase != .working else {
            throw DeskRefusal(RoomRefusal.notNow(act: "marks", phase: phase))
        }
        let names = try atExam { () throws(ExamSessionError) in try folder.recordingFileNames() }
        guard names.contains("recordings/\(request.recordingID).dbrec") else { throw Self.noSuchRecording }
    }

    /// Refuses marks of recordings that the exam does not have, and beyond their end.
    private func check(_ request: Kept, _ folder: ExamFolder) throws(DeskRefusal) {
        guard folder.holds(ExamFolder.examFileName) else {
            throw DeskRefusal(.notNow, "the exam has no result yet", next: "Mark it when it has ended.")
        }
        let exam = try atExam { () throws(ExamSessionError) in try folder.exam() }
        guard let recording = exam.recordings.first(where: { $0.recordingID == request.recordingID }) else {
            throw Self.noSuchRecording
        }
        // A mark may end with the last column, which reaches a little beyond the samples.
        let slackSeconds = 1.0
        if let late = request.ends.first(where: { $0 > recording.durationSeconds + slackSeconds }) {
            throw DeskRefusal(
                .wrongInput, "a mark ends at \(late) s, after the recording",
                next: "Give times within its \(recording.durationSeconds) s.")
        }
    }

    private static let noSuchRecording = DeskRefusal(
        .notThere, "the exam has no such recording", next: "Choose another one.")
}
