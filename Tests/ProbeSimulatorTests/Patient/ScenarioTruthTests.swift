import Foundation
import ProbeSimulator
import Testing

@Suite("The truth of the bundled scenarios")
struct ScenarioTruthTests {
    private func truth(_ name: String, seconds: Double = 20) throws -> ScenarioTruth {
        SimulatedPatient(try ScenarioLibrary.scenario(named: name)).truth(recordingSeconds: seconds)
    }

    private func site(_ id: String, of truth: ScenarioTruth) throws -> ScenarioTruth.Site {
        try #require(truth.sites.first { $0.id == id })
    }

    @Test(
        "states the verdict that the criteria give",
        arguments: [
            ("healthy", ExpectedOutcome.Verdict.negative), ("valve", .negative), ("ccsvi", .positive),
            ("borderline", .borderline), ("incomplete", .indeterminate),
        ])
    func verdicts(name: String, verdict: ExpectedOutcome.Verdict) throws {
        let expected = try truth(name).expected
        #expect(expected.verdict == verdict)
        #expect(expected.verdictByCount == verdict)
        #expect(expected.definition == "zamboni-2009")
        #expect(expected.severityTable == "segments-v1")
    }

    @Test("agrees with its own findings under the 2009 criteria", arguments: ScenarioLibrary.names)
    func criteriaFollowFromFindings(name: String) throws {
        let truth = try truth(name)
        let neck = ["ijv.left", "ijv.right", "vv.left", "vv.right"]
        func found(_ vein: String, _ posture: String, _ test: (ScenarioTruth.Site) -> Bool) -> Bool {
            truth.sites.contains { $0.id.hasPrefix(vein + ".") && $0.id.hasSuffix(posture) && test($0) }
        }
        let reflux = { (site: ScenarioTruth.Site) in site.reversals.count { $0.durationSeconds > 0.88 } >= 2 }
        let absent = { (site: ScenarioTruth.Site) in site.flow == .absent }
        let inBoth = { (test: (ScenarioTruth.Site) -> Bool) in
            neck.contains { found($0, "supine", test) && found($0, "sitting", test) }
        }
        #expect((truth.expected.criteria[.c1] == .met) == inBoth(reflux))
        #expect((truth.expected.criteria[.c4] == .met) == inBoth(absent))
        let deep = truth.sites.filter { ["icv", "bvr", "gcv"].contains($0.id.prefix(3)) }
        let refluxInDeep = deep.contains { $0.flow == .present && $0.reversals.contains { $0.durationSeconds > 0.5 } }
        #expect((truth.expected.criteria[.c2] == .met) == refluxInDeep)
        #expect((truth.expected.criteria[.c2] == .notAssessable) == deep.contains { $0.flow == .belowNoise })
        let supine = truth.areas.filter { $0.posture == "supine" }
        #expect((truth.expected.criteria[.c3] == .met) == supine.contains { $0.areaMm2 <= 30 })
        #expect((truth.expected.criteria[.c3] == .notExamined) == (supine.count < 6))
        let negative = ["left", "right"].contains { side in
            let areas = truth.areas.filter { $0.side == side && $0.level == "j2" }
            guard let flat = areas.first(where: { $0.posture == "supine" }),
                let upright = areas.first(where: { $0.posture == "sitting" })
            else { return false }
            return flat.areaMm2 - upright.areaMm2 < 0
        }
        #expect((truth.expected.criteria[.c5] == .met) == negative)
        let middle = truth.areas.filter { $0.level == "j2" }
        #expect((truth.expected.criteria[.c5] == .notExamined) == (middle.count < 4))
        let cells = neck.flatMap { vein in
            ["supine", "sitting"].filter { found(vein, $0, reflux) || found(vein, $0, absent) }
        }
        let deepCells = ["left", "right"].flatMap { side in
            ["supine", "sitting"].filter { posture in
                deep.contains {
                    $0.id.contains(".\(side).") && $0.id.hasSuffix(posture)
                        && $0.reversals.contains { $0.durationSeconds > 0.5 }
                }
            }
        }
        let narrow = Set(supine.filter { $0.areaMm2 <= 30 }.map(\.side))
        #expect(truth.expected.severityLow == cells.count + deepCells.count + narrow.count + (negative ? 1 : 0))
    }

