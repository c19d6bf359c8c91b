import Foundation
import ProbeSimulator
import Testing

@Suite("Scenarios that extend others")
struct ScenarioExtensionTests {
    /// Writes files into a folder of their own and removes it afterwards.
    private func inFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scenarios-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        try body(folder.path)
    }

    private func small(_ name: String, extends: String, _ rest: String = "") -> String {
        "schema: 1\nscenario: \(name)\nextends: \(extends)\ndescription: A small one\n\(rest)"
    }

    @Test("state only what differs: the rest is the other's, and the later file's word counts whatever its pattern")
    func layers() throws {
        let text = small(
            "slow", extends: "healthy",
            """
            physiology:
              heartRatePerMinute: 80
            sites:
              "*.*.transtemporal.*":
                velocityCmPerS: 5
            areasMm2:
              left.j1.supine: 70
            expected:
              verdict: negative
              criteria: { c1: met }
              vhiss: { low: 2, high: 2 }
            """)
        let slow = try Scenario(yaml: text, file: "slow.yaml")
        let healthy = try ScenarioLibrary.scenario(named: "healthy")
        #expect(slow.name == "slow")
        #expect(slow.physiology.heartRatePerMinute == 80)
        #expect(slow.physiology.breathsPerMinute == healthy.physiology.breathsPerMinute)
        // `healthy` gives the basal vein a rule of its own: 10.1 cm/s.
        #expect(slow.site("bvr.left.transtemporal.supine")?.velocityCmPerS == 5)
        #expect(slow.site("vv.left.supine") == healthy.site("vv.left.supine"))
        #expect(slow.lumenAreaMm2(side: "left", level: "j1", posture: "supine") == 70)
        #expect(slow.lumenAreaMm2(side: "left", level: "j2", posture: "supine") == 82)
        #expect(slow.expected.criteria[.c1] == .met)
        #expect(slow.expected.criteria[.c2] == .notMet)
        #expect(slow.expected.severityTable == "segments-v1")
    }

    @Test("take a list of others, each once, in order")
    func list() throws {
        let pair = try ScenarioLibrary.scenario(named: "pair-c1-c4")
        let first = try ScenarioLibrary.scenario(named: "only-c1")
        #expect(pair.site("ijv.left.j1.supine") == first.site("ijv.left.j1.supine"))
        #expect(pair.site("vv.right.supine")?.flowIsAbsent == true)
        #expect(pair.site("vv.left.supine")?.flowIsAbsent == false)
    }

    @Test("keep a lumen whose area is not measured")
    func notMeasured() throws {
        let scenario = try ScenarioLibrary.scenario(named: "incomplete")
        #expect(scenario.lumenAreaMm2(side: "left", level: "j3", posture: "supine") == nil)
        let site = try #require(scenario.site("ijv.left.j3.supine"))
        #expect(abs(site.lumenAreaMm2 - 60) < 1e-9)
    }

    @Test("find files beside them")
    func filesBeside() throws {
        let files = [
            "base.yaml": small("base", extends: "healthy", "seed: 9\n"),
            "top.yaml": small("top", extends: "[base.yaml, only-c2]"),
        ]
        try inFolder(files) { folder in
            let top = try ScenarioLibrary.scenario(named: folder + "/top.yaml")
            #expect(top.defaultSeed == 9)
            #expect(top.expected.criteria[.c2] == .met)
        }
    }

    @Test("refuse a circle, a missing file, another folder and what is not a name, at the word that says so")
    func refusals() throws {
        let files = [
            "a.yaml": small("a", extends: "b.yaml"), "b.yaml": small("b", extends: "[healthy, a.yaml]"),
            "self.yaml": small("self", extends: "self.yaml"), "missing.yaml": small("m", extends: "nobody"),
            "absent.yaml": small("m", extends: "absent-too.yaml"), "up.yaml": small("u", extends: "../x.yaml"),
            "map.yaml": small("m", extends: "{ a: b }"),
        ]
        try inFolder(files) { folder in
            func problem(_ name: String) -> String {
                let error = #expect(throws: ScenarioError.self) {
                    try ScenarioLibrary.scenario(atPath: folder + "/" + name)
                }
                return error?.description ?? ""
            }
            #expect(
                problem("a.yaml") == "\(folder)/b.yaml:3:20: `extends` runs in a circle: a.yaml -> b.yaml -> a.yaml")
            #expect(problem("self.yaml").contains("self.yaml:3:10: `extends` runs in a circle"))
            #expect(problem("missing.yaml").contains("missing.yaml:3:10: there is no scenario `nobody`"))
            #expect(problem("absent.yaml").contains("absent.yaml:3:10: "))
            #expect(problem("up.yaml").contains("up.yaml:3:10: ../x.yaml: lies in another folder"))
            #expect(problem("map.yaml").contains("map.yaml:3:10: `extends` must be the name"))
        }
    }

    @Test("refuse a chain that nobody could follow")
    func depth() throws {
        var files: [String: String] = [:]
        for level in 0..<20 { files["f\(level).yaml"] = small("f\(level)", extends: "f\(level + 1).yaml") }
        files["f20.yaml"] = small("f20", extends: "healthy")
        try inFolder(files) { folder in
            let error = #expect(throws: ScenarioError.self) {
                try ScenarioLibrary.scenario(atPath: folder + "/f0.yaml")
            }
            #expect(error?.description.hasSuffix("f7.yaml:3:10: more than 8 files extend one another in a row") == true)
            let short = try ScenarioLibrary.scenario(atPath: folder + "/f15.yaml")
            #expect(short.name == "f15")
        }
    }

    @Test("report what is wrong in the file in which it stands")
    func places() {
        let text = small("wrong", extends: "healthy", "sites:\n  vv.*.*:\n    depth: 3\n")
        let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: text, file: "wrong.yaml") }
        #expect(
            error?.description.hasPrefix("wrong.yaml:7:5: unknown key `depth`") == true, "\(error?.description ?? "")")
        let noSummary = "schema: 1\nscenario: x\nextends: healthy\n"
        let missing = #expect(throws: ScenarioError.self) { try Scenario(yaml: noSummary, file: "x.yaml") }
        #expect(missing?.description.contains("key `description` is missing") == true)
    }
}
