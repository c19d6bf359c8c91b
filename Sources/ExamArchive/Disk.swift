internal import Crypto
internal import Foundation
internal import Glibc

/// The system calls that the archive rests on: nothing is followed that is a link, and everything is synced.
enum Disk {
    /// Bytes that are read and hashed at a time (project choice).
    private static let chunkBytes = 1 << 16
    /// 32 KiB of shared memory, and as much for pages (SQLite, walformat.html 2.2).
    private static let leastRoom: UInt64 = 64 << 10
    private static let fileMode: mode_t = 0o644
    private static let folderMode: mode_t = 0o755

    /// A file's length and fingerprint.
    struct Fingerprint: Sendable, Hashable {
        var byteCount: Int64
        var sha256: Data
    }

    /// A descriptor that is closed with its owner.
    struct Descriptor: ~Copyable {
        let number: Int32

        init(number: Int32) { self.number = number }

        deinit { close(number) }
    }

    /// What stands under a name.
    enum Kind: Sendable, Hashable {
        case nothing, file, folder, other
    }

    /// Makes a folder; that it is there already is an error where `isNew`.
    static func makeFolder(_ path: String, isNew: Bool = true) throws(ArchiveError) {
        guard mkdir(path, folderMode) != 0 else { return }
        let code = errno
        if code == EEXIST, !isNew, kind(path) == .folder { return }
        throw ArchiveError(code: code, path: path)
    }

    /// Makes the folders within an exam's: that of the recordings always, another where a file belongs into it.
    static func makeInnerFolders(of names: [String], in exam: String) throws(ArchiveError) {
        for inner in innerFolders(of: names) { try makeFolder(exam + "/" + inner) }
    }

    /// Asks the disk to keep the entries of an exam's folder and of those within it.
    static func syncExamFolder(of names: [String], _ exam: String) throws(ArchiveError) {
        for inner in innerFolders(of: names) { try syncFolder(exam + "/" + inner) }
        try syncFolder(exam)
    }

    private static func innerFolders(of names: [String]) -> [String] {
        ArchiveNames.innerFolders.filter { inner in
            inner == "recordings" || names.contains { $0.hasPrefix(inner + "/") }
        }
    }

    /// What stands under a path, links not followed.
    static func kind(_ path: String) -> Kind {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return .nothing }
        switch facts.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// Names in a folder, sorted, without `.` and `..`.
    static func names(in path: String) throws(ArchiveError) -> [String] {
        guard let folder = opendir(path) else { throw ArchiveError(code: errno, path: path) }
        defer { closedir(folder) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw ArchiveError(code: errno, path: path) }
        return names.sorted()
    }

    /// Asks the disk to keep a folder's entries.
    static func syncFolder(_ path: String) throws(ArchiveError) {
        let folder = try open(path, O_RDONLY | O_DIRECTORY)
        guard fsync(folder.number) == 0 else { throw ArchiveError(code: errno, path: path) }
    }

    /// Asks the disk to keep a file's bytes.
    static func syncFile(_ path: String) throws(ArchiveError) {
        let file = try open(path, O_RDONLY)
        guard fsync(file.number) == 0 else { throw ArchiveError(code: errno, path: path) }
    }

    /// Opens without following a link.
    static func open(_ path: String, _ flags: Int32) throws(ArchiveError) -> Descriptor {
        let number = Glibc.open(path, flags | O_NOFOLLOW | O_CLOEXEC, fileMode)
        guard number >= 0 else {
            let code = errno
            throw kind(path) == .other
                ? .storage(path: path, reason: "it is a link") : ArchiveError(code: code, path: path)
        }
        return Descriptor(number: number)
    }

    /// Copies a file to a new place, synced.
    ///
    /// - Returns: the fingerprint of the bytes that were written.
    static func copy(_ from: String, to: String, atMost limit: Int64) throws(ArchiveError) -> Fingerprint {
        let source = try openFile(from)
        let target = try open(to, O_WRONLY | O_CREAT | O_EXCL)
        let fingerprint = try read(source, path: from, atMost: limit) { bytes throws(ArchiveError) in
            try write(bytes, to: target, path: to)
        }
        guard fsync(target.number) == 0 else { throw ArchiveError(code: errno, path: to) }
        return fingerprint
    }

