internal import CCSVIAnalysis
internal import DopplerDSP

/// One take of a step: its recording, in segments where the probe was lost, and the low-flow check that belongs to it.
struct StepTake: Sendable {
    /// Its number at the site; a low-flow check has the next one.
    let take: Int
    /// The session in which it was made.
    let session: Int
    /// Its recordings, in order.
    var recordingIDs: [String] = []
    /// What its last segment showed; `nil` where nothing of it can be read.
    var finding: SiteFinding?
    /// What the low-flow check showed; `nil` until a whole one is there.
    var check: SiteFinding?
    /// Why it is not whole; `nil` when it is.
    var incompleteBecause: String?
    /// The signal of its last segment, dB.
    var signalDb: Double?

    init(take: Int, session: Int) {
        self.take = take
        self.session = session
    }

    /// Whether it can be judged.
    var isComplete: Bool { incompleteBecause == nil && finding != nil }

    /// Whether a low-flow check can tell more of it.
    var lacksCheck: Bool { isComplete && finding?.needsLowFlowCheck == true && check == nil }

    /// What it shows: of a part of a take nothing can be said, and never "nothing found".
    var observation: VeinObservation? {
        guard let finding else { return nil }
        guard let incompleteBecause else { return (check ?? finding).observation }
        return VeinObservation(
            site: finding.observation.site, status: .notAssessable, reason: "incomplete take: \(incompleteBecause)",
            recordingID: finding.observation.recordingID)
    }

    /// The take as the exam keeps it.
    func record(leastSignalDb: Double) -> TakeRecord {
        let isMeasured = isComplete && finding?.observation.flow == .present
        return TakeRecord(
            take: take, session: session, recordingIDs: recordingIDs, incompleteBecause: incompleteBecause,
            signalDb: signalDb, reachesLeastSignal: isMeasured ? signalDb.map { $0 >= leastSignalDb } : nil,
            observation: observation)
    }
}

/// A step while it is worked on.
struct StepWork: Sendable {
    /// Place in the protocol, from 1.
    let number: Int
    /// The step.
    let step: ProtocolStep
    /// The settings.
    let preset: SettingsPreset
    /// The settings of the low-flow check; `nil` where the vein has none.
    let lowFlowPreset: SettingsPreset?
    /// Everything that was recorded, in order.
    var takes: [StepTake] = []
    /// The take number that the next recording gets.
    var nextTake = 1
    /// How many whole takes are wanted.
    var wantedTakes: Int
    /// What was decided; `nil` while nothing is.
    var entry: StepEntry?
    /// Whether the low-flow check of the last take was tried, and is not tried again.
    var hasTriedCheck = false

    init(number: Int, step: ProtocolStep, preset: SettingsPreset, plan: ExamProtocol) {
        self.number = number
        self.step = step
        self.preset = preset
        lowFlowPreset = plan.lowFlowPreset(for: step)
        wantedTakes = step.takes
    }

    /// The site's id.
    var siteID: String { step.site.id }

    /// Takes that can be judged.
    var completeTakes: [StepTake] { takes.filter(\.isComplete) }

    /// Whether the low-flow check of the last take is to be made.
    var wantsCheck: Bool { lowFlowPreset != nil && !hasTriedCheck && takes.last?.lacksCheck == true }

    /// The next recording of the step itself.
    func next(session: Int) -> PlannedRecording {
        var planned = PlannedRecording(
            number: number, step: step, preset: preset, manoeuvre: step.manoeuvre, seconds: step.seconds,
            take: nextTake)
        planned.session = session
        return planned
    }

    /// The low-flow check of the last take.
    func nextCheck(_ check: LowFlowCheck, session: Int) -> PlannedRecording {
        var planned = next(session: session)
        planned.preset = lowFlowPreset ?? preset
        planned.manoeuvre = check.manoeuvre
        planned.seconds = check.seconds
        planned.isLowFlowCheck = true
        return planned
    }

    /// The take that is judged: the operator's choice, else the last whole one, else the last that shows anything.
    var judged: StepTake? {
        if let chosen = entry?.chosenTake, let take = completeTakes.first(where: { $0.take == chosen }) { return take }
        return completeTakes.last ?? takes.last { $0.finding != nil }
    }

    /// Every take as the exam keeps it.
    var takeRecords: [TakeRecord] { takes.map { $0.record(leastSignalDb: step.leastSignalDb) } }

    /// What the step says of its site; `nil` where nothing was done and nothing said.
    var observation: VeinObservation? {
        guard completeTakes.isEmpty, let entry else { return judged?.observation }
        let words = [entry.notVisualised?.words, entry.note].compactMap(\.self).joined(separator: ": ")
        switch entry.state {
        case .skipped:
            return VeinObservation(site: step.site, status: .notExamined, reason: "skipped: \(words)")
        case .notVisualised:
            return VeinObservation(
                site: step.site, status: entry.notVisualised?.status ?? .notAssessable,
                reason: "not visualised: \(words)")
        case .notAssessable: return VeinObservation(site: step.site, status: .notAssessable, reason: words)
        case .recorded, .notDone: return judged?.observation
        }
    }

    /// The step as the exam keeps it.
    var record: StepRecord {
        let hasWhole = !completeTakes.isEmpty
        let state = hasWhole ? .recorded : entry?.state ?? (takes.isEmpty ? .notDone : .recorded)
        let isJudged = state == .recorded
        // What the judged take shows stands among the measurements, once.
        let records = takeRecords.map { record in
            var record = record
            if isJudged, record.take == judged?.take { record.observation = nil }
            return record
        }
        return StepRecord(
            number: number, site: step.site, state: state,
            notVisualised: state == .notVisualised ? entry?.notVisualised : nil, note: entry?.note,
            judgedTake: isJudged ? judged?.take : nil, isChosen: isJudged && entry?.chosenTake == judged?.take,
            takes: records)
    }
}
