import ExamArchive

/// An archived exam as a person reads it.
struct ArchivedExamText {
    let exam: ArchivedExam

    private static let idWidth = 24
    private static let stateWidth = 9
    private static let timeWidth = 26
    private static let subjectWidth = 16

    init(_ exam: ArchivedExam) { self.exam = exam }

    /// The exam in one line.
    var line: String {
        return [
            "\(exam.examID)\(exam.version > 1 ? " version \(exam.version)" : "")".padding(to: Self.idWidth),
            exam.state.rawValue.padding(to: Self.stateWidth),
            (exam.startedAt ?? "no start").padding(to: Self.timeWidth), exam.subjectCode.padding(to: Self.subjectWidth),
            result + (exam.isSimulated == true ? ", SIMULATED" : ""),
        ].joined(separator: " ")
    }

    private var result: String {
        guard let verdict = exam.verdict else { return "no result" }
        guard verdict != ArchivedExam.withheld else { return "blinded, result withheld" }
        return "\(verdict), \(exam.criteriaMet ?? 0) of 5 met, VHISS \(vhiss)"
    }

    private var vhiss: String {
        guard let low = exam.vhissLow, let high = exam.vhissHigh else { return "not known" }
        return low == high ? "\(low)" : "\(low) to \(high)"
    }

    /// The exam with its history and its files.
    func text(files: [ArchivedFile], folder: String) -> String {
        var lines = [line, "  in the archive since \(exam.addedAt.text)"]
        if let version = exam.amendsVersion {
            lines.append("  amends version \(version): \(exam.amendmentReason ?? "")")
        }
        if let at = exam.signedAt { lines.append("  signed \(at.text) by \(exam.signedBy ?? "")") }
        if let digest = exam.documentsSHA256 { lines.append("  documents SHA-256 \(digest)") }
        lines.append("  folder \(folder)")
        lines += files.map { file in
            let note = file.recording.flatMap { $0 == "whole" ? nil : ", \($0)" } ?? ""
            return "  \(file.sha256)  \(file.name), \(file.byteCount) bytes\(note)"
        }
        return lines.joined(separator: "\n")
    }
}
