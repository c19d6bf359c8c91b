internal import GRDB
internal import Glibc

/// Why the archive could not be read, written or trusted.
public enum ArchiveError: Error, Sendable, Hashable {
    /// There is no archive in the folder.
    case notAnArchive(path: String, reason: String)
    /// The folder for a new archive, backup or export is not empty.
    case alreadyThere(path: String)
    /// Another process writes; carries what it said of itself.
    case inUse(path: String, holder: String)
    /// The disk is full.
    case diskFull(path: String)
    /// The disk, or its file system, is read-only.
    case readOnly(path: String)
    /// A file or folder could not be read or written.
    case storage(path: String, reason: String)
    /// The database or a file is not what was stored.
    case damaged(path: String, reason: String)
    /// The database was made by a newer program.
    case newerSchema(path: String)
    /// The database was opened for reading.
    case openForReading(path: String)
    /// A folder cannot be taken in as an exam.
    case notAnExam(path: String, reason: String)
    /// The exam is in the archive already.
    case alreadyArchived(examID: String, state: ExamState)
    /// The archive does not hold this exam, or not this version; 0 is any.
    case unknownExam(examID: String, version: Int)
    /// What is asked does not go with the exam's state.
    case wrongState(examID: String, version: Int, state: ExamState, what: String, remedy: String)
    /// An update would lose or change a recording.
    case recordingLost(examID: String, name: String)
    /// The audit log is not what it was.
    case auditBroken(path: String, reason: String)
    /// A rule of the database refused a change.
    case refused(path: String, reason: String)
    /// An argument is out of range.
    case badArgument(what: String, remedy: String)
    /// A key does not fit, or cannot be used.
    case wrongKey(reason: String, remedy: String)
    /// No identity is stored for a subject.
    case noIdentity(subjectCode: String)
    /// The outbox has this document for this destination already.
    case alreadyQueued(destination: String, kind: String, identifier: String)
    /// The outbox does not hold this delivery.
    case unknownDelivery(id: Int64)
    /// What is asked does not go with the delivery's state.
    case wrongDeliveryState(id: Int64, state: DeliveryState, what: String, remedy: String)
    /// A receiver answered in a transaction that nobody began here.
    case unknownTransaction(transactionUID: String)
    /// The identifiers of an exam were made before, and are others.
    case identifiersAlreadySet(examID: String, version: Int)
    /// The archive has accounts, and nobody is signed in.
    case signInNeeded(right: ArchiveRight)
    /// The account that is signed in may not do this.
    case notPermitted(name: String, role: ArchiveRole, right: ArchiveRight)
    /// There is no such account, or the passphrase is not its own.
    case signInRefused(name: String)
    /// Signing in failed too often.
    case accountLocked(name: String, until: ArchiveTime)
    /// The archive has no account of this name.
    case unknownAccount(name: String)
}

extension ArchiveError: CustomStringConvertible {
    /// What happened, where, and what to do next.
    public var description: String {
        switch self {
        case .notAnArchive(let path, let reason):
            "\(path): not an archive (\(reason)): give the folder of `archive init`, or make one with it"
        case .alreadyThere(let path): "\(path): something is there already: give the name of a new folder"
        case .inUse(let path, let holder):
            "\(path): another process writes to this archive (\(holder)): wait until it has ended, or end it, and try again"
        case .diskFull(let path):
            "\(path): the disk is full; the archive is as it was before: free space on this disk and try again"
        case .readOnly(let path):
            "\(path): the disk is read-only; it can be read, not changed: make it writable and try again"
        case .storage(let path, let reason): "\(path): \(reason): check the disk, the name and the permissions"
        case .damaged(let path, let reason):
            "\(path): damaged (\(reason)): write nothing more to it, run `archive verify`, and restore a backup"
        case .newerSchema(let path): "\(path): made by a newer version of this program: update the program"
        case .openForReading(let path): "\(path): was opened for reading only: open it for writing"
        case .notAnExam(let path, let reason): "\(path): cannot be archived (\(reason)): give a folder of `exam run`"
        case .unknownExam(let id, let version):
            "exam \(id)\(version > 0 ? ", version \(version)" : ""): not in the archive: see `archive list`"
        case .alreadyArchived, .wrongState, .recordingLost: examDescription
        case .auditBroken(let path, let reason):
            "\(path): the audit log is not what it was (\(reason)): run `archive audit --check`, and restore a backup"
        case .refused(let path, let reason): "\(path): refused by the database: \(reason): nothing was changed"
        case .badArgument(let what, let remedy): "\(what): \(remedy)"
        case .wrongKey(let reason, let remedy): "\(reason): \(remedy)"
        case .alreadyQueued, .unknownDelivery, .wrongDeliveryState, .unknownTransaction, .identifiersAlreadySet:
            deliveryDescription
        case .signInNeeded, .notPermitted, .signInRefused, .accountLocked, .unknownAccount: accountDescription
        case .noIdentity(let code): "subject \(code): no identity is stored: store one with `archive identity set`"
        }
    }

