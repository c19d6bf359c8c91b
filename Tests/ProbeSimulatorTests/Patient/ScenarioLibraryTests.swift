import Foundation
import ProbeSimulator
import Testing

@Suite("The bundled scenarios")
struct ScenarioLibraryTests {
    @Test("are all the files of their folder, with each criterion alone, each pair and each fault")
    func names() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Simulator/Scenarios")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        #expect(ScenarioLibrary.names == files.map { String($0.dropLast(5)) }.sorted())
        for first in 1...5 {
            #expect(ScenarioLibrary.names.contains("only-c\(first)"))
            for second in first + 1..<6 { #expect(ScenarioLibrary.names.contains("pair-c\(first)-c\(second)")) }
        }
        #expect(ScenarioLibrary.names.count { $0.hasPrefix("healthy-") } >= 8)
        #expect(ScenarioLibrary.names.count { $0.hasPrefix("fault-") } >= 8)
    }

    @Test("load under their own name and cover every site of the exam", arguments: ScenarioLibrary.names)
    func loadAndCover(name: String) throws {
        let scenario = try ScenarioLibrary.scenario(named: name)
        #expect(scenario.name == name)
        #expect(!scenario.summary.isEmpty)
        let patient = SimulatedPatient(scenario)
        var sites = 0
        for side in ["left", "right"] {
            for posture in ["supine", "sitting"] {
                let veins = ["icv", "bvr", "gcv", "dmcv", "ss", "ts", "cs", "sps", "ips"]
                for id in ["j1", "j2", "j3"].map({ "ijv.\(side).\($0).\(posture)" }) + ["vv.\(side).\(posture)"]
                    + veins.map({ "\($0).\(side).transtemporal.\(posture)" })
                    + ["ss.\(side).occipital.\(posture)", "azv.\(side).intercostal.\(posture)"]
                    + ["azv.\(side).suprasternal.\(posture)"]
                {
                    _ = try patient.signalSource(atSite: id, take: 1)
                    sites += 1
                }
            }
        }
        #expect(sites == scenario.siteIDs.count)
    }

    @Test("keep their samples for ever")
    func goldenSamples() throws {
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "ccsvi"), seed: 7)
        let settings = DeviceSettings(
            centreFrequencyHz: 2_000_000, prfMilliHz: 1_000_000, firstGateDepthUm: 65_000, gateLengthUm: 8000)
        let source = try patient.signalSource(atSite: "bvr.right.transtemporal.supine", take: 1)
        let recording = PhantomRecording(source, settings, seconds: 0.5)
        #expect(Array(recording.samples.prefix(4)) == [-2203, -12348, -2155, -12364])
        #expect(checksum(recording.samples) == 6_179_432_925_986_985_639)
    }

    @Test("give each seed, site and take its own noise, whatever was asked before")
    func independence() throws {
        let scenario = try ScenarioLibrary.scenario(named: "healthy")
        func samples(seed: UInt64, _ id: String, _ take: Int) throws -> [Int16] {
            let source = try SimulatedPatient(scenario, seed: seed).signalSource(atSite: id, take: take)
            return PhantomRecording(source, neckSettings(), seconds: 0.02).samples
        }
        let first = try samples(seed: 1, "ijv.left.j1.supine", 1)
        #expect(try samples(seed: 2, "ijv.left.j1.supine", 1) != first)
        #expect(try samples(seed: 1, "ijv.left.j1.supine", 2) != first)
        #expect(try samples(seed: 1, "ijv.right.j1.supine", 1) != first)
        #expect(try samples(seed: 1, "ijv.left.j1.supine", 1) == first)
    }

    @Test("let reflux be heard through the walls in the scenario ccsvi, at the truth's times")
    func refluxIsAudible() throws {
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "ccsvi"))
        let source = try patient.phantom(atSite: "ijv.left.j1.supine", take: 1)
        let recording = PhantomRecording(source, neckSettings(), seconds: 3.6)
        func power(_ hertz: ClosedRange<Double>, at seconds: Double) -> Double {
            stride(from: hertz.lowerBound, through: hertz.upperBound, by: 31.25).reduce(0) {
                $0 + recording.power(atHertz: $1, firstPulse: Int(seconds * 4000), count: 128)
            }
        }
        let reversal = try #require(source.flow.reversals(withinSeconds: 3.6).first)
        #expect(reversal.onsetSeconds == 2)
        #expect(reversal.durationSeconds == 1.4)
        let normal = source.site.normalDirection == .towards ? 300.0...1500 : -1500 ... -300
        let reverse = source.site.normalDirection == .towards ? -1500 ... -300 : 300.0...1500
        for time in [2.05, 2.5, 3.0, 3.3] {
            #expect(power(reverse, at: time) > 10 * power(normal, at: time), "at \(time) s")
        }
        for time in [0.5, 1.0, 1.9, 3.45] {
            #expect(power(normal, at: time) > 10 * power(reverse, at: time), "at \(time) s")
        }
    }

    @Test("hide the deep veins under the noise without a bone window", arguments: ["borderline", "incomplete"])
    func noBoneWindow(name: String) throws {
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: name))
        let settings = DeviceSettings(
            centreFrequencyHz: 2_000_000, prfMilliHz: 1_000_000, firstGateDepthUm: 65_000, gateLengthUm: 8000)
        let hidden = try patient.signalSource(atSite: "bvr.left.transtemporal.supine", take: 1)
        let recording = PhantomRecording(hidden, settings, seconds: 8)
        func mean(_ hertz: Double) -> Double {
            let begins = stride(from: 0, to: recording.pulses - 64, by: 64)
            return begins.reduce(0) { $0 + recording.power(atHertz: hertz, firstPulse: $1, count: 64) } / 124
        }
        #expect(mean(-265) < 1.6 * mean(265))
        let truth = patient.truth(recordingSeconds: 15).sites.first { $0.id == "bvr.left.transtemporal.supine" }
        #expect(truth?.flow == .belowNoise)
    }

    @Test("say what is missing when a name, a file or a site is not there")
    func unknownThings() throws {
        #expect(throws: ScenarioError.unknownScenario(name: "sick", known: ScenarioLibrary.names)) {
            try ScenarioLibrary.scenario(named: "sick")
        }
        let missing = #expect(throws: ScenarioError.self) { try ScenarioLibrary.scenario(named: "no/such/file.yaml") }
        #expect(missing?.description.hasPrefix("no/such/file.yaml: cannot be read") == true)
        #expect(throws: ScenarioError.unreadable(file: "/dev/zero", problem: "is not a file")) {
            try ScenarioLibrary.scenario(atPath: "/dev/zero")
        }
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "healthy"))
        #expect(throws: ScenarioError.unknownSite(id: "ijv.left.supine", scenario: "healthy")) {
            try patient.signalSource(atSite: "ijv.left.supine", take: 1)
        }
    }

    @Test("can be read from a file")
    func fromFile() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let path = folder.appending(path: "../../../Simulator/Scenarios/valve.yaml").path
        #expect(try ScenarioLibrary.scenario(named: path) == ScenarioLibrary.scenario(named: "valve"))
    }
}
