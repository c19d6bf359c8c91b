internal import Acquisition
internal import CCSVIAnalysis
internal import DopplerDSP
internal import ProbeLink

/// Collects what an exam brings, and at the end makes the exam's document of it.
struct ExamRecord: Sendable {
    private let plan: ExamPlan
    private var recordings: [VeinRecording] = []
    private var measurements = ExamMeasurements()
    private var limitations: [String] = []
    private var origins: [SourceOrigin] = []
    private var steps: [StepRecord] = []
    /// How the probe was set otherwise than planned, by session.
    private var settingsChanged: [Int: [String]] = [:]

    init(plan: ExamPlan) { self.plan = plan }

    /// Notes where samples came from; the same source counts once.
    mutating func add(_ origin: SourceOrigin) {
        let isKnown = origins.contains { $0.device == origin.device && $0.isSimulated == origin.isSimulated }
        if !isKnown { origins.append(origin) }
    }

    /// Takes a step with everything that was recorded of it.
    mutating func add(_ work: StepWork) {
        steps.append(work.record)
        if let observation = work.observation { measurements.observations.append(observation) }
        for take in work.takeRecords where take.reachesLeastSignal == false {
            let signal = take.signalDb.map { "\(($0 * 10).rounded() / 10)" } ?? "?"
            limitations.append(
                "\(work.step.site.name), take \(take.take): the signal, \(signal) dB over the noise, is below the "
                    + "\(work.step.leastSignalDb) dB that the protocol asks for.")
        }
    }

    mutating func add(_ area: LumenArea) { measurements.lumenAreas.append(area) }

    mutating func add(_ finding: LumenFinding) {
        measurements.lumenInspections.append(finding.inspection)
        measurements.lumenDefects += finding.defects
    }

    mutating func add(_ recording: VeinRecording) { recordings.append(recording) }

    /// Notes what limits the value of a recording, in sentences for the report.
    mutating func noteLimits(of outcome: RecordingRun.Outcome, planned: PlannedRecording) {
        let name = "\(planned.recordingID) (\(planned.site.name))"
        let changes =
            outcome.settings.changes(fromWanted: planned.wantedSettings) + outcome.changes(fromPlanned: planned.preset)
        if !changes.isEmpty {
            settingsChanged[planned.session, default: []].append("\(name): \(changes.joined(separator: "; "))")
            limitations.append("\(name): the probe was set otherwise than planned: \(changes.joined(separator: "; ")).")
        }
        let lost = outcome.result.lostPulses
        if lost.total > 0 {
            limitations.append(
                "\(name): \(lost.total) pulses lost (\(lost.inProbe) in the probe, \(lost.onLink) on the link, "
                    + "\(lost.atRing) at the ring).")
        }
        let link = outcome.end.closing.link
        if link.bad > 0 { limitations.append("\(name): the stream was damaged in \(link.bad) places.") }
        if outcome.result.unusableFrames > 0 {
            limitations.append("\(name): \(outcome.result.unusableFrames) frames could not be used.")
        }
        if let reason = outcome.end.closing.endedEarlyBecause {
            limitations.append("\(name): the recording ended early: \(reason).")
        } else if let reason = outcome.incompleteReason(of: planned) {
            limitations.append("\(name): an incomplete take: \(reason).")
        }
    }

    /// Notes a recording of an earlier session of which nothing can be read.
    mutating func noteUnreadable(_ planned: PlannedRecording, problem: String) {
        limitations.append("\(planned.recordingID) (\(planned.site.name)): an incomplete take: \(problem).")
    }

    /// Notes tones that stayed the same through a recording.
    mutating func noteTones(_ shiftsHz: [Double], planned: PlannedRecording) {
        if let sentence = Self.sentence(ofTones: shiftsHz, in: planned.recordingID, at: planned.site) {
            limitations.append(sentence)
        }
    }

    /// The exam's document, scored.
    func exam(sessions: [SessionRecord], endedEarly: String?) throws(ExamSessionError) -> Exam {
        let assessment: Assessment
        let definitions: DefinitionOverview
        do throws(AnalysisError) {
            let scorer = CriteriaScorer(
                definition: plan.definition, examProtocol: plan.examProtocol, table: plan.table)
            assessment = try scorer.assess(measurements)
            definitions = try scorer.overview(of: measurements)
        } catch {
            throw .analysis(error)
        }
        return Exam(
            examID: plan.examID, subjectCode: plan.subjectCode, startedAt: plan.startedAt, software: plan.software,
            algorithms: AlgorithmVersions.all, protocolReference: plan.examProtocol.reference,
            sourceDescription: joined { $0.device }, sourceSpecifier: joined { $0.specifier },
            isSimulated: origins.contains(where: \.isSimulated),
            outputDeclaration: joined(Self.outputDeclaration), qualityAssurance: plan.quality.line,
            recordings: recordings, measurements: measurements, assessment: assessment, definitions: definitions,
            blinding: plan.blinding,
            limitations: (endedEarly.map { [$0] } ?? []) + qualityLimits + Self.restLimits(sessions) + limitations
                + statedLimits,
            statement: ExamStatement.sentences, protocolSHA256: plan.protocolSHA256,
            course: ExamCourse(sessions: withChanges(sessions), steps: steps))
    }

