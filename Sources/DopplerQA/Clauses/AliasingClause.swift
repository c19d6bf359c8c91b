internal import CCSVIAnalysis
internal import DopplerDSP
internal import ProbeSimulator

extension Clause {
    /// Velocities beyond the scale.
    static let aliasing = Clause(
        name: "aliasing",
        heading: "IEC 61206 flow direction separation at the limit of the frequency range",
        limit: "envelope over 95 % of Nyquist in more than 5 % of columns: flagged; an apparent reversal never yes, a "
            + "true reflux that aliases never no, in 1,000"
    ) { (run) throws(QAError) in try Aliasing(run: run).outcome() }
}

private struct Aliasing {
    let run: ClauseRun

    private static let scenes = 1000
    private static let bloodDb = 17.0
    /// Velocity over Nyquist, by the mean: the shift seems reversed from 1 to 2.
    private static let fastShare = 1.05...1.8
    private static let fastSeconds = 0.95...1.6
    private static let edgeSeconds = 0.06...0.2
    /// Columns over 95 % of Nyquist must be flagged from here on, and need not below; between lies what the estimate of a
    /// share of so few columns cannot tell.
    private static let flaggedShare = 0.07
    private static let limitShare = 0.95
    /// Maximum of a scene that must not be flagged, share of Nyquist.
    private static let slowShare = 0.3...0.75

    private struct Reading {
        var answer: RefluxAnswer
        var isFlagged: Bool
        var aliasedShare: Double
    }

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.scenes)
        let surges = try Trials.run(count) { index throws(DSPError) in try surge(index) }
        let refluxes = try Trials.run(count) { index throws(DSPError) in try reflux(index) }
        let unaliased = try Trials.run(max(1, count / 10)) { index throws(DSPError) in try slow(index) }
        let aliased = (surges + refluxes).filter { $0.aliasedShare > Self.flaggedShare }
        let apparent = surges.count { $0.answer == .yes }
        let missed = refluxes.count { $0.answer == .no }
        let seen = refluxes.count { $0.answer == .yes }
        let unflagged = aliased.count { !$0.isFlagged }
        let falselyFlagged = unaliased.count { $0.isFlagged }
        return .measured(
            [
                .atMost(0, "apparent reversal: yes", Double(apparent)),
                .atMost(0, "true reflux: no", Double(missed)),
                .atMost(0, "aliased, not flagged", Double(unflagged)),
                .atMost(0, "not aliased, flagged", Double(falselyFlagged)),
                .shown("true reflux: yes", 100 * Double(seen) / Double(count), "%"),
                .shown("aliased scenes", Double(aliased.count)),
            ], scenes: 2 * count + unaliased.count)
    }

    /// Forward flow that surges beyond the scale.
    private func surge(_ index: Int) throws(DSPError) -> Reading {
        let seed = run.seed(30, index)
        var draw = SceneDraw(seed: seed)
        let setup = run.setups.jugular
        let length = draw.number(Self.fastSeconds)
        var scene = RefluxScenes(setup: setup, bloodDb: Self.bloodDb).forward(seconds: length + 2, &draw, seed: seed)
        scene.course.rhythm = .surge(
            toCmPerS: setup.speedCmPerS(draw.number(Self.fastShare) * setup.nyquistHz), startSeconds: 1,
            endSeconds: 1 + length, edgeSeconds: draw.number(Self.edgeSeconds))
        return try reading(scene, setup)
    }

    /// True reflux beyond the scale.
    private func reflux(_ index: Int) throws(DSPError) -> Reading {
        let seed = run.seed(31, index)
        var draw = SceneDraw(seed: seed)
        let setup = run.setups.jugular
        let length = draw.number(Self.fastSeconds) + 0.05
        var scene = RefluxScenes(setup: setup, bloodDb: Self.bloodDb).reflux(seconds: length, &draw, seed: seed)
        if !scene.course.reversals.isEmpty {
            scene.course.reversals[0].velocityCmPerS = setup.speedCmPerS(
                draw.number(Self.fastShare) * setup.nyquistHz)
            scene.course.reversals[0].rampSeconds = draw.number(Self.edgeSeconds)
        }
        return try reading(scene, setup)
    }

    private func slow(_ index: Int) throws(DSPError) -> Reading {
        let seed = run.seed(32, index)
        var draw = SceneDraw(seed: seed)
        let setup = run.setups.jugular
        var scene = RefluxScenes(setup: setup, bloodDb: Self.bloodDb).forward(seconds: 3, &draw, seed: seed)
        let maximumHz = draw.number(Self.slowShare) * setup.nyquistHz
        scene.course = VelocityCourse(setup.speedCmPerS(maximumHz / scene.profile.maximumOverMean))
        return try reading(scene, setup)
    }

    private func reading(_ scene: TestScene, _ setup: QASetup) throws(DSPError) -> Reading {
        let found = try run.chain.read(scene.signal(), setup)
        let limit = Self.limitShare * setup.nyquistHz
        let truth = scene.truth()
        let ratio = abs(scene.beam.shiftHzPerCmPerS)
        let beyond = truth.maximumCmPerS.count { abs($0) * ratio > limit }
        let flagged =
            found.assessment.aliasedFraction > FlowAssessment.mostAliasedFraction
            || found.assessment.finding == .notAssessable(.aliased)
        return Reading(
            answer: found.answer, isFlagged: flagged,
            aliasedShare: Double(beyond) / Double(max(1, truth.maximumCmPerS.count)))
    }
}
