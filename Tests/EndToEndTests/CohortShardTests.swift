import Foundation
import TestSupport
import Testing

@Suite("A cohort in parts, each as its own process")
struct CohortShardTests {
    @Test("the table is the same bytes in 1, 2, 7 and 64 parts, in any order, with parts killed and run again")
    func exactMerge() throws {
        try CohortRig.with(30) { rig in
            let whole = rig.path + "/whole.jsonl"
            let run = try Program.run(["exam", "reanalyse", rig.exams, "--rows", whole])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("Shard 1/1: 30 of 30 exams: 30 analysed (30 the same), 0 done before"))
            let expected = try rig.table([whole], "table-whole")
            #expect(expected.keys.sorted() == ["dictionary.csv", "exams.csv", "exams.jsonl"])
            let lines = String(decoding: expected["exams.jsonl"] ?? Data(), as: UTF8.self).split(separator: "\n")
            #expect(lines.count == 30 && lines == lines.sorted())
            #expect(lines.count { $0.contains("\"c4\":\"met\"") } == 0, "one posture alone")
            var generator = SeededGenerator(seed: 5)
            var interrupted = 0
            for count in [2, 7, 64] {
                let rows = rig.path + "/rows-\(count)"
                try FileManager.default.createDirectory(atPath: rows, withIntermediateDirectories: true)
                for number in (1...count).shuffled(using: &generator) {
                    let arguments = rig.arguments("\(number)/\(count)", rows: rows)
                    let file = rows + "/rows-\(number)-of-\(count).jsonl"
                    if count < 64 { interrupted += try killed(arguments, rows: file, using: &generator) }
                    let again = try Program.run(arguments)
                    #expect(again.status == 0, "\(again.errors)")
                }
                #expect(try rig.table([rows], "table-\(count)") == expected)
                let files = try FileManager.default.contentsOfDirectory(atPath: rows)
                    .filter { $0.hasSuffix(".jsonl") }.map { rows + "/" + $0 }
                #expect(files.count == count)
                // Every row twice, in another order: the same table.
                let twice = files.shuffled(using: &generator) + [whole]
                #expect(try rig.table(twice, "table-twice-\(count)") == expected)
            }
            #expect(interrupted > 0, "no kill came before the end of its part: nothing was tried")
        }
    }

    /// Starts a part, kills it as soon as it has written some rows, and looks at what it left.
    ///
    /// - Returns: 1 where the kill came before the end.
    private func killed(
        _ arguments: [String], rows: String, using generator: inout SeededGenerator
    ) throws -> Int {
        let process = try Program.start(arguments)
        if Bool.random(using: &generator) { try Program.wait(until: rows, has: 1) }
        usleep(UInt32.random(in: 0...40_000, using: &generator))
        let wasRunning = process.isRunning
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        guard process.terminationReason == .uncaughtSignal, wasRunning else { return 0 }
        guard FileManager.default.fileExists(atPath: rows) else { return 1 }
        let left = try Data(contentsOf: URL(fileURLWithPath: rows))
        for line in left.split(separator: UInt8(ascii: "\n")).dropLast() {
            #expect(try JSONSerialization.jsonObject(with: line) is [String: Any])
        }
        return 1
    }

    @Test("a part that is run again does what is missing, cuts a torn line off, and renews what is out of date")
    func again() throws {
        try CohortRig.with(5) { rig in
            let rows = rig.path + "/rows.jsonl"
            let arguments = ["exam", "reanalyse", rig.exams, "--rows", rows]
            #expect(try Program.run(arguments).status == 0)
            let expected = try Data(contentsOf: URL(fileURLWithPath: rows))
            #expect(try Program.run(arguments).output.contains("0 analysed, 5 done before"))
            // Half of the last line, as a kill within the write would leave it.
            try expected.prefix(expected.count - 700).write(to: URL(fileURLWithPath: rows))
            let torn = try Program.run(["cohort", "merge", rows, "--output", rig.path + "/torn"])
            #expect(torn.status == 1 && torn.errors.contains("rows.jsonl: its last line is not whole"))
            #expect(try Program.run(arguments).output.contains("1 analysed (1 the same), 4 done before"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: rows)) == expected)
            // Another document under the same id: its row goes, a new one comes.
            let document = rig.exams + "/e3/exam.json"
            let text = try String(contentsOfFile: document, encoding: .utf8)
            try Data(text.replacing("\"subjectCode\" : \"SUBJECT\"", with: "\"subjectCode\" : \"S077\"").utf8)
                .write(to: URL(fileURLWithPath: document))
            let other = try Program.run(["exam", "reanalyse", rig.exams, "--rows", rows])
            #expect(other.output.contains("1 analysed (1 the same), 4 done before"), "\(other.output)")
            let now = try String(contentsOfFile: rows, encoding: .utf8)
            #expect(now.split(separator: "\n").count == 5 && now.contains("\"S077\""))
        }
    }

    @Test("an exam with two results is an error that names both places")
    func conflict() throws {
        try CohortRig.with(3) { rig in
            let rows = rig.path + "/a.jsonl"
            #expect(try Program.run(["exam", "reanalyse", rig.exams, "--rows", rows]).status == 0)
            let text = try String(contentsOfFile: rows, encoding: .utf8)
            let changed = text.replacing("\"verdict\":\"indeterminate\"", with: "\"verdict\":\"positive\"")
            #expect(changed != text)
            let other = rig.path + "/b.jsonl"
            try Data(changed.utf8).write(to: URL(fileURLWithPath: other))
            let run = try Program.run(["cohort", "merge", rows, other, "--output", rig.path + "/table"])
            #expect(run.status == 4)
            #expect(run.errors.contains("a.jsonl:1 and at \(other):1"), "\(run.errors)")
            #expect(run.errors.contains("verdict \"indeterminate\" and \"positive\""))
            #expect(!FileManager.default.fileExists(atPath: rig.path + "/table"))
            let recordings = rig.exams + "/e0/recordings"
            let none = try Program.run(["exam", "reanalyse", recordings, "--rows", rows])
            #expect(none.status == 4 && none.errors.contains("not an exam's folder"))
        }
    }

    @Test("an exam whose recording was changed fails with its reason, the others do not, and a repair is taken in")
    func failures() throws {
        try CohortRig.with(4) { rig in
            let recordings = rig.exams + "/e1/recordings"
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: recordings).sorted().first)
            let recording = recordings + "/" + name
            let good = try Data(contentsOf: URL(fileURLWithPath: recording))
            // Another file in its place: the other exams' links stay what they are.
            try FileManager.default.removeItem(atPath: recording)
            try (good.dropLast() + [good[good.count - 1] ^ 1]).write(to: URL(fileURLWithPath: recording))
            let rows = rig.path + "/rows.jsonl"
            let run = try Program.run(["exam", "reanalyse", rig.exams, "--rows", rows])
            #expect(run.status == 1 && run.output.contains("3 the same, 1 FAILED"), "\(run.output)")
            #expect(run.errors.contains("not the file that the exam was made from"))
            let table = try Program.run(["cohort", "merge", rows, "--output", rig.path + "/table"])
            #expect(table.status == 1 && table.output.contains("4 exams, 1 of them failed"))
            #expect(
                try String(contentsOfFile: rows, encoding: .utf8).contains(
                    "\"analysis\":\"failed\",\"failure\":\"recordingChanged\""))
            try good.write(to: URL(fileURLWithPath: recording))
            #expect(
                try Program.run(["exam", "reanalyse", rig.exams, "--rows", rows]).output.contains(
                    "1 analysed (1 the same), 3 done before"))
        }
    }

    @Test("an archive's exams and those of folders come to one table, and no exam's folder is written to")
    func archive() throws {
        try CohortRig.with(3) { rig in
            let archive = rig.path + "/archive"
            #expect(try Program.run(["archive", "init", archive]).status == 0)
            #expect(try Program.run(["archive", "add", archive, rig.exams + "/e0"]).status == 0)
            try FileManager.default.removeItem(atPath: rig.exams + "/e0")
            let before = try Program.tool("/usr/bin/find", [archive + "/exams", rig.exams, "-printf", "%p %T@ %s\n"])
            let rows = rig.path + "/rows.jsonl"
            let run = try Program.run(["exam", "reanalyse", archive, rig.exams, "--rows", rows])
            #expect(run.status == 0 && run.output.contains("3 of 3 exams"), "\(run.errors)")
            let after = try Program.tool("/usr/bin/find", [archive + "/exams", rig.exams, "-printf", "%p %T@ %s\n"])
            #expect(before.output == after.output)
        }
    }

    @Test(
        "wrong options end with 2, and what is no cohort with its own code",
        arguments: [
            (["exam", "reanalyse", "/tmp", "--shard", "1/2"], Int32(2), "give --rows"),
            (["exam", "reanalyse", "/tmp", "/tmp"], 2, "several folders need --rows"),
            (["exam", "reanalyse", "/tmp", "--rows", "/tmp/r", "--adopt"], 2, "--adopt changes one exam"),
            (["exam", "reanalyse", "/nosuch", "--rows", "/tmp/r", "--shard", "8/7"], 2, "8/7: not a part"),
            (["exam", "reanalyse", "/nosuch", "--rows", "/nosuch/r"], 5, "/nosuch: cannot be listed"),
            (["cohort", "merge", "/nosuch", "--output", "/nosuch/t"], 5, "/nosuch: cannot read"),
            (["cohort", "merge", "/etc/passwd", "--output", "/nosuch/t"], 4, "/etc/passwd:1: not a row"),
        ])
    func usage(_ given: [String], _ status: Int32, _ words: String) throws {
        let run = try Program.run(given)
        #expect(run.status == status, "\(run.errors)")
        #expect(run.errors.contains(words), "\(run.errors)")
    }
}
