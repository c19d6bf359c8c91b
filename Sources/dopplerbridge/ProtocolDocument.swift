import CCSVIAnalysis

/// A protocol as `exam protocols` shows it.
struct ProtocolDocument: Encodable {
    /// One step.
    struct Step: Encodable {
        var number: Int
        var siteID: String
        var name: String
        var preset: String
        var manoeuvre: Manoeuvre
        var seconds: Double
        var takes: Int
        var leastSignalDb: Double
        var guidance: String?
    }

    var reference: Reference
    var sha256: String?
    var restAfterPostureChangeSeconds: Double
    var recordedSeconds: Double
    var steps: [Step]
    var areas: [String]
    var findings: [AskedFinding]

    init(_ file: ProtocolFile) {
        let plan = file.examProtocol
        reference = plan.reference
        sha256 = file.sha256
        restAfterPostureChangeSeconds = plan.restAfterPostureChangeSeconds
        recordedSeconds = plan.recordedSeconds
        steps = plan.steps.enumerated().map { index, step in
            Step(
                number: index + 1, siteID: step.site.id, name: step.site.name, preset: step.preset,
                manoeuvre: step.manoeuvre, seconds: step.seconds, takes: step.takes,
                leastSignalDb: step.leastSignalDb, guidance: step.guidance)
        }
        areas = plan.areas.map(\.itemID)
        findings = plan.findings
    }

    private static let secondsPerMinute = 60.0
    private static let idWidth = 18
    private static let nameWidth = 70

    /// The protocol in one line.
    var line: String {
        let name = "\(reference.id) \(reference.version)".padding(to: Self.idWidth)
        let minutes = ExamText.rounded(recordedSeconds / Self.secondsPerMinute, 0)
        return "\(name) \(reference.title): \(steps.count) steps, \(minutes) min recorded, \(areas.count) areas"
    }

    /// The whole protocol in words.
    var text: String {
        var lines = [line, reference.citation]
        if let sha256 { lines.append("The site's own file, SHA-256 \(sha256)") }
        lines.append("Rest after a change of posture: \(Int(restAfterPostureChangeSeconds)) s")
        lines += steps.map { step in
            let takes = step.takes > 1 ? ", \(step.takes) takes" : ""
            let number = "\(step.number). ".padding(to: 4)
            return "\(number)\(step.name.padding(to: Self.nameWidth)) \(step.preset), \(step.manoeuvre.words), "
                + "\(Int(step.seconds)) s\(takes), \(ExamText.rounded(step.leastSignalDb, 0)) dB"
        }
        lines.append("Areas: " + (areas.isEmpty ? "none" : areas.joined(separator: ", ")))
        lines.append(
            "Asked besides: " + (findings.isEmpty ? "nothing" : findings.map(\.rawValue).joined(separator: ", ")))
        return lines.joined(separator: "\n")
    }
}
