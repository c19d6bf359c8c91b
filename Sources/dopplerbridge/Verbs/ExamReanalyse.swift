import ArgumentParser
import CCSVIAnalysis
import CohortRows
import ExamSession

/// Analyses the recordings of an exam again, and shows what comes out otherwise.
struct ExamReanalyse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reanalyse",
        abstract: "Analyse the recordings of an exam again, and compare with what was found.",
        discussion: """
            The same algorithms must give the same exam.json, byte for byte. Where newer ones give another result, it is \
            kept beside the exam as reanalysis-1.json and so on, and what changed is shown. With --adopt it becomes the \
            exam, and the one before is kept as exam-before-1.json.

            With --rows many exams are analysed: give exams, archives, or folders that hold them. Each exam becomes one \
            line of JSON, and no exam's folder is written to. --shard 3/7 takes the third of seven parts; which exams \
            these are depends on their ids alone. A run that was killed is run again, and does what is missing: an exam \
            whose document and algorithms are those of its row is skipped. `cohort merge` makes the table.
            """)

    @Argument(help: "The exam's folder; with --rows, exams, archives and folders that hold them.")
    var folders: [String]

    @Option(help: "Analyse many exams into this file of rows; in a folder, into one file for each part.")
    var rows: String?

    @Option(help: "With --rows: the part, such as 3/7 (default: all exams).")
    var shard: String?

    @Option(help: "The criteria definition, where the exam was scored by a file of the site.")
    var definition: String?

    @Option(help: "The VHISS table, where the exam was scored by a file of the site.")
    var table: String?

    @Flag(help: "Let a changed result be the exam from now on.")
    var adopt = false

    @Flag(help: "Print one JSON document.")
    var json = false

    private var folder: String { folders.first ?? "" }

    func validate() throws {
        if rows != nil, adopt { throw ValidationError("--adopt changes one exam: leave it out with --rows") }
        guard rows == nil else { return }
        if shard != nil { throw ValidationError("--shard takes a part of many exams: give --rows, too") }
        if folders.count > 1 { throw ValidationError("several folders need --rows, for a row of each exam") }
    }

    func run() throws {
        guard let rows else { return try runOne() }
        let console = Console()
        var part = ExamShard.whole
        if let shard {
            do throws(CohortRowError) { part = try ExamShard(shard) } catch { throw Failure(error) }
        }
        let summary = try ShardRun(shard: part, rules: (definition, table), console: console).run(folders, rows: rows)
        if json { try console.json(summary) } else { console.result(ShardText(summary).text) }
        if summary.wasStopped || summary.unreadable > 0 || summary.analysed["failed"] != nil {
            throw Failure(.incomplete, "")
        }
    }

    private func runOne() throws {
        let console = Console()
        let exams = try examination { () throws(ExamSessionError) in try ExamFolder(existing: folder) }
        let stored = try openExam(exams)
        var rules = ScoringOptions()
        rules.definition = definition ?? stored.assessment.definition.id
        rules.table = table ?? stored.assessment.vhiss.table.id
        let scorer = try rules.scorer(ProtocolFile(of: exams).examProtocol)
        let outcome = try examination { () throws(ExamSessionError) in
            try ExamReanalysis(exams, scorer: scorer, software: DopplerBridge.software).run { done, total in
                if console.isTerminal { console.progress(done, of: total, "recordings analysed") }
            }
        }
        let text = ReanalysisText(stored)
        var document = Document(
            examID: stored.examID, result: "same", algorithmsBefore: stored.algorithms,
            algorithmsNow: stored.algorithms)
        switch outcome {
        case .same:
            try show(document, text.same, on: console)
        case .sameValues:
            document.result = "sameValues"
            try show(document, text.sameValues, on: console)
        case .changed(let exam, let differences):
            let kept = try keep(exam, in: exams)
            document.result = "changed"
            document.algorithmsNow = exam.algorithms
            document.differences = differences
            document.kept = kept
            try show(document, text.changed(exam, differences, kept: kept), on: console)
            guard stored.algorithms != exam.algorithms else { throw Failure(.data, text.unexplained) }
        }
    }

    /// Keeps both documents; the sentence that says where.
    private func keep(_ exam: Exam, in folder: ExamFolder) throws -> String {
        try examination { () throws(ExamSessionError) in
            guard adopt else {
                let name = try folder.keep(exam, as: "reanalysis")
                return "\(ExamFolder.examFileName) is as it was; the new result is \(name)"
            }
            let name = try folder.replaceExam(with: exam)
            return "\(ExamFolder.examFileName) is the new result; the one before is \(name)"
        }
    }

    /// What `--json` prints.
    struct Document: Encodable {
        var schema = "dopplerbridge-reanalysis-1"
        var examID: String
        /// `same`, `sameValues` or `changed`.
        var result: String
        var algorithmsBefore: [String]
        var algorithmsNow: [String]
        var differences: [DocumentDifference] = []
        /// Where both documents are; `nil` where there is only one.
        var kept: String?
    }

    private func show(_ document: Document, _ text: String, on console: Console) throws {
        if json { try console.json(document) } else { console.result(text) }
    }
}
