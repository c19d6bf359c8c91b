import CCSVIAnalysis
import DopplerDSP
import VHISSReport

/// Exams made up for the tests; they hold no one's measurements.
enum ExamFixture {
    static let createdAt = "2026-03-04T12:30:00+01:00"

    /// A simulated exam with everything examined: two criteria met, one not assessable.
    static let rich: Exam = {
        let measurements = richMeasurements
        return Exam(
            examID: "ex-20260304-ccsvi-1", subjectCode: "SIM-CCSVI", startedAt: "2026-03-04T10:15:00+01:00",
            software: "dopplerbridge 0.1.0",
            algorithms: [
                "wall filter: Butterworth order 4, version 1", "spectrum: Hann, radix-2 transform, version 1",
                "mean velocity: Kasai autocorrelation, version 1", "envelope: noise threshold, version 1",
                "reflux detector, version 1", "criteria engine, version 1",
            ],
            protocolReference: Reference(
                id: "full-2-postures", version: "1", title: "Both postures, neck and skull",
                citation: "project's own"),
            sourceDescription: "DopplerBridge simulated probe, serial SIM-0001",
            sourceSpecifier: "sim:ccsvi?seed=1", isSimulated: true,
            outputDeclaration: "not available: no acoustic output",
            qualityAssurance: "quality assurance on the test object: passed on 2026-01-12",
            recordings: recordings(for: measurements), measurements: measurements,
            assessment: richAssessment, definitions: richDefinitions,
            limitations: [
                "Left temporal bone window: no signal; the basal vein of Rosenthal and the great cerebral vein "
                    + "were not "
                    + "assessable from the left.",
                "12 pulses of recording 03-ijv.right.j1.supine were lost on the link; the gap is drawn in the picture.",
                "Areas were entered by hand from another scanner.",
            ],
            statement: statement)
    }()

    /// An exam of a real probe in which nothing could be decided.
    static let incomplete: Exam = {
        let site = ExamSite(.internalJugular, .left, level: .j2, .supine)
        let measurements = ExamMeasurements(
            observations: [
                VeinObservation(site: site, status: .notAssessable, reason: "dressing over the vein"),
                VeinObservation(
                    site: ExamSite(.vertebral, .right, .sitting), status: .examined, flow: .absent,
                    absence: AbsenceConditions(
                        lowWallFilter: true, lowVelocityScale: false, deepInspirations: true)),
            ],
            lumenAreas: [
                LumenArea(
                    side: .left, level: .j2, posture: .supine, status: .notAssessable,
                    reason: "dressing over the vein", areaMm2: nil, method: nil)
            ])
        return Exam(
            examID: "ex-2", subjectCode: "P-017", startedAt: "2026-03-04T10:15:00Z", software: "dopplerbridge 0.1.0",
            algorithms: [], protocolReference: Reference(id: "neck", version: "1", title: "Neck", citation: "own"),
            sourceDescription: "ACME Flow 2, serial 4711", sourceSpecifier: "usb:4711", isSimulated: false,
            outputDeclaration: "MI 0.6, TI 0.9 (maker's data sheet)",
            qualityAssurance: "quality assurance was never run in full: run `dopplerbridge qa`", recordings: [],
            measurements: measurements,
            assessment: openAssessment, limitations: [], statement: statement)
    }()

