internal import Acquisition
public import CCSVIAnalysis
internal import Dispatch
internal import DopplerDSP
internal import ProbeLink
internal import Synchronization

/// Analyses the recordings of a stored exam again with their own settings, and scores the exam by its own rules.
///
/// What a person entered, and what was counted while recording, stays as it was stored.
public struct ExamReanalysis: Sendable {
    /// The exam as it stands in its folder.
    public let stored: Exam
    private let folder: ExamFolder
    private let storedBytes: [UInt8]
    private let fileNames: Set<String>
    private let scorer: CriteriaScorer
    private let software: String

    /// What came of it.
    public enum Outcome: Sendable {
        /// The same document, byte for byte.
        case same
        /// The same values in another spelling: the file was written by another program.
        case sameValues
        /// Another result.
        case changed(Exam, [DocumentDifference])
    }

    /// Reads an exam and checks that it can be analysed again.
    ///
    /// - Parameters:
    ///   - scorer: the rules, which must be those that the exam was scored by.
    ///   - software: the program, with its version, that a changed exam names.
    public init(_ folder: ExamFolder, scorer: CriteriaScorer, software: String) throws(ExamSessionError) {
        stored = try folder.exam()
        storedBytes = try folder.bytes(of: ExamFolder.examFileName)
        fileNames = Set(try folder.recordingFileNames())
        self.folder = folder
        self.scorer = scorer
        self.software = software
        try require(stored.assessment.definition.id, is: scorer.definition.reference.id, what: "definition")
        try require(stored.assessment.vhiss.table.id, is: scorer.table.reference.id, what: "table")
        try require(stored.protocolReference.id, is: scorer.examProtocol.reference.id, what: "protocol")
    }

    private func require(_ stored: String, is given: String, what: String) throws(ExamSessionError) {
        guard stored != given else { return }
        throw .otherRules(path: folder.path, what: what, stored: stored, given: given)
    }

    /// Analyses every recording, on as many processors as there are, and scores the exam.
    ///
    /// Blocks the calling thread.
    ///
    /// - Parameter onRecording: is told how many recordings are done; called from several threads, one at a time.
    public func run(onRecording: @Sendable (_ done: Int, _ of: Int) -> Void) throws(ExamSessionError) -> Outcome {
        let found = try analysed(onRecording)
        var exam = stored
        exam.algorithms = AlgorithmVersions.all
        exam.recordings = found.map(\.recording)
        let findings = Dictionary(found.map { ($0.recording.recordingID, $0) }) { first, _ in first }
        let incomplete = stored.course?.incompleteRecordingIDs ?? []
        exam.measurements.observations = try stored.measurements.observations.map {
            observation throws(ExamSessionError) in
            guard let id = observation.recordingID, !incomplete.contains(id) else { return observation }
            guard let found = findings[id] else { throw .recordingMissing(path: folder.path, file: id) }
            return found.finding.observation
        }
        exam.course = stored.course?.analysedAgain(findings, plan: scorer.examProtocol)
        exam.limitations = limitations(found, exam.measurements.observations)
        do throws(AnalysisError) {
            exam.assessment = try scorer.assess(exam.measurements)
            // An exam of a version that did not write them has none to compare.
            if stored.definitions != nil { exam.definitions = try scorer.overview(of: exam.measurements) }
        } catch {
            throw .analysis(error)
        }
        if exam == stored {
            return try folder.encoded(exam, for: ExamFolder.examFileName) == storedBytes ? .same : .sameValues
        }
        exam.software = software
        return .changed(exam, try DocumentDifference.between(stored, exam))
    }

    /// A recording with what it says now.
    struct Analysed: Sendable {
        var recording: VeinRecording
        var finding: SiteFinding
    }

    private func analysed(
        _ onRecording: @Sendable (_ done: Int, _ of: Int) -> Void
    ) throws(ExamSessionError) -> [Analysed] {
        let count = stored.recordings.count
        let results = Mutex<[Int: Result<Analysed, ExamSessionError>]>([:])
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Result { () throws(ExamSessionError) in try analysed(stored.recordings[index]) }
            results.withLock { results in
                results[index] = result
                onRecording(results.count, count)
            }
        }
        return try results.withLock { $0 }.sorted { $0.key < $1.key }.map { entry throws(ExamSessionError) in
            try entry.value.get()
        }
    }

    private func analysed(_ stored: VeinRecording) throws(ExamSessionError) -> Analysed {
        // The document comes from outside: it may name no file but those of its own folder.
        guard fileNames.contains(stored.fileName) else {
            throw .recordingMissing(path: folder.path, file: stored.fileName)
        }
        let path = folder.file(stored.fileName)
        let fingerprint: String
        let recording: Recording
        do throws(RecordingError) {
            fingerprint = try RecordingFingerprint.sha256(ofFile: path)
            recording = try Recording(path: path)
        } catch {
            throw .recording(error)
        }
        guard fingerprint == stored.sha256 else { throw .recordingChanged(file: path) }
        return try analysed(stored, recording)
    }

    private func analysed(
        _ stored: VeinRecording, _ recording: Recording
    ) throws(ExamSessionError) -> Analysed {
        var consumer: DopplerConsumer
        do throws(DSPError) {
            consumer = try DopplerConsumer(settings: stored.spectral)
        } catch {
            throw .signal(error)
        }
        let end: AcquisitionOutcome
        do throws(RingError) {
            end = try AcquisitionRun(source: ReplaySource(recording), plannedPulses: nil).run(
                recorder: nil, consumer: &consumer, stop: StopSignal())
        } catch {
            throw .ring(error)
        }
        if let failure = end.failure { throw .source(failure) }
        let outcome = RecordingRun.Outcome(
            settings: recording.description.settings, spectral: stored.spectral, scale: stored.scale,
            result: consumer.finish(), end: end)
        let finding = SiteFinding(
            outcome, of: JudgedPlace(stored), lowFlowCheck: scorer.examProtocol.lowFlowCheck)
        return Analysed(recording: stored.measured(from: outcome, breaths: finding.breaths), finding: finding)
    }

    /// The stored limitations, with those that come from the analysis as it is now.
    private func limitations(_ found: [Analysed], _ observations: [VeinObservation]) -> [String] {
        let before = stored.measurements.observations.compactMap(ExamRecord.sentence)
        let now = observations.compactMap(ExamRecord.sentence)
        var tones = Dictionary(
            found.compactMap { analysed in
                ExamRecord.sentence(
                    ofTones: analysed.finding.steadyShiftsHz, in: analysed.recording.recordingID,
                    at: analysed.recording.site
                ).map { (analysed.recording.recordingID, $0) }
            }
        ) { first, _ in first }
        let kept = stored.limitations.filter { !before.contains($0) }.compactMap { sentence -> String? in
            guard let id = stored.recordings.first(where: { ExamRecord.tellsTones(sentence, in: $0) })?.recordingID
            else { return sentence }
            return tones.removeValue(forKey: id)
        }
        let added = stored.recordings.compactMap { tones[$0.recordingID] }
        return kept + added + now
    }
}
