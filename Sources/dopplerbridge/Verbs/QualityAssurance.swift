import ArgumentParser
import CCSVIAnalysis
import DopplerQA
import Foundation

/// Measures the Doppler chain against a truth that is known.
struct QualityAssurance: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qa",
        abstract: "Measure the Doppler chain against the electronic test object and print clause, figure, limit, pass.",
        discussion: """
            Clauses: \(Clause.all.map(\.name).joined(separator: ", ")).

            With --phantom and --truth the clauses are run on a recording of a string or flow phantom; the truth file \
            is JSON with schema (\(PhantomTruth.schemaID)), phantom (string or flow), direction (towards or away), \
            meanCmPerS and, where it is known, maximumCmPerS.

            Every run is kept with its date in a state file. Exit code 1 when a clause fails.
            """)

    @Flag(help: "Run a twentieth of the scenes.")
    var quick = false

    @Option(help: "Run only this clause; may be given several times.")
    var clause: [String] = []

    @Option(help: "Scenes in each group of a clause, instead of what the clause states.")
    var seeds: Int?

    @Option(help: "The base of all seeds.")
    var seed: UInt64 = 1

    @Option(help: "A recording of a phantom: replay:FILE, wav:FILE, usb or any other source.")
    var phantom: String?

    @Option(help: "With --phantom: the file with the phantom's truth.")
    var truth: String?

    @OptionGroup var stretch: StretchOptions

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(help: "Print the table as Markdown, with published figures beside it.")
    var markdown = false

    @Option(help: "The state file that keeps the dated records; usually in the user's state folder.")
    var record: String?

    func validate() throws {
        if let seeds, !(1...1_000_000).contains(seeds) { throw ValidationError("--seeds must be 1 to 1000000") }
        if quick, seeds != nil { throw ValidationError("--quick and --seeds exclude each other") }
        if json, markdown { throw ValidationError("--json and --markdown exclude each other") }
        guard (phantom == nil) == (truth == nil) else { throw ValidationError("--phantom and --truth go together") }
        if phantom != nil, quick || seeds != nil || !clause.isEmpty {
            throw ValidationError(
                "--quick, --seeds and --clause are for the test object: leave them out with --phantom")
        }
    }

    func run() throws {
        let console = Console()
        let state = QAStateFile(path: record)
        // Read first: a state file that cannot be used is said before the work, not after it.
        var history = try state.read()
        let made: QARecord
        if let phantom, let truth {
            made = try PhantomRun(probe: phantom, truthPath: truth, stretch: stretch, console: console).record(
                now: Date())
        } else {
            let results = try qualityAssurance { () throws(QAError) in try measured(console) }
            made = QARecord(
                date: Date(), software: DopplerBridge.software, chain: QAChain.standard.name, truth: .testObject,
                seed: seed, isFull: !quick && seeds == nil && clause.isEmpty, results: results)
        }
        let results = made.results
        history.add(made)
        try state.write(history)
        if json {
            // The same document as the state file, with this run alone.
            var document = QAHistory()
            document.add(made)
            let bytes = try qualityAssurance { () throws(QAError) in try document.json() }
            console.result(String(String(decoding: bytes, as: UTF8.self).dropLast()))
        } else {
            console.result(markdown ? QATable.markdown(results) : QATable.text(results))
            console.say("recorded in \(state.path)")
            if !made.isFull, made.truth == .testObject {
                console.say("a shortened run is not the dated quality assurance of which an exam speaks")
            }
        }
        let failed = results.filter { $0.state == .failed }.map(\.clause)
        if !failed.isEmpty { throw Failure(.incomplete, "not within the limits: \(failed.joined(separator: ", "))") }
    }

    private func measured(_ console: Console) throws(QAError) -> [ClauseResult] {
        let clauses = try Clause.named(clause)
        let examProtocol: ExamProtocol
        do throws(AnalysisError) { examProtocol = try .standard() } catch {
            throw .unknownPreset(error.description)
        }
        let counts: SceneCounts = quick ? .quick : seeds.map { .seeds($0) } ?? .full
        let run = ClauseRun(setups: try QASetups(examProtocol), counts: counts, seed: seed)
        var results: [ClauseResult] = []
        for (index, clause) in clauses.enumerated() {
            let begin = ContinuousClock.now
            let result = try clause.result(run)
            let seconds = begin.duration(to: .now).components
            let took = Double(seconds.seconds) + Double(seconds.attoseconds) * 1e-18
            console.progress(
                index + 1, of: clauses.count,
                "\(clause.name): \(result.state.rawValue) (\(result.scenes) scenes, \(QATable.number(took)) s)")
            results.append(result)
        }
        return results
    }

    /// Runs something of quality assurance with the program's exit codes.
    private func qualityAssurance<Value>(_ body: () throws(QAError) -> Value) throws -> Value {
        do throws(QAError) { return try body() } catch { throw Failure(error) }
    }
}

extension Failure {
    init(_ error: QAError) {
        switch error {
        case .unknownClause: self.init(.usage, error.description)
        case .unknownPreset, .chain, .truth, .record: self.init(.data, error.description)
        }
    }
}
