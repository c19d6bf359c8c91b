internal import Acquisition
internal import CCSVIAnalysis
public import ProbeLink

/// Runs one exam by its protocol: puts the probe, records, analyses, and at the end scores what was found.
///
/// Whatever happens on the way, what was recorded stays in the exam's folder and the exam is written with the
/// steps that were done; the rest is "not examined". In a folder that holds an exam's earlier sessions, what they
/// recorded is read again as it stands, and the rest is done.
public actor ExamSession {
    let plan: ExamPlan
    let bedside: any Bedside
    let folder: ExamFolder
    var record: ExamRecord
    var entries = BedsideEntries()
    var kept: KeptRecordings?
    private var progress: ExamProgress
    private var firstFailure: ExamSessionError?
    private var posture: Posture?
    private var impossiblePostures: [Posture: String?] = [:]

    /// A session for one exam.
    public init(plan: ExamPlan, bedside: any Bedside, folder: ExamFolder) {
        self.plan = plan
        self.bedside = bedside
        self.folder = folder
        record = ExamRecord(plan: plan)
        progress = ExamProgress(plan)
    }

    /// Number of this session, from 1.
    var sessionNumber: Int { progress.sessions.count }

    /// Runs the exam to its end or to the operator's stop.
    ///
    /// - Parameters:
    ///   - stop: ends the exam after the recording that is being made, which is closed as it is.
    ///   - onEvent: is told what happens, in order.
    /// - Returns: the exam as it was written, and why it ended early if it did.
    /// - Throws: when the exam itself could not be written, or its folder not be worked in; the recordings are kept.
    public func run(
        stop: StopSignal, onEvent: @Sendable (ExamEvent) -> Void
    ) async throws(ExamSessionError) -> ExamOutcome {
        let lock = try ExamFolderLock(folder)
        try begin()
        if sessionNumber > 1 { onEvent(.continued(session: sessionNumber)) }
        let steps = plan.examProtocol.steps
        for (index, step) in steps.enumerated() {
            let number = index + 1
            let isOpen = !stop.isRequested && firstFailure == nil
            if isOpen { onEvent(.stepBegan(number: number, of: steps.count, site: step.site)) }
            do throws(ExamSessionError) {
                let observation = try await examine(step, number: number, isOpen: isOpen, stop: stop) {
                    onEvent(.lowFlowCheckBegan(number: number, of: steps.count, site: step.site))
                } onKept: {
                    onEvent(.stepKept($0))
                }
                guard isOpen else { continue }
                onEvent(.stepEnded(number: number, of: steps.count, site: step.site, observation: observation))
            } catch {
                firstFailure = error
            }
        }
        do throws(ExamSessionError) {
            try await measureAreas(isOpen: firstFailure == nil, stop: stop)
        } catch {
            firstFailure = error
        }
        await bedside.finish()
        let exam = try write(stop)
        _ = consume lock
        return ExamOutcome(exam: exam, failure: firstFailure, wasStopped: stop.isRequested)
    }

    // MARK: Sessions

    /// Begins a session: in a new folder the first, else the next.
    private func begin() throws(ExamSessionError) {
        let origin = bedside.origin
        if folder.holds(ExamProgress.fileName) {
            progress = try folder.progress()
            guard progress.protocolReference == plan.examProtocol.reference else {
                let reference = progress.protocolReference
                throw .otherExam(
                    path: folder.path, what: "protocol", was: "\(reference.id) \(reference.version)",
                    given: "\(plan.examProtocol.reference.id) \(plan.examProtocol.reference.version)")
            }
            if let last = progress.sessions.last, last.isSimulated != origin.isSimulated {
                throw .otherKindOfSource(path: folder.path, wasSimulated: last.isSimulated)
            }
            entries = try folder.entries()
            kept = try KeptRecordings(folder)
        } else if let text = plan.protocolText {
            try folder.write(bytes: [UInt8](text.utf8), as: ExamFolder.protocolFileName)
        }
        record.add(origin)
        progress.sessions.append(
            SessionRecord(
                number: progress.sessions.count + 1, startedAt: plan.timestamp(), probe: origin.device,
                specifier: origin.specifier, isSimulated: origin.isSimulated, software: plan.software,
                qualityAssurance: plan.quality.line))
        try keepProgress()
    }

    /// Writes how far the exam is, so that nothing of it is lost with the program.
    private func keepProgress() throws(ExamSessionError) { try folder.write(progress, as: ExamProgress.fileName) }

    /// Ends the session and writes the exam.
    private func write(_ stop: StopSignal) throws(ExamSessionError) -> Exam {
        if let recorded = bedside.recordedSessions {
            progress.sessions = recorded
        } else {
            let last = progress.sessions.count - 1
            progress.sessions[last].endedAt = plan.timestamp()
            progress.sessions[last].end = firstFailure != nil ? .failed : stop.isRequested ? .stopped : .completed
            progress.sessions[last].endReason = firstFailure?.description
        }
        let exam = try record.exam(sessions: progress.sessions, endedEarly: Self.endReason(progress.sessions.last))
        do throws(ExamSessionError) {
            try keepEntries()
            try folder.write(exam, as: ExamFolder.examFileName)
            // Last, so that an exam that counts as finished is there.
            try keepProgress()
        } catch {
            // On a full disk the first failure says more: which recording was cut off, and how much is kept.
            throw firstFailure ?? error
        }
        return exam
    }

    private static func endReason(_ last: SessionRecord?) -> String? {
        switch last?.end {
        case .failed: "The exam ended early: \(last?.endReason ?? "the reason is not known")."
        case .stopped: "The exam was stopped by the operator before its end."
        case .brokeOff: "The exam broke off before its end."
        case .completed, nil: nil
        }
    }

    // MARK: Postures

    /// Lets the patient rest where a step is the first of its posture.
    ///
    /// - Returns: why the step cannot be done, where the patient cannot take the posture.
    func changePosture(for step: ProtocolStep, stop: StopSignal) async throws(ExamSessionError) -> Placement? {
        let next = step.site.posture
        if posture != next {
            posture = next
            let planned = PlannedRest(
                posture: next, seconds: plan.examProtocol.restAfterPostureChangeSeconds,
                sites: plan.examProtocol.plannedSites.filter { $0.posture == next })
            switch try await bedside.rest(planned, stop: stop) {
            case .rested(let seconds): try keep(planned, taken: seconds)
            case .postureNotPossible(let note): impossiblePostures[next] = .some(note)
            case .notAsked: break
            }
        }
        return impossiblePostures[next].map { .notVisualised(.postureNotPossible, note: $0) }
    }

    private func keep(_ rest: PlannedRest, taken seconds: Double) throws(ExamSessionError) {
        let taken = RestRecord(posture: rest.posture, plannedSeconds: rest.seconds, takenSeconds: seconds)
        progress.sessions[progress.sessions.count - 1].rests.append(taken)
        try keepProgress()
    }

    // MARK: Entries

    private func measureAreas(isOpen: Bool, stop: StopSignal) async throws(ExamSessionError) {
        for area in plan.examProtocol.areas {
            var measured = entries.area(area)
            if isOpen, !stop.isRequested, measured == nil || measured?.status == .notExamined,
                let asked = try await bedside.lumenArea(area)
            {
                measured = asked
                entries.keep(asked)
                try keepEntries()
            }
            if let measured { record.add(measured) }
        }
        for place in plan.examProtocol.lumenPlaces {
            var finding = entries.finding(place)
            if isOpen, !stop.isRequested, finding == nil || finding?.inspection.status == .notExamined,
                let asked = try await bedside.lumenFinding(place)
            {
                finding = asked
                entries.keep(asked)
                try keepEntries()
            }
            if let finding { record.add(finding) }
        }
    }

    /// Writes what a person entered as soon as it is entered: nobody types it twice.
    func keepEntries() throws(ExamSessionError) { try folder.write(entries, as: BedsideEntries.fileName) }
}
