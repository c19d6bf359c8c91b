import Foundation
import Testing

@Suite("exam run as its own process")
struct ExamRunTests {
    /// The one JSON document on standard output.
    private func document(_ output: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return try #require(object as? [String: Any])
    }

    @Test("a healthy patient's exam ends with 0, one valid JSON document and a report that says SIMULATED")
    func healthy() throws {
        try Program.inTemporaryFolder { folder in
            let exam = folder + "/exam"
            let run = try Program.run(["exam", "run", "--probe", "sim:healthy", "--output", exam, "--json"])
            #expect(run.status == 0)
            #expect(run.errors.contains("The result is what the scenario states."))
            let printed = try document(run.output)
            #expect(printed["isSimulated"] as? Bool == true)
            #expect((printed["recordings"] as? [Any])?.count == 29)
            let stored = try String(contentsOfFile: exam + "/exam.json", encoding: .utf8)
            #expect(run.output == stored)
            try expectReport(of: exam, in: folder)
            let shown = try Program.run(["exam", "show", exam])
            #expect(shown.status == 0)
            #expect(shown.output.hasPrefix("SIMULATED: no patient was examined."))
            #expect(shown.output.contains("0 of 5 criteria met, none open: negative"))
            try expectKept(exam)
            try withKnownJudge {
                try #expect(Python.problems(of: exam + "/exam.json", under: "exam.schema.json") == "")
            }
        }
    }

    @Test("the same exam gives the same bytes with every kind of vector instruction", arguments: ["avx2", "avx512"])
    func vectors(level: String) throws {
        // Of a level that the processor lacks the program would take the widest that it has.
        let processor = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        guard processor.contains(level) else { return print("skipped: this processor has no \(level)") }
        try Program.inTemporaryFolder { folder in
            let texts = try ["sse4", level].map { name in
                let exam = folder + "/" + name
                let run = try Program.run(
                    ["exam", "run", "--probe", "sim:incomplete", "--output", exam, "--exam-id", "E1", "--json"],
                    through: "DOPPLERBRIDGE_SIMD=\(name)")
                // The one thing that differs is the hour.
                return run.output.split(separator: "\n")
                    .filter { !$0.contains("\"startedAt\"") && !$0.contains("\"endedAt\"") }
            }
            #expect(texts[0].count > 1000)
            #expect(texts[0] == texts[1])
        }
    }

    @Test("an exam prints the date of the last quality assurance and warns when it is older than six months")
    func agedQuality() throws {
        try Program.inTemporaryFolder { folder in
            let state = folder + "/dopplerbridge"
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            let record = """
                {"schema": "dopplerbridge-qa-1", "runs": [{"date": "2001-02-03T04:05:06Z", "software": "s", "chain": "c",
                "truth": "testObject", "seed": 1, "isFull": true, "results": [{"clause": "area", "heading": "h",
                "limit": "l", "state": "passed", "figures": [], "scenes": 1}]}]}
                """
            try Data(record.utf8).write(to: URL(fileURLWithPath: state + "/qa.json"))
            let exam = folder + "/exam"
            let run = try Program.run(
                ["exam", "run", "--probe", "sim:incomplete", "--output", exam], through: "XDG_STATE_HOME='\(folder)'")
            let line = "uality assurance on the test object is older than six months (2001-02-03): run it again"
            #expect(run.errors.contains("Warning: q\(line)."))
            let shown = try Program.run(["exam", "show", exam])
            #expect(shown.output.contains("Doppler chain: q\(line)"))
            #expect(shown.output.contains("Limitations:\n  Q\(line)."))
        }
    }

    private func withKnownJudge(_ body: () throws -> Void) throws {
        guard Python.hasJSONSchema else { return print(Python.comment) }
        try body()
    }

    private func expectReport(of exam: String, in folder: String) throws {
        let report = try Program.run(["report", exam])
        #expect(report.status == 0)
        #expect(report.output == exam + "/report.pdf\n")
        let pdf = try Data(contentsOf: URL(fileURLWithPath: exam + "/report.pdf"))
        #expect(pdf.starts(with: Data("%PDF-".utf8)))
        let reader = "/usr/bin/pdftotext"
        guard FileManager.default.isExecutableFile(atPath: reader) else { return print("skipped: no poppler-utils") }
        let text = try Program.tool(reader, [exam + "/report.pdf", "-"])
        #expect(text.status == 0)
        for page in text.output.split(separator: "\u{0C}") { #expect(page.contains("SIMULATED")) }
    }

    /// A folder that holds an exam is not written over, and a changed recording is not reported on.
    private func expectKept(_ exam: String) throws {
        let before = try Data(contentsOf: URL(fileURLWithPath: exam + "/exam.json"))
        let again = try Program.run(["exam", "run", "--probe", "sim:healthy", "--output", exam])
        #expect(again.status == 5)
        #expect(
            again.errors
                == "dopplerbridge: \(exam): holds an exam already, and nothing recorded is written over: "
                + "give another folder with --output\n")
        #expect(try Data(contentsOf: URL(fileURLWithPath: exam + "/exam.json")) == before)
    }

    @Test("an exam that leaves a criterion open ends with 1 and says what the scenario states of it")
    func borderline() throws {
        try Program.inTemporaryFolder { folder in
            let run = try Program.run(["exam", "run", "--probe", "sim:borderline", "--output", folder + "/exam"])
            #expect(run.status == 1)
            #expect(run.errors.contains("The result is what the scenario states."))
            #expect(run.output.contains("1 of 5 criteria met, 1 open: borderline"))
        }
    }

    @Test("a stop signal closes the recording, writes the exam and ends with 1")
    func stopped() throws {
        try Program.inTemporaryFolder { folder in
            let exam = folder + "/exam"
            let process = try Program.start(["exam", "run", "--probe", "sim:healthy?pace=real", "--output", exam])
            let recording = exam + "/recordings/01-ijv.right.j1.supine.dbrec"
            try Program.wait(until: recording, has: 20_000)
            process.interrupt()
            process.waitUntilExit()
            #expect(process.terminationStatus == 1)
            let shown = try Program.run(["exam", "show", exam])
            #expect(shown.status == 0)
            #expect(shown.output.contains("The exam was stopped by the operator before its end."))
            #expect(try Program.run(["analyse", "--probe", "replay:" + recording]).status == 0)
        }
    }

    @Test("the same scenario, seed and site give the same recording byte for byte; another seed does not")
    func reproducible() throws {
        try Program.inTemporaryFolder { folder in
            let recordings = try ["1", "1", "2"].enumerated().map { index, seed in
                let file = "\(folder)/\(index).dbrec"
                let run = try Program.run([
                    "acquire", "--probe", "sim:ccsvi?seed=\(seed)", "--site", "ijv.left.j1.supine", "--seconds", "6",
                    "--output", file,
                ])
                #expect(run.status == 0)
                return try Data(contentsOf: URL(fileURLWithPath: file))
            }
            #expect(recordings[0].count > 150_000)
            #expect(recordings[0] == recordings[1])
            #expect(recordings[0] != recordings[2])
        }
    }

    @Test("simulate truth gives what is true of a patient as one JSON document, the same each time")
    func truth() throws {
        let arguments = ["simulate", "truth", "ccsvi", "--seed", "1", "--seconds", "10"]
        let run = try Program.run(arguments)
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        #expect(try !document(run.output).isEmpty)
        #expect(run.output.contains("ijv.left.j1.supine"))
        #expect(try Program.run(arguments).output == run.output)
    }
}
