import ExamArchive

extension Failure {
    init(_ error: ArchiveError) {
        switch error {
        case .alreadyThere, .inUse, .diskFull, .readOnly, .storage: self.init(.storage, error.description)
        case .notAnArchive, .damaged, .newerSchema, .notAnExam, .auditBroken, .refused, .recordingLost:
            self.init(.data, error.description)
        case .openForReading, .alreadyArchived, .unknownExam, .wrongState, .badArgument, .wrongKey, .noIdentity,
            .alreadyQueued, .unknownDelivery, .wrongDeliveryState, .unknownTransaction, .identifiersAlreadySet,
            .signInNeeded, .notPermitted, .signInRefused, .accountLocked, .unknownAccount:
            self.init(.usage, error.description)
        }
    }
}

/// Does something with an archive and turns its errors into failures.
func archiving<Value>(_ body: () throws(ArchiveError) -> Value) throws -> Value {
    do throws(ArchiveError) { return try body() } catch { throw Failure(error) }
}
