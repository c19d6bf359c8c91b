import Foundation
import Testing

@Suite("what the operator is asked at the terminal")
struct OperatorDialogueTests {
    private func object(_ exam: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: exam + "/exam.json")))
        return try #require(object as? [String: Any])
    }

    private func steps(_ exam: String) throws -> [[String: Any]] {
        let course = try #require(try object(exam)["course"] as? [String: Any])
        return try #require(course["steps"] as? [[String: Any]])
    }

    private func list(_ key: String, _ exam: String) throws -> [[String: Any]] {
        let measurements = try #require(try object(exam)["measurements"] as? [String: Any])
        return try #require(measurements[key] as? [[String: Any]])
    }

    /// Runs an exam of three steps and one area, with what is typed.
    private func run(
        _ folder: String, typing lines: [String], pace: String = "", restSeconds: Int = 120
    ) throws -> Program.Result {
        let file = try SiteProtocol.write(in: folder, holding: SiteProtocol.rightJugular, restSeconds: restSeconds)
        let typed = lines.map { "echo '\($0)';" }.joined(separator: " ").replacing("echo 'PAUSE';", with: "sleep 2;")
        return try Program.run(
            [
                "exam", "run", "--probe", "sim:healthy" + pace, "--ask", "--protocol", file, "--output",
                folder + "/exam",
            ],
            through: "{ \(typed) } |")
    }

    @Test("takes are repeated and chosen, steps skipped or not visualised, areas and leaflets entered")
    func answers() throws {
        try Program.inTemporaryFolder { folder in
            let run = try run(
                folder,
                typing: [
                    "", "", "r", "", "j 7", "j 1",  // rest; J1 twice, the first to be judged
                    "s", "s no time",  // J2: a reason is asked for
                    "v", "v scarOrDressing under plaster",  // J3
                    "wide", "84.5", "endExpiration", "septum annulus", "slightlyMobile",
                ])
            let exam = folder + "/exam"
            #expect(run.status == 1, "\(run.errors)")
            #expect(run.errors.contains("Let the patient lie down (supine) and rest for 120 s."))
            #expect(run.errors.contains("j and one of 1, 2:"))
            #expect(run.errors.contains("noBoneWindow: no bone window"))
            #expect(try steps(exam).map { $0["state"] as? String } == ["recorded", "skipped", "notVisualised"])
            #expect(try steps(exam)[0]["judgedTake"] as? Int == 1)
            #expect(try steps(exam)[0]["isChosen"] as? Bool == true)
            #expect(
                try list("observations", exam).map { $0["status"] as? String } == [
                    "examined", "notExamined", "notAssessable",
                ])
            let area = try #require(try list("lumenAreas", exam).first)
            #expect(area["areaMm2"] as? Double == 84.5 && area["breathingPhase"] as? String == "endExpiration")
            #expect(try list("lumenInspections", exam).first?["leafletMotion"] as? String == "slightlyMobile")
            #expect(try list("lumenDefects", exam).compactMap { $0["kind"] as? String } == ["septum", "annulus"])
            let shown = try Program.run(["exam", "show", exam]).output
            #expect(shown.contains("J2, supine: skipped: no time"))
            #expect(shown.contains("take 1 JUDGED, as chosen"))
        }
    }

    @Test("not assessed, not assessable and nothing found are different answers, and stay so")
    func distinct() throws {
        try Program.inTemporaryFolder { folder in
            let open = folder + "/exam"
            _ = try run(folder, typing: ["", "s a", "s b", "s c", "", ""])
            #expect(try list("lumenAreas", open).map { $0["status"] as? String } == ["notExamined"])
            #expect(try list("lumenInspections", open).map { $0["status"] as? String } == ["notExamined"])
            #expect(try list("observations", open).allSatisfy { $0["status"] as? String == "notExamined" })
        }
        try Program.inTemporaryFolder { folder in
            let closed = folder + "/exam"
            _ = try run(folder, typing: ["", "n dressing", "s b", "s c", "n dressing", "n dressing"])
            #expect(try list("lumenAreas", closed).map { $0["status"] as? String } == ["notAssessable"])
            #expect(try list("lumenInspections", closed).map { $0["status"] as? String } == ["notAssessable"])
            #expect(try list("observations", closed).first?["status"] as? String == "notAssessable")
        }
        try Program.inTemporaryFolder { folder in
            let seen = folder + "/exam"
            _ = try run(folder, typing: ["", "s a", "s b", "s c", "90", "", "-", ""])
            #expect(try list("lumenAreas", seen).first?["breathingPhase"] == nil)
            #expect(try list("lumenInspections", seen).map { $0["status"] as? String } == ["examined"])
            #expect(try list("lumenInspections", seen).first?["leafletMotion"] == nil)
            #expect(try list("lumenDefects", seen).isEmpty)
        }
    }

    @Test("the operator stops, goes on another day, and is asked only what remains")
    func anotherDay() throws {
        try Program.inTemporaryFolder { folder in
            let exam = folder + "/exam"
            let first = try run(folder, typing: ["", "", "", "q"])
            #expect(first.status == 1)
            let second = try Program.run(
                ["exam", "run", "--probe", "sim:healthy", "--ask", "--continue", "--output", exam],
                through: "{ echo; echo; echo; echo; echo; echo; echo; } |")
            #expect(!second.errors.contains("Hold the probe at: right internal jugular vein, J1"))
            #expect(second.errors.contains("Hold the probe at: right internal jugular vein, J2"))
            #expect(try steps(exam).map { $0["state"] as? String } == ["recorded", "recorded", "recorded"])
        }
    }

    @Test("a rest that is waited for is whole, one that is cut short is said in the exam")
    func rest() throws {
        for (lines, isWhole) in [
            (["", "PAUSE", "s a", "s b", "s c", "", ""], true), (["", "", "s a", "s b", "s c", "", ""], false),
        ] {
            try Program.inTemporaryFolder { folder in
                _ = try run(folder, typing: lines, pace: "?pace=real", restSeconds: isWhole ? 1 : 100)
                let limitations = try #require(try object(folder + "/exam")["limitations"] as? [String])
                let isSaid = limitations.contains { $0.contains("the rest before the supine steps was") }
                #expect(isSaid != isWhole)
            }
        }
    }

    @Test("a stop signal at a question ends the exam, which can be continued")
    func stopAtQuestion() throws {
        try Program.inTemporaryFolder { folder in
            let file = try SiteProtocol.write(in: folder, holding: SiteProtocol.rightJugular)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Program.path)
            process.arguments = [
                "exam", "run", "--probe", "sim:healthy", "--ask", "--protocol", file, "--output", folder + "/exam",
            ]
            let typed = Pipe()
            process.standardInput = typed
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            try Program.wait(until: folder + "/exam/sessions.json", has: 100)
            process.interrupt()
            process.waitUntilExit()
            #expect(process.terminationStatus == 1)
            #expect(try Program.run(["exam", "show", folder + "/exam"]).output.contains("stopped by the operator"))
            try typed.fileHandleForWriting.close()
        }
    }

    @Test("the azygos vein is tried by both approaches, its brief reversal is recognised, and nothing of it is scored")
    func azygos() throws {
        try Program.inTemporaryFolder { folder in
            let file = try SiteProtocol.write(in: folder, from: "azygos-extended", holding: ["no line of its own"])
            let exam = folder + "/exam"
            let run = try Program.run(
                ["exam", "run", "--probe", "sim:healthy-azygos", "--ask", "--protocol", file, "--output", exam],
                through: "{ echo; echo; echo; echo 'v lungInTheWay'; echo; echo; } |")
            #expect(run.errors.contains("Put the probe beside the spine between the right ribs"))
            let shown = try Program.run(["exam", "show", exam]).output
            #expect(shown.contains("right azygos vein, intercostal window, sitting: reversal"))
            #expect(shown.contains("brief, as is normal in diastole (Morita 2010)"))
            #expect(
                shown.contains("suprasternal window, sitting: not assessable: not visualised: lung or rib in the way"))
            #expect(shown.contains("0 of 5 criteria met, 5 open"))
        }
    }
}
