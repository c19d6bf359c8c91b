import CCSVIAnalysis
import DopplerDSP

/// Small exams made by hand.
enum ExamFixture {
    /// The left jugular vein at J1, supine.
    static let site = ExamSite(.internalJugular, .left, level: .j1, .supine)
    /// The left basal vein of Rosenthal, supine.
    static let deepSite = ExamSite(.basalRosenthal, .left, .supine)

    /// A recording of a site.
    static func recording(_ site: ExamSite = site, angleDegrees: Double = 60) -> VeinRecording {
        VeinRecording(
            recordingID: "01-\(site.id)", site: site, manoeuvre: .quietBreathing, take: 1, fileName: "01.dbrec",
            sha256: String(repeating: "0", count: 64), durationSeconds: 20, gateDepthMm: 15, gateLengthMm: 3,
            transmitLevelPerMille: 500, receiveGainDb: 0,
            scale: DopplerScale(centreFrequencyHz: 7_500_000, insonationAngleDegrees: angleDegrees),
            spectral: SpectralSettings(prfHz: 6000, wallFilterCutoffHz: 100), nyquistVelocityCmPerS: 61.6,
            wallFilterCmPerS: 2.1, normalDirection: .away, pulses: 120_000, lostPulses: LostPulses(),
            aliasedFraction: 0, noFlowFraction: 0, signalToNoiseDb: 20, breaths: 4)
    }

    /// A site that was examined and has flow.
    static func flow(
        _ site: ExamSite = site, velocityCmPerS: Double? = 10, refluxSeconds: [Double] = [], isRecorded: Bool = true
    ) -> VeinObservation {
        VeinObservation(
            site: site, status: .examined, flow: .present,
            refluxes: refluxSeconds.map { RefluxEpisode(durationSeconds: $0, breathsSeen: 3) },
            meanVelocityCmPerS: velocityCmPerS, recordingID: isRecorded ? "01-\(site.id)" : nil)
    }

    /// A supine area of the left jugular vein at J1.
    static func area(
        _ areaMm2: Double?, _ method: AreaMethod = .ellipse, side: Side = .left, level: JugularLevel = .j1
    ) -> LumenArea {
        LumenArea(side: side, level: level, posture: .supine, areaMm2: areaMm2, method: method)
    }

    /// An exam of some day of 2026.
    static func exam(
        _ id: String, _ startedAt: String, observations: [VeinObservation] = [], areas: [LumenArea] = [],
        recordings: [VeinRecording]? = nil, vhiss: ClosedRange<Int> = 4...4
    ) -> Exam {
        let reference = Reference(id: "made", version: "1", title: "made for tests", citation: "none")
        return Exam(
            examID: id, subjectCode: "S-1", startedAt: startedAt, software: "tests", algorithms: ["one 1", "two 1"],
            protocolReference: reference, sourceDescription: "none", sourceSpecifier: "none", isSimulated: false,
            outputDeclaration: "not available", qualityAssurance: "none",
            recordings: recordings ?? observations.filter { $0.recordingID != nil }.map { recording($0.site) },
            measurements: ExamMeasurements(observations: observations, lumenAreas: areas),
            assessment: Assessment(
                definition: reference,
                criteria: Criterion.allCases.map {
                    CriterionFinding(
                        criterion: $0, outcome: .notMet, rule: "", source: "", projectChoices: [], evidence: [],
                        missing: [])
                },
                metCount: 0, unknownCount: 0, verdict: .negative,
                vhiss: VHISSScore(
                    table: reference, tableIsVerified: false, parts: [], low: vhiss.lowerBound,
                    high: vhiss.upperBound)),
            limitations: [], statement: [])
    }

    static let january = "2026-01-10T09:00:00+01:00"
    static let july = "2026-07-12T09:00:00+02:00"
    static let december = "2026-12-31T09:00:00+01:00"
}
