import ArgumentParser
import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink

/// Runs an exam by its protocol, from the first step to the score.
struct ExamRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run an exam by its protocol: record, analyse and score.",
        discussion: "With a simulated patient the result is compared with what the scenario states.")

    @OptionGroup var source: SourceOptions
    @OptionGroup var rules: ScoringOptions

    @Option(help: "The folder for the exam; without --continue it must not hold one.")
    var output: String

    @Flag(name: .customLong("continue"), help: "Go on with the exam in the folder: what was recorded stays.")
    var continues = false

    @Option(
        name: .customLong("repeat"),
        help: "With --continue: record the step at this site again, such as ijv.left.j1.supine; may be given again.")
    var repeated: [String] = []

    @Flag(help: "With a simulated patient: ask the operator at the terminal, as with a probe.")
    var ask = false

    @Option(help: "The subject's code; never a name (default: SUBJECT).")
    var subject: String?

    @Option(help: "The exam's id; made from the time when not given.")
    var examID: String?

    @Option(help: "Run blinded under this subject code: no result is shown, and the record says so.")
    var blinded: String?

    @Flag(help: "Write the report too.")
    var report = false

    @Flag(help: "Print one JSON document: the exam.")
    var json = false

    func validate() throws {
        try validateBlinding()
        if !repeated.isEmpty, !continues {
            throw ValidationError("--repeat belongs to an exam that goes on: give it with --continue")
        }
        if continues, source.probe.hasPrefix("replay:") {
            throw ValidationError(
                "--continue goes on with a probe: a replay plays a whole exam into a folder of its own")
        }
        if ask, !source.probe.hasPrefix("sim:") {
            throw ValidationError("--ask belongs to a simulated patient: a probe's operator is asked in any case")
        }
    }

    private func validateBlinding() throws {
        guard let blinded else { return }
        guard !report, !json else {
            throw ValidationError("--report and --json show the result that --blinded withholds: leave them out")
        }
        guard subject == nil else { throw ValidationError("--blinded names the subject: leave out --subject") }
        let isCode = blinded.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
        guard isCode, blinded.contains(where: \.isNumber) else {
            throw ValidationError("--blinded takes a code of letters, digits, - and _ with a digit, never a name")
        }
    }

    /// The blinding of this exam: that of the exam that goes on, or a new one; `nil` for an exam that is not blinded.
    private func blinding(continuing folder: ExamFolder?, now: Date) throws -> Blinding? {
        let stored = try folder.flatMap { folder -> Blinding? in
            guard folder.holds(ExamFolder.examFileName) else { return nil }
            return try examination { () throws(ExamSessionError) in try folder.exam().blinding }
        }
        guard folder != nil else { return blinded.map { Blinding(code: $0, since: now.formatted(.iso8601)) } }
        guard stored?.code == blinded else {
            throw Failure(
                .usage,
                "\(output): an exam goes on as it began: give --blinded with its code, or leave it out as it was")
        }
        return stored
    }

    func run() async throws {
        let console = Console()
        let now = Date()
        let interrupt = StopOnSignal()
        // What is wrong with the rules is said before a probe is opened and a folder is made.
        let earlier = try continues ? ContinuedExam(output, self) : nil
        let file = try earlier?.protocolFile ?? playedProtocol() ?? rules.loadedProtocol()
        let scorer = try rules.scorer(file.examProtocol)
        let opened = try source.bedside(
            stop: interrupt.stop, console: console, findings: file.examProtocol.findings, asks: ask)
        let folder = try earlier?.folder ?? examination { () throws(ExamSessionError) in try ExamFolder(new: output) }
        var plan = ExamPlan(
            examProtocol: scorer.examProtocol, definition: scorer.definition, table: scorer.table,
            examID: earlier?.progress.examID ?? examID ?? Self.identifier(now),
            subjectCode: earlier?.progress.subjectCode ?? blinded ?? subject ?? "SUBJECT",
            startedAt: earlier?.progress.startedAt ?? now.formatted(.iso8601), software: DopplerBridge.software,
            quality: QAStateFile(path: nil).statement(now: now), timestamp: { Date().formatted(.iso8601) })
        plan.blinding = try blinding(continuing: earlier?.folder, now: now)
        plan.protocolText = file.text
        plan.protocolSHA256 = file.sha256
        plan.repeatedSiteIDs = Set(repeated)
        console.say(plan.quality.isWarning ? "Warning: \(plan.quality.line)." : "\(plan.quality.line).")
        let session = ExamSession(plan: plan, bedside: opened.bedside, folder: folder)
        let outcome: ExamOutcome
        do throws(ExamSessionError) {
            let isBlinded = plan.blinding != nil
            outcome = try await session.run(stop: interrupt.stop) {
                Self.show($0, isBlinded: isBlinded, on: console)
            }
        } catch {
            throw Failure(error)
        }
        try opened.capture?.finish(console: console)
        if let blinding = outcome.exam.blinding { return try present(outcome, blinding, folder: folder, on: console) }
        let isComparable = try Self.coversStandard(scorer.examProtocol)
        try present(outcome, truth: isComparable ? opened.truth : nil, folder: folder, console: console)
    }

    /// The protocol of an exam that is played again, unless another is asked for.
    private func playedProtocol() throws -> ProtocolFile? {
        guard rules.protocolName == nil, case .replay(let path) = try SourceSpecifier(source.probe) else { return nil }
        return try ProtocolFile(of: examination { () throws(ExamSessionError) in try ExamFolder(existing: path) })
    }

    /// Whether a protocol plans all that the scenarios' statements rest on.
    private static func coversStandard(_ plan: ExamProtocol) throws -> Bool {
        let standard = try ProtocolFile(named: ProtocolFile.usualID).examProtocol
        return Set(standard.plannedSites.filter { $0.vein != .azygos }).isSubset(of: plan.plannedSites)
            && standard.areas.allSatisfy(plan.areas.contains)
    }

    private func present(
        _ outcome: ExamOutcome, truth: ExpectedResult?, folder: ExamFolder, console: Console
    ) throws {
        let differences = truth.flatMap { $0.differences(from: outcome.exam.assessment) }
        if let differences {
            console.say(
                differences.isEmpty
                    ? "The result is what the scenario states." : "The result is not what the scenario states:")
            for difference in differences { console.say("  \(difference)") }
        }
        if report { console.say("Report: \(try ReportWriter(folder: folder).write())") }
        if json {
            try console.json(outcome.exam)
        } else {
            console.result(AssessmentText(outcome.exam.assessment).summary)
            console.result("Exam: \(folder.path)")
        }
        if let failure = outcome.failure { throw Failure(failure) }
        let isIncomplete = outcome.wasStopped || outcome.exam.assessment.unknownCount > 0
        if isIncomplete || differences?.isEmpty == false { throw Failure(.incomplete, "") }
    }

    /// Says that a blinded exam was made, and nothing of its result.
    private func present(
        _ outcome: ExamOutcome, _ blinding: Blinding, folder: ExamFolder, on console: Console
    ) throws {
        console.result(BlindedText(exam: outcome.exam, blinding: blinding).text)
        console.result("Exam: \(folder.path)")
        if let failure = outcome.failure { throw Failure(failure) }
        if outcome.wasStopped { throw Failure(.incomplete, "") }
    }

    private static func show(_ event: ExamEvent, isBlinded: Bool, on console: Console) {
        switch event {
        case .stepKept: break
        case .continued(let session): console.say("Session \(session): what was recorded earlier is read again.")
        case .stepBegan(let number, let total, let site):
            if console.isTerminal { console.progress(number - 1, of: total, site.name) }
        case .lowFlowCheckBegan(let number, let total, let site):
            if console.isTerminal { console.progress(number - 1, of: total, "\(site.name), low-flow check") }
        case .stepEnded(let number, let total, let site, let observation):
            let found = observation.map { isBlinded ? $0.status.words : ExamText.words($0) } ?? "not examined"
            console.progress(number, of: total, "\(site.name): \(found)")
        }
    }

    /// An id from the time, to the second.
    private static func identifier(_ now: Date) -> String {
        let digits = now.formatted(.iso8601).filter(\.isNumber)
        return "EX-\(digits)"
    }
}
