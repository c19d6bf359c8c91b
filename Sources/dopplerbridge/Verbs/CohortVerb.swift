import ArgumentParser

/// The statistics of many exams.
struct CohortVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cohort",
        abstract: "Many exams: one table of all, statistics, agreement of readers, forests of studies.",
        subcommands: [
            CohortTable.self, CohortAgreement.self, CohortForest.self, CohortReading.self, CohortMerge.self,
            CohortSimulate.self,
        ])
}
