import CCSVIAnalysis
import Testing

/// One row of a vector file.
struct ExamVector: Sendable, CustomTestStringConvertible {
    var name: String
    var changes: [String]
    var outcomes: [CriterionOutcome]
    var verdict: Verdict
    var low: Int
    var high: Int

    var testDescription: String { name }

    /// The rows of a file; a row that cannot be read is a failure of the file and stops the test.
    static func rows(_ text: String) throws -> [ExamVector] {
        try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let fields = line.split(separator: "|", omittingEmptySubsequences: false).map { trimmed($0) }
            guard fields.count == 5 else { throw VectorError.row(String(line)) }
            let codes: [String: CriterionOutcome] = [
                "+": .met, "-": .notMet, "n": .notExamined, "a": .notAssessable,
            ]
            let outcomes = fields[2].split(separator: " ").compactMap { codes[String($0)] }
            let score = fields[4].split(separator: ".").compactMap { Int($0) }
            guard outcomes.count == 5, let verdict = Verdict(rawValue: fields[3]), let low = score.first,
                let high = score.last
            else { throw VectorError.row(String(line)) }
            return ExamVector(
                name: fields[0], changes: fields[1].split(separator: ";").map { trimmed($0) }, outcomes: outcomes,
                verdict: verdict, low: low, high: high)
        }
    }

    /// The exam that the row describes.
    func measurements() throws -> ExamMeasurements {
        var exam = try Fixture.normalExam()
        for change in changes { try Self.apply(change, to: &exam) }
        return exam
    }

    private static func apply(_ change: String, to exam: inout ExamMeasurements) throws {
        let words = change.split(separator: " ").map(String.init)
        guard words.count >= 2 else { throw VectorError.change(change) }
        let sites = exam.observations.indices.filter { matches(words[0], exam.observations[$0].site.id) }
        let areas = exam.lumenAreas.indices.filter { matches(words[0], exam.lumenAreas[$0].itemID) }
        guard !sites.isEmpty || !areas.isEmpty else { throw VectorError.change(change) }
        for index in sites {
            exam.observations[index] = try changed(exam.observations[index], Array(words.dropFirst()))
        }
        for index in areas { exam.lumenAreas[index] = try changed(exam.lumenAreas[index], words[1]) }
        if words[1] == "missing" {
            exam.observations.removeAll { $0.reason == Self.removed }
            exam.lumenAreas.removeAll { $0.reason == Self.removed }
        }
    }

    private static let removed = "removed by the vector"

    private static func changed(_ observation: VeinObservation, _ words: [String]) throws -> VeinObservation {
        var changed = VeinObservation(site: observation.site, status: .examined, flow: .present)
        switch words[0] {
        case "missing": changed = VeinObservation(site: observation.site, status: .notExamined, reason: removed)
        case "listed": changed = VeinObservation(site: observation.site, status: .notExamined)
        case "blocked": changed = VeinObservation(site: observation.site, status: .notAssessable, reason: "no window")
        case "absent":
            changed.flow = .absent
            changed.absence = AbsenceConditions(
                lowWallFilter: words.contains("filter"), lowVelocityScale: words.contains("scale"),
                deepInspirations: words.contains("breaths"))
        case "reflux":
            guard words.count >= 3, let seconds = Double(words[1]) else { throw VectorError.change("\(words)") }
            let manoeuvres: [String: Manoeuvre] = ["valsalva": .valsalva, "deep": .deepInspirations, "apnoea": .apnoea]
            guard let manoeuvre = words.count > 3 ? manoeuvres[words[3]] : .quietBreathing else {
                throw VectorError.change("\(words)")
            }
            changed.refluxes = [
                RefluxEpisode(
                    durationSeconds: seconds, manoeuvre: manoeuvre,
                    breathsSeen: Int(words[2].dropFirst()))
            ]
        default: throw VectorError.change("\(words)")
        }
        return changed
    }

    private static func changed(_ area: LumenArea, _ word: String) throws -> LumenArea {
        var changed = area
        switch word {
        case "missing", "listed", "blocked":
            changed.areaMm2 = nil
            changed.status = word == "blocked" ? .notAssessable : .notExamined
            changed.reason = word == "blocked" ? "behind the jaw" : word == "missing" ? removed : nil
        default:
            guard let mm2 = Double(word) else { throw VectorError.change(word) }
            changed = LumenArea(side: area.side, level: area.level, posture: area.posture, areaMm2: mm2)
        }
        return changed
    }

    /// Whether an id matches a pattern of components, where `*` stands for one or several.
    private static func matches(_ pattern: String, _ id: String) -> Bool {
        func match(_ pattern: ArraySlice<Substring>, _ id: ArraySlice<Substring>) -> Bool {
            guard let first = pattern.first else { return id.isEmpty }
            guard let head = id.first else { return false }
            if first == "*" { return match(pattern.dropFirst(), id.dropFirst()) || match(pattern, id.dropFirst()) }
            return first == head && match(pattern.dropFirst(), id.dropFirst())
        }
        return match(pattern.split(separator: ".")[...], id.split(separator: ".")[...])
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

/// A vector file that cannot be read.
enum VectorError: Error {
    case row(String)
    case change(String)
}
