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
    /// The folder holds an exam that was begun and did not come to its end.
    case unfinished(path: String)
    /// The exam was begun, and broke off before it was written.
    case notWritten(path: String)
    /// The exam came to its end: nothing remains to be done.
    case finished(path: String)
    /// Another program works on the exam.
    case inUse(path: String)
    /// The exam was begun with a probe, and would go on with a simulated one, or the other way round.
    case otherKindOfSource(path: String, wasSimulated: Bool)
    /// The exam was begun by another protocol, or of another subject.
    case otherExam(path: String, what: String, was: String, given: String)
    /// The folder is no exam's.
    case notAnExam(path: String, reason: String)
    /// A file or folder could not be written.
    case notWritable(path: String, reason: String)
    /// A document of the exam cannot be read.
    case unreadable(path: String, reason: String)
    /// An exam is to be judged by other rules than those that it was scored by.
    case otherRules(path: String, what: String, stored: String, given: String)
    /// The exam names a recording that is not in its folder.
    case recordingMissing(path: String, file: String)
    /// A recording's file is not the one that the exam was made from.
    case recordingChanged(file: String)
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
        case .unfinished(let path):
            "\(path): holds an exam that is not finished: go on with --continue, or give another folder with --output"
        case .notWritten(let path):
            "\(path): this exam broke off before it was written: `exam run --continue --output FOLDER` goes on with it"
        case .finished(let path):
            "\(path): this exam is finished: name a step to record again with --repeat SITE, or give another folder"
        case .inUse(let path): "\(path): another program works on this exam: wait until it has ended"
        case .otherKindOfSource(let path, let wasSimulated):
            "\(path): this exam was begun with a \(wasSimulated ? "simulated" : "real") probe, and nothing simulated is "
                + "mixed with a patient: go on with the same kind, or give another folder with --output"
        case .otherExam(let path, let what, let was, let given):
            "\(path): this exam's \(what) is \(was), not \(given): leave the option out, or give another folder with "
                + "--output"
        case .notAnExam(let path, let reason):
            "\(path): not an exam's folder (\(reason)): give the folder of `exam run`"
        case .notWritable(let path, let reason):
            "\(path): cannot write here (\(reason)): choose another folder with --output, or free the place"
        case .unreadable(let path, let reason):
            "\(path): cannot be read (\(reason)): take the file from the exam's folder unchanged"
        case .otherRules(let path, let what, let stored, let given):
            "\(path): scored by the \(what) \(stored), not by \(given): give --\(what) \(stored), or its file"
        case .recordingMissing(let path, let file):
            "\(path): the exam names the recording \(file), which is not there: put it back from a copy"
        case .recordingChanged(let file):
            "\(file): not the file that the exam was made from (its SHA-256 differs): put the recording back from a copy"
        }
    }
}
