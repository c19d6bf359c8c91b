import Foundation
import Testing

@Suite("exam reanalyse as its own process")
struct ExamReanalyseTests {
    /// Runs an exam of a simulated patient and hands over its folder.
    private func withExam(_ scenario: String, _ body: (_ exam: String) throws -> Void) throws {
        try Program.inTemporaryFolder { folder in
            let exam = folder + "/exam"
            _ = try Program.run(["exam", "run", "--probe", "sim:" + scenario, "--output", exam])
            try body(exam)
        }
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// Writes the exam's document with other words in place of the first that fit.
    private func replace(_ words: String, with others: String, in exam: String) throws {
        let path = exam + "/exam.json"
        let before = try text(path)
        let place = try #require(before.range(of: words))
        try before.replacingCharacters(in: place, with: others).write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test(
        "a stored exam analysed again is the same document byte for byte",
        arguments: ["ccsvi", "borderline", "incomplete", "ccsvi-fault-hum", "ccsvi-fault-dropout"])
    func sameBytes(scenario: String) throws {
        try withExam(scenario) { exam in
            let before = try text(exam + "/exam.json")
            let run = try Program.run(["exam", "reanalyse", exam])
            #expect(run.status == 0)
            #expect(run.output.contains("the same exam.json, byte for byte"))
            #expect(try text(exam + "/exam.json") == before)
            #expect(!FileManager.default.fileExists(atPath: exam + "/reanalysis-1.json"))
        }
    }

    @Test("a result of an older algorithm is shown beside the new one, and both are kept")
    func olderAlgorithm() throws {
        try withExam("ccsvi") { exam in
            try replace("reflux detection 3", with: "reflux detection 2", in: exam)
            try replace("\"flow\" : \"present\"", with: "\"flow\" : \"absent\"", in: exam)
            let older = try text(exam + "/exam.json")
            let run = try Program.run(["exam", "reanalyse", exam])
            #expect(run.status == 0)
            #expect(run.output.contains("before: reflux detection 2"))
            #expect(run.output.contains("now:    reflux detection 3"))
            #expect(run.output.contains("no flow detected, conditions not recorded ->"))
            #expect(try text(exam + "/exam.json") == older)
            #expect(try text(exam + "/reanalysis-1.json").contains("reflux detection 3"))
            let adopted = try Program.run(["exam", "reanalyse", exam, "--adopt", "--json"])
            #expect(adopted.status == 0)
            #expect(adopted.output.contains("\"result\" : \"changed\""))
            #expect(try text(exam + "/exam-before-1.json") == older)
            let again = try Program.run(["exam", "reanalyse", exam])
            #expect(again.output.contains("the same exam.json, byte for byte"))
        }
    }

    @Test("another result by the same algorithms is an error, and nothing is written over")
    func unexplained() throws {
        try withExam("ccsvi") { exam in
            try replace("\"flow\" : \"present\"", with: "\"flow\" : \"absent\"", in: exam)
            let changed = try text(exam + "/exam.json")
            let run = try Program.run(["exam", "reanalyse", exam])
            #expect(run.status == 4)
            #expect(run.errors.contains("another result by the same algorithms"))
            #expect(try text(exam + "/exam.json") == changed)
        }
    }

    @Test("the same values in another spelling are told from the same bytes")
    func otherSpelling() throws {
        try withExam("borderline") { exam in
            try replace("{\n", with: "{\n\n", in: exam)
            let run = try Program.run(["exam", "reanalyse", exam])
            #expect(run.status == 0)
            #expect(run.output.contains("every value is the same; the bytes of exam.json are not"))
        }
    }

    @Test("a recording that was changed, is missing or lies outside the folder is refused by name")
    func badRecordings() throws {
        try withExam("borderline") { exam in
            let name = "01-ijv.right.j1.supine.dbrec"
            let path = "\(exam)/recordings/\(name)"
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            var changed = whole
            changed[changed.count / 2] ^= 1
            try changed.write(to: URL(fileURLWithPath: path))
            let other = try Program.run(["exam", "reanalyse", exam])
            #expect(other.status == 4)
            #expect(other.errors.contains("\(name): not the file that the exam was made from"))
            try FileManager.default.removeItem(atPath: path)
            let missing = try Program.run(["exam", "reanalyse", exam])
            #expect(missing.status == 4)
            #expect(missing.errors.contains("recordings/\(name), which is not there"))
            try whole.write(to: URL(fileURLWithPath: exam + "/../outside.dbrec"))
            try replace("recordings/\(name)", with: "../outside.dbrec", in: exam)
            let outside = try Program.run(["exam", "reanalyse", exam])
            #expect(outside.status == 4)
            #expect(outside.errors.contains("../outside.dbrec, which is not there"))
        }
    }

    @Test("an observation that names no recording of the exam is refused by name")
    func observationWithoutRecording() throws {
        try withExam("borderline") { exam in
            let measured = "\"recordingID\" : \"01-ijv.right.j1.supine\""
            let document = try text(exam + "/exam.json")
            let measurements = try #require(document.range(of: "\"measurements\" : {"))
            let first = try #require(
                document.range(of: measured, range: measurements.upperBound..<document.endIndex))
            let changed = document.replacingCharacters(in: first, with: "\"recordingID\" : \"99-nowhere\"")
            try changed.write(toFile: exam + "/exam.json", atomically: true, encoding: .utf8)
            let run = try Program.run(["exam", "reanalyse", exam])
            #expect(run.status == 4)
            #expect(run.errors.contains("99-nowhere, which is not there"))
        }
    }

    @Test("an exam that was scored by a site's own definition asks for its file")
    func siteDefinition() throws {
        try withExam("borderline") { exam in
            try replace("\"id\" : \"zamboni-2009\"", with: "\"id\" : \"our-rules\"", in: exam)
            let run = try Program.run(["exam", "reanalyse", exam])
            #expect(run.status == 2)
            #expect(run.errors.contains("our-rules: neither built in"))
            let given = try Program.run(["exam", "reanalyse", exam, "--definition", "mayer-2011"])
            #expect(given.status == 2)
            #expect(given.errors.contains("scored by the definition our-rules, not by mayer-2011"))
        }
    }
}
