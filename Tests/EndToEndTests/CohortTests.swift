import Foundation
import Testing

@Suite("cohort statistics from the command line")
struct CohortTests {
    /// A file with a text in a folder.
    private func file(_ text: String, _ name: String, in folder: String) throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("counts on the command line give ratios, limits and tests with their names")
    func table() throws {
        let run = try Program.run(["cohort", "table", "--cases", "38/1165", "--controls", "8/376"])
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        for part in ["1.55 (0.72-3.35), Woolf", "Katz", "Fisher exact", "p 0.2998", "chi-square, Yates", "3.3 %"] {
            #expect(run.output.contains(part))
        }
    }

    @Test("what is 0/0 is called undefined, in words and in JSON")
    func undefined() throws {
        let given = ["cohort", "table", "--cases", "0/44", "--controls", "0/44"]
        let words = try Program.run(given)
        #expect(words.output.contains("undefined: nobody has the finding"))
        #expect(!words.output.contains("nan"))
        let run = try Program.run(given + ["--json"])
        let list = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
        let table = try #require(list.first?["table"] as? [String: Any])
        let odds = try #require((table["oddsRatio"] as? [String: Any])?["ratio"] as? [String: String])
        #expect(odds == ["undefined": "nobodyWithFinding"])
    }

    @Test("the published studies are pooled and drawn, each with its citation")
    func forest() throws {
        try Program.inTemporaryFolder { folder in
            let picture = folder + "/forest.png"
            let run = try Program.run(["cohort", "forest", "--studies", "published", "--output", picture])
            #expect(run.status == 0)
            #expect(run.output.contains("1.88 (0.83-4.22)"))
            #expect(run.output.contains("I2 80.5 %"))
            #expect(run.output.contains("not that of Laupacis 2011"))
            #expect(run.output.contains("Comi G et al. Mult Scler 2013;19:1508-17"))
            let bytes = try Data(contentsOf: URL(fileURLWithPath: picture))
            #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        }
    }

    @Test("a study without events is named, and a forest of nothing else ends with 1")
    func withoutEvents() throws {
        let run = try Program.run(["cohort", "forest", "--studies", "published", "--question", "c1"])
        #expect(run.status == 0)
        #expect(run.output.contains("left out: Case-control 2012-2013 (0/44 and 0/44): nobody has the finding"))
        try Program.inTemporaryFolder { folder in
            let none = try file(
                "study,cohort,cases_with,cases,controls_with,controls,citation\nA,a,0,5,0,6,made up\n", "none.csv",
                in: folder)
            let run = try Program.run(["cohort", "forest", "--studies", none])
            #expect(run.status == 1)
            #expect(run.errors.contains("nothing is pooled"))
        }
    }

    @Test("two rows of one cohort end with 4, and so does a wrong cell at its place")
    func refused() throws {
        try Program.inTemporaryFolder { folder in
            let header = "study,cohort,cases_with,cases,controls_with,controls,citation\n"
            let twice = try file(header + "A,a,1,5,2,6,made up\nB,a,1,5,2,6,made up\n", "twice.csv", in: folder)
            let run = try Program.run(["cohort", "forest", "--studies", twice])
            #expect(run.status == 4)
            #expect(run.errors.contains("cohort `a` stands twice in one forest (A; B)"))
            let wrong = try file(header + "A,a,1,x,2,6,made up\n", "wrong.csv", in: folder)
            let place = try Program.run(["cohort", "table", "--studies", wrong])
            #expect(place.status == 4)
            #expect(place.output.isEmpty)
            #expect(place.errors.contains("\(wrong):2:7: `cases` is `x`; give a count"))
        }
    }

    @Test(
        "wrong options end with 2, and a file that is not there with 5",
        arguments: [
            (["cohort", "table"], Int32(2), "give --cases and --controls"),
            (["cohort", "table", "--cases", "1/2"], 2, "go together"),
            (["cohort", "table", "--cases", "x", "--controls", "1/2"], 2, "--cases x: give two counts"),
            (["cohort", "table", "--cases", "3/2", "--controls", "1/2"], 2, "3 of 2 cases"),
            (["cohort", "forest"], 2, "give --studies"),
            (["cohort", "forest", "--studies", "published", "--question", "c9"], 2, "use one of ccsvi"),
            (["cohort", "forest", "--studies", "/nosuch/file"], 5, "/nosuch/file: cannot read"),
            (["cohort", "agreement", "/nosuch/file"], 5, "/nosuch/file: cannot read"),
            (["cohort", "agreement", "/dev/null", "--resamples", "1"], 4, "there is no row"),
        ])
    func usage(_ given: [String], _ status: Int32, _ words: String) throws {
        let run = try Program.run(given)
        #expect(run.status == status)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("dopplerbridge: "))
        #expect(run.errors.contains(words))
    }

    @Test("people in a file are counted by finding, and unanswered ones are said")
    func subjects() throws {
        try Program.inTemporaryFolder { folder in
            let people = try file(
                "subject,group,c1\nS1,case,met\nS2,case,notAssessable\nS3,control,notMet\n", "people.csv", in: folder)
            let run = try Program.run(["cohort", "table", "--subjects", people])
            #expect(run.status == 0)
            #expect(run.output.hasPrefix("c1\n"))
            #expect(run.output.contains("Without an answer and left out: 1 cases, 0 controls."))
        }
    }

    @Test("two readers' kappa has its seed, and where it does not exist that is said")
    func agreement() throws {
        try Program.inTemporaryFolder { folder in
            let rows = (0..<20).map { "S\($0),c1,\($0 < 8 ? "met" : "notMet"),\($0 < 6 ? "met" : "notMet")" }
            let readings = try file(
                "subject,question,first,second\n" + rows.joined(separator: "\n") + "\nS1,c2,notMet,notMet\n", "r.csv",
                in: folder)
            let run = try Program.run(["cohort", "agreement", readings, "--seed", "5"])
            #expect(run.status == 0)
            #expect(run.output.contains("seed 5"))
            #expect(run.output.contains("0.78 ("))
            #expect(run.output.contains("c2: no kappa: both readers gave everybody the same answer"))
            #expect(try Program.run(["cohort", "agreement", readings, "--seed", "5"]).output == run.output)
            let wrong = try Program.run(["cohort", "agreement", readings, "--resamples", "10"])
            #expect(wrong.status == 2)
        }
    }
}
