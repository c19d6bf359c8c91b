internal import DopplerDSP
internal import ProbeSimulator

extension Clause {
    /// Maximum velocity of pulsatile flow.
    static let pulsatileEnvelope = Clause(
        name: "envelope-pulsatile",
        heading: "IEC 61206 maximum frequency accuracy, waveform indices",
        limit: "venous and arterial, 17 dB: mean 3 %, peak 3 %"
    ) { (run) throws(QAError) in try PulsatileEnvelope(run: run).outcome() }
}

/// Pulsatile flow; each realisation gives the mean of its columns and the peak of its averaged wave.
private struct PulsatileEnvelope {
    let run: ClauseRun

    private static let realisations = 100
    private static let bloodDb = 17.0
    /// Waves that are averaged in one realisation, and parts of a wave (project choice).
    private static let waves = 10
    private static let parts = 90
    private static let profiles = [VelocityProfile(.parabolic), VelocityProfile(.blunted(exponent: 6))]

    private struct Kind {
        var name: String
        var rhythm: VelocityCourse.Rhythm
        var periodSeconds: Double
        /// Maximum at the peak, share of Nyquist.
        var peakShare: Double
    }

    /// Four heart beats make one breath, so that the venous wave repeats with the breath.
    private static let kinds = [
        Kind(
            name: "venous",
            rhythm: .venous(heartPeriodSeconds: 0.9, heartDepth: 0.35, breathPeriodSeconds: 3.6, breathDepth: 0.25),
            periodSeconds: 3.6, peakShare: 0.7),
        Kind(
            name: "arterial", rhythm: .arterial(heartPeriodSeconds: 0.9, peak: 3), periodSeconds: 0.9, peakShare: 0.8),
    ]

    private struct Reading {
        var mean: Double?
        var peak: Double?
        var measuredShare: Double
    }

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.realisations)
        var figures: [ClauseFigure] = []
        var leastShare = 1.0
        for (number, kind) in Self.kinds.enumerated() {
            let readings = try Trials.run(count) { index throws(DSPError) in
                try reading(kind, group: 4 + 10 * number, index)
            }
            leastShare = readings.reduce(leastShare) { min($0, $1.measuredShare) }
            let mean = Spread.of(readings.compactMap(\.mean))
            let peak = Spread.of(readings.compactMap(\.peak))
            figures += [
                .atMost(3, "\(kind.name), mean error", mean.map { 100 * abs($0.mean) }, "%", note: Self.note(mean)),
                .atMost(3, "\(kind.name), peak error", peak.map { 100 * abs($0.mean) }, "%", note: Self.note(peak)),
            ]
        }
        figures.append(.atLeast(90, "least columns measured", 100 * leastShare, "%"))
        return .measured(figures, scenes: count * Self.kinds.count)
    }

    private static func note(_ spread: (mean: Double, deviation: Double)?) -> String? {
        spread.map { "\($0.mean < 0 ? "too low" : "too high"), SD \(QATable.number(100 * $0.deviation)) %" }
    }

    private func reading(_ kind: Kind, group: Int, _ index: Int) throws(DSPError) -> Reading {
        let setup = run.setups.jugular
        let profile = Self.profiles[index / 2 % Self.profiles.count]
        let sign: Double = index % 2 == 0 ? 1 : -1
        var scene = TestScene(
            profile: profile, course: VelocityCourse(1, kind.rhythm), beam: setup.beam, prfHz: setup.spectral.prfHz,
            seconds: Double(Self.waves) * kind.periodSeconds, signalToNoiseDb: Self.bloodDb, intrinsicBroadening: 0.02,
            seed: run.seed(group, index))
        let times = (0..<1000).map { Double($0) / 1000 * kind.periodSeconds }
        let unitPeak = times.map { scene.maximumCmPerS(atSeconds: $0) }.max() ?? 1
        let factor = sign * setup.speedCmPerS(kind.peakShare * setup.nyquistHz) / unitPeak
        scene.course.velocityCmPerS = factor
        let columns = try run.chain.read(scene.signal(), setup).usableColumns
        return wave(columns, scene, kind, isTowards: factor * setup.beam.shiftHzPerCmPerS > 0)
    }

    private func wave(_ columns: [SpectralColumn], _ scene: TestScene, _ kind: Kind, isTowards: Bool) -> Reading {
        var sums = [Double](repeating: 0, count: Self.parts)
        var counts = [Double](repeating: 0, count: Self.parts)
        var (found, truth) = (0.0, 0.0)
        var measured = 0
        for column in columns {
            guard let shift = isTowards ? column.envelopeTowardsHz : column.envelopeAwayHz else { continue }
            measured += 1
            found += Double(shift)
            truth += scene.maximumCmPerS(atSeconds: column.centreSeconds) * scene.beam.shiftHzPerCmPerS
            let waves = column.centreSeconds / kind.periodSeconds
            let part = min(Int((waves - waves.rounded(.down)) * Double(Self.parts)), Self.parts - 1)
            sums[part] += Double(shift)
            counts[part] += 1
        }
        let wave = zip(sums, counts).compactMap { $1 > 0 ? abs($0 / $1) : nil }
        let peakHz = (0..<1000).map { point in
            abs(scene.maximumCmPerS(atSeconds: Double(point) / 1000 * kind.periodSeconds) * scene.beam.shiftHzPerCmPerS)
        }.max()
        var reading = Reading(measuredShare: Double(measured) / Double(max(1, columns.count)))
        if truth != 0 { reading.mean = found / truth - 1 }
        if let top = wave.max(), let peakHz, peakHz > 0 { reading.peak = top / peakHz - 1 }
        return reading
    }
}
