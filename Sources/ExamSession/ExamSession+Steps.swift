internal import Acquisition
internal import CCSVIAnalysis
internal import ProbeLink

extension ExamSession {
    /// Does a step: reads what earlier sessions recorded of it, then records what remains.
    ///
    /// - Parameter isOpen: whether anything more may be recorded; else only what is kept is read.
    func examine(
        _ step: ProtocolStep, number: Int, isOpen: Bool, stop: StopSignal, onLowFlowCheck: () -> Void,
        onKept: (StepRecord) -> Void
    ) async throws(ExamSessionError) -> VeinObservation? {
        guard let preset = plan.examProtocol.preset(for: step) else { return nil }
        var work = StepWork(number: number, step: step, preset: preset, plan: plan.examProtocol)
        work.entry = entries.steps?[work.siteID]
        var failure: ExamSessionError?
        do throws(ExamSessionError) {
            try await readKept(&work)
            let isRepeated = plan.repeatedSiteIDs.contains(work.siteID)
            if isRepeated {
                work.wantedTakes = work.completeTakes.count + 1
                work.entry?.chosenTake = nil
            }
            if isOpen, isRepeated || work.entry == nil {
                try await doStep(&work, stop: stop, onLowFlowCheck: onLowFlowCheck)
            }
        } catch {
            failure = error
        }
        // What came before a failure is kept and judged.
        record.add(work)
        onKept(work.record)
        if let failure { throw failure }
        return work.observation
    }

    // MARK: What earlier sessions left

    /// Reads the takes of a step that stand in the folder, and analyses them as they are.
    private func readKept(_ work: inout StepWork) async throws(ExamSessionError) {
        guard let kept else { return }
        while kept.holds(work.next(session: 1)) {
            let context = kept.open(work.next(session: 1)).context
            let isCheck = context?.isLowFlowCheck == true && !work.takes.isEmpty
            let session = context?.session ?? 1
            var planned =
                isCheck
                ? work.nextCheck(plan.examProtocol.lowFlowCheck, session: session) : work.next(session: session)
            if !isCheck { work.takes.append(StepTake(take: planned.take, session: session)) }
            while kept.holds(planned) {
                try await analyse(kept.open(planned), planned, into: &work.takes[work.takes.count - 1])
                planned.segment += 1
            }
            work.nextTake += 1
        }
        settleCheck(&work)
    }

    /// Analyses a recording where it stands.
    private func analyse(
        _ opened: KeptRecordings.Kept, _ planned: PlannedRecording, into take: inout StepTake
    ) async throws(ExamSessionError) {
        guard let probe = opened.probe else {
            let problem = opened.problem ?? "it cannot be read"
            record.noteUnreadable(planned, problem: problem)
            take.recordingIDs.append(planned.recordingID)
            if !planned.isLowFlowCheck { take.incompleteBecause = "its file cannot be read" }
            return
        }
        record.add(probe.source.origin)
        let run = RecordingRun(probe: probe, planned: planned, software: plan.software, path: nil)
        try add(try await run.record(stop: StopSignal()), of: planned, to: &take)
    }

    /// A low-flow check that was tried and cannot be judged settles its step.
    private func settleCheck(_ work: inout StepWork) {
        guard work.wantsCheck, let reason = entries.notAssessable[work.siteID] else { return }
        work.takes[work.takes.count - 1].check = SiteFinding(notAssessable: work.step.site, reason: reason)
    }

    // MARK: What remains

    /// Records a step until it is done, refused or stopped.
    private func doStep(
        _ work: inout StepWork, stop: StopSignal, onLowFlowCheck: () -> Void
    ) async throws(ExamSessionError) {
        while !stop.isRequested {
            if work.wantsCheck {
                onLowFlowCheck()
                guard try await makeCheck(&work, stop: stop) else { continue }
            } else if work.completeTakes.count < work.wantedTakes {
                guard try await makeTake(&work, stop: stop) else { return }
                // A whole take that others, or its low-flow check, follow needs no question.
                let isWhole = work.takes.last?.isComplete == true
                if isWhole, work.wantsCheck || work.completeTakes.count < work.wantedTakes { continue }
            }
            guard !stop.isRequested else { return }
            if try await reviewSaysDone(&work) { return }
        }
    }

    /// Asks whether the step is done.
    private func reviewSaysDone(_ work: inout StepWork) async throws(ExamSessionError) -> Bool {
        let review = TakeReview(next: work.next(session: sessionNumber), takes: work.takeRecords)
        switch try await bedside.review(review) {
        case .goOn(let chosen):
            try decide(StepEntry(.recorded, chosenTake: chosen), &work)
            return true
        case .again:
            work.hasTriedCheck = false
            if !work.wantsCheck { work.wantedTakes = work.completeTakes.count + 1 }
            return false
        }
    }

    /// Records a step once more.
    ///
    /// - Returns: whether something was recorded; else the step is as far as it goes.
    private func makeTake(_ work: inout StepWork, stop: StopSignal) async throws(ExamSessionError) -> Bool {
        let planned = work.next(session: sessionNumber)
        var placement = try await changePosture(for: work.step, stop: stop)
        if placement == nil, !stop.isRequested { placement = try await bedside.hold(at: planned) }
        switch placement ?? .notExamined {
        case .notExamined: break
        case .skipped(let reason): try decide(StepEntry(.skipped, note: reason), &work)
        case .notVisualised(let reason, let note):
            try decide(StepEntry(.notVisualised, notVisualised: reason, note: note), &work)
        case .notAssessable(let reason):
            entries.notAssessable[work.siteID] = reason
            try decide(StepEntry(.notAssessable, note: reason), &work)
        case .held(let probe):
            let session = probe.recordedContext?.session ?? sessionNumber
            work.takes.append(StepTake(take: planned.take, session: session))
            work.hasTriedCheck = false
            try await record(probe, planned, of: &work, stop: stop)
            return true
        }
        return false
    }

