import ArgumentParser

/// Everything about whole exams.
struct ExamVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exam", abstract: "Run, score, show, analyse again and compare exams; list exam protocols.",
        subcommands: [
            ExamRun.self, ExamProtocols.self, ExamScore.self, ExamShow.self, ExamReanalyse.self, ExamCompare.self,
        ])
}
