import Acquisition
import CCSVIAnalysis
import DopplerDSP
import ExamSession
import ProbeLink
import ProbeSimulator

/// The program's exit codes, as the README documents them.
enum ExitStatus: Int32 {
    case done = 0
    case incomplete = 1
    case usage = 2
    case device = 3
    case data = 4
    case storage = 5
}

/// Why the program ends, in one line that says what, where and what to do, with its exit code.
struct Failure: Error {
    var status: ExitStatus
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}

extension Failure {
    init(_ error: SourceError) {
        switch error {
        case .link: self.init(.device, error.description)
        case .data: self.init(.data, error.description)
        case .storage: self.init(.storage, error.description)
        }
    }

    init(_ error: RecordingError) {
        switch error {
        case .notWritable, .writeFailed, .notReadable: self.init(.storage, error.description)
        case .notARecording: self.init(.data, error.description)
        }
    }
}

extension Failure {
    init(_ error: ExamSessionError) {
        switch error {
        case .source(let reason): self.init(reason)
        case .recording(let reason): self.init(reason)
        case .ring, .folderInUse, .unfinished, .finished, .inUse, .notWritable:
            self.init(.storage, error.description)
        case .otherKindOfSource, .otherExam, .otherRules: self.init(.usage, error.description)
        case .signal, .analysis, .notAnExam, .notWritten, .unreadable, .recordingMissing, .recordingChanged:
            self.init(.data, error.description)
        }
    }
}

extension Failure {
    init(_ error: ScenarioError) {
        switch error {
        case .unknownScenario: self.init(.usage, error.description)
        case .unreadable: self.init(.storage, error.description)
        case .malformed, .unknownSite: self.init(.data, error.description)
        }
    }
}
