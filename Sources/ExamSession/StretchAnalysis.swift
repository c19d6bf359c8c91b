public import Acquisition
public import CCSVIAnalysis
public import DopplerDSP
public import ProbeLink

/// Analyses one source outside an exam: a probe, a recording or a file.
public struct StretchAnalysis: Sendable {
    /// Its name within the result.
    public var name: String
    /// How spectra are computed; rate and gates are taken from the settings in force.
    public var spectral: SpectralSettings
    /// What turns shifts into velocities; `nil` = not known.
    public var scale: DopplerScale?
    /// The direction that is normal; `nil` = not known.
    public var normalDirection: FlowDirection?
    /// What the patient did.
    public var manoeuvre: Manoeuvre
    /// The settings that were asked for; `nil` where a file has its own.
    public var wanted: AcquisitionSettings?
    /// How much is taken, seconds; `nil` takes all that there is.
    public var seconds: Double?
    /// The lumen that the gate lies in; `nil` = not known, and no flow is given.
    public var lumen: StatedLumen?
    /// Profiles a second of the multigate view; `nil` = not wanted.
    public var profilesPerSecond: Double?

    /// Where the zero line of the velocity scale lies.
    ///
    /// Reflux is always judged with it in the middle, where both directions have the same room.
    public var baseline = BaselineShift.middle

    /// What the operator knows of the lumen, with the errors.
    public struct StatedLumen: Sendable, Hashable {
        /// Area, mm2.
        public var areaMm2: FlowVolume.Measured
        /// Standard error of the angle between beam and flow, degrees.
        public var angleErrorDegrees: Double

        /// A lumen from its fields.
        public init(areaMm2: FlowVolume.Measured, angleErrorDegrees: Double) {
            self.areaMm2 = areaMm2
            self.angleErrorDegrees = angleErrorDegrees
        }
    }

    /// An analysis from its parts.
    public init(
        name: String, spectral: SpectralSettings, scale: DopplerScale?, normalDirection: FlowDirection?,
        manoeuvre: Manoeuvre = .quietBreathing, seconds: Double?
    ) {
        self.name = name
        self.spectral = spectral
        self.scale = scale
        self.normalDirection = normalDirection
        self.manoeuvre = manoeuvre
        self.seconds = seconds
    }

    /// What an analysis gave: the segment, and why the source or the recording ended early if it did.
    public struct Outcome: Sendable {
        /// The result.
        public var segment: AnalysisSegment
        /// How the acquisition ended.
        public var end: AcquisitionOutcome
    }

    /// Runs a source that was prepared, and analyses what comes.
    ///
    /// Blocks the calling thread.
    ///
    /// - Parameter recorder: keeps every frame; `nil` records nothing.
    public func run(
        _ source: any FrameSource, settings: AcquisitionSettings, recorder: consuming RecordingWriter?, stop: StopSignal
    ) throws(ExamSessionError) -> Outcome {
        var spectral = spectral.atRate(prfHz: settings.prfHz)
        spectral.gates = Int(settings.gates)
        var consumer: DopplerConsumer
        do throws(DSPError) {
            try scale?.validate()
            let speedMPerS = scale?.speedOfSoundMPerS ?? DopplerScale.softTissueSpeedOfSoundMPerS
            try settings.gateRange?.validate(prfHz: settings.prfHz, speedOfSoundMPerS: speedMPerS)
            consumer = try DopplerConsumer(settings: spectral)
        } catch {
            throw .signal(error)
        }
        let planned = seconds.map { UInt64(($0 * settings.prfHz).rounded()) }
        let end: AcquisitionOutcome
        do throws(RingError) {
            end = try AcquisitionRun(source: source, plannedPulses: planned).run(
                recorder: recorder, consumer: &consumer, stop: StopSignal(following: stop))
        } catch {
            throw .ring(error)
        }
        let result = consumer.finish()
        let gates: [GateAnalysis]
        do throws(DSPError) {
            gates = try result.spectrograms.map { spectrogram throws(DSPError) in
                try gate(spectrogram, of: result, settings: settings)
            }
        } catch {
            throw .signal(error)
        }
        let segment = AnalysisSegment(
            name: name, settings: settings, settingsChanged: wanted.map { settings.changes(fromWanted: $0) } ?? [],
            scale: scale,
            nyquistVelocityCmPerS: scale?.nyquistVelocityCmPerS(prfHz: settings.prfHz),
            velocityScaleCmPerS: scale.map { $0.velocityScaleCmPerS(prfHz: settings.prfHz, baseline: baseline) },
            normalDirection: normalDirection, spectral: spectral, counters: end.closing.link, losses: result.losses,
            deviceLabel: nil, gates: gates,
            multigate: multigate(result.spectrograms, settings))
        return Outcome(segment: segment, end: end)
    }

    private func multigate(_ spectrograms: [Spectrogram], _ settings: AcquisitionSettings) -> MultigateDocument? {
        guard let profilesPerSecond, let scale else { return nil }
        return MultigateDocument(
            spectrograms, profilesPerSecond: profilesPerSecond, settings: settings, scale: scale,
            baseline: baseline)
    }

    private func gate(
        _ spectrogram: Spectrogram, of result: DopplerResult, settings: AcquisitionSettings
    ) throws(DSPError) -> GateAnalysis {
        let depthUm = Double(settings.firstGateDepthUm) + Double(spectrogram.gate) * Double(settings.gateSpacingUm)
        let depthMm = settings.firstGateDepthUm > 0 ? depthUm / 1000 : nil
        let reading = baseline == .middle ? spectrogram : try spectrogram.read(with: baseline)
        var gate = GateAnalysis(reading, depthMm: depthMm, scale: scale)
        if let scale, let normalDirection {
            gate.refluxEpisodes = SiteFinding.refluxes(
                in: spectrogram, scale: scale, normalDirection: normalDirection, manoeuvre: manoeuvre,
                respiration: result.respiration)
            // One gate over the whole lumen: its mean is the lumen's.
            if let lumen, settings.gates == 1,
                let velocity = FlowVolume.meanVelocity(reading, scale: scale, normalDirection: normalDirection)
            {
                gate.flow = FlowVolume(
                    areaMm2: lumen.areaMm2, velocityCmPerS: velocity, angleDegrees: scale.insonationAngleDegrees,
                    angleErrorDegrees: lumen.angleErrorDegrees)
            }
        }
        return gate
    }
}
