internal import Foundation
internal import Glibc

/// The lock of the one process that writes: `flock` on a file that says who holds it.
///
/// The kernel lets go of it when the process ends, however it ends.
struct ArchiveLock: ~Copyable, Sendable {
    private let file: Int32

    /// The longest note of a holder that is read, bytes (project choice).
    private static let longestNote: Int64 = 1000

    /// Takes the lock, or says who holds it.
    init(_ paths: ArchivePaths, act: ArchiveAct) throws(ArchiveError) {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
        let opened = Glibc.open(paths.lock, flags, 0o644)
        guard opened >= 0 else { throw ArchiveError(code: errno, path: paths.root) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(opened)
            guard code == EWOULDBLOCK else { throw ArchiveError(code: code, path: paths.lock) }
            throw .inUse(path: paths.root, holder: Self.holder(paths))
        }
        file = opened
        // The note is for people alone: without it the lock still holds.
        let note = "process \(getpid()), \(act.by), since \(act.at.text)\n"
        guard ftruncate(file, 0) == 0 else { return }
        _ = note.utf8CString.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count - 1, 0) }
    }

    deinit { close(file) }

    private static func holder(_ paths: ArchivePaths) -> String {
        do throws(ArchiveError) {
            let note = String(decoding: try Disk.contents(paths.lock, atMost: longestNote), as: UTF8.self)
            return note.trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            return "it left no note"
        }
    }
}