    /// The fingerprint of a file as it stands on the disk.
    static func fingerprint(_ path: String) throws(ArchiveError) -> Fingerprint {
        try read(try openFile(path), path: path, atMost: .max) { _ throws(ArchiveError) in }
    }

    /// The bytes of a file that is not longer than a limit.
    static func contents(_ path: String, atMost limit: Int64) throws(ArchiveError) -> Data {
        var all = Data()
        _ = try read(try openFile(path), path: path, atMost: limit) { bytes throws(ArchiveError) in
            all.append(contentsOf: bytes)
        }
        return all
    }

    /// Writes a new file, synced; its folder is the caller's to sync.
    static func create(_ path: String, with bytes: Data) throws(ArchiveError) {
        let file = try open(path, O_WRONLY | O_CREAT | O_EXCL)
        try write([UInt8](bytes)[...], to: file, path: path)
        guard fsync(file.number) == 0 else { throw ArchiveError(code: errno, path: path) }
    }

    /// Writes a small file whole or not at all, synced.
    static func replace(_ path: String, with bytes: Data) throws(ArchiveError) {
        let fresh = path + ".new"
        do {
            let file = try open(fresh, O_WRONLY | O_CREAT | O_TRUNC)
            try write([UInt8](bytes)[...], to: file, path: path)
            guard fsync(file.number) == 0 else { throw ArchiveError(code: errno, path: path) }
        }
        try rename(fresh, to: path)
    }

    /// Whether the disk of a path has less room than SQLite's shared memory and a few pages need.
    static func isFull(_ path: String) -> Bool {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return false }
        return UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue < leastRoom
    }

    /// Renames within a disk and syncs the folders at both ends.
    static func rename(_ from: String, to: String) throws(ArchiveError) {
        guard Glibc.rename(from, to) == 0 else { throw ArchiveError(code: errno, path: to) }
        let folders = Set([from, to].map { ($0 as NSString).deletingLastPathComponent })
        for folder in folders.sorted() { try syncFolder(folder) }
    }

    /// Removes a file or a folder with everything in it; that there is none is fine.
    ///
    /// Links are removed, never followed.
    static func remove(_ path: String) throws(ArchiveError) {
        switch kind(path) {
        case .nothing: return
        case .folder:
            for name in try names(in: path) { try remove(path + "/" + name) }
            guard rmdir(path) == 0 || errno == ENOENT else { throw ArchiveError(code: errno, path: path) }
        case .file, .other:
            guard unlink(path) == 0 || errno == ENOENT else { throw ArchiveError(code: errno, path: path) }
        }
    }

    /// Opens a regular file for reading; a pipe or a device is refused without waiting for it.
    private static func openFile(_ path: String) throws(ArchiveError) -> Descriptor {
        let file = try open(path, O_RDONLY | O_NONBLOCK)
        var facts = stat()
        guard fstat(file.number, &facts) == 0 else { throw ArchiveError(code: errno, path: path) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .storage(path: path, reason: "it is not a file") }
        return file
    }

    private static func read(
        _ file: borrowing Descriptor, path: String, atMost limit: Int64,
        _ use: (ArraySlice<UInt8>) throws(ArchiveError) -> Void
    ) throws(ArchiveError) -> Fingerprint {
        var hash = SHA256()
        var count: Int64 = 0
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            let got = Glibc.read(file.number, &chunk, chunkBytes)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw ArchiveError(code: errno, path: path) }
            guard got > 0 else { break }
            count += Int64(got)
            guard count <= limit else { throw .storage(path: path, reason: "it is longer than \(limit) bytes") }
            chunk.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<got])) }
            try use(chunk[..<got])
        }
        return Fingerprint(byteCount: count, sha256: Data(hash.finalize()))
    }

    private static func write(
        _ bytes: ArraySlice<UInt8>, to file: borrowing Descriptor, path: String
    ) throws(ArchiveError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file.number, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw ArchiveError(code: count < 0 ? errno : ENOSPC, path: path) }
            rest = rest.dropFirst(count)
        }
    }
}
