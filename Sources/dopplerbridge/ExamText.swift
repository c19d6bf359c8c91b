import CCSVIAnalysis
import Foundation

/// An exam as a person reads it on a terminal.
struct ExamText {
    let exam: Exam

    init(_ exam: Exam) { self.exam = exam }

    /// The whole exam.
    var text: String {
        var lines: [String] = []
        if exam.isSimulated { lines.append("SIMULATED: no patient was examined.") }
        lines.append("Exam \(exam.examID) of subject \(exam.subjectCode), \(exam.startedAt)")
        lines.append("Source: \(exam.sourceDescription)")
        lines.append("Protocol: \(exam.protocolName)")
        lines.append("Doppler chain: \(exam.qualityAssurance)")
        lines.append("")
        lines += exam.measurements.observations.map { "  \($0.site.name.padding(to: 60))\(Self.words($0))" }
        lines += exam.measurements.lumenAreas.map { area in
            let name = PlannedArea(side: area.side, level: area.level, posture: area.posture).name
            let size = area.areaMm2.map { "\(Self.rounded($0, 1)) mm2" } ?? area.status.rawValue
            return "  \(name.padding(to: 60))\(size)"
        }
        lines += exam.measurements.lumenLines.map { "  lumen, \($0)" }
        lines += exam.measurements.areaLines.map { "  area, \($0)" }
        if let course = exam.course { lines += CourseText(course, exam.measurements).lines }
        lines.append("")
        lines.append(AssessmentText(exam.assessment).text)
        if let definitions = exam.definitions {
            lines.append("")
            lines.append("Under every published definition:")
            lines.append(ComparisonText(definitions).table)
            lines += definitions.changeWords
        }
        if !exam.limitations.isEmpty {
            lines.append("")
            lines.append("Limitations:")
            lines += exam.limitations.map { "  \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    /// What a site showed, in a few words.
    static func words(_ observation: VeinObservation) -> String {
        switch observation.status {
        case .notExamined: return "not examined"
        case .notAssessable: return "not assessable: \(observation.reason ?? "no reason given")"
        case .examined: break
        }
        guard observation.flow == .present else {
            return observation.absence?.allHold == true ? "flow absent" : "no flow detected, conditions not recorded"
        }
        let velocity = observation.meanVelocityCmPerS.map { "\(rounded($0, 1)) cm/s" } ?? "velocity not measured"
        guard let longest = observation.refluxes.max(by: { $0.durationSeconds < $1.durationSeconds }) else {
            return velocity
        }
        let count = observation.refluxes.count
        let times = count == 1 ? "1 reflux, " : "\(count) refluxes, the longest "
        return "\(velocity), \(times)\(rounded(longest.durationSeconds, 2)) s"
    }

    /// A number with a fixed count of decimals.
    static func rounded(_ value: Double, _ decimals: Int) -> String {
        value.formatted(
            .number.precision(.fractionLength(decimals)).locale(.init(identifier: "en_GB")).grouping(.never))
    }
}
