import DopplerDSP
import Testing

@Suite("RegressionFilter")
struct RegressionFilterTests {
    @Test(
        "passes half of the power not above its cut-off, and states its 6 dB point", arguments: [50.0, 100, 200, 400])
    func points(cutoffHz: Double) throws {
        let filter = try RegressionFilter(cutoffHz: cutoffHz, prfHz: 6000, length: 256)
        let stated = filter.lowestDetectableHz
        #expect(stated > 0 && stated <= cutoffHz)
        #expect(abs(filter.powerResponse(atHz: stated) - 0.2512) < 0.08)
        #expect(filter.powerResponse(atHz: 0) < 1e-6)
        #expect(filter.powerResponse(atHz: 4 * cutoffHz) > 0.97)
    }

    @Test("takes a wall of 60 dB out of a window and leaves flow", arguments: [700.0, -700])
    func wall(shiftHz: Double) throws {
        var signals = TestSignals(seed: 4)
        let flow = signals.flow(4000, shiftsHz: [shiftHz], prfHz: 5000, power: 100)
        let wall = signals.flow(4000, shiftsHz: [2, 7, -5], prfHz: 5000, power: 1e8)
        var settings = settings(fftLength: 256, hop: 64, cutoffHz: 100)
        settings.wallFilter = .regression
        let found = try spectrogram(flow + wall, settings)
        #expect(found.columns.allSatisfy { !$0.flags.contains(.settling) })
        for column in found.columns { #expect(abs(Double(try #require(column.meanShiftHz)) - shiftHz) < 10) }
        #expect(found.course?.blocks.isEmpty ?? true)
    }

    @Test("refuses what cannot be used")
    func refuses() {
        #expect(throws: DSPError.self) { try RegressionFilter(cutoffHz: 3000, prfHz: 6000, length: 256) }
        #expect(throws: DSPError.self) { try RegressionFilter(cutoffHz: 10, prfHz: 0, length: 256) }
        #expect(throws: DSPError.self) { try RegressionFilter(cutoffHz: 10, prfHz: 6000, length: 100) }
    }
}