    static let statement = [
        "Chronic cerebrospinal venous insufficiency (CCSVI) is a description of Doppler findings in the veins "
            + "that drain "
            + "the brain. It is not an accepted cause of multiple sclerosis, and this exam is no test for it. "
            + "[Baracchini C et al. J Neurol 2012;259:2585-9 (ESNCH statement); Comi G et al. Mult Scler "
            + "2013;19:1508-17]",
        "Blinded studies did not confirm that it is linked to multiple sclerosis: with central blinded reading "
            + "it was seen "
            + "in 3.26 % of people with multiple sclerosis, 3.10 % with other diseases and 2.13 % of healthy people. "
            + "[CoSMo: Comi G et al. Mult Scler 2013;19:1508-17; Traboulsee AL et al. Lancet 2014;383:138-45]",
        "The findings overlap widely with those of healthy people. "
            + "[Traboulsee AL et al. Lancet 2014;383:138-45 (ultrasound criteria met in 44, 31 and 45 %)]",
        "Widening these veins is not recommended: it should not be used, for it is not safe and does not work, and "
            + "randomised trials found no benefit. "
            + "[NICE IPG640; Zamboni P et al. JAMA Neurol 2018;75:35-43; Siddiqui AH et al. Neurology 2014]",
        "The exam's reproducibility is limited: between eight blinded sonographers kappa was 0.20. "
            + "[Leone MA et al. BMJ Open 2013;3:e003508]",
        "The thresholds are not validated for this use: 0.88 s comes from jugular valves under Valsalva, 0.5 s "
            + "from leg "
            + "veins. [Nedelmann M et al. J Neuroimaging 2005; Baracchini C et al. J Neurol 2012;259:2585-9]",
        "This report says which published criteria the recordings meet. It is research information, neither a "
            + "diagnosis "
            + "nor an indication for treatment. [the project's own statement]",
    ]

    /// The spectrograms that the rich exam's report shows.
    static let richSpectrograms: [ReportSpectrogram] = CriteriaReport.picturesWanted(for: rich).compactMap { id in
        guard let recording = rich.recordings.first(where: { $0.recordingID == id }) else { return nil }
        let observation = rich.measurements.observations.first { $0.recordingID == id }
        let refluxes = observation?.refluxes ?? []
        var maker = SyntheticSpectrogram(seconds: recording.durationSeconds)
        maker.refluxes = refluxes.compactMap { reflux in
            reflux.onsetSeconds.map { ($0, reflux.durationSeconds) }
        }
        maker.meanCmPerS = abs(observation?.meanVelocityCmPerS ?? 10)
        maker.hasFlow = observation?.flow != .absent
        if recording.lostPulses.total > 0 { maker.gap = (6.1, 0.35) }
        maker.seed = UInt64(id.utf8.reduce(7) { $0 &* 31 &+ Int($1) } & 0xFFFF)
        return ReportSpectrogram(
            recordingID: id, spectrogram: maker.spectrogram(for: recording), refluxes: refluxes)
    }
}

// MARK: - Measurements

extension ExamFixture {
    private static var neckSites: [ExamSite] {
        Posture.allCases.flatMap { posture in
            [Side.right, .left].flatMap { side in
                [JugularLevel.j3, .j2, .j1].map { ExamSite(.internalJugular, side, level: $0, posture) }
                    + [ExamSite(.vertebral, side, posture)]
            }
        }
    }

    private static var skullSites: [ExamSite] {
        Posture.allCases.flatMap { posture in
            [Side.right, .left].flatMap { side in
                [Vein.internalCerebral, .basalRosenthal, .greatCerebralGalen].map { ExamSite($0, side, posture) }
            }
        }
    }

    private static var richMeasurements: ExamMeasurements {
        let observations = (neckSites + skullSites).enumerated().map { index, site in
            observation(site, index)
        }
        let areas = [Side.right, .left].flatMap { side in
            JugularLevel.allCases.flatMap { level in
                Posture.allCases.map { posture in
                    let supine = side == .right ? 62.4 : 48.0
                    let area = posture == .supine ? supine : side == .left && level == .j2 ? 53.5 : 11.2
                    if side == .right, level == .j2, posture == .supine { return measuredArea }
                    return LumenArea(side: side, level: level, posture: posture, areaMm2: area)
                }
            }
        }
        return ExamMeasurements(
            observations: observations, lumenAreas: areas,
            lumenDefects: [LumenDefect(side: .left, level: .j1, kind: .septum)],
            lumenInspections: [
                LumenInspection(side: .left, level: .j1, leafletMotion: .slightlyMobile),
                LumenInspection(side: .right, level: .j1),
                LumenInspection(side: .right, level: .j3, status: .notAssessable, reason: "dressing"),
            ])
    }

