import CCSVIAnalysis
import Testing

/// One row of the table of hand-made exams: what some definitions say of an exam.
struct ExamVector: Sendable, CustomTestStringConvertible {
    var name = ""
    var changes: [String]
    var definitionIDs: [String] = []
    var outcomes: [CriterionOutcome] = []
    var verdict = Verdict.negative
    var low = 0
    var high = 0

    var testDescription: String { "\(name): \(definitionIDs.joined(separator: ", "))" }

    private static let outcomeSigns: [String: CriterionOutcome] = [
        "+": .met, "-": .notMet, "n": .notExamined, "a": .notAssessable,
    ]

    private static let definitionNames = [
        "zamboni": "zamboni-2009", "mayer": "mayer-2011", "zivadinov": "zivadinov-2013",
        "brave": "brave-dreams-2012", "ctevd": "ctevd-2011",
    ]

    /// The rows of the tables with six columns; a row that cannot be read stops the test.
    static func rows(_ text: String) throws -> [ExamVector] {
        var rows: [ExamVector] = []
        for line in text.split(separator: "\n") where line.hasPrefix("|") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map(trimmed)
            guard cells.count == 6, cells[0] != "exam", !cells[0].hasPrefix("---") else { continue }
            rows.append(try row(cells, after: rows.last))
        }
        return rows
    }

    private static func row(_ cells: [String], after earlier: ExamVector?) throws -> ExamVector {
        let ids =
            cells[2] == "all"
            ? CriteriaDefinition.builtInIDs
            : cells[2].split(separator: ",").compactMap { definitionNames[trimmed($0)] }
        let outcomes = cells[3].split(separator: " ").compactMap { outcomeSigns[String($0)] }
        let score = cells[5].split(separator: ".").compactMap { Int($0) }
        guard outcomes.count == 5, let verdict = Verdict(rawValue: cells[4]), let low = score.first,
            let high = score.last, cells[2] == "all" || ids.count == cells[2].split(separator: ",").count
        else { throw VectorError.row(cells.joined(separator: " | ")) }
        // An empty first column: the same exam under other definitions.
        guard let name = cells[0].isEmpty ? earlier?.name : cells[0] else { throw VectorError.row(cells[3]) }
        let changes = cells[0].isEmpty ? earlier?.changes ?? [] : cells[1].split(separator: ";").map(trimmed)
        return ExamVector(
            name: name, changes: changes, definitionIDs: ids, outcomes: outcomes, verdict: verdict, low: low,
            high: high)
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
        try addPlace(words[0], to: &exam)
        let sites = exam.observations.indices.filter { matches(words[0], exam.observations[$0].site.id) }
        let areas = exam.lumenAreas.indices.filter { matches(words[0], exam.lumenAreas[$0].itemID) }
        let lumens = exam.lumenInspections.indices.filter { matches(words[0], exam.lumenInspections[$0].place.itemID) }
        guard !sites.isEmpty || !areas.isEmpty || !lumens.isEmpty else { throw VectorError.change(change) }
        for index in sites {
            exam.observations[index] = try changed(exam.observations[index], Array(words.dropFirst()))
        }
        for index in areas { exam.lumenAreas[index] = try changed(exam.lumenAreas[index], words[1]) }
        for index in lumens { try look(at: index, words[1], in: &exam) }
        if words[1] == "missing" {
            exam.observations.removeAll { $0.reason == Self.removed }
            exam.lumenAreas.removeAll { $0.reason == Self.removed }
            exam.lumenInspections.removeAll { $0.reason == Self.removed }
        }
    }

    /// Adds a place that the protocol does not plan, when it is named whole: `ts.left.transtemporal.supine`.
    private static func addPlace(_ id: String, to exam: inout ExamMeasurements) throws {
        let parts = id.split(separator: ".").map(String.init)
        let known =
            exam.observations.map(\.site.id) + exam.lumenAreas.map(\.itemID) + exam.lumenInspections.map(\.place.itemID)
        guard !parts.contains("*"), !known.contains(id), parts.count == 4, let side = Side(rawValue: parts[1]),
            let posture = Posture(rawValue: parts[3])
        else { return }
        if parts[0] == "area", let level = JugularLevel(rawValue: parts[2]) {
            exam.lumenAreas.append(LumenArea(side: side, level: level, posture: posture, areaMm2: 20))
        } else if let vein = Vein.allCases.first(where: { $0.code == parts[0] }),
            let window = AcousticWindow(rawValue: parts[2])
        {
            let site = ExamSite(vein, side, window: window, posture)
            exam.observations.append(VeinObservation(site: site, status: .examined, flow: .present))
        }
    }

    private static func look(at index: Int, _ word: String, in exam: inout ExamMeasurements) throws {
        switch word {
        case "missing": exam.lumenInspections[index].status = .notExamined
        case "listed": exam.lumenInspections[index].status = .notExamined
        case "blocked": exam.lumenInspections[index].status = .notAssessable
        default:
            guard let kind = LumenDefectKind(rawValue: word) else { throw VectorError.change(word) }
            let place = exam.lumenInspections[index].place
            exam.lumenDefects.append(LumenDefect(side: place.side, level: place.level, kind: kind))
            return
        }
        exam.lumenInspections[index].reason =
            word == "missing" ? removed : word == "blocked" ? "behind the jaw" : nil
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
        case "reflux": changed.refluxes = [try reflux(words)]
        case "also":
            changed = observation
            changed.refluxes.append(try reflux(words))
        default: throw VectorError.change("\(words)")
        }
        return changed
    }

    private static func reflux(_ words: [String]) throws -> RefluxEpisode {
        guard words.count >= 3, let seconds = Double(words[1]) else { throw VectorError.change("\(words)") }
        let manoeuvres: [String: Manoeuvre] = ["valsalva": .valsalva, "deep": .deepInspirations, "apnoea": .apnoea]
        var episode = RefluxEpisode(durationSeconds: seconds, breathsSeen: Int(words[2].dropFirst()))
        for word in words.dropFirst(3) {
            if word.hasPrefix("pm"), let uncertainty = Double(word.dropFirst(2)) {
                episode.durationUncertaintySeconds = uncertainty
            } else if let manoeuvre = manoeuvres[word] {
                episode.manoeuvre = manoeuvre
            } else {
                throw VectorError.change("\(words)")
            }
        }
        return episode
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
