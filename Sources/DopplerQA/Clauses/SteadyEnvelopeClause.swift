internal import DopplerDSP
internal import ProbeSimulator

extension Clause {
    /// Maximum velocity of steady flow.
    static let steadyEnvelope = Clause(
        name: "envelope-steady",
        heading: "IEC 61206 maximum frequency accuracy; IEC TS 61895 intrinsic broadening",
        limit: "17 dB / 9 dB, broadening up to 3 %, 1 s, 90 % of columns measured: bias and SD 3 % / 5 %"
    ) { (run) throws(QAError) in try SteadyEnvelope(run: run).outcome() }
}

/// Steady flow of several profiles, broadenings and speeds; each realisation gives the mean of its columns.
private struct SteadyEnvelope {
    let run: ClauseRun

    private struct Group {
        var label: String
        var profile: VelocityProfile
        var broadening: Double
        /// Maximum shift, share of Nyquist.
        var share: Double
    }

    private struct Reading {
        var error: Double?
        var columnDeviation: Double?
        var measuredShare: Double
    }

    private static let profiles: [(String, VelocityProfile)] = [
        ("parabolic", VelocityProfile(.parabolic)), ("blunted", VelocityProfile(.blunted(exponent: 6))),
        ("skewed", VelocityProfile(.skewed(skewness: 0.5))),
    ]
    private static let groups: [Group] = profiles.flatMap { name, profile in
        [0.0, 0.03].flatMap { broadening in
            [0.3, 0.6, 0.85].map { share in
                Group(
                    label: "\(name), broadening \(Int(100 * broadening)) %, \(Int(100 * share)) % of Nyquist",
                    profile: profile, broadening: broadening, share: share)
            }
        }
    }
    /// Blood over the noise of the whole band, dB, and the limit of bias and SD, %.
    private static let levels = [(decibels: 17.0, limit: 3.0), (decibels: 9.0, limit: 5.0)]
    private static let realisations = 100
    private static let seconds = 1.0

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.realisations)
        var figures: [ClauseFigure] = []
        var worstShare: (Double, String)?
        for (level, (decibels, limit)) in Self.levels.enumerated() {
            var biases: [(Double, String)] = []
            var deviations: [(Double, String)] = []
            var scatter: [Double] = []
            for (number, group) in Self.groups.enumerated() {
                let readings = try Trials.run(count) { index throws(DSPError) in
                    try reading(group, decibels, group: 3 + 10 * (number + 100 * level), index)
                }
                let share = readings.reduce(0) { $0 + $1.measuredShare } / Double(max(1, readings.count))
                if share <= worstShare?.0 ?? 1 { worstShare = (share, "\(group.label), \(Int(decibels)) dB") }
                scatter += readings.compactMap(\.columnDeviation)
                guard let spread = Spread.of(readings.compactMap(\.error)) else { continue }
                biases.append((spread.mean, group.label))
                deviations.append((spread.deviation, group.label))
            }
            let bias = biases.max { abs($0.0) < abs($1.0) }
            let deviation = deviations.max { $0.0 < $1.0 }
            let at = "\(Int(decibels)) dB"
            let overall = Spread.of(biases.map(\.0))?.mean
            figures += [
                .atMost(
                    limit, "worst bias at \(at)", bias.map { 100 * abs($0.0) }, "%",
                    note: bias.map { "\($0.0 < 0 ? "too low" : "too high"): \($0.1)" }),
                .atMost(limit, "worst SD at \(at)", deviation.map { 100 * $0.0 }, "%", note: deviation?.1),
                .shown("mean bias at \(at)", overall.map { 100 * $0 }, "%"),
                .shown("SD of single columns at \(at)", Spread.of(scatter).map { 100 * $0.mean }, "%"),
            ]
        }
        figures.append(
            .atLeast(90, "least columns measured", worstShare.map { 100 * $0.0 }, "%", note: worstShare?.1))
        return .measured(figures, scenes: count * Self.groups.count * Self.levels.count)
    }

    private func reading(
        _ group: Group, _ decibels: Double, group number: Int, _ index: Int
    ) throws(DSPError) -> Reading {
        let setup = run.setups.jugular
        let sign: Double = index % 2 == 0 ? 1 : -1
        let maximumHz = sign * group.share * setup.nyquistHz
        let meanHz = maximumHz / group.profile.maximumOverMean
        let scene = TestScene(
            profile: group.profile, course: VelocityCourse(meanHz / setup.beam.shiftHzPerCmPerS), beam: setup.beam,
            prfHz: setup.spectral.prfHz, seconds: Self.seconds, signalToNoiseDb: decibels,
            intrinsicBroadening: group.broadening, seed: run.seed(number, index))
        let columns = try run.chain.read(scene.signal(), setup).usableColumns
        let envelope = columns.compactMap { (sign > 0 ? $0.envelopeTowardsHz : $0.envelopeAwayHz).map(Double.init) }
        let spread = Spread.of(envelope)
        return Reading(
            error: spread.map { $0.mean / maximumHz - 1 },
            columnDeviation: spread.map { $0.deviation / abs(maximumHz) },
            measuredShare: Double(envelope.count) / Double(max(1, columns.count)))
    }
}
