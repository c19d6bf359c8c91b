internal import CCSVIAnalysis
internal import ExamSession
internal import ProbeLink

extension ExamState {
    /// The state of an exam before its first step.
    init(_ opening: ExamOpening) {
        let plan = opening.plan
        let origin = opening.probe.origin
        let perMille = 1000.0
        self.init(
            examID: plan.examID, subjectCode: plan.subjectCode, name: opening.name,
            protocol: ProtocolName(
                id: plan.examProtocol.reference.id, title: plan.examProtocol.reference.title),
            isSimulated: origin.isSimulated, origin: Origin(specifier: origin.specifier, device: origin.device),
            phase: .working, steps: plan.examProtocol.steps.enumerated().map { Step($1, number: $0 + 1) },
            asks: plan.examProtocol.findings,
            acoustic: Acoustic(
                mechanicalIndex: origin.declaredMechanicalIndexPerMille.map { Double($0) / perMille },
                thermalIndex: origin.declaredThermalIndexPerMille.map { Double($0) / perMille }))
    }

    /// A step begins.
    mutating func begin(_ number: Int) {
        step = number
        transmitSeconds = 0
        recordedSeconds = 0
        takes = []
        marks = []
        measurements = []
        isLowFlowCheck = false
        change(number) { $0.state = .now }
    }

    /// A step is kept as it stands.
    mutating func keep(_ record: StepRecord) {
        change(record.number) { step in
            step.takes = record.takes.count
            step.state =
                switch record.state {
                case .recorded: record.takes.contains(where: \.isComplete) ? .done : .missing
                case .skipped: .skipped
                case .notVisualised: .notVisualised
                case .notAssessable: .notAssessable
                case .notDone: .missing
                }
        }
    }

    /// A step has ended.
    mutating func end(_ number: Int, _ observation: VeinObservation?) {
        change(number) { $0.finding = observation?.shortWords }
        phase = .working
        if step == number { step = nil }
    }

    private mutating func change(_ number: Int, _ body: (inout Step) -> Void) {
        for index in steps.indices where steps[index].number == number { body(&steps[index]) }
    }

    /// Takes what the exam came to.
    mutating func take(_ outcome: ExamOutcome) {
        let assessment = outcome.exam.assessment
        // A blinded exam shows no result to whoever made it.
        if outcome.exam.blinding == nil {
            self.outcome = Outcome(
                verdict: assessment.verdict, words: assessment.verdictLine, vhissLow: assessment.vhiss.low,
                vhissHigh: assessment.vhiss.high,
                isCompleted: outcome.failure == nil && !outcome.wasStopped)
        }
        failure = outcome.failure.map { Trouble($0) }
        for record in outcome.exam.course?.steps ?? [] { keep(record) }
    }
}

extension ExamState.Step {
    /// A step before it is done.
    init(_ step: ProtocolStep, number: Int) {
        self.init(
            number: number, siteID: step.site.id, name: step.site.name, posture: step.site.posture,
            side: step.site.side, vein: step.site.vein, level: step.site.level, manoeuvre: step.manoeuvre,
            seconds: step.seconds, state: .missing, takes: 0)
    }
}

extension ExamState.Take {
    /// A take as the session tells it.
    init(_ record: TakeRecord) {
        self.init(
            take: record.take, recordingIDs: record.recordingIDs,
            recordingID: record.observation?.recordingID ?? record.recordingIDs.last, isComplete: record.isComplete,
            words: record.incompleteBecause.map { "incomplete: \($0)" } ?? record.observation?.shortWords
                ?? "nothing can be read",
            signalDb: record.signalDb, reachesLeastSignal: record.reachesLeastSignal,
            refluxes: (record.observation?.refluxes ?? []).compactMap { episode in
                episode.onsetSeconds.map {
                    ExamState.Reflux(
                        startSeconds: $0, endSeconds: $0 + episode.durationSeconds,
                        peakCmPerS: episode.peakVelocityCmPerS, manoeuvre: episode.manoeuvre,
                        confidence: episode.confidence)
                }
            })
    }
}

extension ExamState.Trouble {
    /// What went wrong with probe or folder.
    init(_ error: ExamSessionError) {
        let refusal = RoomRefusal.exam(error)
        self.init(what: refusal.what, next: refusal.next)
    }
}

extension ExamState {
    /// What a whole take measured, figure by figure.
    static func measurements(of take: TakeRecord) -> [Measurement] {
        let signal = Measurement(
            id: "signal", value: take.signalDb, unit: "dB", status: take.signalDb == nil ? .notMeasured : .measured)
        guard let seen = take.observation else { return [signal] }
        var figures: [Measurement] = []
        if seen.status != .examined {
            figures = ["meanVelocity", "direction", "reflux"].map {
                Measurement(id: $0, unit: "", status: .notAssessable, words: seen.reason)
            }
            return figures + [signal]
        }
        let hasFlow = seen.flow == .present
        figures.append(
            Measurement(
                id: "meanVelocity", value: seen.meanVelocityCmPerS, unit: "cm/s",
                status: seen.meanVelocityCmPerS != nil ? .measured : hasFlow ? .notMeasured : .nothingFound,
                words: hasFlow ? nil : seen.shortWords))
        figures.append(
            Measurement(
                id: "direction", unit: "",
                status: seen.direction != nil ? .measured : hasFlow ? .notAssessable : .nothingFound,
                words: seen.direction?.rawValue ?? seen.directionReason))
        let longest = seen.refluxes.map(\.durationSeconds).max()
        figures.append(
            Measurement(
                id: "reflux", value: longest, unit: "s",
                status: longest != nil ? .measured : hasFlow ? .nothingFound : .notMeasured,
                words: longest.map { _ in seen.refluxes.count == 1 ? "1 reflux" : "\(seen.refluxes.count) refluxes" }))
        if let breaths = seen.refluxes.compactMap(\.breathsRecorded).max() {
            figures.append(Measurement(id: "breaths", value: Double(breaths), unit: "", status: .measured))
        }
        return figures + [signal]
    }
}

extension VeinObservation {
    /// What a site showed, in a few words.
    var shortWords: String {
        switch status {
        case .notExamined: return reason ?? "not examined"
        case .notAssessable: return "not assessable: \(reason ?? "no reason given")"
        case .examined: break
        }
        guard flow == .present else {
            return absence?.allHold == true ? "flow absent" : "no flow detected, conditions not recorded"
        }
        let velocity = meanVelocityCmPerS.map { "\(Self.tenths($0)) cm/s" } ?? "velocity not measured"
        guard let longest = refluxes.map(\.durationSeconds).max() else { return velocity }
        let times = refluxes.count == 1 ? "1 reflux, " : "\(refluxes.count) refluxes, the longest "
        return "\(velocity), \(times)\(Self.hundredths(longest)) s"
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
