import CCSVIAnalysis
import DopplerDSP
import Testing

@Suite("Direction of flow")
struct DirectionOfFlowTests {
    private func assess(_ vein: SyntheticVein, normal: FlowDirection, seed: Int = 11) throws -> FlowAssessment {
        FlowAssessment(
            try vein.spectrogram(seed: seed), scale: vein.scale, normalDirection: normal,
            site: ExamSite(.vertebral, .left, .supine))
    }

    @Test("flow runs with regard to the transducer, whatever is normal", arguments: FlowDirection.allCases, 0..<4)
    func known(normal: FlowDirection, seed: Int) throws {
        let flow = try assess(SyntheticVein(seconds: 4), normal: normal, seed: seed)
        #expect(flow.direction(outside: []) == .known(.towards))
    }

    @Test("reflux does not count for the direction")
    func outsideReflux() throws {
        let flow = try assess(SyntheticVein(seconds: 5, reversals: [0.5...3.5]), normal: .towards)
        let reflux = RefluxEpisode(onsetSeconds: 0.5, durationSeconds: 3, breathsSeen: nil)
        #expect(flow.direction(outside: [reflux]) == .known(.towards))
    }

    @Test("flow that runs both ways has no direction, and says so")
    func bothWays() throws {
        let flow = try assess(SyntheticVein(seconds: 4, reversals: [0...2]), normal: .towards)
        #expect(flow.direction(outside: []) == .notAssessable(.bothWays))
    }

    @Test("where all flow is reflux there is no direction outside it")
    func onlyReflux() throws {
        let flow = try assess(SyntheticVein(seconds: 4, reversals: [0...4]), normal: .towards)
        let reflux = RefluxEpisode(onsetSeconds: 0, durationSeconds: 4, breathsSeen: nil)
        #expect(flow.direction(outside: [reflux]) == .notAssessable(.onlyReflux))
    }

    @Test("too little flow has no direction")
    func tooLittle() throws {
        let flow = try assess(SyntheticVein(seconds: 4, silences: [0...4]), normal: .towards)
        #expect(flow.direction(outside: []) == .notAssessable(.tooLittle))
    }

    @Test("each reason has words of its own")
    func words() {
        #expect(Set(DirectionOfFlow.Reason.allCases.map(\.words)).count == DirectionOfFlow.Reason.allCases.count)
    }

    @Test("a direction that is known and not known at once is refused")
    func contradiction() {
        var observation = VeinObservation(
            site: ExamSite(.vertebral, .left, .supine), status: .examined, flow: .present, direction: .away)
        observation.directionReason = "both"
        #expect(
            ExamMeasurements(observations: [observation]).problems().map(\.path) == ["observations[0].directionReason"])
    }
}
