internal import DopplerDSP
internal import ProbeSimulator

extension Clause {
    /// Velocity readout of a single tone without speckle.
    static let toneReadout = Clause(
        name: "velocity-readout",
        heading: "IEC TS 61895 velocity accuracy; IEC 61206 mean frequency accuracy",
        limit: "tone, 5 to 95 % of Nyquist, both directions: 1 % of the reading or 0.2 % of Nyquist, the larger"
    ) { (run) throws(QAError) in try ToneReadout(run: run).outcome() }
}

/// Tones over the whole scale; every column of both mean estimators is a reading.
private struct ToneReadout {
    let run: ClauseRun

    /// Tones of each direction that the clause asks for (project choice: every 5 % of the scale, ten times).
    private static let tones = 190
    private static let seconds = 0.5
    /// Tone over the noise of the whole band, dB (project choice: no speckle, and noise that no reading shows).
    private static let toneDb = 50.0
    private static let readingShare = 0.01
    private static let nyquistShare = 0.002

    private struct Reading {
        /// Worst error over what is allowed.
        var worst: Double?
        var columns: Int
        var measured: Int
        var label: String
    }

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.tones)
        let readings = try Trials.run(2 * count) { index throws(DSPError) in
            try reading(index / 2, of: count, sign: index % 2 == 0 ? 1 : -1)
        }
        let worst = readings.max { ($0.worst ?? .infinity) < ($1.worst ?? .infinity) }
        let columns = readings.reduce(0) { $0 + $1.columns }
        let measured = readings.reduce(0) { $0 + $1.measured }
        return .measured(
            [
                .atMost(100, "worst error of what is allowed", worst?.worst.map { 100 * $0 }, "%", note: worst?.label),
                .atLeast(99, "columns measured", columns > 0 ? 100 * Double(measured) / Double(columns) : nil, "%"),
            ], scenes: readings.count)
    }

    private func reading(_ index: Int, of count: Int, sign: Double) throws(DSPError) -> Reading {
        let setup = run.setups.jugular
        let share = count > 1 ? 0.05 + 0.9 * Double(index) / Double(count - 1) : 0.5
        let shiftHz = sign * share * setup.nyquistHz
        let scene = TestScene(
            model: .tone, course: VelocityCourse(shiftHz / setup.beam.shiftHzPerCmPerS), beam: setup.beam,
            prfHz: setup.spectral.prfHz, seconds: Self.seconds, signalToNoiseDb: Self.toneDb,
            seed: run.seed(1, 2 * index + (sign > 0 ? 0 : 1)))
        let columns = try run.chain.read(scene.signal(), setup).usableColumns
        let allowed = max(Self.readingShare * abs(shiftHz), Self.nyquistShare * setup.nyquistHz)
        var worst: Double?
        var measured = 0
        for column in columns {
            guard let kasai = column.meanShiftHz, let spectral = column.spectralMeanShiftHz else { continue }
            measured += 1
            let error = max(abs(Double(kasai) - shiftHz), abs(Double(spectral) - shiftHz)) / allowed
            worst = max(worst ?? 0, error)
        }
        return Reading(
            worst: worst, columns: max(1, columns.count), measured: measured,
            label: "at \(Int((sign * share * 100).rounded())) % of Nyquist")
    }
}
