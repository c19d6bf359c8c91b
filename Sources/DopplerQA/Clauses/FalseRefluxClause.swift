internal import DopplerDSP
internal import ProbeSimulator

extension Clause {
    /// What must not be taken for reflux.
    static let falseReflux = Clause(
        name: "false-reflux",
        heading: "IEC TS 61895 response to artefacts; IEC 61206 zero-signal noise and overload",
        limit: "valve closure, tap, hum, clipping, dropout: none scored in 1,000 each; 95 % of taps recognised"
    ) { (run) throws(QAError) in try FalseReflux(run: run).outcome() }
}

/// Forward flow with one kind of disturbance.
private struct FalseReflux {
    let run: ClauseRun

    private static let scenes = 1000
    private static let seconds = 3.0
    private static let bloodDb = 10.0...20.0

    private enum Kind: String, CaseIterable, Sendable {
        case valveClosure = "valve closure"
        case tap, hum, clipping, dropout
    }

    private struct Reading: Sendable {
        var answer: RefluxAnswer
        var taps = 0
        var tapsRecognised = 0
        /// Columns flagged as taps where there was none.
        var falseTaps = 0
        var columns = 0
    }

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.scenes)
        var figures: [ClauseFigure] = []
        var (taps, recognised, falseTaps, columns, uncertain) = (0, 0, 0, 0, 0)
        for (group, kind) in Kind.allCases.enumerated() {
            let found = try Trials.run(count) { index throws(DSPError) in
                try reading(kind, group: 21 + 10 * group, index)
            }
            figures.append(.atMost(0, "\(kind.rawValue) scored", Double(found.count { $0.answer == .yes })))
            uncertain += found.count { $0.answer == .uncertain }
            for reading in found {
                taps += reading.taps
                recognised += reading.tapsRecognised
                falseTaps += kind == .tap ? 0 : reading.falseTaps
                columns += kind == .tap ? 0 : reading.columns
            }
        }
        figures += [
            .atLeast(95, "taps recognised", taps > 0 ? 100 * Double(recognised) / Double(taps) : nil, "%"),
            .atMost(
                1, "columns taken for taps without one",
                columns > 0 ? 100 * Double(falseTaps) / Double(columns) : nil, "%"),
            .shown("uncertain", 100 * Double(uncertain) / Double(count * Kind.allCases.count), "%"),
        ]
        return .measured(figures, scenes: count * Kind.allCases.count)
    }

    private func reading(_ kind: Kind, group: Int, _ index: Int) throws(DSPError) -> Reading {
        let seed = run.seed(group, index)
        var draw = SceneDraw(seed: seed)
        let setup = run.setups.jugular
        let scenes = RefluxScenes(setup: setup, bloodDb: draw.number(Self.bloodDb))
        var scene = scenes.forward(seconds: Self.seconds, &draw, seed: seed)
        disturb(&scene, kind, &draw, seed)
        let found = try run.chain.read(scene.signal(), setup)
        var reading = Reading(answer: found.answer)
        let window = setup.spectral.windowSeconds / 2
        let taps = scene.faults.filter { $0.kind == .tap }.map { $0.startSeconds...$0.startSeconds + $0.seconds }
        let flagged = found.spectrogram.columns.filter { $0.flags.contains(.tap) }.map(\.centreSeconds)
        reading.taps = taps.count
        // Recognised: a flagged column whose middle lies within the tap.
        reading.tapsRecognised = taps.count { tap in flagged.contains { tap.contains($0) } }
        reading.falseTaps = flagged.count { centre in
            !taps.contains { $0.lowerBound - window <= centre && centre <= $0.upperBound + window }
        }
        reading.columns = found.spectrogram.columns.count
        return reading
    }

    private func disturb(_ scene: inout TestScene, _ kind: Kind, _ draw: inout SceneDraw, _ seed: UInt64) {
        switch kind {
        case .valveClosure:
            // Nedelmann 2005: 0.46 +/- 0.14 s, 0.22 to 0.78 s; 26.2 +/- 11.1 cm/s.
            let deviations = (0..<12).reduce(-6.0) { sum, _ in sum + draw.number(0...1) }
            let seconds = min(max(0.46 + 0.14 * deviations, 0.22), 0.78)
            let onset = draw.number(0.8...1.2)
            scene.course.reversals = [
                VelocityCourse.Reversal(
                    onsetSeconds: onset, endSeconds: onset + seconds, velocityCmPerS: draw.number(12...40),
                    rampSeconds: draw.number(0.01...0.04))
            ]
        case .tap:
            for start in [0.6, 1.5, 2.3] {
                scene.faults.append(
                    FrontEndFault(
                        .tap, startSeconds: start + draw.number(0...0.3), seconds: draw.number(0.03...0.09),
                        size: draw.number(10...35), seed: seed))
            }
        case .hum:
            scene.faults = [FrontEndFault(.hum, size: draw.number(-10...15), seed: seed)]
        case .clipping:
            scene.faults = [FrontEndFault(.clipping, size: draw.number(0.3...1.5) * TestScene.bloodCounts)]
        case .dropout:
            for start in [0.7, 1.6, 2.2] {
                scene.faults.append(
                    FrontEndFault(
                        draw.coin() ? .dropout : .lostPulses, startSeconds: start + draw.number(0...0.2),
                        seconds: draw.number(0.005...0.3)))
            }
        }
    }
}
