import ArgumentParser
import CohortStatistics

/// Pools studies of one question.
struct CohortForest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forest",
        abstract: "Pool the studies of one question, fixed and random, and draw them.",
        discussion: """
            Studies of one cohort never stand together in one forest. A study without events is left out and named.

            \(StudyOptions.columns)
            """)

    @OptionGroup var options: StudyOptions

    @Option(help: "The ratio: odds or risk.")
    var ratio = RatioName.odds

    @Option(help: "How the fixed effect is pooled: inverse-variance or mantel-haenszel.")
    var fixed = FixedName.inverseVariance

    @Option(help: "The picture's file (PNG).")
    var output: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    /// The ratios' names on the command line.
    enum RatioName: String, ExpressibleByArgument, CaseIterable {
        case odds, risk
    }

    /// The methods' names on the command line.
    enum FixedName: String, ExpressibleByArgument, CaseIterable {
        case inverseVariance = "inverse-variance"
        case mantelHaenszel = "mantel-haenszel"
    }

    func validate() throws {
        if options.studies == nil { throw ValidationError("give --studies: `published`, or a CSV file") }
    }

    func run() throws {
        let console = Console()
        let source = options.studies ?? StudyOptions.published
        let (question, studies) = try options.chosen(from: source)
        let forest = try CohortText.fromFile { () throws(CohortError) in
            try Forest(
                studies, measure: ratio == .odds ? .oddsRatio : .riskRatio,
                fixedMethod: fixed == .inverseVariance ? .inverseVariance : .mantelHaenszel)
        }
        let text = CohortForestText(forest, question: question, isPublished: source == StudyOptions.published)
        if let output { try ForestPicture(text).write(to: output) }
        if json { try console.json(forest) } else { console.result(text.text) }
        if forest.rows.isEmpty { throw Failure(.incomplete, "no study of `\(question)` has events: nothing is pooled") }
    }
}
