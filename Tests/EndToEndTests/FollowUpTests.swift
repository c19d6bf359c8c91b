import Foundation
import Testing

@Suite("follow-up and blinded reading from the command line")
struct FollowUpTests {
    /// A file with a text in a folder.
    private func file(_ text: String, _ name: String, in folder: String) throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Changes an exam's document.
    private func edit(_ exam: String, _ change: (inout [String: Any]) -> Void) throws {
        let url = URL(fileURLWithPath: exam + "/exam.json")
        var document = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        change(&document)
        try JSONSerialization.data(withJSONObject: document).write(to: url)
    }

    @Test("two exams are compared step by step, with error, interval, settings and restenosis")
    func compare() throws {
        try Program.inTemporaryFolder { folder in
            let exams = [("a", "sim:healthy"), ("b", "sim:ccsvi")].map { (folder + "/" + $0.0, $0.1) }
            for (path, probe) in exams {
                let run = try Program.run([
                    "exam", "run", "--probe", probe, "--subject", "S-1", "--exam-id", "E-" + path.suffix(1),
                    "--output", path,
                ])
                #expect(run.status == 0)
            }
            let (first, second) = (exams[0].0, exams[1].0)
            try edit(first) { $0["startedAt"] = "2026-01-10T09:00:00+01:00" }
            try edit(second) { $0["startedAt"] = "2026-07-12T10:00:00+02:00" }
            let history = try file("date,procedure,vein,side\n2025-12-01,stent,ijv,left\n", "h.csv", in: folder)
            let run = try Program.run(["exam", "compare", second, first + "/exam.json", "--history", history])
            #expect(run.status == 0)
            for part in [
                "SIMULATED", "E-a to E-b: 183.0 days, within the 6-month window", "C1  notMet, then met",
                "no change in percent: the earlier score is 0", "BEYOND the error", "within the error", "appeared",
                "! wall filter, Hz: 60.0, then 25.0", "its error is not known",
                "RESTENOSIS: left internal jugular vein, J1, 98.0 to 24.0 mm2",
                "a project choice: no source states one",
            ] {
                #expect(run.output.contains(part), "\(part)")
            }
            let json = try Program.run(["exam", "compare", first, second, "--json"])
            let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
            let trend = try #require(object as? [String: Any])
            #expect((trend["exams"] as? [Any])?.count == 2)
            #expect((trend["lines"] as? [Any])?.isEmpty == true)
            try edit(second) { $0["subjectCode"] = "S-2" }
            let other = try Program.run(["exam", "compare", first, second])
            #expect(other.status == 4)
            #expect(other.errors.contains("different subjects (S-1, S-2)"))
            #expect(try Program.run(["exam", "compare", first, first]).status == 2)
        }
    }

    @Test(
        "what cannot be compared ends with its own code",
        arguments: [
            (["exam", "compare", "/nosuch/a", "/nosuch/b"], Int32(5), "/nosuch/a"), (["exam", "compare"], 2, "exams"),
            (["exam", "compare", "/dev/null", "/dev/null"], 4, "/dev/null"),
        ])
    func refused(_ given: [String], _ status: Int32, _ words: String) throws {
        let run = try Program.run(given)
        #expect(run.status == status)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains(words))
    }

    /// Reads everything that is left for a reader, all answers alike.
    private func read(_ study: String, _ reader: String, _ word: String) throws {
        for _ in 0..<4 {
            let next = try Program.run(["cohort", "reading", "next", study, "--reader", reader])
            #expect(next.status == 0)
            guard let code = next.output.split(separator: " ").first, code.hasPrefix("S") else { return }
            let run = try Program.run([
                "cohort", "reading", "enter", study, "--reader", reader, "--subject", String(code), "c1=" + word,
            ])
            #expect(run.status == 0)
        }
    }

    @Test("a study is read blinded by two readers, adjudicated, unblinded with a log, and counted")
    func reading() throws {
        try Program.inTemporaryFolder { folder in
            let subjects = try file("subject\nS1\nS2\nS3\n", "s.csv", in: folder)
            let groups = try file("subject,group\nS1,case\nS2,case\nS3,control\n", "g.csv", in: folder)
            let (study, table) = (folder + "/study.json", folder + "/table.csv")
            let create = [
                "cohort", "reading", "create", study, "--subjects", subjects, "--reader", "anna", "--reader", "ben",
                "--adjudicator", "clara", "--question", "c1", "--seed", "7",
            ]
            #expect(try Program.run(create).status == 0)
            #expect(try Program.run(create).status == 5)
            #expect(try Program.run(["cohort", "reading", "agreement", study]).status == 4)
            try read(study, "anna", "met")
            try read(study, "ben", "notMet")
            let agreement = try Program.run(["cohort", "reading", "agreement", study])
            #expect(agreement.status == 0)
            #expect(agreement.output.contains("0.0 %"))
            try read(study, "clara", "met")
            let open = [
                "cohort", "reading", "unblind", study, "--groups", groups, "--by", "dora", "--reason", "analysis",
                "--output", table,
            ]
            #expect(try Program.run(open).status == 0)
            let status = try Program.run(["cohort", "reading", "status", study])
            #expect(status.output.contains("by dora, after the end: analysis"))
            let late = try Program.run(["cohort", "reading", "next", study, "--reader", "anna"])
            #expect(late.status == 4)
            #expect(late.errors.contains("was unblinded at"))
            let counted = try Program.run(["cohort", "table", "--subjects", table])
            #expect(counted.output.contains("100.0 % (15.8-100.0), 2 of 2"))
        }
    }

    @Test("a list of subjects with their groups makes no study")
    func groupsInSubjects() throws {
        try Program.inTemporaryFolder { folder in
            let subjects = try file("subject,group\nS1,case\n", "s.csv", in: folder)
            let run = try Program.run([
                "cohort", "reading", "create", folder + "/study.json", "--subjects", subjects, "--reader", "anna",
                "--reader", "ben", "--adjudicator", "clara", "--seed", "7",
            ])
            #expect(run.status == 4)
            #expect(run.errors.contains("s.csv:1:9: column `group` is not known"))
        }
    }
}
