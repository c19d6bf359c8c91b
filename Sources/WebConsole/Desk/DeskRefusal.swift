public import ExamArchive
public import ExamSession
internal import Foundation

/// Why the desk does not do what was asked: what is wrong, and what to do next.
public struct DeskRefusal: Error, Sendable, Hashable {
    /// HTTP's status.
    public enum Status: Int, Sendable, Hashable, CaseIterable {
        /// What was sent is not what is asked for.
        case wrongInput = 400
        /// Nobody is signed in.
        case signIn = 401
        /// The person who is signed in may not do this.
        case notAllowed = 403
        /// There is nothing of this name.
        case notThere = 404
        /// This address takes other methods.
        case otherMethod = 405
        /// It goes, but not now.
        case notNow = 409
        /// Too much was sent.
        case tooMuch = 413
        /// Something behind the desk does not work.
        case unavailable = 503
    }

    /// HTTP's status.
    public var status: Status
    /// What is wrong.
    public var what: String
    /// What to do next.
    public var next: String
    /// The methods that the address takes, where another one was tried.
    var allowedMethods: [String] = []

    /// A refusal from its parts.
    public init(_ status: Status, _ what: String, next: String) {
        self.status = status
        self.what = what
        self.next = next
    }
}

extension DeskRefusal: CustomStringConvertible {
    /// What is wrong, and what to do next.
    public var description: String { "\(what): \(next)" }

    /// A description of the form "what: what to do next", taken apart at its last colon.
    private init(_ status: Status, describedBy text: String) {
        guard let colon = text.range(of: ": ", options: .backwards) else {
            self.init(status, text, next: "Try again.")
            return
        }
        self.init(status, String(text[..<colon.lowerBound]), next: String(text[colon.upperBound...]))
    }

    /// What the archive says.
    public init(_ error: ArchiveError) {
        let status: Status =
            switch error {
            case .signInNeeded, .signInRefused: .signIn
            case .notPermitted, .accountLocked: .notAllowed
            case .unknownExam, .unknownDelivery, .noIdentity, .unknownAccount: .notThere
            case .wrongState, .wrongDeliveryState, .alreadyArchived, .alreadyQueued, .wrongKey, .recordingLost,
                .openForReading, .unknownTransaction, .identifiersAlreadySet:
                .notNow
            case .badArgument, .notAnExam: .wrongInput
            case .notAnArchive, .alreadyThere, .inUse, .diskFull, .readOnly, .storage, .damaged, .newerSchema,
                .auditBroken, .refused:
                .unavailable
            }
        self.init(status, describedBy: error.description)
    }

    /// What the exam's session says.
    public init(_ error: ExamSessionError) {
        let status: Status =
            switch error {
            case .folderInUse, .unfinished, .notWritten, .finished, .inUse, .otherKindOfSource, .otherExam, .otherRules:
                .notNow
            case .source, .recording, .ring, .signal, .analysis, .notAnExam, .notWritable, .unreadable,
                .recordingMissing, .recordingChanged:
                .unavailable
            }
        self.init(status, describedBy: error.description)
    }
}

/// Runs something of the archive for the desk.
func atArchive<Value>(_ body: () throws(ArchiveError) -> Value) throws(DeskRefusal) -> Value {
    do throws(ArchiveError) { return try body() } catch { throw DeskRefusal(error) }
}

/// Runs something of an exam for the desk.
func atExam<Value>(_ body: () throws(ExamSessionError) -> Value) throws(DeskRefusal) -> Value {
    do throws(ExamSessionError) { return try body() } catch { throw DeskRefusal(error) }
}
