import DopplerDSP
import Testing

@Suite("BaselineShift")
struct BaselineShiftTests {
    private static let prfHz = 5000.0

    /// Flow about a mean shift, 20 dB over the noise of the whole band.
    private func flow(atHz shiftHz: Double, seed: Int) throws -> Spectrogram {
        var signals = TestSignals(seed: seed)
        let shifts = signals.normalShifts(meanHz: shiftHz, deviationHz: 60)
        let samples =
            signals.flow(6000, shiftsHz: shifts, prfHz: Self.prfHz, power: 1e5) + signals.noise(6000, power: 1e3)
        return try spectrogram(samples, settings())
    }

    @Test("flow beyond the Nyquist limit is read where it is once its direction has the room", arguments: [1.0, -1])
    func beyond(sign: Double) throws {
        let found = try flow(atHz: sign * 3000, seed: 4)
        let settled = found.columns.filter { !$0.flags.contains(.settling) }
        #expect(!settled.isEmpty)
        for column in settled { #expect(abs(Double(try #require(column.meanShiftHz)) + sign * 2000) < 60) }
        let shifted = try found.read(with: BaselineShift(shareOfNyquist: sign * 0.5))
        for column in shifted.columns where !column.flags.contains(.settling) {
            #expect(abs(Double(try #require(column.meanShiftHz)) - sign * 3000) < 60)
            #expect(abs(Double(try #require(column.spectralMeanShiftHz)) - sign * 3000) < 60)
            #expect(!column.flags.contains(.aliased))
            let ratio = column.signalToNoiseTowardsDb - column.signalToNoiseAwayDb
            #expect(Double(ratio) * sign > 10)
        }
        // Speckle moves a single column's envelope by more than the flow is wide.
        let envelopes = shifted.columns.compactMap { sign > 0 ? $0.envelopeTowardsHz : $0.envelopeAwayHz }
            .map { sign * Double($0) }
        #expect((3000...3250).contains(try #require(FlowTrace.median(envelopes))))
    }

    @Test("flow in the direction that gave up its room is flagged where its envelope reaches the scale's end")
    func givenUp() throws {
        let shifted = try flow(atHz: -1150, seed: 5).read(with: BaselineShift(shareOfNyquist: 0.5))
        let settled = shifted.columns.filter { !$0.flags.contains(.settling) }
        #expect(!settled.isEmpty && settled.allSatisfy { $0.flags.contains(.aliased) })
    }

    @Test("with the zero line in the middle a reading again finds what the analyser found", arguments: 0..<8)
    func middle(seed: Int) throws {
        let found = try flow(atHz: [-1800, -700, -200, 0, 150, 600, 1500, 2300][seed], seed: seed)
        let again = try found.read(with: .middle)
        #expect(again.power == found.power)
        for (one, other) in zip(found.columns, again.columns) {
            #expect(one.flags == other.flags)
            #expect((one.meanShiftHz == nil) == (other.meanShiftHz == nil))
            #expect(abs((one.meanShiftHz ?? 0) - (other.meanShiftHz ?? 0)) < 0.1)
            #expect(abs((one.envelopeTowardsHz ?? 0) - (other.envelopeTowardsHz ?? 0)) < 0.1)
            #expect(abs((one.envelopeAwayHz ?? 0) - (other.envelopeAwayHz ?? 0)) < 0.1)
        }
    }

    @Test("every reading lies on the scale", arguments: 0..<40)
    func onScale(seed: Int) throws {
        var signals = TestSignals(seed: seed)
        let found = try flow(atHz: (signals.uniform() - 0.5) * Self.prfHz, seed: seed)
        let baseline = try BaselineShift(shareOfNyquist: (signals.uniform() - 0.5) * 1.4)
        let scale = baseline.scaleHz(prfHz: Self.prfHz)
        // A scale ends at a whole bin.
        let bin = Float(found.settings.binWidthHz)
        for column in try found.read(with: baseline).columns {
            for shift in [column.meanShiftHz, column.envelopeTowardsHz, column.envelopeAwayHz].compactMap({ $0 }) {
                #expect(shift >= Float(scale.lowerBound) - bin && shift <= Float(scale.upperBound) + bin)
            }
        }
    }

    @Test("shares beyond nine tenths, no numbers and sides within the wall filter are refused")
    func refused() throws {
        for share in [0.91, -1, .infinity, .nan] {
            #expect(throws: DSPError.self) { try BaselineShift(shareOfNyquist: share) }
        }
        var narrow = settings()
        narrow.wallFilterCutoffHz = 600
        let found = try spectrogram([Sample](repeating: Sample(1, 0), count: 600), narrow)
        #expect(throws: DSPError.baselineShift(0.8)) { try found.read(with: BaselineShift(shareOfNyquist: 0.8)) }
    }
}
