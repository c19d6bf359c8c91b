import ProbeSimulator
import Testing

@Suite("Reading scenario files")
struct ScenarioReadingTests {
    private static let valid = """
        schema: 1
        scenario: small
        description: A small one
        seed: 3
        physiology:
          heartRatePerMinute: 60
          breathsPerMinute: 15
          inspirationShare: 0.4
        sites:
          "*":
            depthMm: 15
            radiusMm: 4
            angleDegrees: 60
            velocityCmPerS: 12
            normalDirection: away
          ijv.left.*.*:
            velocityCmPerS: 20
          ijv.*.j1.supine:
            velocityCmPerS: 30
          ijv.left.j1.supine:
            reversals:
              - { kind: reflux, onsetSeconds: 2, lengthSeconds: 1.4, velocityCmPerS: 9 }
        areasMm2:
          left.j1.supine: 90
        expected:
          definition: zamboni-2009
          verdict: negative
          criteria: { c1: notMet, c2: notMet, c3: notMet, c4: notMet, c5: notMet }
          vhiss: { table: segments-v1, low: 0, high: 0 }
        """

    @Test("takes each key from the most specific rule that gives it")
    func cascade() throws {
        let scenario = try Scenario(yaml: Self.valid, file: "small.yaml")
        let refluxing = try #require(scenario.site("ijv.left.j1.supine"))
        #expect(refluxing.velocityCmPerS == 30)
        #expect(refluxing.depthMm == 15)
        #expect(refluxing.reversals == [.reflux(onsetSeconds: 2, lengthSeconds: 1.4, velocityCmPerS: 9)])
        #expect(scenario.site("ijv.left.j1.sitting")?.velocityCmPerS == 20)
        #expect(scenario.site("ijv.right.j1.supine")?.velocityCmPerS == 30)
        #expect(scenario.site("ijv.right.j1.sitting")?.velocityCmPerS == 12)
        #expect(scenario.site("ijv.left.j9.supine") == nil)
        #expect(scenario.defaultSeed == 3)
    }

    @Test("gives a jugular vein the radius of its area where no rule gives one")
    func radiusFromArea() throws {
        let text = Self.valid.replacing("    radiusMm: 4\n", with: "").replacing(
            "areasMm2:", with: "areasMm2:\n  right.j3.sitting: 50")
        let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: text, file: "small.yaml") }
        let problems = error?.description ?? ""
        #expect(problems.contains("site `ijv.right.j1.supine`: no rule gives radiusMm"))
        #expect(!problems.contains("site `ijv.left.j1.supine`"))
        #expect(!problems.contains("site `ijv.right.j3.sitting`"))
    }

    @Test(
        "refuses a wrong file with the place and what is wrong",
        arguments: [
            ("seed: 3", "seed: 3\ncolour: red", "small.yaml:5:1: unknown key `colour`"),
            ("    depthMm: 15", "    depthmm: 15", "small.yaml:11:5: unknown key `depthmm`"),
            ("depthMm: 15", "depthMm: deep", "small.yaml:11:14: `depthMm` must be a number"),
            ("ijv.left.*.*:", "ijv.left.*:", "small.yaml:16:3: no site can match `ijv.left.*`"),
            ("ijv.left.*.*:", "jiv.left.*.*:", "small.yaml:16:3: no site can match `jiv.left.*.*`"),
            (
                "lengthSeconds: 1.4", "lengthSeconds: 2.4",
                "small.yaml:22:9: the reversal reaches beyond its breath of 4.0 s"
            ),
            ("kind: reflux", "kind: reflex", "small.yaml:22:17: `kind` must be one of reflux, valveClosure"),
            ("left.j1.supine: 90", "left.j4.supine: 90", "small.yaml:24:3: unknown place `left.j4.supine`"),
            ("verdict: negative", "verdict: positive", "small.yaml:26:3: `verdict` contradicts `criteria`"),
            ("low: 0, high: 0", "low: 0, high: 17", "small.yaml:29:46: `high` must be a whole number from 0 to 16"),
            ("schema: 1", "schema: 2", "small.yaml:1:9: `schema` must be"),
            ("    angleDegrees: 60\n", "", "site `vv.left.supine`: no rule gives angleDegrees"),
            (
                "    radiusMm: 4", "    radiusMm: 4\n    profileExponent: 3",
                "small.yaml:13:22: `profileExponent` must be even"
            ),
            (
                "    radiusMm: 4", "    radiusMm: 4\n    cardiacModulation: 0.6\n    respiratoryModulation: -0.5",
                "cardiac and respiratory modulation together must be at most 0.9"
            ),
            (
                "velocityCmPerS: 9 }",
                "velocityCmPerS: 9 }\n      - { kind: valveClosure, onsetSeconds: 3 }",
                "reversals overlap within a breath"
            ),
        ])
    func problemsHavePlaces(from: String, to: String, problem: String) {
        let text = Self.valid.replacing(from, with: to)
        #expect(text != Self.valid)
        let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: text, file: "small.yaml") }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    @Test("never traps on a damaged file", arguments: 0..<45)
    func damagedFiles(seed: Int) {
        var bytes = Array(Self.valid.utf8)
        let place = (seed &* 7919) % bytes.count
        switch seed % 3 {
        case 0: bytes.removeSubrange(place..<min(place + 9, bytes.count))
        case 1: bytes[place] = UInt8(truncatingIfNeeded: seed &* 31)
        default: bytes = Array(bytes[..<place])
        }
        // Either way is right; what counts is that it comes back, and that every refusal names the file.
        do {
            let scenario = try Scenario(yaml: String(decoding: bytes, as: UTF8.self), file: "damaged.yaml")
            #expect(scenario.siteIDs.allSatisfy { scenario.site($0) != nil })
        } catch {
            #expect(error.description.contains("damaged.yaml:"))
        }
    }
}
