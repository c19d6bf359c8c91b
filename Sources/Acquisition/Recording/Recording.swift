internal import Foundation
internal import Glibc
internal import ProbeLink

/// A recording that was read back: what it is of, its frames, and how far the file is whole.
public struct Recording: Sendable {
    /// The file's name without its folder.
    public let fileName: String
    /// What it is of.
    public let description: RecordingDescription
    /// How it ended; `nil` when the file was cut off before its closing block.
    public let closing: RecordingClosing?
    /// Bytes at the end of the file that are not in a whole block, or lie behind a damaged one.
    public let unreadableBytes: Int
    private let bytes: [UInt8]
    private let recordRanges: [Range<Int>]

    /// The longest file that is read, bytes (project choice: an hour of 128 gates at 2 kHz is 3.7 GB).
    private static let maximumBytes = 4 << 30

    /// Reads a file up to its last whole block.
    public init(path: String) throws(RecordingError) {
        let bytes = try Self.contents(of: path)
        try self.init(bytes: bytes, path: path)
    }

    init(bytes: [UInt8], path: String) throws(RecordingError) {
        let span = bytes.span.bytes
        guard let first = RecordingBlock.read(span, at: 0, number: 0), first.kind == .description else {
            throw .notARecording(file: path, reason: "it does not begin with a description block")
        }
        do {
            description = try JSONDecoder().decode(RecordingDescription.self, from: Data(bytes[first.payload]))
        } catch {
            throw .notARecording(file: path, reason: "its description cannot be read: \(error)")
        }
        guard description.format == RecordingDescription.formatID else {
            throw .notARecording(file: path, reason: "its format is \(description.format)")
        }
        var offset = first.next
        var number: UInt32 = 1
        var ranges: [Range<Int>] = []
        var closing: RecordingClosing?
        while closing == nil, let block = RecordingBlock.read(span, at: offset, number: number) {
            if block.kind == .records { ranges.append(block.payload) }
            if block.kind == .closing {
                do {
                    closing = try JSONDecoder().decode(RecordingClosing.self, from: Data(bytes[block.payload]))
                } catch {
                    throw .notARecording(file: path, reason: "its closing block cannot be read: \(error)")
                }
            }
            offset = block.next
            number += 1
        }
        fileName = (path as NSString).lastPathComponent
        self.closing = closing
        self.bytes = bytes
        recordRanges = ranges
        unreadableBytes = bytes.count - offset
    }

    /// Whether the file has its closing block and nothing behind it.
    public var isWhole: Bool { closing != nil && unreadableBytes == 0 }

    /// Number of blocks of frames.
    var blockCount: Int { recordRanges.count }

    /// Hands the frames of one block to a sink.
    ///
    /// - Returns: whether every byte of the block was a sensible record.
    func deliver<Sink: FrameSink & ~Copyable>(block index: Int, to sink: inout Sink) -> Bool {
        let span = bytes.span.bytes.extracting(recordRanges[index])
        return span.deliverRecords(to: &sink) == span.byteCount
    }

    /// Bytes of one block.
    func byteCount(ofBlock index: Int) -> Int { recordRanges[index].count }

    private static func contents(of path: String) throws(RecordingError) -> [UInt8] {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw .notReadable(file: path, reason: RecordingWriter.reason(errno))
        }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notReadable(file: path, reason: "it is not a file") }
        guard facts.st_size <= maximumBytes else { throw .notReadable(file: path, reason: "it is longer than 4 GiB") }
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .notReadable(file: path, reason: "\(error.localizedDescription)")
        }
    }
}
