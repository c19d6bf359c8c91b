internal import DopplerDSP
internal import ProbeSimulator

extension Clause {
    /// The slowest flow that is seen.
    static let lowestVelocity = Clause(
        name: "lowest-velocity",
        heading: "IEC 61206 frequency response; IEC TS 61895 lowest detectable velocity",
        limit: "6 dB point within 20 % of the stated figure; 4 cm/s at 2 MHz and 30 degrees in 99 % of columns"
    ) { (run) throws(QAError) in try LowestVelocity(run: run).outcome() }
}

/// A tone ramp through the wall filter, and a slow deep vein.
private struct LowestVelocity {
    let run: ClauseRun

    private static let ramps = 20
    private static let rampSeconds = 10.0
    /// The ramp ends at this many times the stated figure, and its last third is the passband.
    private static let rampEnd = 4.0
    private static let passbandShare = 2.0 / 3
    /// 6 dB down.
    private static let sixDb = 0.251188643150958
    private static let veins = 100
    private static let veinSeconds = 4.0
    private static let veinCmPerS = 4.0
    private static let veinDegrees = 30.0
    /// Blood over the noise of the whole band in a deep vein, dB, and the amplitude of resting tissue over the blood's
    /// (20 dB; both project choice).
    private static let veinDb = 10.0
    private static let tissueRatio = 10.0

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.ramps)
        let ratios = try Trials.run(2 * count) { index throws(DSPError) in
            try ratio(index % 2 == 0 ? run.setups.jugular : run.setups.transtemporal, index)
        }
        let veinCount = run.counts.of(Self.veins)
        let seen = try Trials.run(veinCount) { index throws(DSPError) in try seenShare(index) }
        let found = ratios.compactMap { $0.map { 100 * abs($0 - 1) } }
        let shares = Spread.of(seen)
        return .measured(
            [
                .atMost(
                    20, "6 dB point off the stated figure", found.count == ratios.count ? found.max() : nil, "%",
                    note: Spread.of(ratios.compactMap { $0 }).map { "at \(QATable.number($0.mean)) of it" }),
                .atLeast(99, "columns that see 4 cm/s", shares.map { 100 * $0.mean }, "%"),
            ], scenes: ratios.count + veinCount)
    }

    /// Where the power is 6 dB down, over the stated figure.
    private func ratio(_ setup: QASetup, _ index: Int) throws(DSPError) -> Double? {
        var scene = TestScene(
            model: .tone, course: VelocityCourse(0), beam: setup.beam, prfHz: setup.spectral.prfHz,
            seconds: Self.rampSeconds, seed: run.seed(7, index))
        let stated = try run.chain.read(scene.signal(), setup).lowestShiftHz
        guard stated > 0 else { return nil }
        let direction = index / 2 % 2 == 0 ? 1.0 : -1
        let end = direction * Self.rampEnd * stated / setup.beam.shiftHzPerCmPerS
        scene.course = VelocityCourse(end * 1e-6, .sweep(toCmPerS: end, seconds: Self.rampSeconds))
        let spectrogram = try run.chain.read(scene.signal(), setup).spectrogram
        let points = spectrogram.columns.indices.compactMap { column -> (hz: Double, power: Double)? in
            guard !spectrogram.columns[column].flags.contains(.settling) else { return nil }
            let hz = abs(scene.meanShiftHz(atSeconds: spectrogram.columns[column].centreSeconds))
            return (hz, spectrogram.power(ofColumn: column).reduce(0) { $0 + Double($1) })
        }
        let passed = points.filter { $0.hz > Self.passbandShare * Self.rampEnd * stated }
        guard let passband = Spread.of(passed.map(\.power))?.mean, passband > 0 else { return nil }
        for (slower, faster) in zip(points, points.dropFirst()) where faster.power >= Self.sixDb * passband {
            let change = faster.power - slower.power
            let share = change > 0 ? (Self.sixDb * passband - slower.power) / change : 0
            return (slower.hz + share * (faster.hz - slower.hz)) / stated
        }
        return nil
    }

    /// Share of columns that show a deep vein's flow in its direction.
    private func seenShare(_ index: Int) throws(DSPError) -> Double {
        var setup = run.setups.transtemporal
        setup.scale.insonationAngleDegrees = Self.veinDegrees
        let scene = TestScene(
            profile: VelocityProfile(.blunted(exponent: 4), gateShare: 0.7), course: VelocityCourse(Self.veinCmPerS),
            beam: setup.beam, prfHz: setup.spectral.prfHz, seconds: Self.veinSeconds, signalToNoiseDb: Self.veinDb,
            intrinsicBroadening: 0.03,
            faults: [
                FrontEndFault(.offset, size: Self.tissueRatio * TestScene.bloodCounts, seed: UInt64(index))
            ], seed: run.seed(8, index))
        let columns = try run.chain.read(scene.signal(), setup).usableColumns
        let seen = columns.count { column in
            guard let shift = column.meanShiftHz, !column.flags.contains(.noFlowDetected) else { return false }
            return Double(shift) * setup.normalSign > 0
        }
        return Double(seen) / Double(max(1, columns.count))
    }
}
