import ArgumentParser
import ExamArchive

/// Lists the exams.
struct ArchiveList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the exams, the newest first.")

    @Argument(help: "The archive's folder.")
    var folder: String

    @Flag(help: "List amended versions, too.")
    var all = false

    @Flag(help: "Print one JSON document.")
    var json = false

    /// The list as one document.
    struct Document: Encodable {
        var schema = "dopplerbridge-archive-list-1"
        var exams: [ArchivedExam]
    }

    func run() throws {
        let console = Console()
        let archive = try Archive.opened(folder)
        let exams = try archiving { () throws(ArchiveError) in try archive.exams(withEarlierVersions: all) }
        if json { return try console.json(Document(exams: exams)) }
        guard !exams.isEmpty else { return console.result("The archive holds no exam.") }
        console.result(exams.map { ArchivedExamText($0).line }.joined(separator: "\n"))
    }
}

/// Shows one exam.
struct ArchiveShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one exam with its versions and files.")

    @Argument(help: "The archive's folder.")
    var folder: String

    @Argument(help: "The exam's id.")
    var id: String

    @Option(help: "Show this version alone.")
    var version: Int?

    @Flag(help: "Print one JSON document.")
    var json = false

    /// One exam as one document.
    struct Document: Encodable {
        var schema = "dopplerbridge-archive-exam-1"
        var versions: [Version]
    }

    /// One version of it.
    struct Version: Encodable {
        var exam: ArchivedExam
        var folder: String
        var files: [ArchivedFile]
    }

    func run() throws {
        let console = Console()
        let archive = try Archive.opened(folder)
        let versions = try archiving { () throws(ArchiveError) in
            let exams =
                if let version { [try archive.exam(id, version: version)] } else { try archive.versions(of: id) }
            var versions: [Version] = []
            for exam in exams {
                versions.append(
                    Version(exam: exam, folder: archive.folder(of: exam), files: try archive.files(of: exam)))
            }
            return versions
        }
        if json { return try console.json(Document(versions: versions)) }
        if try archiving({ () throws(ArchiveError) in try archive.accounts() }).isEmpty {
            console.say(ArchiveActOptions.openArchive)
        }
        console.result(
            versions.map { ArchivedExamText($0.exam).text(files: $0.files, folder: $0.folder) }.joined(separator: "\n"))
    }
}
