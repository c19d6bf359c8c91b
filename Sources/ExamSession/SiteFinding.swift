internal import Acquisition
internal import CCSVIAnalysis
internal import DopplerDSP
internal import ProbeLink

/// What one recording, or the attempt at one, says of a site.
struct SiteFinding: Sendable {
    /// The observation for the criteria.
    var observation: VeinObservation
    /// Whether no flow was found where the low-flow check can tell more.
    var needsLowFlowCheck = false
    /// Tones that were not taken for flow, Hz.
    var steadyShiftsHz: [Double] = []
    /// Breaths in the recording; `nil` when breathing was not recorded.
    var breaths: Int?

    /// From this length on an aliased stretch that looks reversed leaves a site open, seconds: the shortest reflux that
    /// any published definition counts (0.5 s intracranial, Mayer 2011, JNNP, table 2).
    private static let doubtfulSeconds = 0.5

    /// A site that was tried and cannot be judged.
    init(notAssessable site: ExamSite, reason: String) {
        observation = VeinObservation(site: site, status: .notAssessable, reason: reason)
    }

    /// Judges a recording by its first gate.
    init(_ outcome: RecordingRun.Outcome, of place: JudgedPlace, lowFlowCheck: LowFlowCheck) {
        guard let spectrogram = outcome.result.spectrograms.first else {
            observation = VeinObservation(site: place.site, status: .notAssessable, reason: "nothing was recorded")
            return
        }
        do throws(DSPError) {
            try outcome.settings.gateRange?.validate(
                prfHz: outcome.settings.prfHz, speedOfSoundMPerS: outcome.scale.speedOfSoundMPerS)
            try outcome.scale.validate()
        } catch {
            observation = VeinObservation(
                site: place.site, status: .notAssessable, reason: error.description, recordingID: place.recordingID)
            return
        }
        let flow = FlowAssessment(
            spectrogram, scale: outcome.scale, normalDirection: place.normalDirection, site: place.site,
            recordedSeconds: outcome.recordedSeconds)
        observation = VeinObservation(
            site: place.site, status: .examined, meanVelocityCmPerS: flow.meanVelocityCmPerS,
            recordingID: place.recordingID)
        steadyShiftsHz = flow.steadyShiftsHz
        switch flow.finding {
        case .present:
            judgeFlow(spectrogram, flow, outcome, of: place)
        case .notDetected:
            observation.flow = .absent
            observation.absence = lowFlowCheck.conditions(
                wallFilterCmPerS: outcome.scale.velocityCmPerS(ofShiftHz: outcome.spectral.wallFilterCutoffHz),
                nyquistVelocityCmPerS: outcome.scale.nyquistVelocityCmPerS(prfHz: outcome.spectral.prfHz),
                manoeuvre: place.manoeuvre)
            needsLowFlowCheck = observation.absence?.allHold != true
        case .notAssessable(let reason):
            leaveOpen(reason.words)
        }
    }

    /// Looks for reflux where there is flow.
    private mutating func judgeFlow(
        _ spectrogram: Spectrogram, _ flow: FlowAssessment, _ outcome: RecordingRun.Outcome, of place: JudgedPlace
    ) {
        let breathing = Self.breaths(in: outcome.result.respiration)
        let found = RefluxDetector().detect(
            in: spectrogram, scale: outcome.scale, normalDirection: place.normalDirection, breaths: breathing,
            manoeuvre: place.manoeuvre)
        observation.flow = .present
        observation.refluxes = found.episodes.map { episode in
            var episode = episode
            episode.breathsRecorded = breathing?.count
            return episode
        }
        breaths = breathing?.count
        switch flow.direction(outside: found.episodes) {
        case .known(let direction): observation.direction = direction
        case .notAssessable(let reason): observation.directionReason = reason.words
        }
        if let doubtful = found.suppressed.map(\.durationSeconds).max(), doubtful >= Self.doubtfulSeconds {
            // Forward flow beyond the scale looks the same: neither reflux nor its absence was shown.
            leaveOpen("a stretch that looks reversed is aliased: raise the PRF and record again")
        }
    }

    /// Makes the site one that cannot be judged.
    private mutating func leaveOpen(_ reason: String) {
        observation = VeinObservation(
            site: observation.site, status: .notAssessable, reason: reason, recordingID: observation.recordingID)
    }

