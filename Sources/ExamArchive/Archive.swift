internal import Foundation
internal import GRDB
internal import Glibc
internal import Synchronization

/// The exams that are kept: one folder with a database, the exams' folders beside it, and an audit log.
///
/// Any number of processes read; one writes, and has the lock.
public final class Archive: Sendable {
    let paths: ArchivePaths
    let queue: DatabaseQueue
    private let lock: ArchiveLock?
    /// The name of the account that is signed in.
    let session = Mutex<String?>(nil)

    /// How long another connection's short locks are waited for, seconds (project choice).
    private static let busySeconds = 5.0

    /// The archive's folder, absolute.
    public var path: String { paths.root }

    /// Whether this process may write.
    public var isWritable: Bool { lock != nil }

    /// Makes an archive in a folder that is not there yet, or is empty, or whose making was cut off.
    ///
    /// - Parameter archiveID: an id that no other archive has.
    public static func make(
        at path: String, archiveID: String, act: ArchiveAct
    ) throws(ArchiveError) -> Archive {
        guard ArchiveNames.isExamID(archiveID) else {
            throw .badArgument(what: "`\(archiveID)` cannot be an archive's id", remedy: "use letters, digits and -")
        }
        if Disk.kind(path) == .nothing { try Disk.makeFolder(path) }
        let paths = ArchivePaths(root: try Self.absolute(path))
        guard try Disk.names(in: paths.root).allSatisfy(ArchivePaths.names.contains) else {
            throw .alreadyThere(path: path)
        }
        let lock = try ArchiveLock(paths, act: act)
        try Disk.makeFolder(paths.exams, isNew: false)
        try Disk.makeFolder(paths.incoming, isNew: false)
        try Disk.makeFolder(paths.outbox, isNew: false)
        let archive = try Archive(paths, lock: consume lock)
        guard try archive.reading({ try Self.archiveID($0) }) == nil else { throw .alreadyThere(path: path) }
        try archive.change { db in
            try db.execute(
                sql: "INSERT INTO archive (id, archiveID, createdAtMs) VALUES (1, ?, ?)",
                arguments: [archiveID, act.at.millisecondsSince1970])
            try AuditLog.append(.archiveMade, act: act, details: "archive \(archiveID)", in: db)
        }
        try Disk.syncFolder(paths.root)
        try Disk.syncFolder((paths.root as NSString).deletingLastPathComponent)
        return archive
    }

    /// Opens an archive for reading: nothing on the disk is changed.
    public convenience init(reading path: String) throws(ArchiveError) {
        let paths = try Self.existing(path)
        try self.init(paths, lock: nil)
        try checkSchema()
    }

    /// Opens an archive for writing, with the lock, and clears what a killed process left behind.
    public convenience init(writing path: String, act: ArchiveAct) throws(ArchiveError) {
        let paths = try Self.existing(path)
        try self.init(paths, lock: try ArchiveLock(paths, act: act))
        try checkSchema()
        try checkHead()
        try clearLeftovers()
    }

    init(_ paths: ArchivePaths, lock: consuming ArchiveLock?) throws(ArchiveError) {
        self.paths = paths
        let isWriting = lock != nil
        self.lock = lock
        do {
            queue = try DatabaseQueue(
                path: isWriting ? paths.database : Self.readablePath(paths),
                configuration: Self.configuration(isWriting))
            if isWriting {
                try queue.writeWithoutTransaction { db in
                    try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
                }
                guard try !queue.read({ try ArchiveSchema.migrator.hasBeenSuperseded($0) }) else {
                    throw ArchiveError.newerSchema(path: paths.database)
                }
                try ArchiveSchema.migrator.migrate(queue)
            }
        } catch {
            throw ArchiveError(error, path: paths.database)
        }
    }

