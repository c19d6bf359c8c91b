public import Acquisition
public import CCSVIAnalysis
public import DopplerDSP
public import ProbeLink

/// Why an exam could not be run, read or written.
public enum ExamSessionError: Error, Sendable {
    /// A probe or a file could not be used.
    case source(SourceError)
    /// A recording could not be written or read.
    case recording(RecordingError)
    /// The sample ring could not be made.
    case ring(RingError)
    /// The settings cannot be computed with.
    case signal(DSPError)
    /// The measurements, the protocol or the definition are not usable.
    case analysis(AnalysisError)
    /// The folder holds an exam already.
    case folderInUse(path: String)
    /// The folder is no exam's.
    case notAnExam(path: String, reason: String)
    /// A file or folder could not be written.
    case notWritable(path: String, reason: String)
    /// A document of the exam cannot be read.
    case unreadable(path: String, reason: String)
}

extension ExamSessionError: CustomStringConvertible {
    /// What happened, where, and what to do next.
    public var description: String {
        switch self {
        case .source(let error): error.description
        case .recording(let error): error.description
        case .ring(let error): error.description
        case .signal(let error): "\(error)"
        case .analysis(let error): error.description
        case .folderInUse(let path):
            "\(path): holds an exam already, and nothing recorded is written over: give another folder with --output"
        case .notAnExam(let path, let reason):
            "\(path): not an exam's folder (\(reason)): give the folder of `exam run`"
        case .notWritable(let path, let reason):
            "\(path): cannot write here (\(reason)): choose another folder with --output, or free the place"
        case .unreadable(let path, let reason):
            "\(path): cannot be read (\(reason)): take the file from the exam's folder unchanged"
        }
    }
}
