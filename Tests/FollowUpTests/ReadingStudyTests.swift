import CohortStatistics
import FollowUp
import Foundation
import TestSupport
import Testing

@Suite("blinded reading")
struct ReadingStudyTests {
    private func study(_ count: Int = 12, seed: UInt64 = 1) throws -> ReadingStudy {
        try ReadingStudy(
            studyID: "study-1", subjects: (1...count).map { "S\($0 + 100)" }, readers: ["anna", "ben"],
            adjudicator: "clara", questions: ["c1", "c2"], seed: seed, createdAt: "2026-01-31T10:15:00Z")
    }

    /// Reads everything that is left for somebody by a rule.
    private func read(
        _ study: inout ReadingStudy, _ reader: String, _ answer: (String, String) -> Answer
    ) throws {
        while let next = try study.next(for: reader) {
            let answers = Dictionary(next.questions.map { ($0, answer(next.subject, $0)) }) { first, _ in first }
            try study.enter(answers, of: next.subject, by: reader, at: "2026-02-01T10:00:00Z")
        }
    }

    /// A study in which the readers disagree on c1 of S101 alone.
    private func whole() throws -> ReadingStudy {
        var study = try study()
        try read(&study, "anna") { subject, question in subject == "S101" && question == "c1" ? .yes : .no }
        try read(&study, "ben") { _, _ in .no }
        return study
    }

    @Test("each reader's order is random by the seed, holds everybody once, and is the same again")
    func order() throws {
        let one = try study()
        #expect(one.order(of: "anna").sorted() == one.subjects)
        #expect(one.order(of: "anna") != one.order(of: "ben"))
        #expect(one.order(of: "anna") != one.subjects)
        #expect(try study().order(of: "anna") == one.order(of: "anna"))
        #expect(try study(seed: 2).order(of: "anna") != one.order(of: "anna"))
        #expect(one.order(of: "zoe").isEmpty)
    }

