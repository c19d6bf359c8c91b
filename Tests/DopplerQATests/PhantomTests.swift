import DopplerQA
import Foundation
import Testing

@Suite("Quality assurance on a phantom")
struct PhantomTests {
    private func reading(mean: Double, envelope: Double, columns: Int = 100) -> PhantomReading {
        let values = [Double?](repeating: mean, count: columns)
        return PhantomReading(
            meanCmPerS: values, spectralMeanCmPerS: values,
            envelopeTowardsCmPerS: values.map { _ in envelope > 0 ? envelope : nil },
            envelopeAwayCmPerS: values.map { _ in envelope < 0 ? envelope : nil }, nyquistCmPerS: 60)
    }

    private func states(_ reading: PhantomReading, _ truth: PhantomTruth) -> [String: ClauseResult.State] {
        Dictionary(reading.results(truth).map { ($0.clause, $0.state) }) { first, _ in first }
    }

    @Test("passes a string that is read within the limits, and only the clauses that a string shows")
    func string() {
        let truth = PhantomTruth(phantom: .string, direction: .away, meanCmPerS: 40)
        let found = states(reading(mean: -40.3, envelope: -41), truth)
        #expect(found["velocity-readout"] == .passed)
        #expect(found["envelope-steady"] == .passed)
        #expect(found["wrong-direction"] == .passed)
        #expect(found["reflux-duration"] == .notAvailableYet)
        #expect(found.values.count { $0 == .passed } == 4)
    }

    @Test("fails a string that is read 2 % off, from the wrong side, or not at all")
    func wrongString() {
        let truth = PhantomTruth(phantom: .string, direction: .away, meanCmPerS: 40)
        #expect(states(reading(mean: -40.8, envelope: -41), truth)["velocity-readout"] == .failed)
        let mirrored = states(reading(mean: 40, envelope: 40), truth)
        #expect(mirrored["velocity-readout"] == .failed && mirrored["wrong-direction"] == .failed)
        #expect(mirrored["envelope-steady"] == .failed)
        let empty = states(reading(mean: -40, envelope: -40, columns: 0), truth)
        #expect(empty["velocity-readout"] == .failed && empty["wrong-direction"] == .failed)
    }

    @Test("asks for the maximum of a flow phantom before it judges the envelope")
    func flow() {
        var truth = PhantomTruth(phantom: .flow, direction: .towards, meanCmPerS: 20)
        let made = reading(mean: 20.4, envelope: 40.5)
        #expect(states(made, truth)["envelope-steady"] == .notAvailableYet)
        #expect(states(made, truth)["velocity-readout"] == .notAvailableYet)
        #expect(states(made, truth)["mean-velocity"] == .passed)
        truth.maximumCmPerS = 40
        #expect(states(made, truth)["envelope-steady"] == .passed)
        truth.maximumCmPerS = 36
        #expect(states(made, truth)["envelope-steady"] == .failed)
    }

    @Test("reads a truth file that was written by hand")
    func truthFile() throws {
        let json = """
            {"schema": "dopplerbridge-phantom-truth-1", "phantom": "flow", "direction": "towards", "meanCmPerS": 20,
             "maximumCmPerS": 40, "remark": "pump at 5 ml/s"}
            """
        let truth = try PhantomTruth(json: Data(json.utf8))
        #expect(truth.phantom == .flow && truth.direction == .towards)
        #expect(truth.meanCmPerS == 20 && truth.maximumCmPerS == 40 && truth.remark == "pump at 5 ml/s")
    }

    @Test(
        "refuses truth that cannot be",
        arguments: [
            "", "[]", "{}", "{\"schema\":\"other\",\"phantom\":\"flow\",\"direction\":\"away\",\"meanCmPerS\":1}",
            "{\"schema\":\"dopplerbridge-phantom-truth-1\",\"phantom\":\"flow\",\"direction\":\"away\",\"meanCmPerS\":-1}",
            "{\"schema\":\"dopplerbridge-phantom-truth-1\",\"phantom\":\"flow\",\"direction\":\"away\",\"meanCmPerS\":1e99}",
            "{\"schema\":\"dopplerbridge-phantom-truth-1\",\"phantom\":\"flow\",\"direction\":\"away\",\"meanCmPerS\":9,"
                + "\"maximumCmPerS\":8}",
            "{\"schema\":\"dopplerbridge-phantom-truth-1\",\"phantom\":\"string\",\"direction\":\"away\",\"meanCmPerS\":9,"
                + "\"maximumCmPerS\":12}",
        ])
    func hostile(json: String) {
        #expect(throws: QAError.self) { try PhantomTruth(json: Data(json.utf8)) }
    }
}
