import CohortStatistics
import TestSupport
import Testing

@Suite("tables from text")
struct TextTableTests {
    private static let header = "study,cohort,cases_with,cases,controls_with,controls,citation\n"

    /// The problems of a text, each as its line.
    private func problems(_ text: String) -> [String] {
        do throws(CohortError) {
            _ = try StudyList(text, file: "s.csv")
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    @Test("cells may be quoted, hold commas, quotes and line ends, and lines may be comments")
    func quoted() throws {
        let list = try StudyList(
            "\u{FEFF}# a comment, with a comma\n" + Self.header
                + "\"One, \"\"two\"\"\nthree\", a ,1,2,0,3,\"Paper, 2020\"\r\n\r\n# end", file: "s.csv")
        #expect(list.studies.map(\.name) == ["One, \"two\"\nthree"])
        #expect(list.studies.first?.cohort == "a")
        #expect(list.studies.first?.citation == "Paper, 2020")
        #expect(list.studies.first?.counts.casesWithout == 1)
    }

    @Test(
        "what is wrong is refused with file, line and column",
        arguments: [
            ("", "s.csv:1:1: there is no row"),
            (header + "A,a,1,2,0,3\n", "s.csv:2:11: 6 cells, but there are 7 columns"),
            (header + "A,a,x,2,0,3,C\n", "s.csv:2:5: `cases_with` is `x`"),
            (header + "A,a,-1,2,0,3,C\n", "s.csv:2:5: `cases_with` is `-1`"),
            (header + "A,a,1,99999999999999999999,0,3,C\n", "s.csv:2:7: `cases` is `99999999999999999999`"),
            (header + "A,a,5,2,0,3,C\n", "s.csv:2:1: 5 of 2 cases have the finding"),
            (header + "A,,1,2,0,3,C\n", "s.csv:2:3: `cohort` is empty"),
            (header + "A,a,1,2,0,3,\n", "s.csv:2:13: `citation` is empty"),
            (header + "A,a,1,2,0,3,\"C\n", "s.csv:2:13: the quoted cell does not end"),
            (header + "A,a,1,2,0,3,\"", "s.csv:2:13: the quoted cell does not end"),
            (header + "A,a,1,2,0,3,\"C\"\"", "s.csv:2:13: the quoted cell does not end"),
            (header + "A,a,1,2,0,3,\"C\" D\n", "s.csv:2:17: text after a quoted cell"),
            (header + "A,a,1,2,0,3,C \"D\"\n", "s.csv:2:15: a quote within a cell"),
            ("study,cohort\n", "s.csv:1:1: there is no column `cases_with`"),
            ("colour," + header, "s.csv:1:1: column `colour` is not known"),
            ("study," + header, "s.csv:1:7: column `study` stands twice"),
        ])
    func refused(_ text: String, _ begin: String) {
        let found = problems(text)
        #expect(found.first?.hasPrefix(begin) == true, "\(found)")
    }

    @Test("all problems are told at once, at most twenty")
    func several() {
        #expect(problems(Self.header + "A,a,x,y,0,3,C\nB,,1,2,0,3,C\n").count == 3)
        #expect(problems(Self.header + String(repeating: "A,a,x,2,0,3,C\n", count: 50)).count == 20)
    }

    @Test("random text is read or refused and never ends the program", arguments: UInt64(0)..<60)
    func hostile(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("\"\",,\n\r\n# 0123456789axé-.\u{FEFF}\0")
        let text = String((0..<200).compactMap { _ in alphabet.randomElement(using: &generator) })
        for whole in [text, Self.header + text] {
            _ = problems(whole)
            _ = try? SubjectList(whole, file: "p.csv")
            _ = try? ReadingList(whole, file: "r.csv")
        }
        #expect(problems(text).isEmpty == false)
    }

    @Test("people are counted by finding, and unanswered ones are left out and counted, never taken for no")
    func subjects() throws {
        let text = """
            subject,group,c1,verdict
            S1,case,met,positive
            S2,case,notMet,borderline
            S3,control,notExamined,negative
            S4,control,notMet,negative
            """
        let counts = try SubjectList(text, file: "p.csv").counts()
        #expect(counts.map(\.finding) == ["c1", "verdict"])
        #expect(counts[0].counts == (try table(1, 1, 0, 1)))
        #expect(counts[0].controlsLeftOut == 1)
        #expect(counts[1].counts == (try table(1, 0, 0, 2)))
        #expect(counts[1].casesLeftOut == 1)
    }

    @Test("people with a wrong group, a wrong answer or two rows are refused")
    func wrongSubjects() {
        let text = "subject,group,c1\nS1,patient,yes\nS1,case,maybe\nS2,case,\n"
        #expect {
            try SubjectList(text, file: "p.csv")
        } throws: { error in
            let lines = "\(error)".split(separator: "\n")
            return lines.count == 4 && lines[0].hasPrefix("p.csv:2:4: `group` is `patient`")
                && lines[1].hasPrefix("p.csv:3:1: subject `S1` stands twice")
                && lines[2].hasPrefix("p.csv:3:9: `maybe` is no answer")
                && lines[3].hasPrefix("p.csv:4:9: there is no answer")
        }
    }

    @Test("two readings of one subject and question are refused")
    func twice() {
        #expect(throws: CohortError.self) {
            try ReadingList("subject,question,first,second\nS1,c1,yes,yes\nS1,c1,no,no\n", file: "r.csv")
        }
    }

    @Test("every published study has a citation, and every question's cohorts are different")
    func published() throws {
        let list = try StudyList.published()
        #expect(list.studies.count == 28)
        for study in list.studies { #expect(study.citation.count > 10 && !study.countsFrom.isEmpty) }
        for question in list.questions { _ = try Forest(list.studies(of: question)) }
    }
}
