import Acquisition
import ExamSession
import Foundation

/// An exam that may be analysed again: where it is, and what its part of the cohort depends on.
struct ListedExam {
    /// The exam's folder.
    var path: String
    /// The bytes of its id as they stand in the document.
    var examID: [UInt8]
    /// SHA-256 of its document.
    var examSHA256: String
    /// SHA-256 that the archive took the document in with; `nil` outside an archive.
    var archivedSHA256: String?
}

/// What of an exam's document its part of the cohort depends on, without reading all of it.
struct ExamDocumentBytes {
    /// The longest document that is read, bytes (project choice: a hundred times the longest seen).
    private static let longestBytes = 64 << 20
    /// How the program begins the line of the id.
    private static let mark = Array("\n  \"examID\" : \"".utf8)

    let bytes: [UInt8]

    /// Reads the document of an exam's folder.
    ///
    /// - Throws: `Failure` with the reason of the system.
    init(ofFolder folder: String) throws {
        let path = folder + "/" + ExamFolder.examFileName
        guard let file = FileHandle(forReadingAtPath: path) else {
            let reason = String(cString: strerror(errno))
            throw Failure(.storage, "\(path): cannot read (\(reason)): check the permissions")
        }
        let data: Data
        do { data = try file.read(upToCount: Self.longestBytes + 1) ?? Data() } catch {
            throw Failure(.storage, "\(path): cannot read (\(error.localizedDescription)): check the disk")
        }
        guard data.count <= Self.longestBytes else {
            throw Failure(.data, "\(path): longer than \(Self.longestBytes) bytes: not an exam's document")
        }
        bytes = [UInt8](data)
    }

    /// The bytes of the exam's id; of a document in another spelling, all of its bytes.
    ///
    /// Whatever they are, every part of a cohort finds the same ones.
    var examID: [UInt8] {
        guard let start = place(of: Self.mark),
            let end = bytes[start...].prefix(Self.longestID).firstIndex(of: UInt8(ascii: "\""))
        else { return bytes }
        return Array(bytes[start..<end])
    }

    private static let longestID = 256

    /// Where the bytes behind the first place of some others begin.
    private func place(of wanted: [UInt8]) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            guard let last = wanted.last, bytes.count >= wanted.count else { return nil }
            for end in (wanted.count - 1)..<bytes.count where bytes[end] == last {
                let start = end - wanted.count + 1
                if bytes[start...end].elementsEqual(wanted) { return end + 1 }
            }
            return nil
        }
    }

    /// SHA-256 of the document.
    var sha256: String {
        get throws {
            do throws(RecordingError) { return try RecordingFingerprint.sha256(of: bytes) } catch {
                throw Failure(error)
            }
        }
    }
}
