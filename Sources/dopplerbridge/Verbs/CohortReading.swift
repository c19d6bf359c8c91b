import ArgumentParser
import CohortStatistics
import FollowUp
import Foundation

/// Blinded reading by two readers and an adjudicator.
struct CohortReading: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reading",
        abstract: "Read exams blinded: random order, two readers, an adjudicator, logged unblinding.",
        discussion: """
            The study file holds subject codes and answers only: no group and no earlier result. Each reader sees the \
            code that is next, in an order of one's own, and reads the exam that the site has stored under that code.
            """,
        subcommands: [Create.self, Next.self, Enter.self, Status.self, Agreement.self, Unblind.self])

    /// Sets up a study.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set up a study.")

        @Argument(help: "The study's file, new.")
        var file: String

        @Option(help: "A CSV file with the one column subject: codes of letters, digits, - and _ with a digit.")
        var subjects: String

        @Option(help: "A reader; give it twice.")
        var reader: [String]

        @Option(help: "Who decides where the readers disagree.")
        var adjudicator: String

        @Option(help: "A question to be answered; give it several times. Without it the five criteria.")
        var question: [String] = []

        @Option(help: "The study's id.")
        var id = "study"

        @Option(help: "The seed of the reading orders.")
        var seed: UInt64

        func run() throws {
            guard !FileManager.default.fileExists(atPath: file) else {
                throw Failure(.storage, "\(file): a file stands there: give a new name, no study is overwritten")
            }
            let text = try readText(subjects)
            let study = try followUp { () throws(FollowUpError) in
                try ReadingStudy(
                    studyID: id, subjects: SubjectGroup.codes(text, file: subjects), readers: reader,
                    adjudicator: adjudicator, questions: question.isEmpty ? ReadingStudy.usualQuestions : question,
                    seed: seed, createdAt: Date().formatted(.iso8601))
            }
            try StudyFile(path: file).write(study)
            Console().result("\(study.subjects.count) subjects, \(study.questions.joined(separator: ", ")): \(file)")
        }
    }

    /// Says what somebody is to read next.
    struct Next: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what a reader is to read next.")

        @Argument(help: "The study's file.")
        var file: String

        @Option(help: "Who reads.")
        var reader: String

        @Flag(help: "Print one JSON document.")
        var json = false

        func run() throws {
            let console = Console()
            let study = try StudyFile(path: file).read()
            let next = try followUp { () throws(FollowUpError) in try study.next(for: reader) }
            if json { return try console.json(next) }
            guard let next else { return console.result("\(reader) has read everything.") }
            console.result(
                "\(next.subject)  (\(next.place) of \(next.count); answer \(next.questions.joined(separator: ", ")))")
        }
    }

    /// Enters answers.
    struct Enter: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Enter a reader's answers on the subject that is next.",
            discussion: "An answer is QUESTION=WORD: yes, no, met, notMet, notExamined or notAssessable.")

        @Argument(help: "The study's file.")
        var file: String

        @Option(help: "Who reads.")
        var reader: String

        @Option(help: "The subject's code.")
        var subject: String

        @Argument(help: "The answers: c1=met c2=notMet ...")
        var answers: [String]

        func run() throws {
            let store = StudyFile(path: file)
            var study = try store.read()
            var given: [String: Answer] = [:]
            for text in answers {
                let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 2, let answer = Answer(word: parts[1]) else {
                    throw Failure(.usage, "\(text): no answer: write QUESTION=WORD with met, notMet or notAssessable")
                }
                guard given.updateValue(answer, forKey: parts[0]) == nil else {
                    throw Failure(.usage, "\(parts[0]): answered twice: give one answer")
                }
            }
            do throws(FollowUpError) {
                try study.enter(given, of: subject, by: reader, at: Date().formatted(.iso8601))
            } catch {
                throw Failure(.usage, error.description)
            }
            try store.write(study)
            Console().result("entered; \(study.progress)")
        }
    }

    /// Says how far everybody is.
    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say how far everybody is, and who unblinded when.")

        @Argument(help: "The study's file.")
        var file: String

        func run() throws {
            let study = try StudyFile(path: file).read()
            var lines = ["\(study.studyID), set up \(study.createdAt), seed \(study.seed): \(study.progress)"]
            if study.isReadWhole {
                lines.append(
                    "The readers disagree on \(study.disagreements.count) subjects; \(study.adjudicator) decided "
                        + "\(study.count(of: study.adjudicator)).")
            }
            lines += study.unblindings.map { entry in
                "Unblinded \(entry.at) by \(entry.by), \(entry.isAfterTheEnd ? "after" : "BEFORE") the end: \(entry.reason)"
            }
            Console().result(lines.joined(separator: "\n"))
        }
    }

    /// Prints the readers' agreement.
    struct Agreement: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the readers' agreement by question, before adjudication.")

        @Argument(help: "The study's file.")
        var file: String

        @Option(help: "The seed of the bootstrap.")
        var seed: UInt64 = 1

        @Flag(help: "Print one JSON document.")
        var json = false

        func run() throws {
            let console = Console()
            let study = try StudyFile(path: file).read()
            let agreement = try followUp { () throws(FollowUpError) in try study.agreement(seed: seed) }
            if json { try console.json(agreement) } else { console.result(AgreementText(agreement).text) }
        }
    }

    /// Opens the groups.
    struct Unblind: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Log an unblinding and write the final answers with the groups.",
            discussion: """
                The unblinding is logged first, with its time, name and reason, and no reading is accepted after it. \
                The table is one for `cohort table --subjects`; it is written when everything was read and decided.
                """)

        @Argument(help: "The study's file.")
        var file: String

        @Option(help: "The groups, CSV: columns subject and group (case or control).")
        var groups: String

        @Option(help: "Who unblinds.")
        var by: String

        @Option(help: "Why.")
        var reason: String

        @Option(help: "The table with groups and final answers (CSV), new.")
        var output: String

        func run() throws {
            guard !FileManager.default.fileExists(atPath: output) else {
                throw Failure(.storage, "\(output): a file stands there: give a new name")
            }
            let store = StudyFile(path: file)
            var study = try store.read()
            let text = try readText(groups)
            let known = try followUp { () throws(FollowUpError) in try SubjectGroup.groups(text, file: groups) }
            // Seen before anything is logged: a file that does not fit opens nothing.
            if let missing = study.subjects.first(where: { known[$0] == nil }) {
                throw Failure(.data, "\(groups): subject \(missing) has no group: add it")
            }
            try followUp { () throws(FollowUpError) in
                try study.unblind(by: by, reason: reason, at: Date().formatted(.iso8601))
            }
            try store.write(study)
            let table = try followUp { () throws(FollowUpError) in try study.unblindedTable(groups: known) }
            try StudyFile.write(Data(table.utf8), to: output)
            Console().result("unblinded and logged: \(output)")
        }
    }
}
