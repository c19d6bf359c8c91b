/// Applies the faults of a scene in the order in which a front end commits them: echoes and pick-up first, then gain and
/// phase, offset and converter, then what is lost behind it.
struct FrontEnd {
    let scene: TestScene

    /// The order in which the faults are committed.
    static let order: [FrontEndFault.Kind] = [
        .wallThump, .tap, .hum, .gainError, .phaseError, .offset, .clipping, .dropout, .lostPulses,
    ]

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
        if fault.kind == .lostPulses { return lose(pulses, &signal) }
        let noise = SignalNoise(["fault", fault.kind.rawValue, String(index), String(fault.seed)])
        var pass = FaultPass(
            fault, noise: noise, bloodCounts: TestScene.bloodCounts, prfHz: scene.prfHz, count: signal.count)
        pass.add(firstPulse: 0, toRe: &signal.inPhase, im: &signal.quadrature)
        if fault.kind == .clipping { markClipped(above: fault.size, pulses, &signal) }
        for pulse in pulses {
            pass.distort(inPhase: &signal.inPhase[pulse], quadrature: &signal.quadrature[pulse])
        }
    }

    private func markClipped(above level: Double, _ pulses: Range<Int>, _ signal: inout TestSignal) {
        var run: Range<Int>?
        for pulse in pulses where max(abs(signal.inPhase[pulse]), abs(signal.quadrature[pulse])) > level {
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
