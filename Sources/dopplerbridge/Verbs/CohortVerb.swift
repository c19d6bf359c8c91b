import ArgumentParser

/// The statistics of many exams.
struct CohortVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cohort", abstract: "Statistics of many exams: tables, agreement of readers, forests of studies.",
        subcommands: [CohortTable.self, CohortAgreement.self, CohortForest.self, CohortReading.self])
}
