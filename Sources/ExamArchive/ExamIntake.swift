internal import CCSVIAnalysis
internal import Foundation

/// The folder of an exam on its way into the archive: copied, hashed and synced, and then looked at.
///
/// Nothing of the original is trusted: no link is followed, and only files with names of an exam are taken.
struct ExamIntake: Sendable {
    /// Its files, by name.
    var files: [ArchivedFile] = []
    /// Its document; `nil` where there is none.
    var exam: Exam?

    /// The most files that an exam may have (project choice; the standard protocol makes 35).
    private static let mostFiles = 10_000
    /// The longest document that is read, bytes (project choice; an exam of 100 recordings has 1 MB).
    private static let longestDocument: Int64 = 64 << 20
    /// The longest recording, bytes: the recordings' reader takes no more.
    private static let longestRecording: Int64 = 4 << 30
    private static let examFile = "exam.json"
    /// The log of those who opened a blinded exam.
    static let unblindingFile = "unblinding.json"
    private static let mostReasonCharacters = 200

    /// Whether the result is to be shown to nobody: the exam is blinded, and nobody has opened it.
    var isWithheld: Bool { exam?.blinding != nil && !files.contains { $0.name == Self.unblindingFile } }

    /// How far the exam is by what it holds.
    var state: ExamState {
        if exam != nil { return .analysed }
        return files.contains(where: \.isRecording) ? .acquired : .draft
    }

    /// Copies an exam's folder to a new one, and syncs it.
    static func stage(
        _ source: String, to target: String, reader: RecordingReader
    ) throws(ArchiveError) -> ExamIntake {
        guard Disk.kind(source) == .folder else { throw .notAnExam(path: source, reason: "it is no folder") }
        let names = try namesOfFiles(source)
        var intake = ExamIntake()
        try Disk.makeFolder(target)
        try Disk.makeInnerFolders(of: names, in: target)
        for name in names {
            intake.files.append(try copy(name, from: source, to: target, reader: reader))
        }
        try Disk.syncExamFolder(of: names, target)
        if names.contains(examFile) { intake.exam = try intake.document(target, source: source) }
        return intake
    }

    private static func namesOfFiles(_ source: String) throws(ArchiveError) -> [String] {
        var names: [String] = []
        for name in try Disk.names(in: source) {
            guard ArchiveNames.innerFolders.contains(name) else {
                names.append(name)
                continue
            }
            guard Disk.kind(source + "/" + name) == .folder else {
                throw .notAnExam(path: source, reason: "`\(name)` is a link or a file")
            }
            names += try Disk.names(in: source + "/" + name).map { name + "/" + $0 }
        }
        guard names.count <= mostFiles else {
            throw .notAnExam(path: source, reason: "it holds more than \(mostFiles) files")
        }
        for name in names where !ArchiveNames.isExamFile(name) || Disk.kind(source + "/" + name) != .file {
            throw .notAnExam(path: source, reason: "`\(Self.printable(name))` is no file of an exam, move it away")
        }
        return names.sorted()
    }

    private static func copy(
        _ name: String, from source: String, to target: String, reader: RecordingReader
    ) throws(ArchiveError) -> ArchivedFile {
        let isRecording = name.hasSuffix(".dbrec")
        let to = target + "/" + name
        let fingerprint = try Disk.copy(
            source + "/" + name, to: to, atMost: isRecording ? longestRecording : longestDocument)
        return ArchivedFile(name: name, fingerprint: fingerprint, recording: isRecording ? reader(to) : nil)
    }

    /// The exam's document, from the copy, checked against the files beside it.
    private func document(_ target: String, source: String) throws(ArchiveError) -> Exam {
        let path = source + "/" + Self.examFile
        let bytes = try Disk.contents(target + "/" + Self.examFile, atMost: Self.longestDocument)
        let exam: Exam
        do { exam = try JSONDecoder().decode(Exam.self, from: bytes) } catch {
            throw .notAnExam(path: path, reason: "it cannot be read: \(Self.printable("\(error)"))")
        }
        guard exam.schema == Exam.schemaID else {
            throw .notAnExam(path: path, reason: "its schema is \(Self.printable(exam.schema)), not \(Exam.schemaID)")
        }
        guard ArchiveNames.isExamID(exam.examID) else {
            throw .notAnExam(
                path: path, reason: "its id `\(Self.printable(exam.examID))` has other signs than A-Z a-z 0-9 . _ -")
        }
        guard ArchiveNames.isSubjectCode(exam.subjectCode) else {
            throw .notAnExam(path: path, reason: "its subject's code has other signs than A-Z a-z 0-9 . _ -")
        }
        let byName = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
        for recording in exam.recordings {
            guard let file = byName[recording.fileName] else {
                throw .notAnExam(
                    path: path, reason: "it names \(Self.printable(recording.fileName)), which is not there")
            }
            guard file.sha256 == recording.sha256 else {
                throw .notAnExam(path: path, reason: "\(file.name) is not the recording that it was made from")
            }
        }
        return exam
    }

    /// Text from outside in one short line.
    private static func printable(_ text: String) -> String {
        let clean = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : String($0) }.joined()
        return clean.count > mostReasonCharacters ? clean.prefix(mostReasonCharacters) + "…" : clean
    }
}