    /// Makes the low-flow check of the last take.
    ///
    /// - Returns: whether something was recorded.
    private func makeCheck(_ work: inout StepWork, stop: StopSignal) async throws(ExamSessionError) -> Bool {
        work.hasTriedCheck = true
        let planned = work.nextCheck(plan.examProtocol.lowFlowCheck, session: sessionNumber)
        let reason: String
        switch try await bedside.hold(at: planned) {
        case .notExamined, .skipped: return false
        case .notAssessable(let words): reason = words
        case .notVisualised(let code, let note):
            reason = [code.words, note].compactMap(\.self).joined(separator: ": ")
        case .held(let probe):
            try await record(probe, planned, of: &work, stop: stop)
            return true
        }
        entries.notAssessable[work.siteID] = reason
        try keepEntries()
        work.hasTriedCheck = false
        settleCheck(&work)
        return false
    }

    /// Keeps a decision at once; a step that holds a whole take stays one that was recorded.
    private func decide(_ entry: StepEntry, _ work: inout StepWork) throws(ExamSessionError) {
        let entry = work.completeTakes.isEmpty ? entry : StepEntry(.recorded, chosenTake: entry.chosenTake)
        work.entry = entry
        entries.steps = (entries.steps ?? [:]).merging([work.siteID: entry]) { $1 }
        try keepEntries()
    }

    // MARK: Recording

    /// Records until a segment is whole: a probe that was unplugged may come back.
    private func record(
        _ first: HeldProbe, _ wanted: PlannedRecording, of work: inout StepWork, stop: StopSignal
    ) async throws(ExamSessionError) {
        var probe = first
        var planned = wanted
        planned.session = probe.recordedContext?.session ?? planned.session
        let last = work.takes.count - 1
        let earlier = work.takes[last].recordingIDs.count
        defer {
            if work.takes[last].recordingIDs.count > earlier { work.nextTake += 1 }
            // A take without a recording is none.
            if work.takes[last].recordingIDs.isEmpty { work.takes.removeLast() }
        }
        while true {
            let made = try await segment(probe, planned, into: &work.takes[last], stop: stop)
            if made.wasRecorded { planned.segment += 1 }
            if !stop.isRequested,
                let again = try await bedside.holdAgain(at: planned, after: made.failure, stop: stop)
            {
                probe = again
                continue
            }
            if let failure = made.failure { throw .source(failure) }
            return
        }
    }

    /// Whether a segment was recorded, and why it ended early.
    private typealias Segment = (wasRecorded: Bool, failure: SourceError?)

    /// Makes one recording, which is in the exam however it ends.
    private func segment(
        _ probe: HeldProbe, _ planned: PlannedRecording, into take: inout StepTake, stop: StopSignal
    ) async throws(ExamSessionError) -> Segment {
        let run = RecordingRun(
            probe: probe, planned: planned, software: plan.software, path: folder.recording(planned.recordingID))
        let outcome: RecordingRun.Outcome
        do throws(ExamSessionError) {
            outcome = try await run.record(stop: StopSignal(following: stop))
        } catch .source(let failure) {
            return (false, failure)
        }
        try add(outcome, of: planned, to: &take)
        if let failure = outcome.end.recordingFailure { throw .recording(failure) }
        return (true, outcome.end.failure)
    }

    /// Judges a recording and puts it into the exam.
    private func add(
        _ outcome: RecordingRun.Outcome, of planned: PlannedRecording, to take: inout StepTake
    ) throws(ExamSessionError) {
        let finding = SiteFinding(outcome, of: JudgedPlace(planned), lowFlowCheck: plan.examProtocol.lowFlowCheck)
        let recording = try VeinRecording(outcome, of: planned, folder: folder, breaths: finding.breaths)
        record.add(recording)
        record.noteLimits(of: outcome, planned: planned)
        record.noteTones(finding.steadyShiftsHz, planned: planned)
        take.recordingIDs.append(planned.recordingID)
        let incomplete = outcome.incompleteReason(of: planned)
        if planned.isLowFlowCheck {
            take.check = incomplete == nil ? finding : nil
        } else {
            take.finding = finding
            take.incompleteBecause = incomplete
            take.signalDb = recording.signalToNoiseDb
        }
    }
}

extension RecordingRun.Outcome {
    /// From this share of the planned length on a recording is whole (project choice: a frame or two may be missing).
    private static let wholeFromShare = 0.99

    /// Why the recording is not whole; `nil` when it is.
    func incompleteReason(of planned: PlannedRecording) -> String? {
        if let reason = end.closing.endedEarlyBecause { return reason }
        if let failure = end.recordingFailure { return failure.description }
        guard recordedSeconds < planned.seconds * Self.wholeFromShare else { return nil }
        let tenths = (recordedSeconds * 10).rounded(.down) / 10
        return "\(tenths) of \(planned.seconds) s were recorded"
    }
}
