import Foundation
import Testing

@Suite("exam protocols, takes and sessions as a technician uses them")
struct ExamProtocolTests {
    private func document(_ path: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        return try #require(object as? [String: Any])
    }

    private func course(_ exam: String) throws -> (sessions: [[String: Any]], steps: [[String: Any]]) {
        let course = try #require(try document(exam + "/exam.json")["course"] as? [String: Any])
        return (
            try #require(course["sessions"] as? [[String: Any]]), try #require(course["steps"] as? [[String: Any]])
        )
    }

    private func recordings(_ exam: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: exam + "/recordings")
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: exam + "/recordings/" + $0)))
            })
    }

    private func expectValid(_ exam: String) throws {
        guard Python.hasJSONSchema else { return print(Python.comment) }
        try #expect(Python.problems(of: exam + "/exam.json", under: "exam.schema.json") == "")
    }

    @Test("the protocols are listed with their steps, as lines and as one JSON document")
    func list() throws {
        let ids = ["standard", "buffalo-45min", "neck-short", "azygos-extended", "research-repeat"]
        let lines = try Program.run(["exam", "protocols"]).output.split(separator: "\n")
        #expect(lines.map { String($0.prefix { $0 != " " }) } == ids)
        let json = try JSONSerialization.jsonObject(
            with: Data(Program.run(["exam", "protocols", "--json"]).output.utf8))
        #expect((json as? [[String: Any]])?.compactMap { ($0["steps"] as? [Any])?.count } == [29, 36, 16, 30, 16])
        let one = try Program.run(["exam", "protocols", "research-repeat"])
        #expect(one.output.contains("3 takes"))
    }

    @Test("a protocol with an unknown key is refused at its place before a folder is made; an unknown name too")
    func refused() throws {
        try Program.inTemporaryFolder { folder in
            let file = try SiteProtocol.write(in: folder, holding: SiteProtocol.rightJugular)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let wrong = text.replacing("leastSignalDb: 6 }", with: "leastSignalDB: 6 }", maxReplacements: 1)
            try Data(wrong.utf8).write(to: URL(fileURLWithPath: file))
            let run = try Program.run(["exam", "run", "--protocol", file, "--output", folder + "/exam"])
            #expect(run.status == 4)
            #expect(run.errors.contains(file + ":"))
            #expect(run.errors.contains("unknown key `leastSignalDB`: allowed are "))
            #expect(!FileManager.default.fileExists(atPath: folder + "/exam"))
            let unknown = try Program.run(["exam", "run", "--protocol", "neck-long", "--output", folder + "/exam"])
            #expect(unknown.status == 2)
            #expect(unknown.errors.contains("neither built in (standard, buffalo-45min"))
        }
    }

    @Test("a site's own protocol is named with its fingerprint in the exam, on the terminal and in the report")
    func siteProtocol() throws {
        try Program.inTemporaryFolder { folder in
            let file = try SiteProtocol.write(in: folder, holding: SiteProtocol.rightJugular)
            let exam = folder + "/exam"
            let run = try Program.run(["exam", "run", "--protocol", file, "--output", exam, "--report"])
            #expect(run.status == 1)
            #expect(!run.errors.contains("scenario states"))
            let stored = try document(exam + "/exam.json")
            #expect((stored["protocolReference"] as? [String: Any])?["id"] as? String == "our-clinic")
            let fingerprint = try #require(stored["protocolSHA256"] as? String)
            #expect(try Program.tool("/usr/bin/sha256sum", [file]).output.hasPrefix(fingerprint))
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: exam + "/protocol.yaml"))
                    == Data(contentsOf: URL(fileURLWithPath: file)))
            let name = "our-clinic 1 (\(fingerprint.prefix(8)))"
            #expect(try Program.run(["exam", "show", exam]).output.contains("Protocol: \(name)\n"))
            try expectValid(exam)
            let reader = "/usr/bin/pdftotext"
            guard FileManager.default.isExecutableFile(atPath: reader) else {
                return print("skipped: no poppler-utils")
            }
            #expect(try Program.tool(reader, [exam + "/report.pdf", "-"]).output.contains(name))
        }
    }

    @Test("a program that is killed within a step loses no finished recording, and --continue does the rest")
    func killed() throws {
        try Program.inTemporaryFolder { folder in
            let file = try SiteProtocol.write(in: folder, holding: SiteProtocol.rightJugular, seconds: 4)
            let exam = folder + "/exam"
            let process = try Program.start([
                "exam", "run", "--probe", "sim:healthy?pace=real", "--protocol", file, "--output", exam, "--subject",
                "S7",
            ])
            try Program.wait(until: exam + "/recordings/02-ijv.right.j2.supine.dbrec", has: 30_000)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)
            let before = try recordings(exam)
            #expect(before.count == 2)
            try expectRefused(exam)
            let run = try Program.run(["exam", "run", "--continue", "--output", exam])
            #expect(run.status == 1, "a criterion is open: \(run.errors)")
            for (name, bytes) in before { #expect(try recordings(exam)[name] == bytes) }
            try expectContinued(exam)
            let done = try Program.run(["exam", "run", "--continue", "--output", exam])
            #expect(done.status == 5)
            #expect(done.errors.contains("this exam is finished: name a step to record again with --repeat SITE"))
        }
    }

    private func expectRefused(_ exam: String) throws {
        let anew = try Program.run(["exam", "run", "--output", exam])
        #expect(anew.status == 5)
        #expect(
            anew.errors.contains("holds an exam that is not finished: go on with --continue, or give another folder"))
        let shown = try Program.run(["exam", "show", exam])
        #expect(shown.status == 4)
        #expect(shown.errors.contains("`exam run --continue --output FOLDER` goes on with it"))
        let other = try Program.run(["exam", "run", "--continue", "--subject", "S8", "--output", exam])
        #expect(other.status == 2)
        #expect(other.errors.contains("this exam's subject is S7, not S8"))
        let protocolName = try Program.run(["exam", "run", "--continue", "--protocol", "standard", "--output", exam])
        #expect(protocolName.errors.contains("this exam's protocol is our-clinic 1, not standard"))
    }

    private func expectContinued(_ exam: String) throws {
        #expect(try document(exam + "/exam.json")["subjectCode"] as? String == "S7")
        let (sessions, steps) = try course(exam)
        #expect(sessions.map { $0["end"] as? String } == ["brokeOff", "completed"])
        #expect(sessions[0]["endedAt"] == nil)
        #expect(steps.map { ($0["takes"] as? [[String: Any]])?.count } == [1, 2, 1])
        #expect(steps.map { $0["judgedTake"] as? Int } == [1, 2, 1])
        let cut = try #require((steps[1]["takes"] as? [[String: Any]])?.first)
        #expect((cut["incompleteBecause"] as? String)?.contains("the power failed") == true)
        let shown = try Program.run(["exam", "show", exam]).output
        #expect(shown.contains("broke off"))
        #expect(shown.contains("take 2 JUDGED"))
        try expectValid(exam)
        try expectSameAgain(exam)
    }

    /// Parts of takes and repeated takes analysed again give the same document.
    private func expectSameAgain(_ exam: String) throws {
        let again = try Program.run(["exam", "reanalyse", exam])
        #expect(again.output.contains("the same exam.json, byte for byte"), "\(again.output)\(again.errors)")
    }

    @Test("an exam that is stopped within a step goes on where it was, and another step is repeated on demand")
    func interrupted() throws {
        try Program.inTemporaryFolder { folder in
            let file = try SiteProtocol.write(in: folder, holding: SiteProtocol.rightJugular, seconds: 4)
            let exam = folder + "/exam"
            let process = try Program.start([
                "exam", "run", "--probe", "sim:healthy?pace=real", "--protocol", file, "--output", exam,
            ])
            try Program.wait(until: exam + "/recordings/01-ijv.right.j1.supine.dbrec", has: 20_000)
            process.interrupt()
            process.waitUntilExit()
            #expect(process.terminationStatus == 1)
            let (_, stopped) = try course(exam)
            let take = try #require((stopped[0]["takes"] as? [[String: Any]])?.first)
            #expect((take["incompleteBecause"] as? String)?.hasSuffix("of 4.0 s were recorded") == true)
            let before = try recordings(exam)
            let run = try Program.run([
                "exam", "run", "--continue", "--repeat", "ijv.right.j3.supine", "--output", exam, "--json",
            ])
            #expect(run.status == 1)
            for (name, bytes) in before { #expect(try recordings(exam)[name] == bytes) }
            let (sessions, steps) = try course(exam)
            #expect(sessions.map { $0["end"] as? String } == ["stopped", "completed"])
            #expect(steps.map { ($0["takes"] as? [[String: Any]])?.count } == [2, 1, 1])
            try expectSameAgain(exam)
            let replay = try Program.run([
                "exam", "run", "--probe", "replay:" + exam, "--output", folder + "/again", "--json",
            ])
            func bare(_ text: String) -> [Substring] {
                text.split(separator: "\n").filter { !$0.contains("\"startedAt\"") && !$0.contains("\"examID\"") }
            }
            #expect(bare(replay.output) == bare(run.output))
        }
    }
}
