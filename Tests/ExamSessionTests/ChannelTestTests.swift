import CCSVIAnalysis
import ExamSession
import Testing

@Suite("channel test")
struct ChannelTestTests {
    private func outcome(
        _ towards: (towardsDb: Double?, awayDb: Double?), _ away: (towardsDb: Double?, awayDb: Double?)
    ) -> ChannelTest.Outcome {
        ChannelTest(
            towards: .init(shown: .towards, towardsDb: towards.towardsDb, awayDb: towards.awayDb),
            away: .init(shown: .away, towardsDb: away.towardsDb, awayDb: away.awayDb)
        ).outcome
    }

    @Test("each direction as itself, 10 dB apart, passes")
    func passes() { #expect(outcome((20, 0), (1, 12)) == .passed) }

    @Test("each direction as the other is swapped")
    func swapped() { #expect(outcome((0, 20), (20, 0)) == .swapped) }

    @Test("the same channel twice is not separated")
    func mono() { #expect(outcome((20, 19.9), (20, 19.9)) == .notSeparated) }

    @Test("a dead channel shows both as one direction and is not separated")
    func deadChannel() { #expect(outcome((20, 0), (20, 0)) == .notSeparated) }

    @Test("9.9 dB between a direction and its mirror are too few")
    func closeMirror() { #expect(outcome((20, 10.1), (0, 20)) == .notSeparated) }

    @Test("without signal, or not measured, nothing is judged")
    func silence() {
        #expect(outcome((20, 0), (1, 5.9)) == .noSignal)
        #expect(outcome((20, 0), (nil, nil)) == .noSignal)
    }
}
