/// Applies the faults of a scene in the order in which a front end commits them: echoes and pick-up first, then gain and
/// phase, offset and converter, then what is lost behind it.
struct FrontEnd {
    let scene: TestScene

    private static let order: [FrontEndFault.Kind] = [
        .wallThump, .tap, .hum, .gainError, .phaseError, .offset, .clipping, .dropout, .lostPulses,
    ]
    /// Sinusoids of a wall's echoes (project choice).
    private static let wallLines = 8
    /// Shifts of a wall's echoes, Hz, below the limit.
    private static let wallShiftsHz = 3.0...58.0
    /// Longest time in which a wall's echoes come or go, seconds (project choice: spreads by less than 8 Hz).
    private static let wallEdgeSeconds = 0.15
    /// Amplitudes of the harmonics of mains hum over the fundamental's (project choice: as behind a bad earth).
    private static let humHarmonics = [1.0, 0.2, 0.4, 0.05, 0.2]
    /// Time in which a tap rises, seconds, and falls to 1/e, as a share of its length (project choice).
    private static let tapRiseSeconds = 0.002
    private static let tapFallShare = 0.3

    /// The signal with the faults.
    func applied(to signal: TestSignal) -> TestSignal {
        var signal = signal
        for kind in Self.order {
            for (index, fault) in scene.faults.enumerated() where fault.kind == kind {
                apply(fault, index, to: &signal)
            }
        }
        return signal
    }

    private func apply(_ fault: FrontEndFault, _ index: Int, to signal: inout TestSignal) {
        let pulses = fault.pulses(prfHz: scene.prfHz, count: signal.count)
        guard !pulses.isEmpty else { return }
        var noise = SignalNoise(["fault", fault.kind.rawValue, String(index), String(fault.seed)])
        let level = TestScene.bloodCounts * PortableMath.amplitude(ofDb: fault.size)
        switch fault.kind {
        case .wallThump: addWall(level, pulses, &noise, &signal)
        case .tap: addTap(level, pulses, &noise, &signal)
        case .hum: addHum(level, pulses, &noise, &signal)
        case .gainError: for pulse in pulses { signal.quadrature[pulse] *= 1 + fault.size }
        case .phaseError: turnQ(PortableMath.unit(turns: fault.size / PortableMath.twoPi), pulses, &signal)
        case .offset:
            let angle = PortableMath.unit(turns: noise.uniform())
            for pulse in pulses {
                signal.inPhase[pulse] += fault.size * angle.cosine
                signal.quadrature[pulse] += fault.size * angle.sine
            }
        case .clipping: clip(fault.size, pulses, &signal)
        case .dropout:
            for pulse in pulses {
                signal.inPhase[pulse] = 0
                signal.quadrature[pulse] = 0
            }
        case .lostPulses: lose(pulses, &signal)
        case .clockDrift: break
        }
    }

    private func turnQ(
        _ error: (cosine: Double, sine: Double), _ pulses: Range<Int>, _ signal: inout TestSignal
    ) {
        for pulse in pulses {
            signal.quadrature[pulse] = signal.quadrature[pulse] * error.cosine + signal.inPhase[pulse] * error.sine
        }
    }

    /// Sinusoids of random frequency in both directions that come and go smoothly.
    private func addWall(_ level: Double, _ pulses: Range<Int>, _ noise: inout SignalNoise, _ signal: inout TestSignal)
    {
        let edge = min(Self.wallEdgeSeconds * scene.prfHz, Double(pulses.count) / 2)
        let limits = Self.wallShiftsHz
        let amplitude = level / Double(Self.wallLines).squareRoot()
        for line in 0..<Self.wallLines {
            let place = (Double(line / 2) + noise.uniform()) / Double(Self.wallLines / 2)
            let shiftHz = limits.lowerBound + place * (limits.upperBound - limits.lowerBound)
            let turns = (line % 2 == 0 ? 1 : -1) * shiftHz / scene.prfHz
            let phase = noise.uniform()
            for pulse in pulses {
                let inside = Double(pulse - pulses.lowerBound)
                let nearest = min(inside, Double(pulses.count - 1) - inside)
                let weight = nearest < edge ? 0.5 - 0.5 * PortableMath.unit(turns: nearest / edge / 2).cosine : 1
                let unit = PortableMath.unit(turns: phase + turns * inside)
                signal.inPhase[pulse] += weight * amplitude * unit.cosine
                signal.quadrature[pulse] += weight * amplitude * unit.sine
            }
        }
    }

    private func addTap(_ level: Double, _ pulses: Range<Int>, _ noise: inout SignalNoise, _ signal: inout TestSignal) {
        let length = Double(pulses.count)
        let rise = min(Self.tapRiseSeconds * scene.prfHz, length / 2)
        for pulse in pulses {
            let inside = Double(pulse - pulses.lowerBound)
            let fall = PortableMath.exponential(-max(0, inside - rise) / (Self.tapFallShare * length))
            let weight = min(1, (inside + 1) / max(rise, 1)) * fall * level * 0.5.squareRoot()
            let (first, second) = noise.gaussianPair()
            signal.inPhase[pulse] += weight * first
            signal.quadrature[pulse] += weight * second
        }
    }

    /// Pick-up is real on each channel: it lies on both sides of the spectrum.
    private func addHum(_ level: Double, _ pulses: Range<Int>, _ noise: inout SignalNoise, _ signal: inout TestSignal) {
        let total = Self.humHarmonics.reduce(0) { $0 + $1 * $1 }
        // Two channels, each with half the square of its amplitude.
        let amplitude = level / total.squareRoot()
        for (index, harmonic) in Self.humHarmonics.enumerated() {
            let turns = FrontEndFault.mainsHz * Double(index + 1) / scene.prfHz
            let phases = (noise.uniform(), noise.uniform())
            for pulse in pulses {
                let place = turns * Double(pulse)
                signal.inPhase[pulse] += amplitude * harmonic * PortableMath.unit(turns: place + phases.0).sine
                signal.quadrature[pulse] += amplitude * harmonic * PortableMath.unit(turns: place + phases.1).sine
            }
        }
    }

    private func clip(_ level: Double, _ pulses: Range<Int>, _ signal: inout TestSignal) {
        var run: Range<Int>?
        for pulse in pulses {
            let i = signal.inPhase[pulse]
            let q = signal.quadrature[pulse]
            guard max(abs(i), abs(q)) > level else { continue }
            signal.inPhase[pulse] = min(max(i, -level), level)
            signal.quadrature[pulse] = min(max(q, -level), level)
            if let last = run, last.upperBound == pulse {
                run = last.lowerBound..<pulse + 1
            } else {
                if let run { signal.clipped.append(run) }
                run = pulse..<pulse + 1
            }
        }
        if let run { signal.clipped.append(run) }
    }

    private func lose(_ pulses: Range<Int>, _ signal: inout TestSignal) {
        signal.arriving = signal.arriving.flatMap { piece in
            let before = piece.clamped(to: 0..<pulses.lowerBound)
            let behind = piece.clamped(to: pulses.upperBound..<max(pulses.upperBound, signal.count))
            return [before, behind].filter { !$0.isEmpty }
        }
    }
}
