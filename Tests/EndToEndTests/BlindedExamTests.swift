import Foundation
import Testing

@Suite("a blinded exam from the command line")
struct BlindedExamTests {
    /// Words that would tell the result or the group.
    private static let telling = ["met", "positive", "VHISS", "reflux", "cm/s,", "ccsvi", "sim:"]

    @Test("run and show withhold result and group, the record says so, and opening it is logged")
    func blinded() throws {
        try Program.inTemporaryFolder { folder in
            let exam = folder + "/exam"
            let run = try Program.run(["exam", "run", "--probe", "sim:ccsvi", "--blinded", "S-17", "--output", exam])
            #expect(run.status == 0, "\(run.errors)")
            let shown = try Program.run(["exam", "show", exam, "--blinded", "S-17"])
            #expect(shown.status == 0)
            for output in [run.output, shown.output] {
                #expect(output.contains("BLINDED: subject S-17"))
                for word in Self.telling { #expect(!output.contains(word), "\(word)") }
            }
            for word in ["reflux", "positive", "scenario"] { #expect(!run.errors.contains(word), "\(word)") }
            for refused in [
                ["exam", "show", exam], ["exam", "show", exam, "--blinded", "S-18"], ["report", exam],
                ["exam", "score", exam], ["exam", "reanalyse", exam], ["exam", "compare", exam + "/exam.json", exam],
                ["exam", "show", exam, "--unblind", " ", "--reason", "x"],
            ] {
                #expect(try Program.run(refused).status == 2, "\(refused)")
            }
            #expect(!FileManager.default.fileExists(atPath: exam + "/unblinding.json"))
            if Python.hasJSONSchema {
                #expect(try Python.problems(of: exam + "/exam.json", under: "exam.schema.json") == "")
            }
            let opened = try Program.run(["exam", "show", exam, "--unblind", "Dr A", "--reason", "the study has ended"])
            #expect(opened.status == 0)
            #expect(opened.output.contains("5 of 5 criteria met"))
            let log = try String(contentsOfFile: exam + "/unblinding.json", encoding: .utf8)
            #expect(log.contains("Dr A") && log.contains("the study has ended"))
            #expect(try Program.run(["report", exam]).status == 0)
        }
    }

    @Test("a blinded run takes a code and never a name, and shows no result in another way")
    func usage() throws {
        for arguments in [
            ["--blinded", "Maria"], ["--blinded", "S 1"], ["--blinded", "S-1", "--report"],
            ["--blinded", "S-1", "--json"], ["--blinded", "S-1", "--subject", "S-1"],
        ] {
            let run = try Program.run(["exam", "run", "--output", "/nonexistent/exam"] + arguments)
            #expect(run.status == 2, "\(arguments)")
        }
    }
}
