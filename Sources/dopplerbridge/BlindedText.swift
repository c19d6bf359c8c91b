import CCSVIAnalysis
import ExamSession

/// A blinded exam as operator and reader may see it: code, protocol, recordings and their settings, and no result.
struct BlindedText {
    let exam: Exam
    let blinding: Blinding

    /// The whole text.
    var text: String {
        var lines = [
            "BLINDED: subject \(blinding.code), since \(blinding.since). Group, source and result are withheld."
        ]
        lines.append("Protocol \(exam.protocolReference.id) \(exam.protocolReference.version)")
        lines += exam.recordings.map { recording in
            "  \(recording.site.name.padding(to: Self.nameWidth))\(recording.manoeuvre.words), take \(recording.take), "
                + "\(ExamText.rounded(recording.durationSeconds, 1)) s: \(recording.fileName)"
        }
        lines.append("Read the recordings, and enter what you see with `cohort reading enter`.")
        return lines.joined(separator: "\n")
    }

    private static let nameWidth = 60
}

/// What `exam show --blinded --json` prints: the same as the text, and nothing else.
struct BlindedDocument: Encodable {
    /// The format's name and version.
    var schema = "dopplerbridge-blinded-exam-1"
    /// The blinding.
    var blinding: Blinding
    /// The exam protocol.
    var protocolReference: Reference
    /// The recordings with their settings.
    var recordings: [VeinRecording]

    init(_ exam: Exam, _ blinding: Blinding) {
        self.blinding = blinding
        protocolReference = exam.protocolReference
        recordings = exam.recordings
    }
}

/// The exam of a folder, whose result may be seen.
///
/// - Throws: `Failure` for a blinded exam that nobody unblinded.
func openExam(_ folder: ExamFolder) throws -> Exam {
    try opened(examination { () throws(ExamSessionError) in try folder.exam() }, of: folder)
}

/// An exam whose result may be seen: it is not blinded, or was opened.
func opened(_ exam: Exam, of folder: ExamFolder) throws -> Exam {
    guard let blinding = exam.blinding else { return exam }
    let unblindings = try examination { () throws(ExamSessionError) in try folder.unblindings() }
    guard unblindings.isEmpty else { return exam }
    throw Failure(
        .usage,
        "\(folder.path): blinded under \(blinding.code): show it with `exam show --blinded \(blinding.code)`, or open the "
            + "result with `exam show --unblind NAME --reason WHY`, which is logged")
}
