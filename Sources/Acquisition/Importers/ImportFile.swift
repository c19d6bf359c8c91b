internal import Glibc
internal import ProbeLink

/// A regular file that is open for reading; it closes itself.
struct ImportFile: ~Copyable {
    /// The name without its folder: reports and recordings do not tell where it lay.
    let name: String
    /// Its length when it was opened, bytes.
    let byteCount: Int
    private let descriptor: Int32

    /// Opens a file.
    ///
    /// - Throws: `.storage` when there is none, it may not be read, or it is no regular file.
    init(path: String) throws(SourceError) {
        name = Self.name(of: path)
        // Not waiting: opening a pipe must not hang.
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else { throw .storage(file: name, problem: Self.lastError("cannot be opened")) }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw .storage(file: name, problem: "is no regular file: give the name of a recording")
        }
        descriptor = opened
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The bytes from an offset; fewer than asked for only at the end of the file.
    func bytes(at offset: Int, count: Int) throws(SourceError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        var filled = 0
        while filled < bytes.count {
            let wanted = bytes.count - filled
            let got = bytes.withUnsafeMutableBytes { place in
                pread(descriptor, place.baseAddress.map { $0 + filled }, wanted, offset + filled)
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .storage(file: name, problem: Self.lastError("cannot be read")) }
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// The whole of a small file.
    ///
    /// - Throws: `.data` when it is longer than `mostBytes`.
    static func contents(of path: String, mostBytes: Int) throws(SourceError) -> [UInt8] {
        let file = try ImportFile(path: path)
        guard file.byteCount <= mostBytes else {
            throw .data(file: file.name, problem: "is longer than \(mostBytes) bytes: this is no such file")
        }
        return try file.bytes(at: 0, count: file.byteCount)
    }

    /// Whether anything stands at a path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// A path's last part.
    static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    private static func lastError(_ what: String) -> String {
        "\(what) (\(String(cString: strerror(errno)))): check the name and the permissions"
    }
}
