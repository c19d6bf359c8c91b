@testable import CCSVIAnalysis
import Testing

@Suite("Reflux near a threshold")
struct UncertainRefluxTests {
    /// An exam in which the left vertebral vein refluxes in both postures, in two breaths.
    private func exam(
        _ seconds: Double, uncertainty: Double?, breaths: Int? = 2, vein: Vein = .vertebral
    ) throws -> ExamMeasurements {
        var exam = try Fixture.normalExam()
        for index in exam.observations.indices
        where exam.observations[index].site.vein == vein && exam.observations[index].site.side == .left {
            exam.observations[index].refluxes = [
                RefluxEpisode(
                    onsetSeconds: 1, durationSeconds: seconds, durationUncertaintySeconds: uncertainty,
                    breathsSeen: breaths)
            ]
        }
        return exam
    }

    @Test(
        "criterion 1 is open only while the span holds 0.88 s",
        arguments: [
            (0.90, 0.015, CriterionOutcome.met), (0.90, 0.025, .notAssessable), (0.885, 0.045, .notAssessable),
            (0.86, 0.025, .notAssessable), (0.86, 0.015, .notMet), (0.88, 0, .notMet), (0.881, 0, .met),
        ])
    func neck(_ row: (Double, Double, CriterionOutcome)) throws {
        let finding = try Fixture.scorer().assess(exam(row.0, uncertainty: row.1)).criteria[0]
        #expect(finding.outcome == row.2)
        #expect(finding.missing.isEmpty == (row.2 != .notAssessable))
    }

    @Test("the reason is the span, and the site it hangs on is named")
    func reason() throws {
        let finding = try Fixture.scorer().assess(exam(0.885, uncertainty: 0.045)).criteria[0]
        #expect(finding.missing.map(\.itemID) == ["vv.left.supine", "vv.left.sitting"])
        #expect(finding.missing.allSatisfy { $0.reason?.hasSuffix("uncertain, 0.84 to 0.93 s") == true })
        #expect(finding.evidence.contains { $0.text.hasSuffix("uncertain, 0.84 to 0.93 s") })
        // The threshold stays within the span that is printed.
        let near = try Fixture.scorer().assess(exam(0.8965, uncertainty: 0.017)).criteria[0]
        #expect(near.missing.first?.reason?.hasSuffix("uncertain, 0.87 to 0.92 s") == true)
    }

    @Test("a length entered without uncertainty is exact")
    func entered() throws {
        #expect(try Fixture.scorer().assess(exam(0.881, uncertainty: nil)).criteria[0].outcome == .met)
        #expect(try Fixture.scorer().assess(exam(0.88, uncertainty: nil)).criteria[0].outcome == .notMet)
    }

    @Test("an uncertain reflux in too few breaths does not count, one without breathing stays open")
    func breaths() throws {
        #expect(try Fixture.scorer().assess(exam(0.88, uncertainty: 0.03, breaths: 1)).criteria[0].outcome == .notMet)
        let open = try Fixture.scorer().assess(exam(0.88, uncertainty: 0.03, breaths: nil)).criteria[0]
        #expect(open.outcome == .notAssessable)
        #expect(open.missing.first?.reason?.contains("uncertain, 0.85 to 0.91 s") == true)
    }

    @Test(
        "criterion 2 is open only while the span holds 0.5 s",
        arguments: [
            (0.53, 0.02, CriterionOutcome.met), (0.51, 0.02, .notAssessable), (0.49, 0.02, .notAssessable),
            (0.47, 0.02, .notMet),
        ])
    func deep(_ row: (Double, Double, CriterionOutcome)) throws {
        let measurements = try exam(row.0, uncertainty: row.1, vein: .basalRosenthal)
        #expect(try Fixture.scorer().assess(measurements).criteria[1].outcome == row.2)
    }

    @Test("an open cell widens the score and never counts")
    func score() throws {
        let open = try Fixture.scorer().assess(exam(0.885, uncertainty: 0.045))
        let sure = try Fixture.scorer().assess(exam(0.95, uncertainty: 0.01))
        #expect(open.vhiss.low == 0 && open.vhiss.high == 2 && open.vhiss.value == nil)
        #expect(sure.vhiss.value == 2)
    }

    @Test("breaths of an episode are counted with episodes that are as long for sure")
    func breathsSeen() {
        let breaths = [0.0, 3].map { Breath(startSeconds: $0, endSeconds: $0 + 3) }
        let sure = RefluxEpisode(
            onsetSeconds: 1, durationSeconds: 0.90, durationUncertaintySeconds: 0.005, breathsSeen: nil)
        let unsure = RefluxEpisode(
            onsetSeconds: 4, durationSeconds: 0.93, durationUncertaintySeconds: 0.06, breathsSeen: nil)
        let episodes = [sure, unsure]
        #expect(RefluxDetector.breathsSeen(atLeastAs: sure, in: episodes, breaths: breaths) == 1)
        #expect(RefluxDetector.breathsSeen(atLeastAs: unsure, in: episodes, breaths: breaths) == 2)
    }

    @Test("lengths that are not finite leave every threshold open", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(_ value: Double) {
        let length = RefluxEpisode(durationSeconds: value, durationUncertaintySeconds: 0.01, breathsSeen: nil)
        let uncertainty = RefluxEpisode(durationSeconds: 0.9, durationUncertaintySeconds: value, breathsSeen: nil)
        for episode in [length, uncertainty] { #expect(episode.isLonger(thanSeconds: 0.88) == .uncertain) }
    }
}
