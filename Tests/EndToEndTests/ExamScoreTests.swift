import Foundation
import Testing

@Suite("exam score as its own process")
struct ExamScoreTests {
    private func score(_ text: String, _ more: [String] = []) throws -> Program.Result {
        var result: Program.Result?
        try Program.inTemporaryFolder { folder in
            let file = folder + "/exam.json"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            result = try Program.run(["exam", "score", file] + more)
        }
        return try #require(result)
    }

    /// Every site and area of the standard protocol, without a finding.
    private func complete() -> String {
        var sites: [(vein: String, level: String?)] = ["j1", "j2", "j3"].map { ("internalJugular", $0) }
        sites += ["vertebral", "basalRosenthal", "internalCerebral", "greatCerebralGalen"].map { ($0, nil) }
        var observations: [String] = []
        var areas: [String] = []
        for side in ["left", "right"] {
            for posture in ["supine", "sitting"] {
                observations += sites.map { site in
                    let level = site.level.map { #", "level": "\#($0)""# } ?? ""
                    return
                        #"{"site": {"vein": "\#(site.vein)", "side": "\#(side)", "posture": "\#(posture)"\#(level)}, "#
                        + #""status": "examined", "flow": "present", "refluxes": []}"#
                }
                areas += ["j1", "j2", "j3"].map { level in
                    #"{"side": "\#(side)", "level": "\#(level)", "posture": "\#(posture)", "status": "examined", "#
                        + #""areaMm2": \#(posture == "supine" ? 60 : 30)}"#
                }
            }
        }
        return #"{"observations": [\#(observations.joined(separator: ", "))], "#
            + #""lumenAreas": [\#(areas.joined(separator: ", "))], "lumenDefects": []}"#
    }

    @Test("a complete exam without a finding ends with 0: none of five criteria")
    func whole() throws {
        let run = try score(complete())
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        #expect(run.output.hasPrefix("0 of 5 criteria met, none open: negative under zamboni-2009\n"))
        #expect(run.output.contains("VHISS 0 of 16"))
    }

    @Test("one narrow jugular vein and one reflux that is too long for the brain meet two criteria")
    func positive() throws {
        let reflux = #""refluxes": [{"durationSeconds": 0.6, "manoeuvre": "quietBreathing", "breathsSeen": 2}]"#
        let text = complete().replacing(#""areaMm2": 60"#, with: #""areaMm2": 24"#, maxReplacements: 1)
        let site =
            #"{"vein": "basalRosenthal", "side": "left", "posture": "supine"}, "#
            + #""status": "examined", "flow": "present", "#
        let changed = text.replacing(site + #""refluxes": []"#, with: site + reflux)
        #expect(changed != text)
        let run = try score(changed)
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("2 of 5 criteria met, none open: positive"))
    }

    @Test("open criteria end with 1 and are never taken for negative")
    func open() throws {
        let run = try score(#"{"observations": []}"#, ["--json"])
        #expect(run.status == 1)
        #expect(run.errors.isEmpty)
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        let assessment = try #require(object as? [String: Any])
        #expect(assessment["verdict"] as? String == "indeterminate")
        #expect(assessment["unknownCount"] as? Int == 5)
    }

    @Test("a wrong key ends with 4 at its place")
    func wrong() throws {
        let run = try score(complete().replacing(#""areaMm2""#, with: #""areaCm2""#, maxReplacements: 1))
        #expect(run.status == 4)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("lumenAreas[0].areaCm2"))
    }

    @Test("an endless file is refused instead of read", .timeLimit(.minutes(1)))
    func endless() throws {
        let run = try Program.run(["exam", "score", "/dev/zero"])
        #expect(run.status == 4)
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    /// A reflux in one posture of one vein, everything else as in `complete`.
    private func onePosture() -> String {
        let site =
            #"{"vein": "vertebral", "side": "left", "posture": "sitting"}, "#
            + #""status": "examined", "flow": "present", "refluxes": ["#
        let reflux = #"{"durationSeconds": 1.2, "manoeuvre": "quietBreathing", "breathsSeen": 3}"#
        return complete().replacing(site, with: site + reflux)
    }

    @Test("all definitions stand side by side, with what changes and why")
    func sideBySide() throws {
        let run = try score(onePosture(), ["--definition", "all"])
        // The lumens were not looked at: criterion 3 is open where defects are scored.
        #expect(run.status == 1)
        let lines = run.output.split(separator: "\n").map(String.init)
        let header = lines.first?.split(separator: " ").map(String.init)
        #expect(
            header == ["definition", "zamboni-2009", "mayer-2011", "zivadinov-2013", "brave-dreams-2012", "ctevd-2011"])
        let postures = "C1 under mayer-2011: met instead of not met, because c1.postures is either posture, "
        #expect(lines.contains { $0.hasPrefix(postures + "under zamboni-2009 both postures of one vein [Mayer 2011") })
        let defects = "C3 under zivadinov-2013: not examined instead of not met, because c3.scoredDefects is scored: "
        #expect(lines.contains { $0.hasPrefix(defects) })
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test("all definitions as one JSON document")
    func sideBySideJSON() throws {
        let run = try score(onePosture(), ["--definition", "all", "--json"])
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        let comparison = try #require(object as? [String: Any])
        #expect(comparison["schema"] as? String == "dopplerbridge-definition-comparison-1")
        #expect((comparison["assessments"] as? [Any])?.count == 5)
        let changes = try #require(comparison["changes"] as? [[String: Any]])
        let first = try #require(changes.first)
        #expect(first["definition"] as? String == "mayer-2011")
        let because = try #require(first["because"] as? [[String: Any]])
        #expect(because.map { $0["parameter"] as? String } == ["c1.postures"])
    }

    @Test("a site's own definition is scored, and one under a published name is refused at its line")
    func siteDefinition() throws {
        try Program.inTemporaryFolder { folder in
            let published = try String(
                contentsOfFile: Program.root + "/Sources/CCSVIAnalysis/Definitions/mayer-2011.yaml", encoding: .utf8)
            let changed = published.replacing("value: 0.88", with: "value: 1.5")
            let file = folder + "/site.yaml"
            try changed.write(toFile: file, atomically: true, encoding: .utf8)
            let refused = try score(onePosture(), ["--definition", file])
            #expect(refused.status == 4)
            #expect(refused.errors.contains("site.yaml:4:"))
            try changed.replacing("id: mayer-2011", with: "id: our-clinic")
                .write(toFile: file, atomically: true, encoding: .utf8)
            let run = try score(onePosture(), ["--definition", file])
            #expect(run.output.hasPrefix("0 of 5 criteria met, none open: negative under our-clinic\n"))
        }
    }

    @Test("an exam is run under one definition, not under all")
    func oneForAnExam() throws {
        let run = try Program.run(["exam", "run", "--definition", "all", "--output", "/nonexistent/exam"])
        #expect(run.status == 2)
        #expect(run.errors.contains("name one definition"))
    }

    @Test("one step that can decide is named, and a finding of another modality is shown beside the criteria")
    func settlingAndBeside() throws {
        let text = complete()
            .replacing(#""areaMm2": 60"#, with: #""areaMm2": 24"#, maxReplacements: 1)
            .replacing(
                #"{"vein": "basalRosenthal", "side": "left", "posture": "sitting"}, "status": "examined", "flow": "present""#,
                with: #"{"vein": "basalRosenthal", "side": "left", "posture": "sitting"}, "status": "notExamined""#
            )
            .replacing(
                #""lumenDefects": []"#,
                with: #""lumenDefects": [], "otherFindings": [{"modality": "mrVenography", "vein": "internalJugular", "#
                    + #""side": "left", "kind": "narrowing", "narrowingPercent": 60, "source": "Ferrara", "#
                    + #""date": "2012-05-01", "reportNumber": "17"}]"#)
        let run = try score(text)
        #expect(run.status == 1)
        #expect(run.output.hasPrefix("1 of 5 criteria met, 1 open: borderline under zamboni-2009\n"))
        #expect(
            run.output.contains(
                "One more step can decide: left basal vein of Rosenthal, transtemporal window, sitting "
                    + "(positive or negative)."))
        #expect(run.output.contains("Beside the criteria, never scored:"))
        #expect(run.output.contains("narrowing of 60 %, MR venography, 2012-05-01, report 17 (Ferrara)"))
    }

    @Test("the score's fall from an earlier exam is printed, or why it cannot be")
    func baseline() throws {
        try Program.inTemporaryFolder { folder in
            let earlier = folder + "/earlier.json"
            let narrow = complete().replacing(#""areaMm2": 60"#, with: #""areaMm2": 24"#)
            try narrow.write(toFile: earlier, atomically: true, encoding: .utf8)
            let better = complete().replacing(#""areaMm2": 60"#, with: #""areaMm2": 24"#, maxReplacements: 1)
            // Both sides narrow and larger sitting: 4 points. One side narrow at J1: 1 point.
            let run = try score(better, ["--baseline", earlier])
            #expect(run.status == 0)
            #expect(run.output.contains("VHISS was 4 before: fell by 75.0 %"))
            let back = try score(complete(), ["--baseline", earlier, "--json"])
            let object = try JSONSerialization.jsonObject(with: Data(back.output.utf8)) as? [String: Any]
            #expect((object?["vhissReduction"] as? [String: Any])?["percent"] as? Double == 100)
            let both = try score(better, ["--baseline", earlier, "--definition", "all"])
            #expect(both.status == 2)
        }
    }
}
