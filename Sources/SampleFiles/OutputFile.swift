internal import Glibc

/// A new file that is written from its beginning to its end; what was not finished is taken away again.
struct OutputFile: ~Copyable {
    let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isFinished = false
    private static let bytesOfBuffer = 1 << 18

    /// Makes a file, which must not exist.
    init(path: String) throws(SampleFileError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .notWritable(file: path, reason: Self.reason(errno)) }
        self.path = path
        buffer.reserveCapacity(Self.bytesOfBuffer + 4096)
    }

    deinit {
        if !isFinished {
            close(descriptor)
            unlink(path)
        }
    }

    /// Writes a small file at once.
    static func write(_ bytes: [UInt8], to path: String) throws(SampleFileError) {
        var file = try OutputFile(path: path)
        try file.append(bytes)
        try file.finish()
    }

    /// Appends bytes.
    mutating func append(_ bytes: [UInt8]) throws(SampleFileError) {
        if bytes.count > Self.bytesOfBuffer {
            try flush()
            try put(bytes)
        } else {
            buffer.append(contentsOf: bytes)
            if buffer.count >= Self.bytesOfBuffer { try flush() }
        }
    }

    /// Appends characters.
    mutating func append(_ text: String) throws(SampleFileError) { try append(Array(text.utf8)) }

    /// Writes what is left, and asks the disk to keep the file.
    mutating func finish() throws(SampleFileError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw .notWritable(file: path, reason: Self.reason(errno)) }
        isFinished = true
        guard close(descriptor) == 0 else {
            unlink(path)
            throw .notWritable(file: path, reason: Self.reason(errno))
        }
    }

    private mutating func flush() throws(SampleFileError) {
        try put(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func put(_ bytes: [UInt8]) throws(SampleFileError) {
        let failure = bytes.withUnsafeBytes { place -> Int32 in
            var done = 0
            while done < place.count {
                guard let start = place.baseAddress else { return 0 }
                let count = Glibc.write(descriptor, start + done, place.count - done)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return count < 0 ? errno : ENOSPC }
                done += count
            }
            return 0
        }
        guard failure == 0 else { throw .notWritable(file: path, reason: Self.reason(failure)) }
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}

/// Little-endian numbers at the end of bytes.
extension [UInt8] {
    mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    mutating func append(littleEndian number: Double) { append(littleEndian: number.bitPattern) }

    mutating func append(littleEndian number: Float) { append(littleEndian: number.bitPattern) }
}
