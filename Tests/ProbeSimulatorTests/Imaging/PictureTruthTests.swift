import ProbeSimulator
import Testing

@Suite("The truth of pictures")
struct PictureTruthTests {
    private func truth(_ scenario: String, _ site: String) throws -> PictureTruth {
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: scenario))
        return try patient.pictureTruth(atSite: site, seconds: 2, framesPerSecond: 50)
    }

    @Test("gives the lumen of each frame, moving as the vein does")
    func lumen() throws {
        let found = try truth("healthy-pulsatile", "ijv.left.j2.supine")
        #expect(found.frames.count == 100 && found.isSimulated)
        #expect(abs(found.frames[7].timeSeconds - 0.14) < 1e-12)
        let areas = found.frames.compactMap(\.areaMm2)
        #expect(areas.count == 100)
        #expect(try #require(areas.max()) > 1.1 * (try #require(areas.min())))
        for frame in found.frames { #expect(frame.areaMm2 == frame.lumen?.areaMm2) }
    }

    @Test("a valve that closes has leaflets that move, a fixed one does not, and a vein without has none")
    func leaflets() throws {
        let moving = try truth("valve", "ijv.left.j1.supine").frames.compactMap(\.leafletOpening)
        #expect(moving.count == 100)
        #expect(try #require(moving.max()) > 0.9 && #require(moving.min()) < 0.1)
        let fixed = try truth("healthy-septum", "ijv.right.j1.supine").frames.compactMap(\.leafletOpening)
        #expect(fixed == [Double](repeating: 0.4, count: 100))
        #expect(try truth("healthy", "ijv.left.j1.supine").frames.allSatisfy { $0.leafletOpening == nil })
    }

    @Test("a septum is stated where a scenario puts it, and behind bone there is no vein")
    func septum() throws {
        #expect(try truth("healthy-septum", "ijv.left.j2.sitting").septumShare == 0.15)
        #expect(try truth("healthy-septum", "ijv.left.j3.supine").septumShare == nil)
        let behindBone = try truth("healthy", "icv.left.transtemporal.supine")
        #expect(behindBone.frames.allSatisfy { $0.lumen == nil && $0.areaMm2 == nil })
        #expect(throws: ScenarioError.self) { try truth("healthy", "ijv.left.j9.supine") }
    }

    @Test(
        "leaflets and septa that cannot be are refused with line and column",
        arguments: ["leaflets: shut", "leaflets: { fixedOpening: 2 }", "leaflets: { }", "septumShare: 1.5"])
    func refused(line: String) throws {
        func scenario(_ line: String) throws -> Scenario {
            let text = """
                schema: 1
                scenario: mine
                extends: healthy
                description: A small one
                sites:
                  ijv.left.j1.supine:
                    \(line)
                """
            return try Scenario(yaml: text, file: "mine.yaml")
        }
        #expect(try scenario("leaflets: moving").site("ijv.left.j1.supine")?.leaflets == ValveLeaflets())
        let error = #expect(throws: ScenarioError.self) { try scenario(line) }
        #expect(try #require(error).description.contains("mine.yaml:7:"))
    }
}
