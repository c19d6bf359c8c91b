internal import DopplerDSP
internal import ProbeSimulator

extension Clause {
    /// Reflux beside strong walls.
    static let wall = Clause(
        name: "wall",
        heading: "IEC 61206 high-pass filter and response to strong low-frequency echoes",
        limit: "40 to 60 dB over blood at up to 60 Hz: verdict unchanged, reflux duration within 20 ms"
    ) { (run) throws(QAError) in try Wall(run: run).outcome() }
}

/// The same scene with and without walls that move all the time or thump with the heart.
private struct Wall {
    let run: ClauseRun

    private static let scenes = 200
    private static let bloodDb = 17.0
    private static let wallDb = 40.0...60.0
    /// Lengths away from the threshold, seconds.
    private static let shortSeconds = 0.5...0.78
    private static let longSeconds = 0.98...1.4
    private static let beatSeconds = 0.85
    private static let thumpSeconds = 0.2...0.5

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.scenes)
        let found = try Trials.run(count) { index throws(DSPError) in try readings(index) }
        let errors = found.compactMap { $0.with.errorSeconds.map { 1000 * $0 } }
        return .measured(
            [
                .atMost(0, "verdict changed", Double(found.count { $0.with.answer != $0.without.answer })),
                .atMost(0, "verdict wrong", Double(found.count { $0.with.answer != $0.expected })),
                .atMost(0, "reflux not found", Double(found.count - errors.count)),
                .atMost(20, "worst error", Spread.farthest(errors).map(abs), "ms"),
                .shown("95 % of errors within", Spread.quantile(0.95, errors.map(abs)), "ms"),
                .shown(
                    "worst error without walls",
                    Spread.farthest(found.compactMap { $0.without.errorSeconds.map { 1000 * $0 } }).map(abs), "ms"),
            ], scenes: count)
    }

    private struct Readings {
        var with: RefluxReading
        var without: RefluxReading
        var expected: RefluxAnswer
    }

    private func readings(_ index: Int) throws(DSPError) -> Readings {
        let seed = run.seed(20, index)
        var draw = SceneDraw(seed: seed)
        let setup = run.setups.jugular
        let isLong = index % 2 == 0
        let seconds = draw.number(isLong ? Self.longSeconds : Self.shortSeconds)
        var scene = RefluxScenes(setup: setup, bloodDb: Self.bloodDb).reflux(seconds: seconds, &draw, seed: seed)
        let without = RefluxReading(try run.chain.read(scene.signal(), setup), trueSeconds: seconds)
        let decibels = draw.number(Self.wallDb)
        if index / 2 % 2 == 0 {
            scene.faults = [FrontEndFault(.wallThump, size: decibels, seed: seed)]
        } else {
            for start in stride(from: 0.1, to: scene.seconds, by: Self.beatSeconds) {
                scene.faults.append(
                    FrontEndFault(
                        .wallThump, startSeconds: start, seconds: draw.number(Self.thumpSeconds), size: decibels,
                        seed: seed))
            }
        }
        let with = RefluxReading(try run.chain.read(scene.signal(), setup), trueSeconds: seconds)
        return Readings(with: with, without: without, expected: isLong ? .yes : .no)
    }
}
