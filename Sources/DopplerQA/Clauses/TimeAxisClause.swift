internal import DopplerDSP
internal import Glibc
internal import ProbeSimulator

extension Clause {
    /// The time axis over ten minutes.
    static let timeAxis = Clause(
        name: "time-axis", heading: "IEC 61206 time axis", limit: "1 sample over 10 min, pulses lost on the way"
    ) { (run) throws(QAError) in try TimeAxis(run: run).outcome() }
}

/// Single pulses at known places in ten minutes of quiet; where the analysis shows them, by the powers of the columns
/// that hold them.
private struct TimeAxis {
    let run: ClauseRun

    private static let recordings = 2
    private static let clicks = 60
    /// Height of a click, counts, and quiet before the first (project choice).
    private static let clickCounts = 1e6
    private static let marginSeconds = 2.0
    /// Pulses around a click that must not be lost: longer than a window.
    private static let quietPulses = 1000

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.recordings)
        let found = try Trials.run(count) { index throws(DSPError) in try errors(index) }
        let known = found.flatMap { $0.compactMap { $0 } }
        let missing = found.reduce(0) { $0 + $1.count { $0 == nil } }
        return .measured(
            [
                .atMost(1, "worst error", Spread.farthest(known).map(abs), "samples"),
                .atMost(0, "clicks not found", Double(missing)),
            ], scenes: count)
    }

    /// Error of each click, samples; `nil` for one that is not found.
    private func errors(_ index: Int) throws(DSPError) -> [Double?] {
        var draw = SceneDraw(seed: run.seed(40, index))
        let setup = run.setups.jugular
        let prfHz = setup.spectral.prfHz
        let pulses = Int(run.timeAxisSeconds * prfHz)
        var signal = TestScene(
            model: .tone, course: VelocityCourse(0), beam: setup.beam, prfHz: prfHz, seconds: run.timeAxisSeconds,
            faults: [
                FrontEndFault(
                    .lostPulses, startSeconds: run.timeAxisSeconds * draw.number(0.2...0.25),
                    seconds: draw.number(0.01...3)),
                FrontEndFault(
                    .lostPulses, startSeconds: run.timeAxisSeconds * draw.number(0.7...0.75),
                    seconds: draw.number(0.01...3)),
            ], seed: run.seed(40, index)
        ).signal()
        let step = (run.timeAxisSeconds - 2 * Self.marginSeconds) / Double(Self.clicks)
        var places: [Int] = []
        for click in 0..<Self.clicks {
            let place = Int((Self.marginSeconds + step * (Double(click) + draw.number(0.2...0.8))) * prfHz)
            let around = place - Self.quietPulses...place + Self.quietPulses
            guard place < pulses, signal.arriving.contains(where: { $0.contains(around) }) else { continue }
            signal.add(counts: Self.clickCounts, atPulse: place)
            places.append(place)
        }
        let spectrogram = try run.chain.read(signal, setup).spectrogram
        // The upper half of the shifts on both sides: the wall filter's own delay lies below.
        let quarter = spectrogram.settings.fftLength / 4
        let powers = spectrogram.columns.indices.map { column in
            let power = spectrogram.power(ofColumn: column)
            return (power.prefix(quarter) + power.suffix(quarter)).reduce(0) { $0 + Double($1) }
        }
        return places.map { place in
            Self.shown(spectrogram, powers, near: Double(place) / prfHz).map { $0 * prfHz - Double(place) }
        }
    }

    /// Where the columns show a click, seconds: two neighbouring columns see it through Hann windows that are a hop apart,
    /// and the ratio of their powers gives its place in them.
    private static func shown(_ spectrogram: Spectrogram, _ powers: [Double], near seconds: Double) -> Double? {
        let settings = spectrogram.settings
        let reach = 2 * settings.windowSeconds
        let near = spectrogram.columns.indices.filter { abs(spectrogram.columns[$0].centreSeconds - seconds) < reach }
        guard let strongest = near.max(by: { powers[$0] < powers[$1] }), strongest > 0 else { return nil }
        let earlier = strongest - 1
        guard powers[earlier] > 0, powers[strongest] > 0 else { return nil }
        let length = Double(settings.fftLength)
        let hop = Double(settings.hopPulses) * .pi / length
        // Amplitudes are sin^2, so the fourth root of the ratio is sin(a + hop) / sin(a) for the later window's place a.
        let root = (powers[earlier] / powers[strongest]).squareRoot().squareRoot()
        let place = atan2(sin(hop), root - cos(hop)) * length / .pi
        let middle = spectrogram.columns[strongest].centreSeconds
        return middle + (place - length / 2) / settings.prfHz
    }
}