    private static func observation(_ site: ExamSite, _ index: Int) -> VeinObservation {
        let id = (index < 9 ? "0" : "") + "\(index + 1)-\(site.id)"
        if site.vein != .internalCerebral, site.vein.isIntracranial, site.side == .left {
            return VeinObservation(site: site, status: .notAssessable, reason: "no bone window")
        }
        if site.vein == .vertebral, site.side == .left, site.posture == .sitting {
            return VeinObservation(
                site: site, status: .examined, flow: .absent,
                absence: AbsenceConditions(lowWallFilter: true, lowVelocityScale: true, deepInspirations: true),
                recordingID: id)
        }
        var refluxes: [RefluxEpisode] = []
        if site.vein == .internalJugular, site.side == .right, site.level == .j1 {
            refluxes = [1.6, 5.2, 9.0].map { onset in
                RefluxEpisode(
                    onsetSeconds: onset, durationSeconds: onset == 5.2 ? 1.42 : 1.1, durationUncertaintySeconds: 0.03,
                    peakVelocityCmPerS: 11, breathsSeen: 3, confidence: 0.9)
            }
        } else if site.vein == .vertebral, site.posture == .supine {
            refluxes = [
                RefluxEpisode(
                    onsetSeconds: 2.2, durationSeconds: 0.61, durationUncertaintySeconds: 0.03, breathsSeen: 1)
            ]
        } else if site.level == .j2, site.side == .right, site.posture == .supine {
            refluxes = [
                RefluxEpisode(onsetSeconds: 1, durationSeconds: 1.2, manoeuvre: .valsalva, breathsSeen: nil)
            ]
        }
        return VeinObservation(
            site: site, status: .examined, flow: .present, refluxes: refluxes,
            meanVelocityCmPerS: site.vein == .internalJugular ? 14.3 + Double(index) : 8.1, recordingID: id)
    }

    static func recordings(for measurements: ExamMeasurements) -> [VeinRecording] {
        measurements.observations.enumerated().compactMap { index, observation in
            observation.recordingID.map { recording($0, observation.site, index) }
        }
    }

    static func recording(_ id: String, _ site: ExamSite, _ index: Int) -> VeinRecording {
        let isSkull = site.vein.isIntracranial
        let scale = DopplerScale(
            centreFrequencyHz: isSkull ? 2_000_000 : 4_000_000, insonationAngleDegrees: isSkull ? 0 : 55)
        let digit = String(index % 16, radix: 16)
        let settings = SpectralSettings(
            prfHz: isSkull ? 2000 : 4000, fftLength: 128, hopPulses: 128, wallFilterCutoffHz: isSkull ? 30 : 50,
            envelopeMethod: .noiseThreshold)
        return VeinRecording(
            recordingID: id, site: site,
            manoeuvre: site.level == .j2 && site.side == .right && site.posture == .supine
                ? .valsalva : .quietBreathing,
            take: 1, fileName: "\(id).dbrec", sha256: String(repeating: "3f\(digit)9a07c", count: 9) + "e",
            durationSeconds: 12, gateDepthMm: isSkull ? 62 : 17.5, gateLengthMm: isSkull ? 10 : 4,
            transmitLevelPerMille: isSkull ? 800 : 250, receiveGainDb: 34.5, scale: scale, spectral: settings,
            nyquistVelocityCmPerS: isSkull ? 38.5 : 67.1, wallFilterCmPerS: isSkull ? 1.2 : 1.7,
            normalDirection: isSkull ? .away : .towards, pulses: isSkull ? 24_000 : 48_000,
            lostPulses: index == 2 ? LostPulses(onLink: 1400) : LostPulses(), aliasedFraction: 0.004,
            noFlowFraction: 0.02, signalToNoiseDb: 18.4, breaths: 4)
    }
}
