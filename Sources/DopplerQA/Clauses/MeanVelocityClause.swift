internal import DopplerDSP
internal import ProbeSimulator

extension Clause {
    /// Mean velocity of broadband flow.
    static let meanVelocity = Clause(
        name: "mean-velocity",
        heading: "IEC 61206 mean frequency accuracy; IEC TS 61895 velocity accuracy",
        limit: "broadband, 20 dB over the noise of the whole band, 100 realisations of 1 s: bias 3 %, SD 5 %"
    ) { (run) throws(QAError) in try MeanVelocity(run: run).outcome() }
}

/// Flow of several profiles, by both models, in both directions; each realisation gives one mean.
private struct MeanVelocity {
    let run: ClauseRun

    private struct Group {
        var label: String
        var profile: VelocityProfile
        var broadening: Double
        /// Mean shift, share of Nyquist.
        var share: Double
        var model: SignalModel
    }

    /// The gates leave out the slow layers at the wall, so that the wall filter takes nothing away.
    private static let groups: [Group] = [SignalModel.scatterers, .sinusoids].flatMap { model in
        [
            Group(
                label: "blunted, \(model.rawValue)", profile: VelocityProfile(.blunted(exponent: 6), gateShare: 0.8),
                broadening: 0.02, share: 0.25, model: model),
            Group(
                label: "parabolic, \(model.rawValue)", profile: VelocityProfile(.parabolic, gateShare: 0.6),
                broadening: 0.01, share: 0.5, model: model),
            Group(
                label: "plug, \(model.rawValue)", profile: VelocityProfile(.plug), broadening: 0.1, share: 0.35,
                model: model),
        ]
    }

    private static let realisations = 100
    private static let seconds = 1.0
    private static let bloodDb = 20.0

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.realisations)
        var worstBias: (Double, String)?
        var worstDeviation: (Double, String)?
        var missing = 0
        for (number, group) in Self.groups.enumerated() {
            let all = try Trials.run(count) { index throws(DSPError) in try errors(group, number, index) }
            for estimator in 0..<2 {
                let found = all.compactMap { $0[estimator] }
                missing += all.count - found.count
                guard let spread = Spread.of(found) else { continue }
                let label = "\(group.label), \(estimator == 0 ? "autocorrelation" : "intensity-weighted")"
                if abs(spread.mean) >= abs(worstBias?.0 ?? 0) { worstBias = (spread.mean, label) }
                if spread.deviation >= worstDeviation?.0 ?? 0 { worstDeviation = (spread.deviation, label) }
            }
        }
        return .measured(
            [
                .atMost(3, "worst bias", worstBias.map { 100 * abs($0.0) }, "%", note: worstBias?.1),
                .atMost(5, "worst SD", worstDeviation.map { 100 * $0.0 }, "%", note: worstDeviation?.1),
                .atMost(0, "realisations not measured", Double(missing)),
            ], scenes: count * Self.groups.count)
    }

    /// Relative errors of both estimators; `nil` where fewer than nine of ten columns are measured.
    private func errors(_ group: Group, _ number: Int, _ index: Int) throws(DSPError) -> [Double?] {
        let setup = run.setups.jugular
        let shiftHz = (index % 2 == 0 ? 1 : -1) * group.share * setup.nyquistHz
        let scene = TestScene(
            model: group.model, profile: group.profile, course: VelocityCourse(shiftHz / setup.beam.shiftHzPerCmPerS),
            beam: setup.beam, prfHz: setup.spectral.prfHz, seconds: Self.seconds, signalToNoiseDb: Self.bloodDb,
            intrinsicBroadening: group.broadening, seed: run.seed(2 + 10 * number, index))
        let columns = try run.chain.read(scene.signal(), setup).usableColumns
        return [columns.map(\.meanShiftHz), columns.map(\.spectralMeanShiftHz)].map { shifts in
            let found = shifts.compactMap { $0.map(Double.init) }
            guard 10 * found.count >= 9 * shifts.count, let spread = Spread.of(found) else { return nil }
            return spread.mean / shiftHz - 1
        }
    }
}
