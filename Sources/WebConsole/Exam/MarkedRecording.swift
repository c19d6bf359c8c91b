internal import ExamSession
internal import Synchronization

/// Keeps the moments that an operator marks in the recording that is made.
final class MarkedRecording: Sendable {
    private let folder: ExamFolder
    /// One writes at a time.
    private let writing = Mutex<Void>(())

    init(folder: ExamFolder) { self.folder = folder }

    /// Marks a moment of the recording that is made or was made last.
    func mark(
        _ moment: ExamState.MarkedMoment, by act: ConsoleAct, in conversation: ExamConversation
    ) throws(RoomRefusal) {
        let state = conversation.state
        guard state.allows(act), let recordingID = state.recordingID else {
            throw .notNow(act: act.name, phase: state.phase)
        }
        try keep(moment, of: recordingID)
        conversation.change { $0.state.marks.append(moment) }
    }

    /// Writes a moment into the exam's folder.
    func keep(_ moment: ExamState.MarkedMoment, of recordingID: String) throws(RoomRefusal) {
        let failure = writing.withLock { _ -> ExamSessionError? in
            do throws(ExamSessionError) {
                var marks = try OperatorMarks(in: folder)
                marks.add(moment, to: recordingID)
                try marks.write(to: folder)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw .exam(failure) }
    }
}
