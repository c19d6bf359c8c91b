import Acquisition
import CCSVIAnalysis
import DopplerDSP
import ExamSession
import Foundation
import ProbeLink
import ProbeSimulator
import Testing

@Suite("an exam whose samples cannot be used")
struct BadSourceTests {
    @Test("silence at every site is no signal: no site is examined and none is without flow")
    func silence() async throws {
        let folder = try TemporaryFolder()
        var steps = try ThreeSteps()
        steps.lengthen(toSeconds: 4)
        let outcome = try await steps.run(at: BadBedside(depthUm: nil), into: folder.path + "/exam")
        let observations = outcome.exam.measurements.observations
        #expect(observations.count == 3)
        for observation in observations {
            #expect(observation.status == .notAssessable)
            #expect(observation.reason == FlowAssessment.Reason.noSignal.words)
            #expect(observation.flow == nil && observation.meanVelocityCmPerS == nil)
        }
    }

    @Test("a gate that the rate does not reach leaves its site open and says why")
    func tooDeep() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await ThreeSteps().run(at: BadBedside(depthUm: 300_000), into: folder.path + "/exam")
        let observations = outcome.exam.measurements.observations
        #expect(observations.count == 3)
        for observation in observations {
            #expect(observation.status == .notAssessable)
            #expect(observation.reason?.contains("lower the PRF or the depth") == true)
        }
    }

    @Test("outside an exam a gate that the rate does not reach is an error")
    func analysis() throws {
        var settings = BadSource.settings
        settings.firstGateDepthUm = 300_000
        let analysis = StretchAnalysis(
            name: "deep", spectral: SpectralSettings(prfHz: 6000, wallFilterCutoffHz: 100), scale: nil,
            normalDirection: nil, seconds: 1)
        do throws(ExamSessionError) {
            _ = try analysis.run(
                BadSource(depthUm: nil, source: BadBedside.probe()), settings: settings, recorder: nil,
                stop: StopSignal())
            Issue.record("a gate at 300 mm was analysed")
        } catch {
            guard case .signal(.gateBeyondPulse) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