    /// What is said of each source, each text once.
    private func joined(_ text: (SourceOrigin) -> String) -> String {
        var texts: [String] = []
        for origin in origins where !texts.contains(text(origin)) { texts.append(text(origin)) }
        return texts.joined(separator: "; ")
    }

    /// The sessions with what differs from the one before and from the protocol's settings.
    private func withChanges(_ sessions: [SessionRecord]) -> [SessionRecord] {
        var before: SessionRecord?
        return sessions.map { session in
            defer { before = session }
            var session = session
            session.settingsChanged = settingsChanged[session.number] ?? []
            guard let before else { return session }
            for (what, was, now) in [
                ("the probe", before.probe, session.probe), ("the program", before.software, session.software),
                ("quality assurance", before.qualityAssurance, session.qualityAssurance),
            ] where was != now {
                session.settingsChanged.append("\(what) was \(was) in session \(before.number) and is \(now)")
            }
            return session
        }
    }

    /// Rests that were cut short.
    private static func restLimits(_ sessions: [SessionRecord]) -> [String] {
        sessions.flatMap { session in
            session.rests.filter { !$0.isWhole }.map { rest in
                "Session \(session.number): the rest before the \(rest.posture.rawValue) steps was "
                    + "\(Int(rest.takenSeconds)) of \(Int(rest.plannedSeconds)) s."
            }
        }
    }

    /// Quality assurance that is missing, failed or too old.
    private var qualityLimits: [String] { plan.quality.isWarning ? [Self.sentence(plan.quality.line)] : [] }

    /// A line as a sentence: with a capital and a full stop.
    private static func sentence(_ line: String) -> String { line.prefix(1).uppercased() + line.dropFirst() + "." }

    /// What the measurements themselves could not show.
    private var statedLimits: [String] { measurements.observations.compactMap(Self.sentence) }

    /// MI and TI are what the probe declares, never computed.
    private static func outputDeclaration(_ origin: SourceOrigin) -> String {
        if origin.isSimulated { return "no acoustic output (simulated)" }
        func declared(_ perMille: UInt16?) -> String {
            guard let perMille else { return "not available" }
            return "at most \(Double(perMille) / 1000) (declared)"
        }
        return "MI \(declared(origin.declaredMechanicalIndexPerMille)), "
            + "TI \(declared(origin.declaredThermalIndexPerMille))"
    }
}

/// The limits that an analysis finds, as sentences for the report.
extension ExamRecord {
    /// What a site could not show; `nil` where it could be judged.
    static func sentence(_ observation: VeinObservation) -> String? {
        guard observation.status == .notAssessable, let reason = observation.reason else { return nil }
        return "\(observation.site.name): not assessable: \(reason)."
    }

    /// Tones that were not taken for flow; `nil` where there were none.
    static func sentence(ofTones shiftsHz: [Double], in recordingID: String, at site: ExamSite) -> String? {
        guard !shiftsHz.isEmpty else { return nil }
        let sizes = Set(shiftsHz.map { Int(abs($0).rounded()) }).sorted()
        let list = sizes.map { "\($0)" }.joined(separator: ", ")
        return tonesBegin(recordingID, site) + "\(list) Hz, such as mains hum, were not taken for flow."
    }

    /// Whether a sentence tells the tones of a recording.
    static func tellsTones(_ sentence: String, in recording: VeinRecording) -> Bool {
        sentence.hasPrefix(tonesBegin(recording.recordingID, recording.site))
    }

    private static func tonesBegin(_ recordingID: String, _ site: ExamSite) -> String {
        "\(recordingID) (\(site.name)): steady tones near "
    }
}

/// The algorithms whose results an exam holds.
///
/// A version changes with every change of results.
enum AlgorithmVersions {
    static let all = [
        "spectral analysis 3 (wall filter compensated, lag-one mean, modified geometric envelope)",
        RefluxDetector.algorithm, FlowAssessment.algorithm, BreathFinder.algorithm, "criteria scoring 2",
    ]
}
