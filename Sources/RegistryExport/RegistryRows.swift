internal import CCSVIAnalysis

/// One criterion under one definition.
struct CriterionRow: Sendable {
    var exam: RegistryExam
    var definition: Reference
    var isReportedOne: Bool
    var criterion: Criterion
    var outcome: CriterionOutcome
    var verdict: Verdict
    var vhiss: ClosedRange<Int>?

    static func all(of exam: RegistryExam) -> [CriterionRow] {
        let reported = exam.exam.assessment
        let own = reported.criteria.map { finding in
            CriterionRow(
                exam: exam, definition: reported.definition, isReportedOne: true, criterion: finding.criterion,
                outcome: finding.outcome, verdict: reported.verdict,
                vhiss: range(reported.vhiss.low, reported.vhiss.high))
        }
        let others = (exam.exam.definitions?.results ?? []).filter { $0.definition.id != reported.definition.id }
        return own
            + others.flatMap { result in
                result.criteria.map { criterion in
                    CriterionRow(
                        exam: exam, definition: result.definition, isReportedOne: false,
                        criterion: criterion.criterion, outcome: criterion.outcome, verdict: result.verdict,
                        vhiss: range(result.vhissLow, result.vhissHigh))
                }
            }
    }

    private static func range(_ low: Int, _ high: Int) -> ClosedRange<Int>? { low <= high ? low...high : nil }
}

/// What was seen at one site, with the settings that it was seen with.
struct ObservationRow: Sendable {
    var exam: RegistryExam
    var observation: VeinObservation
    var recording: VeinRecording?

    static func all(of exam: RegistryExam) -> [ObservationRow] {
        let recordings = Dictionary(exam.exam.recordings.map { ($0.recordingID, $0) }) { first, _ in first }
        return exam.exam.measurements.observations.map { observation in
            ObservationRow(
                exam: exam, observation: observation,
                recording: observation.recordingID.flatMap { recordings[$0] })
        }
    }
}

/// One episode of reflux.
struct RefluxRow: Sendable {
    var exam: RegistryExam
    var site: ExamSite
    var reflux: RefluxEpisode

    static func all(of exam: RegistryExam) -> [RefluxRow] {
        exam.exam.measurements.observations.flatMap { observation in
            observation.refluxes.map { RefluxRow(exam: exam, site: observation.site, reflux: $0) }
        }
    }
}

/// One cross-sectional area.
struct AreaRow: Sendable {
    var exam: RegistryExam
    var area: LumenArea

    static func all(of exam: RegistryExam) -> [AreaRow] {
        exam.exam.measurements.lumenAreas.map { AreaRow(exam: exam, area: $0) }
    }
}

/// One finding in or around the lumen.
struct DefectRow: Sendable {
    var exam: RegistryExam
    var defect: LumenDefect

    static func all(of exam: RegistryExam) -> [DefectRow] {
        exam.exam.measurements.lumenDefects.map { DefectRow(exam: exam, defect: $0) }
    }
}
