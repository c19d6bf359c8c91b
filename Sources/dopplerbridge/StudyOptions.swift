import ArgumentParser
import CohortStatistics

/// Which studies a cohort verb reads.
struct StudyOptions: ParsableArguments {
    @Option(help: "The studies: `published` (the counts of published studies), or a CSV file with a study a row.")
    var studies: String?

    @Option(help: "The question whose studies are taken: one of the column `question`.")
    var question: String?

    /// The word for the studies that are built in.
    static let published = "published"
    /// The question of the published studies that is taken unless another is asked for.
    static let publishedQuestion = "ccsvi"

    /// The columns of a file of studies, for the help.
    static var columns: String {
        "Columns of a file with studies: \(StudyList.requiredColumns.joined(separator: ", ")); "
            + "optional: \(StudyList.optionalColumns.joined(separator: ", "))."
    }

    /// The studies of the wanted question, and that question.
    func chosen(from source: String) throws -> (question: String, studies: [CohortStudy]) {
        let isPublished = source == Self.published
        let text = isPublished ? StudyList.publishedText : try readText(source)
        let list = try CohortText.fromFile { () throws(CohortError) in
            try StudyList(text, file: isPublished ? "published" : source)
        }
        guard let wanted = question ?? (isPublished ? Self.publishedQuestion : nil) ?? Self.only(list.questions)
        else {
            throw Failure(
                .usage,
                list.questions.isEmpty
                    ? "\(source): there is no study: add rows"
                    : "\(source): several questions: give --question, one of \(list.questions.joined(separator: ", "))")
        }
        let studies = list.studies(of: wanted)
        guard !studies.isEmpty else {
            throw Failure(
                .usage,
                "--question \(wanted): not in \(source): use one of \(list.questions.joined(separator: ", "))")
        }
        return (wanted, studies)
    }

    private static func only(_ questions: [String]) -> String? { questions.count == 1 ? questions[0] : nil }
}