    /// The reflux of one gate outside an exam.
    static func refluxes(
        in spectrogram: Spectrogram, scale: DopplerScale, normalDirection: FlowDirection, manoeuvre: Manoeuvre,
        respiration: RespirationSamples?
    ) -> [RefluxEpisode] {
        RefluxDetector().detect(
            in: spectrogram, scale: scale, normalDirection: normalDirection, breaths: breaths(in: respiration),
            manoeuvre: manoeuvre
        ).episodes
    }

    private static func breaths(in respiration: RespirationSamples?) -> [Breath]? {
        guard let respiration else { return nil }
        return BreathFinder().breaths(in: respiration.samples.map(Double.init), rateHz: respiration.rateHz)
    }
}

/// What of a recording its judgement depends on, beside the samples.
struct JudgedPlace: Sendable, Hashable {
    var recordingID: String
    var site: ExamSite
    var normalDirection: FlowDirection
    var manoeuvre: Manoeuvre

    /// A recording that is being made.
    init(_ planned: PlannedRecording) {
        recordingID = planned.recordingID
        site = planned.site
        normalDirection = planned.step.normalDirection
        manoeuvre = planned.manoeuvre
    }

    /// A recording of a stored exam.
    init(_ stored: VeinRecording) {
        recordingID = stored.recordingID
        site = stored.site
        normalDirection = stored.normalDirection
        manoeuvre = stored.manoeuvre
    }
}

extension RecordingRun.Outcome {
    /// Length of what was recorded or lost, by the probe's clock, seconds.
    var recordedSeconds: Double { Double(result.pulses + result.lostPulses.total) / settings.prfHz }
}

extension VeinRecording {
    /// The record of one recording, with the fingerprint of its file as it stands on the disk.
    init(
        _ outcome: RecordingRun.Outcome, of planned: PlannedRecording, folder: ExamFolder, breaths: Int?
    ) throws(ExamSessionError) {
        let fingerprint: String
        do throws(RecordingError) {
            fingerprint = try RecordingFingerprint.sha256(ofFile: folder.recording(planned.recordingID))
        } catch {
            throw .recording(error)
        }
        self.init(
            recordingID: planned.recordingID, site: planned.site, manoeuvre: planned.manoeuvre, take: planned.take,
            fileName: ExamFolder.recordingFileName(planned.recordingID), sha256: fingerprint,
            durationSeconds: outcome.recordedSeconds,
            gateDepthMm: Double(outcome.settings.firstGateDepthUm) / 1000,
            gateLengthMm: Double(outcome.settings.gateLengthUm) / 1000,
            transmitLevelPerMille: Int(outcome.settings.transmitLevelPerMille),
            receiveGainDb: Double(outcome.settings.receiveGainCentiDb) / 100, scale: outcome.scale,
            spectral: outcome.spectral,
            nyquistVelocityCmPerS: outcome.scale.nyquistVelocityCmPerS(prfHz: outcome.spectral.prfHz),
            wallFilterCmPerS: outcome.scale.velocityCmPerS(ofShiftHz: outcome.spectral.wallFilterCutoffHz),
            normalDirection: planned.step.normalDirection, pulses: outcome.result.pulses,
            lostPulses: outcome.result.lostPulses, aliasedFraction: nil, noFlowFraction: nil, signalToNoiseDb: nil,
            breaths: breaths)
        measure(outcome)
    }

    /// The same recording with the figures of an analysis.
    func measured(from outcome: RecordingRun.Outcome, breaths: Int?) -> VeinRecording {
        var recording = self
        recording.durationSeconds = outcome.recordedSeconds
        recording.pulses = outcome.result.pulses
        recording.lostPulses = outcome.result.lostPulses
        recording.breaths = breaths
        recording.measure(outcome)
        return recording
    }

    private mutating func measure(_ outcome: RecordingRun.Outcome) {
        let columns = outcome.result.spectrograms.first?.columns ?? []
        let summary = GateSummary(columns, meanVelocities: columns.map { _ in nil }, nil)
        aliasedFraction = summary.aliasedFraction
        noFlowFraction = summary.noFlowFraction
        signalToNoiseDb = [summary.medianSignalToNoiseTowardsDb, summary.medianSignalToNoiseAwayDb]
            .compactMap(\.self).max()
    }
}
