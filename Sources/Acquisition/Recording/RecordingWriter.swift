internal import Foundation
internal import Glibc

/// Appends a recording's blocks to a new file.
public struct RecordingWriter: ~Copyable, Sendable {
    /// The file's path.
    public let path: String
    private let file: Int32
    private var blocks: UInt32 = 0
    private var keptBytes = 0
    private var unsyncedBytes = 0

    /// How much may be written before the disk is asked to keep it (project choice: a second of 128 gates at 2 kHz).
    private static let bytesBetweenSyncs = 1 << 20

    /// Makes the file, which must not exist, and writes its description.
    public static func create(
        path: String, description: RecordingDescription
    ) throws(RecordingError) -> RecordingWriter {
        let encoded: [UInt8]
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoded = [UInt8](try encoder.encode(description))
        } catch {
            throw .notWritable(file: path, reason: "\(error)")
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .notWritable(file: path, reason: reason(errno)) }
        var writer = RecordingWriter(path: path, file: descriptor)
        try writer.append(.description, encoded.span.bytes)
        writer.sync()
        keepName(of: path)
        return writer
    }

    /// Asks the disk to keep the new name, too; where it cannot, what is written shows it.
    private static func keepName(of path: String) {
        let parent = (path as NSString).deletingLastPathComponent
        let folder = open(parent.isEmpty ? "." : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private init(path: String, file: Int32) {
        self.path = path
        self.file = file
    }

    deinit { close(file) }

    /// Appends whole frame records as one or more blocks.
    public mutating func append(records: RawSpan) throws(RecordingError) {
        var rest = records
        while !rest.isEmpty {
            let count = Self.wholeRecords(in: rest, atMost: RecordingBlock.maximumPayloadBytes)
            guard count > 0 else { return }
            try append(.records, rest.extracting(first: count))
            rest = rest.extracting(droppingFirst: count)
        }
        if unsyncedBytes >= Self.bytesBetweenSyncs { sync() }
    }

    /// Writes the closing block and asks the disk to keep everything.
    public consuming func finish(_ closing: RecordingClosing) throws(RecordingError) {
        let encoded: [UInt8]
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            encoded = [UInt8](try encoder.encode(closing))
        } catch {
            throw .writeFailed(file: path, reason: "\(error)", keptBytes: keptBytes)
        }
        try append(.closing, encoded.span.bytes)
        guard fdatasync(file) == 0 else {
            throw .writeFailed(file: path, reason: Self.reason(errno), keptBytes: keptBytes)
        }
    }

    private static func wholeRecords(in bytes: RawSpan, atMost limit: Int) -> Int {
        guard bytes.byteCount > limit else { return bytes.byteCount }
        var offset = 0
        while let (_, next) = FrameRecord.read(bytes, at: offset), next <= limit { offset = next }
        return offset
    }

    private mutating func append(_ kind: RecordingBlock.Kind, _ payload: RawSpan) throws(RecordingError) {
        let header = RecordingBlock.header(kind, number: blocks, payload: payload)
        try write(header.span.bytes)
        try write(payload)
        blocks += 1
        keptBytes += header.count + payload.byteCount
        unsyncedBytes += header.count + payload.byteCount
    }

    private func write(_ bytes: RawSpan) throws(RecordingError) {
        let failure = bytes.withUnsafeBytes { buffer -> Int32 in
            var done = 0
            while done < buffer.count {
                guard let start = buffer.baseAddress else { return 0 }
                let count = Glibc.write(file, start + done, buffer.count - done)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return count < 0 ? errno : ENOSPC }
                done += count
            }
            return 0
        }
        guard failure == 0 else {
            throw .writeFailed(file: path, reason: Self.reason(failure), keptBytes: keptBytes)
        }
    }

    private mutating func sync() {
        // A failure here shows itself again at the end, where it is reported.
        fdatasync(file)
        unsyncedBytes = 0
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
