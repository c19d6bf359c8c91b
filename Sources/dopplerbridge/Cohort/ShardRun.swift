import Acquisition
import ArgumentParser
import CCSVIAnalysis
import CohortRows
import ExamSession
import Foundation
import ProbeLink

/// Analyses the exams of one part of a cohort again, and writes a row for each.
struct ShardRun {
    let shard: ExamShard
    /// The definition and the table of the site, where they are given.
    let rules: (definition: String?, table: String?)
    let console: Console
    private let scorers = KeptScorers()

    init(shard: ExamShard, rules: (definition: String?, table: String?), console: Console) {
        self.shard = shard
        self.rules = rules
        self.console = console
    }

    /// What became of the exams of the part.
    struct Summary: Encodable {
        var schema = "dopplerbridge-reanalysis-shard-1"
        var shard: String
        var rows: String
        /// Exams of all parts, and of this one.
        var allExams: Int
        var exams: Int
        /// Analysed by this run, by how that ended.
        var analysed: [String: Int] = [:]
        /// Had their row already.
        var doneBefore = 0
        /// Begun, and without a document yet.
        var unfinished: Int
        /// Whose document cannot be read: they have no row.
        var unreadable: Int
        /// Whether a signal ended the run.
        var wasStopped = false
        var seconds = 0.0
        var processorSeconds = 0.0
    }

    /// How often the progress is told where nobody looks at a terminal, exams (project choice).
    private static let toldEvery = 100

    /// Runs the part to its end or to a signal.
    func run(_ paths: [String], rows target: String) throws -> Summary {
        let clock = ContinuousClock()
        let began = clock.now
        let listing = try ExamListing(paths, shard: shard)
        for problem in listing.unreadable { console.say("dopplerbridge: \(problem)") }
        let path = try rowsPath(target)
        let algorithms = CohortExam.algorithmsText(ExamReanalysis.algorithms)
        let current = Set(listing.exams.map(\.examSHA256))
        let listed = Set(listing.exams.map(\.examID))
        let file = try RowFile(path) { row in
            row.algorithms == algorithms
                && (current.contains(row.examSHA256) || !listed.contains(Array(row.examID.utf8)))
        }
        var summary = Summary(
            shard: shard.description, rows: path, allExams: listing.allCount, exams: listing.exams.count,
            unfinished: listing.unfinishedCount, unreadable: listing.unreadable.count)
        let interrupt = StopOnSignal()
        for (index, exam) in listing.exams.enumerated() {
            if interrupt.stop.isRequested {
                summary.wasStopped = true
                break
            }
            if console.isTerminal || (index + 1) % Self.toldEvery == 0 {
                console.progress(index + 1, of: listing.exams.count, "exams of shard \(shard)")
            }
            if file.done.contains(RowFile.Key(examSHA256: exam.examSHA256, algorithms: algorithms)) {
                summary.doneBefore += 1
                continue
            }
            let row = try row(of: exam)
            try file.add(row)
            summary.analysed[row.analysis.rawValue, default: 0] += 1
        }
        try file.finish()
        summary.seconds = (clock.now - began) / .seconds(1)
        summary.processorSeconds = Self.processorSeconds()
        return summary
    }

    /// The file of this part: the one that is named, or in a folder one by the part's number.
    private func rowsPath(_ target: String) throws -> String {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: target, isDirectory: &isFolder)
        guard target.hasSuffix("/") || (isThere && isFolder.boolValue) else { return target }
        do { try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true) } catch {
            throw Failure(.storage, "\(target): cannot be made (\(error.localizedDescription)): give another --rows")
        }
        let folder = target.hasSuffix("/") ? target : target + "/"
        return folder + "rows-\(shard.number)-of-\(shard.count).jsonl"
    }

    // MARK: One exam

    private func row(of listed: ListedExam) throws -> CohortRow {
        let stored: Exam
        let folder: ExamFolder
        do throws(ExamSessionError) {
            folder = try ExamFolder(existing: listed.path)
            stored = try folder.exam()
        } catch {
            throw Failure(error)
        }
        let recordings: String
        do throws(RecordingError) {
            recordings = try RecordingFingerprint.sha256(of: Array(CohortExam.recordingsText(stored).utf8))
        } catch {
            throw Failure(error)
        }
        let exam = try analysed(stored, folder, listed, recordings)
        do throws(CohortRowError) { return try CohortRow(exam) } catch {
            throw Failure(.data, "\(listed.path): \(error.description)")
        }
    }

    private func analysed(
        _ stored: Exam, _ folder: ExamFolder, _ listed: ListedExam, _ recordings: String
    ) throws -> CohortExam {
        func failed(_ failure: CohortFailure, _ words: String) -> CohortExam {
            console.say("dopplerbridge: \(words)")
            return CohortExam(
                stored, examSHA256: listed.examSHA256, recordingsSHA256: recordings,
                algorithms: ExamReanalysis.algorithms, failure: failure)
        }
        if let archived = listed.archivedSHA256, archived != listed.examSHA256 {
            return failed(
                .documentChanged,
                "\(listed.path): its \(ExamFolder.examFileName) is not the one that was archived: "
                    + "run `archive verify`")
        }
        do {
            _ = try opened(stored, of: folder)
        } catch let failure as Failure {
            return failed(.blinded, failure.message)
        }
        do {
            return try analysed(stored, folder, listed.examSHA256, recordings)
        } catch let error as ExamSessionError {
            return failed(CohortFailure(error), Failure(error).message)
        } catch let failure as Failure {
            return failed(failure.status == .usage ? .otherRules : .notScorable, failure.message)
        }
    }

    private func analysed(
        _ stored: Exam, _ folder: ExamFolder, _ examSHA256: String, _ recordings: String
    ) throws -> CohortExam {
        let scorer = try scorers.scorer(
            definition: rules.definition ?? stored.assessment.definition.id,
            table: rules.table ?? stored.assessment.vhiss.table.id, of: folder)
        let outcome = try ExamReanalysis(folder, scorer: scorer, software: DopplerBridge.software).run { _, _ in }
        var exam = stored
        var analysis = CohortAnalysis.same
        var changed = 0
        switch outcome {
        case .same: break
        case .sameValues: analysis = .sameValues
        case .changed(let now, let differences):
            analysis = stored.algorithms == now.algorithms ? .unexplained : .changed
            exam = now
            changed = differences.count
        }
        return CohortExam(
            stored, examSHA256: examSHA256, recordingsSHA256: recordings, algorithms: ExamReanalysis.algorithms,
            analysis: analysis, changedValues: changed, results: try results(of: exam, scorer, folder))
    }

    /// What an exam comes to under every definition; exams of versions that did not write it are scored here.
    private func results(
        of exam: Exam, _ scorer: CriteriaScorer, _ folder: ExamFolder
    ) throws -> [DefinitionResult] {
        if let overview = exam.definitions { return overview.results }
        do throws(AnalysisError) { return try scorer.overview(of: exam.measurements).results } catch {
            throw Failure(.data, "\(folder.path): \(error.description)")
        }
    }

    /// The processor time of this process, seconds.
    private static func processorSeconds() -> Double {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}

extension CohortFailure {
    /// The word for why an exam could not be analysed.
    init(_ error: ExamSessionError) {
        switch error {
        case .recordingMissing: self = .recordingMissing
        case .recordingChanged: self = .recordingChanged
        case .otherRules: self = .otherRules
        case .analysis, .signal: self = .notScorable
        default: self = .recordingUnreadable
        }
    }
}
