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
}
