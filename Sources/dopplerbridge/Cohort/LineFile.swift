import CohortRows
import Foundation

/// Reads a file of lines piece by piece, however long it is.
///
/// A last line without its end is not handed over: whoever wrote it was killed.
final class LineFile {
    /// The file's path.
    let path: String
    private let descriptor: Int32
    private static let pieceBytes = 1 << 20

    /// Opens a file for reading.
    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.storage, "\(path): cannot read (\(String(cString: strerror(errno)))): check the name")
        }
    }

    deinit { close(descriptor) }

    /// Where a line stands.
    struct Span {
        /// Of its first byte.
        var offset: Int
        /// Without its end.
        var count: Int
    }

    /// Hands every whole line over, in order.
    ///
    /// - Returns: the bytes of whole lines; what stands behind them is not whole.
    func lines(_ body: (_ line: ArraySlice<UInt8>, _ number: Int, _ span: Span) throws -> Void) throws -> Int {
        var kept: [UInt8] = []
        var offset = 0
        var number = 1
        while true {
            let piece = try read(Self.pieceBytes, at: offset + kept.count)
            guard !piece.isEmpty else { return offset }
            kept += piece
            var start = 0
            while let end = kept[start...].firstIndex(of: UInt8(ascii: "\n")) {
                try body(kept[start..<end], number, Span(offset: offset + start, count: end - start))
                number += 1
                start = end + 1
            }
            kept.removeFirst(start)
            offset += start
            guard kept.count <= CohortRow.longestLineBytes else {
                throw Failure(
                    .data,
                    "\(path):\(number): a line longer than \(CohortRow.longestLineBytes) bytes: not a "
                        + "file of rows: give one of `exam reanalyse --rows`")
            }
        }
    }

    /// The bytes of one line.
    func line(_ span: Span) throws -> [UInt8] {
        let bytes = try read(span.count, at: span.offset)
        guard bytes.count == span.count else {
            throw Failure(.storage, "\(path): became shorter while it was read: merge when no part runs")
        }
        return bytes
    }

    private func read(_ count: Int, at offset: Int) throws -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            done = 0
            while done < count, let start = buffer.baseAddress {
                let read = pread(descriptor, start + done, count - done, off_t(offset + done))
                if read < 0, errno == EINTR { continue }
                if read < 0 { failure = errno }
                if read <= 0 { return }
                done += read
            }
        }
        guard failure == 0 else {
            throw Failure(.storage, "\(path): cannot read (\(String(cString: strerror(failure)))): check the disk")
        }
        return bytes
    }
}
