import CCSVIAnalysis
import DopplerDSP
import Foundation
import RecordDocuments
import TestSupport

/// Exams made up from a seed: any planned place examined or not, with any finding; they hold no one's measurements.
enum MadeExam {
    /// An exam with its assessment by the built-in rules.
    ///
    /// - Parameter text: gives the free texts; the same one everywhere when it is not given.
    static func exam(
        seed: UInt64, isSimulated: Bool = true, text: (inout SeededGenerator) -> String = { _ in "dressing" }
    ) throws -> Exam {
        var generator = SeededGenerator(seed: seed)
        let plan = try ExamProtocol.allBuiltIn().randomElement(using: &generator) ?? ExamProtocol.standard()
        let measurements = self.measurements(plan, &generator, text)
        let definitions = try CriteriaDefinition.allBuiltIn()
        let scorer = CriteriaScorer(
            definition: definitions.randomElement(using: &generator) ?? definitions[0], examProtocol: plan,
            table: try VHISSTable.segmentsV1())
        let recordings = measurements.observations.compactMap { observation in
            observation.recordingID.map { recording($0, observation.site, &generator) }
        }
        return Exam(
            examID: "ex-\(seed)", subjectCode: "P-017", startedAt: "2026-03-04T10:15:00.5+01:00",
            software: "dopplerbridge 0.1.0", algorithms: ["wall filter, version 1", text(&generator)],
            protocolReference: plan.reference, sourceDescription: "simulated probe", sourceSpecifier: "sim:made",
            isSimulated: isSimulated, outputDeclaration: "not available", qualityAssurance: "never run",
            recordings: recordings, measurements: measurements, assessment: try scorer.assess(measurements),
            definitions: try scorer.overview(of: measurements), limitations: [text(&generator)],
            statement: ExamStatement.sentences)
    }

    private static func measurements(
        _ plan: ExamProtocol, _ generator: inout SeededGenerator, _ text: (inout SeededGenerator) -> String
    ) -> ExamMeasurements {
        var measurements = ExamMeasurements()
        for site in plan.plannedSites {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: continue
            case 1:
                measurements.observations.append(
                    VeinObservation(site: site, status: .notAssessable, reason: text(&generator)))
            case 2:
                measurements.observations.append(
                    VeinObservation(
                        site: site, status: .examined, flow: .absent,
                        absence: AbsenceConditions(
                            lowWallFilter: true, lowVelocityScale: true, deepInspirations: .random(using: &generator))))
            default: measurements.observations.append(flow(site, &generator))
            }
        }
        for area in plan.areas {
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: continue
            case 1:
                measurements.lumenAreas.append(
                    LumenArea(
                        side: area.side, level: area.level, posture: area.posture, status: .notAssessable,
                        reason: text(&generator), areaMm2: nil, method: nil))
            default:
                measurements.lumenAreas.append(
                    LumenArea(
                        side: area.side, level: area.level, posture: area.posture,
                        areaMm2: Double.random(in: 0..<120, using: &generator), method: .ellipse,
                        breathingPhase: BreathingPhase.allCases.randomElement(using: &generator)))
            }
        }
        for place in plan.lumenPlaces where Bool.random(using: &generator) {
            guard !measurements.lumenInspections.contains(where: { $0.place == place }) else { continue }
            measurements.lumenInspections.append(LumenInspection(side: place.side, level: place.level))
            guard Bool.random(using: &generator), let kind = LumenDefectKind.allCases.randomElement(using: &generator)
            else { continue }
            measurements.lumenDefects.append(LumenDefect(side: place.side, level: place.level, kind: kind))
        }
        measurements.volumeFlows = [
            VolumeFlow(site: ExamSite(.internalJugular, .left, level: .j2, .supine), mlPerMin: 612.25)
        ]
        measurements.arterialInflowSupineMlPerMin = 701.5
        return measurements
    }

    private static func flow(_ site: ExamSite, _ generator: inout SeededGenerator) -> VeinObservation {
        let episodes = Int.random(in: 0..<3, using: &generator)
        let refluxes = (0..<episodes).map { index in
            RefluxEpisode(
                onsetSeconds: Double(index) * 3 + 0.1, durationSeconds: Double.random(in: 0.1..<2, using: &generator),
                durationUncertaintySeconds: 0.03, peakVelocityCmPerS: 11.3,
                manoeuvre: Manoeuvre.allCases.randomElement(using: &generator) ?? .quietBreathing,
                breathsSeen: 1 + Int.random(in: 0..<2, using: &generator), breathsRecorded: 4, confidence: 0.9)
        }
        return VeinObservation(
            site: site, status: .examined, flow: .present, refluxes: refluxes,
            direction: Bool.random(using: &generator) ? .towards : nil,
            meanVelocityCmPerS: Bool.random(using: &generator) ? Double.random(in: -40..<40, using: &generator) : nil,
            recordingID: "r-\(site.id)")
    }

    private static func recording(
        _ id: String, _ site: ExamSite, _ generator: inout SeededGenerator
    ) -> VeinRecording {
        VeinRecording(
            recordingID: id, site: site, manoeuvre: .quietBreathing, take: 1, fileName: "\(id).dbrec",
            sha256: String(repeating: "3f29a07c", count: 8), durationSeconds: 2, gateDepthMm: 17.3, gateLengthMm: 4,
            transmitLevelPerMille: 250, receiveGainDb: 34.5,
            scale: DopplerScale(centreFrequencyHz: 4_000_000, insonationAngleDegrees: 55),
            spectral: SpectralSettings(prfHz: 4000, fftLength: 128, hopPulses: 128, wallFilterCutoffHz: 50),
            nyquistVelocityCmPerS: 67.1, wallFilterCmPerS: 1.7, normalDirection: .towards, pulses: 8000,
            lostPulses: LostPulses(), aliasedFraction: 0.004, noFlowFraction: 0.02, signalToNoiseDb: 18.4, breaths: 4)
    }

    /// Spectrograms of the first recording of each vein: a tone in noise, with a gap.
    static func spectrograms(of exam: Exam, count: Int = 2, seed: UInt64 = 1) -> [RecordSpectrogram] {
        var generator = SeededGenerator(seed: seed)
        var veins: Set<Vein> = []
        let first = exam.recordings.filter { veins.insert($0.site.vein).inserted }
        return first.prefix(count).map { recording in
            let settings = recording.spectral
            var columns: [SpectralColumn] = []
            var power: [Float] = []
            for index in 0..<62 where !(20..<24).contains(index) {
                for bin in 0..<settings.fftLength {
                    let noise = -log(Double.random(in: 1e-6..<1, using: &generator))
                    power.append(Float(noise + (bin == 80 ? 900 : 0)))
                }
                columns.append(
                    SpectralColumn(
                        firstPulse: UInt64(index * settings.hopPulses),
                        centreSeconds: (Double(index) + 0.5) * Double(settings.hopPulses) / settings.prfHz,
                        meanShiftHz: 500, spectralMeanShiftHz: 500, envelopeTowardsHz: 600, envelopeAwayHz: nil,
                        noiseDb: 0, signalToNoiseTowardsDb: 20, signalToNoiseAwayDb: 0, flags: []))
            }
            return RecordSpectrogram(
                recordingID: recording.recordingID,
                spectrogram: Spectrogram(settings: settings, gate: 0, columns: columns, power: power))
        }
    }
}
