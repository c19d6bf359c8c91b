internal import DopplerDSP
internal import Glibc
internal import ProbeSimulator

extension Clause {
    /// Separation of the directions.
    static let directionSeparation = Clause(
        name: "direction-separation",
        heading: "IEC 61206 flow direction separation; IEC TS 61895 flow direction separation",
        limit: "tone: ideal 80 dB; 1 % and 0.01 rad error corrected 60 dB"
    ) { (run) throws(QAError) in try DirectionSeparation(run: run).outcome() }

    /// The sign of the velocity in random scenes.
    static let wrongDirection = Clause(
        name: "wrong-direction",
        heading: "IEC 61206 flow direction separation",
        limit: "1,000 random scenes of 6 dB and more: 0 wrong"
    ) { (run) throws(QAError) in try WrongDirection(run: run).outcome() }
}

/// A tone's power over the power of its mirror image.
private struct DirectionSeparation {
    let run: ClauseRun

    private static let tones = 40
    /// Shifts, share of Nyquist: far enough from 0 and Nyquist that the window's own lobes do not count.
    private static let shares = 0.15...0.85
    private static let idealSeconds = 0.5
    /// The correction may learn for this long; the last part is measured (project choice).
    private static let learningSeconds = 4.0
    private static let measuredColumns = 40
    private static let gainError = 0.01
    private static let phaseErrorRadians = 0.01
    /// Half width of the Hann window's main lobe, bins (Harris 1978).
    private static let lobeBins = 2
    /// What is printed when the mirror image is empty, dB.
    private static let mostDb = 200.0

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.tones)
        let ideal = try Trials.run(count) { index throws(DSPError) in
            try separationDb(index, run.setups.jugular.correcting(false), Self.idealSeconds, faults: [])
        }
        let corrected = try Trials.run(count) { index throws(DSPError) in
            let signs = (index / 2 % 2 == 0 ? 1.0 : -1, index / 4 % 2 == 0 ? 1.0 : -1)
            return try separationDb(
                index, run.setups.jugular.correcting(true), Self.learningSeconds,
                faults: [
                    FrontEndFault(.gainError, size: signs.0 * Self.gainError),
                    FrontEndFault(.phaseError, size: signs.1 * Self.phaseErrorRadians),
                ])
        }
        return .measured(
            [
                .atLeast(80, "least, ideal I/Q", Self.least(ideal), "dB"),
                .atLeast(60, "least, 1 % and 0.01 rad corrected", Self.least(corrected), "dB"),
            ], scenes: 2 * count)
    }

    private static func least(_ values: [Double?]) -> Double? {
        let found = values.compactMap { $0 }
        return found.count == values.count ? found.min() : nil
    }

    private func separationDb(
        _ index: Int, _ setup: QASetup, _ seconds: Double, faults: [FrontEndFault]
    ) throws(DSPError) -> Double? {
        var draw = SceneDraw(seed: run.seed(5, index))
        let shiftHz = (index % 2 == 0 ? 1 : -1) * draw.number(Self.shares) * setup.nyquistHz
        let scene = TestScene(
            model: .tone, course: VelocityCourse(shiftHz / setup.beam.shiftHzPerCmPerS), beam: setup.beam,
            prfHz: setup.spectral.prfHz, seconds: seconds, faults: faults, seed: run.seed(5, index))
        let spectrogram = try run.chain.read(scene.signal(), setup).spectrogram
        guard !spectrogram.columns.isEmpty else { return nil }
        let settings = spectrogram.settings
        let bin = Int((shiftHz / settings.binWidthHz).rounded())
        var (flow, mirror) = (0.0, 0.0)
        for column in spectrogram.columns.indices.suffix(Self.measuredColumns) {
            let power = Array(spectrogram.power(ofColumn: column))
            guard power.count == settings.fftLength else { return nil }
            for offset in -Self.lobeBins...Self.lobeBins {
                flow += Double(power[wrapped(bin + offset, settings.fftLength)])
                mirror += Double(power[wrapped(-bin + offset, settings.fftLength)])
            }
        }
        guard flow > 0 else { return nil }
        return mirror > 0 ? min(10 * log10(flow / mirror), Self.mostDb) : Self.mostDb
    }

    /// Index of a bin counted from 0 Hz.
    private func wrapped(_ bin: Int, _ length: Int) -> Int { ((bin + length / 2) % length + length) % length }
}

/// Scenes of any profile, speed, noise and mild fault; a scene's direction is that of most of its columns.
private struct WrongDirection {
    let run: ClauseRun

    private static let scenes = 1000
    private static let seconds = 0.5
    private static let bloodDb = 6.0...30.0
    /// Maximum shift and mean shift, share of Nyquist: not aliased, and clear of the wall filter.
    private static let maximumShare = 0.2...0.9
    private static let leastMeanHz = 200.0

    private enum Sign { case right, wrong, notMeasured }

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.scenes)
        let found = try Trials.run(count) { index throws(DSPError) in try sign(index) }
        let wrong = found.count { $0.0 == .wrong }
        let unmeasured = found.count { $0.0 == .notMeasured }
        let columns = found.reduce(0) { $0 + $1.columns }
        let wrongColumns = found.reduce(0) { $0 + $1.wrong }
        return .measured(
            [
                .atMost(0, "wrong scenes", Double(wrong)),
                .atMost(1, "scenes without a direction", 100 * Double(unmeasured) / Double(count), "%"),
                .shown("wrong columns", columns > 0 ? 100 * Double(wrongColumns) / Double(columns) : nil, "%"),
            ], scenes: count)
    }

    private func sign(_ index: Int) throws(DSPError) -> (Sign, columns: Int, wrong: Int) {
        let seed = run.seed(6, index)
        var draw = SceneDraw(seed: seed)
        let setup = run.setups.jugular
        let profile = draw.profile()
        let maximumHz = max(
            draw.number(Self.maximumShare) * setup.nyquistHz, Self.leastMeanHz * profile.maximumOverMean)
        let sign: Double = draw.coin() ? 1 : -1
        let meanHz = sign * maximumHz / profile.maximumOverMean
        let scene = TestScene(
            model: draw.coin() ? .scatterers : .sinusoids, profile: profile,
            course: VelocityCourse(meanHz / setup.beam.shiftHzPerCmPerS), beam: setup.beam,
            prfHz: setup.spectral.prfHz, seconds: Self.seconds, signalToNoiseDb: draw.number(Self.bloodDb),
            intrinsicBroadening: draw.number(0.02...0.05),
            faults: [
                FrontEndFault(.gainError, size: draw.number(-0.05...0.05)),
                FrontEndFault(.phaseError, size: draw.number(-0.05...0.05)),
                FrontEndFault(.offset, size: draw.number(0...10) * TestScene.bloodCounts, seed: seed),
            ], seed: seed)
        let shifts = try run.chain.read(scene.signal(), setup).usableColumns.compactMap(\.meanShiftHz)
        let right = shifts.count { Double($0) * sign > 0 }
        let wrong = shifts.count - right
        guard !shifts.isEmpty else { return (.notMeasured, 0, 0) }
        return (wrong >= right ? .wrong : .right, shifts.count, wrong)
    }
}
