import CohortRows
import Foundation

/// The rows of one part of a cohort, on the disk: whole lines are added one by one, and nothing else is ever written.
///
/// A kill may leave a last line without its end: the next run cuts it off, and nobody reads it before.
final class RowFile {
    /// The file's path.
    let path: String
    /// Which rows are there already.
    private(set) var done: Set<Key> = []
    private var descriptor: Int32 = -1
    private let lock: Int32

    /// What a row is of: the same document analysed by the same algorithms gives the same row.
    struct Key: Hashable {
        var examSHA256: String
        var algorithms: String
    }

    /// Opens the rows of a part, alone, and leaves away what is out of date.
    ///
    /// - Parameter isCurrent: says whether a row stands for what is on the disk now.
    init(_ path: String, isCurrent: (CohortRow) -> Bool) throws {
        self.path = path
        lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw Self.notWritable(path, errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw Failure(.storage, "\(path): another program writes these rows: wait until it has ended")
        }
        try clean(isCurrent)
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.notWritable(path, errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if lock >= 0 { close(lock) }
    }

    /// Reads what is there; rows that are out of date go, with one renaming, and a torn end is cut off.
    private func clean(_ isCurrent: (CohortRow) -> Bool) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        var kept: [UInt8] = []
        var leftAway = 0
        let file = try LineFile(path)
        let whole = try file.lines { line, number, _ in
            let row = try cohortRow(line, RowPlace(file: path, line: number))
            let key = Key(examSHA256: row.examSHA256, algorithms: row.algorithms)
            guard row.analysis != .failed, isCurrent(row), done.insert(key).inserted else {
                leftAway += 1
                return
            }
            kept += line + [UInt8(ascii: "\n")]
        }
        if leftAway == 0 {
            guard truncate(path, off_t(whole)) == 0 else { throw Self.notWritable(path, errno) }
            return
        }
        do { try Data(kept).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw Failure(.storage, "\(path): cannot be written (\(error.localizedDescription)): free the place")
        }
    }

    /// Adds a row.
    func add(_ row: CohortRow) throws {
        let bytes = row.lineBytes
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.notWritable(path, count < 0 ? errno : ENOSPC) }
            written += count
        }
    }

    /// Asks the disk to keep the rows.
    func finish() throws {
        guard fsync(descriptor) == 0 else { throw Self.notWritable(path, errno) }
    }

    private static func notWritable(_ path: String, _ number: Int32) -> Failure {
        Failure(
            .storage, "\(path): cannot write (\(String(cString: strerror(number)))): give another place with --rows")
    }
}

/// A row of a line; what is wrong with it as the program's own failure.
func cohortRow(_ line: some Collection<UInt8>, _ place: RowPlace) throws -> CohortRow {
    do throws(CohortRowError) { return try CohortRow(line: Array(line), at: place) } catch { throw Failure(error) }
}

extension Failure {
    init(_ error: CohortRowError) {
        switch error {
        case .badShard: self.init(.usage, error.description)
        case .notARow, .conflict, .badValue: self.init(.data, error.description)
        }
    }
}