    @Test("over many seeds every subject stands in every place", arguments: ["anna", "ben"])
    func uniform(reader: String) throws {
        var first: [String: Int] = [:]
        for seed in UInt64(0)..<600 { first[try study(6, seed: seed).order(of: reader)[0], default: 0] += 1 }
        #expect(first.count == 6)
        // Five standard deviations around 100.
        for (_, count) in first { #expect(abs(count - 100) < 46) }
    }

    @Test("a reader enters only the next subject, answers every question, and nobody else reads")
    func strict() throws {
        var study = try study()
        let order = study.order(of: "anna")
        let answers: [String: Answer] = ["c1": .yes, "c2": .no]
        #expect(throws: FollowUpError.self) {
            try study.enter(answers, of: order[1], by: "anna", at: "2026-02-01T10:00:00Z")
        }
        #expect(throws: FollowUpError.self) { try study.enter(["c1": .yes], of: order[0], by: "anna", at: "t") }
        #expect(throws: FollowUpError.self) {
            try study.enter(answers.merging(["c9": .no]) { $1 }, of: order[0], by: "anna", at: "t")
        }
        #expect(throws: FollowUpError.self) { try study.next(for: "zoe") }
        #expect(throws: FollowUpError.self) { try study.next(for: "clara") }
        #expect(study.readings.isEmpty)
        try study.enter(answers, of: order[0], by: "anna", at: "2026-02-01T10:00:00Z")
        #expect(try study.next(for: "anna")?.subject == order[1])
        #expect(try study.next(for: "anna")?.place == 2)
        #expect(try study.next(for: "ben")?.place == 1)
    }

    @Test("the adjudicator decides only where the readers disagree, and the final answers hold the decision")
    func adjudication() throws {
        var study = try whole()
        #expect(study.disagreements.map(\.subject) == ["S101"])
        let next = try #require(try study.next(for: "clara"))
        #expect(next.questions == ["c1"])
        #expect(next.count == 1)
        #expect(throws: FollowUpError.self) { try study.finalAnswers() }
        try read(&study, "clara") { _, _ in .yes }
        #expect(study.isComplete)
        let final = try study.finalAnswers()
        #expect(final["S101"] == ["c1": .yes, "c2": .no])
        #expect(final.count == 12)
    }

    @Test("agreement is computed by question when both have finished, and not before")
    func agreement() throws {
        var half = try study()
        try read(&half, "anna") { _, _ in .no }
        #expect(throws: FollowUpError.self) { try half.agreement(seed: 1) }
        let summaries = try whole().agreement(seed: 1)
        #expect(summaries.map(\.question) == ["c1", "c2"])
        #expect(summaries[0].counts.firstOnly == 1 && summaries[0].counts.bothNo == 11)
        #expect(summaries[0].kappa == .value(0))
        #expect(summaries[1].kappa == .undefined(.readersAgreeByChanceAlone))
    }

    @Test("an unblinding is logged with who, why and whether it was after the end, and ends all reading")
    func unblinding() throws {
        var study = try study()
        #expect(throws: FollowUpError.self) { try study.unblind(by: "", reason: "curious", at: "t") }
        #expect(throws: FollowUpError.self) { try study.unblindedTable(groups: [:]) }
        try study.unblind(by: "dora", reason: "an emergency", at: "2026-02-02T10:00:00Z")
        #expect(study.unblindings.map(\.isAfterTheEnd) == [false])
        #expect(throws: FollowUpError.self) { try study.next(for: "anna") }
        var complete = try whole()
        try read(&complete, "clara") { _, _ in .no }
        try complete.unblind(by: "dora", reason: "analysis", at: "2026-03-02T10:00:00Z")
        #expect(complete.unblindings.map(\.isAfterTheEnd) == [true])
        let groups = Dictionary(complete.subjects.map { ($0, SubjectGroup.control) }) { first, _ in first }
        let table = try complete.unblindedTable(groups: groups)
        #expect(table.hasPrefix("subject,group,c1,c2\nS101,control,no,no\n"))
        #expect(try SubjectList(table, file: "t").counts().map(\.counts.controls) == [12, 12])
        #expect(throws: FollowUpError.self) { try complete.unblindedTable(groups: ["S101": .case]) }
    }

    @Test("a study holds codes and no names, two readers and an adjudicator")
    func refused() {
        func make(_ subjects: [String], _ readers: [String] = ["anna", "ben"], _ adjudicator: String = "clara") throws {
            _ = try ReadingStudy(
                studyID: "study-1", subjects: subjects, readers: readers, adjudicator: adjudicator, seed: 1,
                createdAt: "t")
        }
        for bad in [
            [], ["Smith"], ["Smith, 1"], ["S1", "S1"], ["S1 "], [String(repeating: "1", count: 33)], ["M\u{FC}ller1"],
        ] {
            #expect(throws: FollowUpError.self) { try make(bad) }
        }
        #expect(throws: FollowUpError.self) { try make(["S1"], ["anna"]) }
        #expect(throws: FollowUpError.self) { try make(["S1"], ["anna", "anna"]) }
        #expect(throws: FollowUpError.self) { try make(["S1"], ["anna", "ben"], "ben") }
        #expect(throws: Never.self) { try make(["S1"]) }
    }

    @Test("a study reads back from its document, and one that was changed by hand is refused")
    func document() throws {
        var study = try whole()
        try read(&study, "clara") { _, _ in .yes }
        let text = String(decoding: try JSONEncoder().encode(study), as: UTF8.self)
        #expect(try JSONDecoder().decode(ReadingStudy.self, from: Data(text.utf8)) == study)
        for (old, new) in [
            ("\"clara\"", "\"ben\""), ("\"seed\":1", "\"seed\":2"), ("reading-1", "reading-9"),
            ("[\"anna\",\"ben\"]", "[]"),
            ("\"S101\"", "\"S999\""), ("\"yes\"", "\"maybe\""),
        ] {
            let changed = text.replacing(old, with: new, maxReplacements: old == "\"S101\"" ? 1 : .max)
            #expect(changed != text)
            #expect(throws: (any Error).self) { try JSONDecoder().decode(ReadingStudy.self, from: Data(changed.utf8)) }
        }
    }

    @Test("a study says nothing of groups", arguments: ["group", "case", "control", "verdict"])
    func silent(word: String) throws {
        let text = String(decoding: try JSONEncoder().encode(whole()), as: UTF8.self)
        #expect(!text.contains(word))
    }

    @Test("lists of subjects and of groups are read strictly, and a list of subjects may hold nothing else")
    func lists() throws {
        #expect(try SubjectGroup.codes("subject\nS2\nS1\n", file: "s.csv") == ["S1", "S2"])
        #expect(
            try SubjectGroup.groups("subject,group\nS1,case\nS2,control\n", file: "g.csv") == [
                "S1": .case, "S2": .control,
            ])
        #expect(throws: FollowUpError.self) { try SubjectGroup.codes("subject,group\nS1,case\n", file: "s.csv") }
        #expect(throws: FollowUpError.self) { try SubjectGroup.groups("subject,group\nS1,patient\n", file: "g.csv") }
        #expect(throws: FollowUpError.self) { try SubjectGroup.codes("subject\nS1\nS1\n", file: "s.csv") }
    }
}