    @Test("keeps the healthy person within published ranges")
    func healthyRanges() throws {
        let truth = try truth("healthy")
        #expect(truth.areas.count == 12)
        for area in truth.areas {
            // Right supine 117 +/- 50 mm2 in controls; sitting 6.5 +/- 5.1 mm2 (Holmlund 2017): within two deviations.
            #expect((area.posture == "supine" ? 30.0...217 : 0...16.7).contains(area.areaMm2))
        }
        for site in truth.sites {
            #expect(site.flow == .present)
            #expect(site.reversals.isEmpty)
        }
        // 10.1 +/- 2.3 cm/s in the basal vein (Valdueza 1996).
        let basal = try site("bvr.left.transtemporal.supine", of: truth)
        #expect((7.8...12.4).contains(basal.gateVelocityCmPerS))
    }

    @Test("gives the velocity that a gate on the axis sees, above the lumen's mean")
    func gateVelocity() throws {
        let truth = try truth("healthy")
        let jugular = try site("ijv.right.j2.supine", of: truth)
        #expect(jugular.lumenVelocityCmPerS == 9)
        #expect(abs(jugular.gateVelocityCmPerS - 9 * 1.25) < 0.1)
        // The whole lumen lies in gate and beam: the mean over the lumen.
        let basal = try site("bvr.left.transtemporal.supine", of: truth)
        #expect(abs(basal.gateVelocityCmPerS - basal.lumenVelocityCmPerS) < 0.1)
    }

    @Test("lists valve closures that are all shorter than 0.88 s")
    func valveClosures() throws {
        let reversals = try site("ijv.left.j1.supine", of: truth("valve")).reversals
        #expect(reversals.count == 5)
        #expect(reversals.allSatisfy { $0.kind == .valveClosure && $0.durationSeconds <= 0.78 })
    }

    @Test("leaves out the areas that are not measured")
    func missingAreas() throws {
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "incomplete"))
        #expect(patient.lumenAreaMm2(side: "right", level: "j2", posture: "sitting") == nil)
        #expect(patient.lumenAreaMm2(side: "left", level: "j3", posture: "supine") == nil)
        #expect(patient.lumenAreaMm2(side: "left", level: "j2", posture: "supine") == 82)
        #expect(try truth("incomplete").areas.count == 10)
    }

    /// Golden/truth.json was reviewed by hand: three sites of a scenario that has everything.
    @Test("is the file that was reviewed by hand")
    func golden() throws {
        let text = """
            schema: 1
            scenario: golden
            extends: ccsvi
            description: Everything that the truth knows
            drainage:
              supine: { outflowMlPerMin: 740, jugularShare: 0.5, vertebralShare: 0.2, rightShare: 0.6 }
            sites:
              ijv.left.j1.supine:
                velocityCmPerS: 10
                areaPulse: 0.1
                profile: { kind: jet, coreShare: 0.25 }
              ijv.right.j1.supine:
                valsalva: { valve: incompetent, when: everyRecording, beginSeconds: 2, strainSeconds: 8 }
              bvr.right.transtemporal.supine:
                faults:
                  - { kind: dropout, startSeconds: 1, lengthSeconds: 0.25 }
                  - { kind: wallThump, startSeconds: 4, lengthSeconds: 0.5, overBloodDb: 50, seed: 3 }
                  - { kind: clockDrift, ppm: 20 }
            """
        let ids = ["ijv.left.j1.supine", "ijv.right.j1.supine", "bvr.right.transtemporal.supine"]
        var truth = SimulatedPatient(try Scenario(yaml: text, file: "golden.yaml"), seed: 5).truth(recordingSeconds: 9)
        truth.sites.removeAll { !ids.contains($0.id) }
        truth.areas.removeAll { $0.level != "j2" }
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Golden/truth.json")
        let found = String(decoding: try truth.json(), as: UTF8.self)
        let reviewed = try String(contentsOf: file, encoding: .utf8)
        #expect(found == reviewed)
    }

    @Test("survives JSON, and gives the same bytes twice")
    func json() throws {
        let truth = try truth("ccsvi")
        let bytes = try truth.json()
        #expect(try truth.json() == bytes)
        #expect(try JSONDecoder().decode(ScenarioTruth.self, from: Data(bytes)) == truth)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\"c1\" : \"met\""))
        #expect(text.contains("\"isSimulated\" : true"))
    }
}
