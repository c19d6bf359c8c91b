import ExamArchive
import Foundation
import WebConsole

/// The archive of a console: a given one, or the user's own, made at the first start with a key beside it.
struct ConsoleArchive {
    let archive: Archive
    let secret: IdentitySecret?
    let shelf: ExamShelf
    /// What the page says of it.
    let words: String

    /// Bytes of a key that is made here: as many as AES-256 takes.
    private static let keyBytes = 32
    private static let ownerOnly = 0o700

    /// Opens a given archive for writing.
    init(_ folder: String, secret: IdentitySecret?, act: ArchiveAct) throws {
        archive = try archiving { () throws(ArchiveError) in try Archive(writing: folder, act: act) }
        self.secret = secret
        words = (archive.path as NSString).lastPathComponent
        shelf = try Self.shelf(beside: archive)
    }

    /// Opens the user's own archive in the state folder, and makes it where it is not there yet.
    init(ofUser state: StateFolder, secret given: IdentitySecret?, act: ArchiveAct, console: Console) throws {
        let folder = state.path + "/console"
        let (path, key) = (folder + "/archive", folder + "/identity.key")
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: Self.ownerOnly])
        } catch {
            throw Failure(
                .storage,
                "\(folder): cannot be made (\(error.localizedDescription)): give an archive with --archive FOLDER")
        }
        if given == nil, try Self.makeKey(key) {
            console.say(
                "A key for the names was made: \(key). Keep a copy of it elsewhere: without it no name is read.")
        }
        let isNew = !FileManager.default.fileExists(atPath: path + "/archive.sqlite")
        archive = try archiving { () throws(ArchiveError) in
            isNew
                ? try Archive.make(at: path, archiveID: UUID().uuidString, act: act)
                : try Archive(writing: path, act: act)
        }
        if isNew { console.say("An archive was made: \(path)") }
        secret = given ?? .keyFile(path: key)
        words = "this user's own archive"
        shelf = try Self.shelf(beside: archive)
    }

    /// The exams that are being made stand beside the archive, on the same disk.
    private static func shelf(beside archive: Archive) throws -> ExamShelf {
        do throws(DeskRefusal) { return try ExamShelf(path: archive.path + ".console") } catch {
            throw Failure(.storage, error.description)
        }
    }

    /// Makes a key file that only its owner reads.
    ///
    /// - Returns: whether there was none.
    private static func makeKey(_ path: String) throws -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file < 0, errno == EEXIST { return false }
        let reason = String(cString: strerror(errno))
        let bytes = SystemChance.bytes(keyBytes)
        let isWritten = file >= 0 && write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        if file >= 0 { close(file) }
        guard isWritten else {
            unlink(path)
            throw Failure(.storage, "\(path): cannot be written (\(reason)): check the disk and the permissions")
        }
        return true
    }
}

/// Chance of the system, for secrets.
enum SystemChance {
    /// The most that getentropy(3) gives at once.
    private static let mostAtOnce = 256

    /// So many bytes.
    ///
    /// getentropy(3) waits until the system has enough after its start, and does not fail for what is asked of it here.
    @Sendable
    static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let part = min(count - filled, mostAtOnce)
            let isDone = bytes[filled..<filled + part].withUnsafeMutableBytes { space in
                space.baseAddress.map { getentropy($0, part) == 0 } ?? false
            }
            if isDone { filled += part }
        }
        return bytes
    }
}
