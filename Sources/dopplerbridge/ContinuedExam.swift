import CCSVIAnalysis
import ExamSession

/// An exam that an earlier session left, and that goes on.
struct ContinuedExam {
    /// The exam's folder.
    let folder: ExamFolder
    /// What is known of its sessions.
    let progress: ExamProgress
    /// The protocol that it was begun with.
    let protocolFile: ProtocolFile

    /// Opens an exam's folder.
    ///
    /// - Throws: when there is nothing to go on with, or the options are those of another exam.
    init(_ path: String, _ options: ExamRun) throws {
        folder = try examination { () throws(ExamSessionError) in try ExamFolder(continuing: path) }
        let folder = folder
        progress = try examination { () throws(ExamSessionError) in try folder.progress() }
        protocolFile = try ProtocolFile(of: folder)
        if progress.isCompleted, options.repeated.isEmpty { throw Failure(.finished(path: path)) }
        try refuse("id", progress.examID, options.examID)
        try refuse("subject", progress.subjectCode, options.subject)
        if let name = options.rules.protocolName, try ProtocolFile(named: name).text != protocolFile.text {
            let reference = progress.protocolReference
            throw Failure(
                .otherExam(
                    path: path, what: "protocol", was: "\(reference.id) \(reference.version)", given: name))
        }
        let known = protocolFile.examProtocol.plannedSites.map(\.id)
        if let unknown = options.repeated.first(where: { !known.contains($0) }) {
            throw Failure(
                .usage, "--repeat \(unknown): not a site of this exam; known are \(known.joined(separator: ", "))")
        }
    }

    private func refuse(_ what: String, _ was: String, _ given: String?) throws {
        guard let given, given != was else { return }
        throw Failure(.otherExam(path: folder.path, what: what, was: was, given: given))
    }
}
