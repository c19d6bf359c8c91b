import DopplerQA
import ExamSession
import Foundation

/// Where the dated records of quality assurance are kept.
struct QAStateFile {
    let path: String

    /// A named file, or the usual one: `dopplerbridge/qa.json` in the user's state folder (XDG base directories).
    init(path: String?) {
        if let path {
            self.path = path
            return
        }
        let environment = ProcessInfo.processInfo.environment
        let named = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let folder = named ?? NSHomeDirectory() + "/.local/state"
        self.path = folder + "/dopplerbridge/qa.json"
    }

    /// The runs so far; none where there is no file yet.
    func read() throws -> QAHistory {
        guard FileManager.default.fileExists(atPath: path) else { return QAHistory() }
        let bytes: Data
        do { bytes = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw Failure(.storage, "\(path): cannot be read (\(error.localizedDescription))")
        }
        do throws(QAError) { return try QAHistory(json: bytes) } catch {
            throw Failure(.data, "\(path): \(error.description)")
        }
    }

    /// What an exam says of quality assurance; a record that cannot be read is said, and stops no exam.
    func statement(now: Date) -> QualityStatement {
        do {
            let (line, isWarning) = try read().statement(now: now)
            return QualityStatement(line: line, isWarning: isWarning)
        } catch {
            return QualityStatement(line: "quality assurance is not known: \(error)", isWarning: true)
        }
    }

    /// Writes all runs; the file is replaced in one step.
    func write(_ history: QAHistory) throws {
        let bytes: Data
        do throws(QAError) { bytes = try history.json() } catch { throw Failure(error) }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure(.storage, "\(path): cannot be written (\(error.localizedDescription))")
        }
    }
}
