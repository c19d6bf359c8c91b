internal import Acquisition
internal import CCSVIAnalysis
public import ProbeLink

/// Runs one exam by its protocol: puts the probe, records, analyses, and at the end scores what was found.
///
/// Whatever happens on the way, what was recorded stays in the exam's folder and the exam is written with the
/// steps that were done; the rest is "not examined".
public actor ExamSession {
    private let plan: ExamPlan
    private let bedside: any Bedside
    private let folder: ExamFolder
    private var record: ExamRecord
    private var entries = BedsideEntries()
    private var firstFailure: ExamSessionError?

    /// A session for one exam.
    public init(plan: ExamPlan, bedside: any Bedside, folder: ExamFolder) {
        self.plan = plan
        self.bedside = bedside
        self.folder = folder
        record = ExamRecord(plan: plan)
    }

    /// Runs the exam to its end or to the operator's stop.
    ///
    /// - Parameters:
    ///   - stop: ends the exam after the recording that is being made, which is closed as it is.
    ///   - onEvent: is told what happens, in order.
    /// - Returns: the exam as it was written, and why it ended early if it did.
    /// - Throws: when the exam itself could not be written; the recordings are kept.
    public func run(
        stop: StopSignal, onEvent: @Sendable (ExamEvent) -> Void
    ) async throws(ExamSessionError) -> ExamOutcome {
        let steps = plan.examProtocol.steps
        for (index, step) in steps.enumerated() where !stop.isRequested && firstFailure == nil {
            let number = index + 1
            onEvent(.stepBegan(number: number, of: steps.count, site: step.site))
            do throws(ExamSessionError) {
                let observation = try await examine(step, number: number, stop: stop) {
                    onEvent(.lowFlowCheckBegan(number: number, of: steps.count, site: step.site))
                }
                onEvent(.stepEnded(number: number, of: steps.count, site: step.site, observation: observation))
            } catch {
                firstFailure = error
            }
        }
        do throws(ExamSessionError) {
            if firstFailure == nil && !stop.isRequested { try await measureAreas() }
        } catch {
            firstFailure = error
        }
        await bedside.finish()
        let exam = try record.exam(origin: bedside.origin, endedEarly: endReason(stop))
        do throws(ExamSessionError) {
            try keepEntries()
            try folder.write(exam, as: ExamFolder.examFileName)
        } catch {
            // On a full disk the first failure says more: which recording was cut off, and how much is kept.
            throw firstFailure ?? error
        }
        return ExamOutcome(exam: exam, failure: firstFailure, wasStopped: stop.isRequested)
    }

    private func endReason(_ stop: StopSignal) -> String? {
        if let firstFailure { return "The exam ended early: \(firstFailure.description)." }
        return stop.isRequested ? "The exam was stopped by the operator before its end." : nil
    }

    /// Records a step, and its low-flow check where it shows no flow.
    private func examine(
        _ step: ProtocolStep, number: Int, stop: StopSignal, onLowFlowCheck: () -> Void
    ) async throws(ExamSessionError) -> VeinObservation? {
        guard let preset = plan.examProtocol.preset(for: step) else { return nil }
        var planned = PlannedRecording(
            number: number, step: step, preset: preset, manoeuvre: step.manoeuvre, seconds: step.seconds, take: 1)
        guard var finding = try await take(planned, stop: stop) else { return nil }
        if finding.needsLowFlowCheck, !stop.isRequested, let low = plan.examProtocol.lowFlowPreset(for: step) {
            let check = plan.examProtocol.lowFlowCheck
            onLowFlowCheck()
            planned.preset = low
            planned.manoeuvre = check.manoeuvre
            planned.seconds = check.seconds
            planned.take = 2
            if let second = try await take(planned, stop: stop) { finding = second }
        }
        record.add(finding.observation)
        return finding.observation
    }

    /// Makes one recording and judges it; `nil` where the site was not looked at.
    private func take(
        _ planned: PlannedRecording, stop: StopSignal
    ) async throws(ExamSessionError) -> SiteFinding? {
        switch try await bedside.hold(at: planned) {
        case .notExamined:
            return nil
        case .notAssessable(let reason):
            entries.notAssessable[planned.site.id] = reason
            try keepEntries()
            return SiteFinding(notAssessable: planned.site, reason: reason)
        case .held(let probe):
            return try await segments(probe, planned, stop: stop)
        }
    }

    /// Records a step until a segment of it is whole: a probe that was unplugged may come back.
    private func segments(
        _ first: HeldProbe, _ planned: PlannedRecording, stop: StopSignal
    ) async throws(ExamSessionError) -> SiteFinding {
        var probe = first
        var planned = planned
        while true {
            let made = try await segment(probe, planned, stop: stop)
            if made.finding != nil { planned.segment += 1 }
            if !stop.isRequested,
                let again = try await bedside.holdAgain(at: planned, after: made.failure, stop: stop)
            {
                probe = again
                continue
            }
            if let failure = made.failure {
                // What came before the end is kept and judged; the exam does not go on.
                if let finding = made.finding { record.add(finding.observation) }
                throw .source(failure)
            }
            if let finding = made.finding { return finding }
        }
    }

    /// What a segment brought, and why it ended early; there is no finding where the source failed before it began.
    private typealias Segment = (finding: SiteFinding?, failure: SourceError?)

    /// Makes one recording, which is in the exam however it ends.
    private func segment(
        _ probe: HeldProbe, _ planned: PlannedRecording, stop: StopSignal
    ) async throws(ExamSessionError) -> Segment {
        let run = RecordingRun(
            probe: probe, planned: planned, software: plan.software, path: folder.recording(planned.recordingID))
        let outcome: RecordingRun.Outcome
        do throws(ExamSessionError) {
            outcome = try await run.record(stop: StopSignal(following: stop))
        } catch .source(let failure) {
            return (nil, failure)
        }
        let finding = SiteFinding(
            outcome, of: JudgedPlace(planned), lowFlowCheck: plan.examProtocol.lowFlowCheck)
        record.add(try VeinRecording(outcome, of: planned, folder: folder, breaths: finding.breaths))
        record.noteLimits(of: outcome, planned: planned)
        record.noteTones(finding.steadyShiftsHz, planned: planned)
        if let failure = outcome.end.recordingFailure { throw .recording(failure) }
        return (finding, outcome.end.failure)
    }

    private func measureAreas() async throws(ExamSessionError) {
        for area in plan.examProtocol.areas {
            guard let measured = try await bedside.lumenArea(area) else { continue }
            entries.lumenAreas.append(measured)
            record.add(measured)
            try keepEntries()
        }
        for place in plan.examProtocol.lumenPlaces {
            guard let finding = try await bedside.lumenFinding(place) else { continue }
            entries.lumenInspections = (entries.lumenInspections ?? []) + [finding.inspection]
            entries.lumenDefects = (entries.lumenDefects ?? []) + finding.defects
            record.add(finding)
            try keepEntries()
        }
    }

    /// Writes what a person entered as soon as it is entered: nobody types it twice.
    private func keepEntries() throws(ExamSessionError) {
        try folder.write(entries, as: BedsideEntries.fileName)
    }
}
