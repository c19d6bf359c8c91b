/// Where everything is in an archive's folder.
struct ArchivePaths: Sendable, Hashable {
    /// The archive's folder, absolute.
    let root: String

    /// The database.
    var database: String { root + "/archive.sqlite" }
    /// The lock of the one process that writes.
    var lock: String { root + "/archive.lock" }
    /// The audit log's last line, beside the database.
    var auditHead: String { root + "/audit.head" }
    /// The exams' folders.
    var exams: String { root + "/exams" }
    /// Folders on their way in; what the database does not know of is removed at the next opening.
    var incoming: String { root + "/incoming" }

    /// The sealed documents of the outbox; what the database does not know of is removed at the next opening.
    var outbox: String { root + "/outbox" }

    /// Every name that may stand in the archive's folder.
    static let names: Set<String> = [
        "archive.sqlite", "archive.sqlite-wal", "archive.sqlite-shm", "archive.sqlite-journal", "archive.lock",
        "audit.head", "audit.head.new", "exams", "incoming", "outbox",
    ]

    /// An exam's folder in its place.
    func exam(_ folder: String) -> String { exams + "/" + folder }

    /// An exam's folder on its way in.
    func staged(_ folder: String) -> String { incoming + "/" + folder }

    /// A sealed document, named by its SHA-256.
    func payload(_ sha256: String) -> String { outbox + "/" + sha256 }

    /// Where an exam's folder is: a kill may have come between the commit and the last renaming.
    func current(_ folder: String) -> String {
        Disk.kind(exam(folder)) == .nothing && Disk.kind(staged(folder)) == .folder ? staged(folder) : exam(folder)
    }
}
