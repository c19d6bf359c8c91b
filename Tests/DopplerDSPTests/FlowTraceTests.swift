import DopplerDSP
import Testing

@Suite("FlowTrace")
struct FlowTraceTests {
    func column(_ index: Int, mean: Float?, towardsDb: Float = 1, awayDb: Float = 9, flags: ColumnFlags = [])
        -> SpectralColumn
    {
        SpectralColumn(
            firstPulse: UInt64(index * 50), centreSeconds: Double(index) * 0.01, meanShiftHz: mean,
            spectralMeanShiftHz: mean, envelopeTowardsHz: nil, envelopeAwayHz: mean.map { 2 * $0 }, noiseDb: 3,
            signalToNoiseTowardsDb: towardsDb, signalToNoiseAwayDb: awayDb, flags: flags)
    }

    func spectrogram(_ columns: [SpectralColumn]) -> Spectrogram {
        Spectrogram(settings: settings(), gate: 0, columns: columns, power: [])
    }

    @Test("gives velocities, and nothing where nothing was measured or a tap came")
    func velocities() {
        let scale = DopplerScale(centreFrequencyHz: 2e6, insonationAngleDegrees: 60)
        let trace = FlowTrace(
            spectrogram([column(0, mean: -260), column(1, mean: nil), column(2, mean: -260, flags: .tap)]),
            scale: scale)
        #expect(trace.centreSeconds == [0, 0.01, 0.02])
        #expect(abs((trace.meanCmPerS[0] ?? 0) + 20.02) < 1e-6)
        #expect(abs((trace.envelopeAwayCmPerS[0] ?? 0) + 40.04) < 1e-6)
        #expect(trace.meanCmPerS[1...] == [nil, nil])
        #expect(trace.envelopeTowardsCmPerS == [nil, nil, nil])
    }

    @Test("smooths by the median of nine columns")
    func runningMedian() {
        let values: [Double?] = [1, 1, 1, 1, 1, 900, 1, 1, 1, 1, 5, 5, 5, 5, 5, 5, 5]
        #expect(
            FlowTrace.runningMedian(values) == [1, 1, 1, 1, 1, 1, 1, 1, 1, 5, 5, 5, 5, 5, 5, 5, 5])
    }

    @Test("leaves out what was not measured, and has no median of mostly nothing")
    func runningMedianGaps() {
        #expect(FlowTrace.runningMedian([1, nil, 3], width: 3) == [1, 2, 3])
        #expect(FlowTrace.runningMedian([nil, nil, 3, nil, nil], width: 3) == [nil, nil, nil, nil, nil])
        #expect(FlowTrace.runningMedian([], width: 9).isEmpty)
        #expect(FlowTrace.runningMedian([4, 2], width: Int.max) == [3, 3])
        #expect(FlowTrace.runningMedian([4, 2], width: -5) == [4, 2])
    }

    @Test("gives the median ratios of columns without taps and settling")
    func medianRatios() throws {
        let columns = [
            column(0, mean: -1, towardsDb: 90, flags: .settling), column(1, mean: -1, towardsDb: 0, awayDb: 8),
            column(2, mean: -1, towardsDb: 80, flags: .tap), column(3, mean: -1, towardsDb: 2, awayDb: 12),
        ]
        let found = try #require(spectrogram(columns).medianSignalToNoiseDb())
        #expect(found.towards == 1 && found.away == 10)
        #expect(spectrogram([columns[0]]).medianSignalToNoiseDb() == nil)
        #expect(spectrogram(columns).share(of: .tap) == 0.25)
        #expect(spectrogram([]).share(of: .tap) == nil)
    }
}
