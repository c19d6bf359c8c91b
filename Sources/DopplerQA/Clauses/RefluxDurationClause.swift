internal import DopplerDSP
internal import ProbeSimulator

extension Clause {
    /// The length of reflux, and what is said of it near the threshold.
    static let refluxDuration = Clause(
        name: "reflux-duration",
        heading: "IEC 61206 waveform indices: time",
        limit: "10 dB, ramps up to 20 ms: 15 ms; 0.80 s never yes, 0.96 s always; 0.86 and 0.90 s never wrong, "
            + "uncertain in at most half; 1,000 each"
    ) { (run) throws(QAError) in try RefluxDuration(run: run).outcome() }
}

private struct RefluxDuration {
    let run: ClauseRun

    private static let scenes = 1000
    private static let bloodDb = 10.0
    private static let trueSeconds = [0.80, 0.86, 0.90, 0.96]

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.scenes)
        var found: [[RefluxReading]] = []
        for (group, seconds) in Self.trueSeconds.enumerated() {
            found.append(
                try Trials.run(count) { index throws(DSPError) in try reading(seconds, group: 9 + 10 * group, index) })
        }
        func number(_ group: Int, _ answer: RefluxAnswer) -> Double {
            Double(found[group].count { $0.answer == answer })
        }
        let errors = found.joined().compactMap { $0.errorSeconds.map { 1000 * $0 } }
        let uncertain = max(number(1, .uncertain), number(2, .uncertain))
        return .measured(
            [
                .atMost(15, "worst error", Spread.farthest(errors).map(abs), "ms"),
                .shown("95 % of errors within", Spread.quantile(0.95, errors.map(abs)), "ms"),
                .shown("mean error", Spread.of(errors)?.mean, "ms"), .shown("SD", Spread.of(errors)?.deviation, "ms"),
                .atMost(0, "reflux not found", Double(found.joined().count { $0.errorSeconds == nil })),
                .atMost(0, "0.80 s: yes", number(0, .yes)),
                .atMost(0, "0.96 s: not yes", number(3, .no) + number(3, .uncertain)),
                .atMost(0, "0.86 s: yes", number(1, .yes)), .atMost(0, "0.90 s: no", number(2, .no)),
                .atMost(50, "0.86 or 0.90 s: uncertain", 100 * uncertain / Double(count), "%"),
            ], scenes: count * Self.trueSeconds.count)
    }

    private func reading(_ seconds: Double, group: Int, _ index: Int) throws(DSPError) -> RefluxReading {
        let seed = run.seed(group, index)
        var draw = SceneDraw(seed: seed)
        let setup = run.setups.jugular
        let scene = RefluxScenes(setup: setup, bloodDb: Self.bloodDb).reflux(seconds: seconds, &draw, seed: seed)
        return RefluxReading(try run.chain.read(scene.signal(), setup), trueSeconds: seconds)
    }
}