    private var deliveryDescription: String {
        switch self {
        case .alreadyQueued(let destination, let kind, let identifier):
            "\(kind) \(identifier) for \(destination): is in the outbox already: see `outbox list`"
        case .unknownDelivery(let id): "delivery \(id): not in the outbox: see `outbox list`"
        case .wrongDeliveryState(let id, let state, let what, let remedy):
            "delivery \(id): is \(state.rawValue): \(what): \(remedy)"
        case .unknownTransaction(let uid):
            "transaction \(uid): was not begun by this archive: check which station the receiver answers to"
        case .identifiersAlreadySet(let id, let version):
            "exam \(id), version \(version): has identifiers already, which never change: use the stored ones"
        default: ""
        }
    }

    private var accountDescription: String {
        switch self {
        case .signInNeeded(let right):
            "this archive has accounts, and nobody is signed in to \(right.words): give --as NAME"
        case .notPermitted(let name, let role, let right):
            "\(name) is \(role == .administrator ? "an" : "a") \(role.rawValue) and may not \(right.words): "
                + "sign in as \(right.roles.map(\.rawValue).sorted().joined(separator: " or "))"
        case .signInRefused(let name):
            "\(name): no such account, or not its passphrase: try again, or ask an administrator for a new one"
        case .accountLocked(let name, let until):
            "\(name): locked until \(until.text), because signing in failed too often: wait, or ask an administrator"
        case .unknownAccount(let name): "\(name): no account of this archive: see `archive account list`"
        default: ""
        }
    }

    private var examDescription: String {
        switch self {
        case .alreadyArchived(let id, let state):
            "exam \(id): in the archive already, \(state.rawValue): "
                + (state.isSigned ? "use `archive amend`" : "use `archive update`")
        case .wrongState(let id, let version, let state, let what, let remedy):
            "exam \(id), version \(version): is \(state.rawValue): \(what): \(remedy)"
        case .recordingLost(let id, let name):
            "exam \(id): \(name) is archived, and missing or changed in this folder: "
                + "give the folder with the recording as it was archived"
        default: ""
        }
    }
}

extension ArchiveError {
    /// A failed system call.
    init(code: Int32, path: String) {
        switch code {
        case ENOSPC, EDQUOT, EFBIG: self = .diskFull(path: path)
        case EROFS: self = .readOnly(path: path)
        default: self = .storage(path: path, reason: String(cString: strerror(code)))
        }
    }

    /// Whatever a piece of work with the database threw.
    init(_ error: any Error, path: String) {
        switch error {
        case let known as ArchiveError: self = known
        case let database as DatabaseError: self.init(database: database, path: path)
        case is RowDecodingError: self = .damaged(path: path, reason: "a row of the database cannot be read")
        default: self = .storage(path: path, reason: "\(error)")
        }
    }

    private init(database error: DatabaseError, path: String) {
        let words = error.message ?? "error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_READONLY: self = .readOnly(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_SCHEMA, .SQLITE_MISMATCH, .SQLITE_ERROR:
            self = .damaged(path: path, reason: words)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .inUse(path: path, holder: "the database is locked by another program")
        // A full disk is an I/O error where SQLite makes room for its shared memory.
        case .SQLITE_IOERR where Disk.isFull(path): self = .diskFull(path: path)
        case .SQLITE_CONSTRAINT: self = .refused(path: path, reason: words)
        default: self = .storage(path: path, reason: words)
        }
    }
}