    /// Settings of every connection.
    private static func configuration(_ isWriting: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = !isWriting
        configuration.busyMode = .timeout(busySeconds)
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA recursive_triggers = ON;
                    PRAGMA cell_size_check = ON;
                    PRAGMA trusted_schema = OFF
                    """)
        }
        return configuration
    }

    /// On a read-only disk a database that was closed whole has no log beside it and cannot get one: it is opened as
    /// one that nobody changes.
    private static func readablePath(_ paths: ArchivePaths) -> String {
        guard access(paths.root, W_OK) != 0, Disk.kind(paths.database + "-wal") == .nothing else {
            return paths.database
        }
        return URL(fileURLWithPath: paths.database).absoluteString + "?immutable=1"
    }

    private static func existing(_ path: String) throws(ArchiveError) -> ArchivePaths {
        guard Disk.kind(path) != .nothing else { throw .storage(path: path, reason: "there is no such folder") }
        let paths = ArchivePaths(root: try absolute(path))
        guard Disk.kind(paths.root) == .folder else { throw .notAnArchive(path: path, reason: "it is no folder") }
        guard Disk.kind(paths.database) == .file else {
            throw .notAnArchive(path: path, reason: "it holds no archive.sqlite")
        }
        return paths
    }

    /// A path without links and dots.
    static func absolute(_ path: String) throws(ArchiveError) -> String {
        guard let resolved = realpath(path, nil) else { throw ArchiveError(code: errno, path: path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func checkSchema() throws(ArchiveError) {
        try reading { db in
            guard try !ArchiveSchema.migrator.hasBeenSuperseded(db) else {
                throw ArchiveError.newerSchema(path: self.paths.database)
            }
            guard try db.tableExists("archive"), try Self.archiveID(db) != nil else {
                throw ArchiveError.notAnArchive(
                    path: self.path, reason: "its making was cut off, run `archive init` again")
            }
            guard try ArchiveSchema.migrator.hasCompletedMigrations(db) else {
                throw ArchiveError.notAnArchive(
                    path: self.path, reason: "it was made by an older version; open it for writing once")
            }
        }
    }

    static func archiveID(_ db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT archiveID FROM archive")
    }
}

extension Archive {
    /// Reads the database at one moment.
    func reading<Value>(_ body: (Database) throws -> Value) throws(ArchiveError) -> Value {
        do { return try queue.read(body) } catch { throw ArchiveError(error, path: paths.database) }
    }

    /// Changes the database in one transaction, with the lines of the audit log that tell of it.
    func change<Value>(_ body: (Database) throws -> Value) throws(ArchiveError) -> Value {
        guard isWritable else { throw .openForReading(path: path) }
        let value: Value
        let head: AuditHead
        do {
            (value, head) = try queue.write { db in (try body(db), try AuditLog.head(db)) }
        } catch {
            throw ArchiveError(error, path: paths.database)
        }
        // The change stands: a head that could not be written is brought up to date at the next change or opening.
        do throws(ArchiveError) { try head.store(paths) } catch { return value }
        return value
    }

    /// Brings what a killed process began to its end: what is in the database goes to its place, the rest goes away.
    private func clearLeftovers() throws(ArchiveError) {
        let (known, discarded) = try reading { db in
            (
                try String.fetchSet(db, sql: "SELECT folder FROM exam"),
                try String.fetchAll(db, sql: "SELECT folder FROM discardedFolder ORDER BY folder")
            )
        }
        try Disk.makeFolder(paths.incoming, isNew: false)
        for name in try Disk.names(in: paths.incoming) {
            if known.contains(name), Disk.kind(paths.exam(name)) == .nothing {
                try Disk.rename(paths.staged(name), to: paths.exam(name))
            } else {
                try Disk.remove(paths.staged(name))
            }
        }
        try removeDiscarded(discarded)
        try clearOutbox()
    }

    /// Removes folders that no exam has any more.
    func removeDiscarded(_ folders: [String]) throws(ArchiveError) {
        guard !folders.isEmpty else { return }
        for folder in folders where ArchiveNames.isFolder(folder) {
            try Disk.remove(paths.exam(folder))
            try Disk.remove(paths.staged(folder))
        }
        try Disk.syncFolder(paths.exams)
        try change { db in
            for folder in folders {
                try db.execute(sql: "DELETE FROM discardedFolder WHERE folder = ?", arguments: [folder])
            }
        }
    }

    /// Compares the audit log's end with its head's file; nothing is written behind a log that was cut.
    private func checkHead() throws(ArchiveError) {
        let problem = try reading { db in try AuditLog.problem(ofHead: try AuditHead.stored(self.paths), in: db) }
        if let problem { throw .auditBroken(path: path, reason: problem) }
        let head = try reading { try AuditLog.head($0) }
        if try AuditHead.stored(paths) != head { try head.store(paths) }
    }
}

extension Archive {
    /// How the database keeps what is committed, as SQLite itself says: `wal, synchronous 2, foreign keys 1`.
    ///
    /// 2 is FULL: every commit is on the disk before it is acknowledged.
    public var durability: String {
        get throws(ArchiveError) {
            try reading { db in
                let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "none"
                let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? 0
                let references = try Int.fetchOne(db, sql: "PRAGMA foreign_keys") ?? 0
                return "\(mode), synchronous \(synchronous), foreign keys \(references)"
            }
        }
    }
}
