import ArgumentParser

/// Everything about whole exams.
struct ExamVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        subcommands: [
            ExamRun.self, ExamProtocols.self, ExamScore.self, ExamShow.self, ExamReanalyse.self, ExamCompare.self,
        ])
}
