import ArgumentParser
import CohortStatistics

/// Prints how far two readers agree.
struct CohortAgreement: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: "Print how far two readers agree, question by question.",
        discussion: """
            The file is CSV with a subject and question a row: columns subject, question, first and second, the \
            answers yes, no, met, notMet, positive, negative, notExamined, notAssessable, borderline or \
            indeterminate. What a reader left open is left out and counted.
            """)

    @Argument(help: "The readings, CSV.")
    var file: String

    @Option(help: "The seed of the bootstrap.")
    var seed: UInt64 = 1

    @Option(help: "Resamples of the bootstrap.")
    var resamples = PairedReadings.usualResamples

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        let console = Console()
        let text = try readText(file)
        let agreement = try CohortText.fromFile { () throws(CohortError) in
            try ReadingList(text, file: file).agreement(seed: seed, resamples: resamples)
        }
        guard !json else { return try console.json(agreement) }
        console.result(AgreementText(agreement).text)
    }
}
