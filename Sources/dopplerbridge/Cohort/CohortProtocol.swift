import CCSVIAnalysis

/// The shortest exam that decides every criterion of a simulated person: the steps of `standard` at the places where a
/// drawn finding can be, each two whole breaths long.
struct CohortProtocol {
    /// The file, as it is kept with each exam.
    let text: String
    let examProtocol: ExamProtocol

    /// Its id.
    static let id = "cohort-short"
    /// Length of each recording, seconds: breaths of 4 s, two of them whole.
    private static let seconds = 9

    init() throws {
        guard let standard = ExamProtocol.builtInText(ProtocolFile.usualID) else {
            throw Failure(.data, "the protocol `\(ProtocolFile.usualID)` is not built in: build the program again")
        }
        var part = ""
        let lines = standard.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).filter { line in
            if let first = line.first, first != " ", first != "#" { part = line }
            guard line.hasPrefix("  - {") else { return true }
            switch part {
            case "steps:":
                return ["level: j1", "vein: vertebral", "vein: basalRosenthal"].contains(where: line.contains)
            case "areas:": return !line.contains("j3")
            default: return true
            }
        }
        text = lines.joined(separator: "\n")
            .replacing("id: \(ProtocolFile.usualID)\n", with: "id: \(Self.id)\n")
            .replacing(/seconds: \d+, least/, with: "seconds: \(Self.seconds), least")
        do throws(AnalysisError) { examProtocol = try .parseSite(text, file: "\(Self.id).yaml") } catch {
            throw Failure(.data, error.description)
        }
    }
}
