/// What one fault does to a signal, block by block in the order of time.
///
/// Chance is drawn from the fault's own stream, so that the samples do not depend on how the signal is cut into blocks.
struct FaultPass: Sendable {
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

    /// A sinusoid on I and Q, each with its phase.
    private struct Line: Sendable {
        var amplitude: Double
        var turnsPerPulse: Double
        var phases: (Double, Double)
    }

    /// What happens.
    let kind: FrontEndFault.Kind
    /// The pulses that it touches.
    let pulses: Range<Int>
    private let size: Double
    private let level: Double
    private let prfHz: Double
    private var lines: [Line] = []
    private var unit = (cosine: 1.0, sine: 0.0)
    private var noise: SignalNoise

    /// The work of one fault.
    ///
    /// - Parameters:
    ///   - bloodCounts: root mean square of the blood that levels in dB refer to, counts.
    ///   - count: pulses of the signal.
    init(_ fault: FrontEndFault, noise: SignalNoise, bloodCounts: Double, prfHz: Double, count: Int) {
        kind = fault.kind
        size = fault.size
        pulses = fault.pulses(prfHz: prfHz, count: count)
        level = bloodCounts * PortableMath.amplitude(ofDb: fault.size)
        self.prfHz = prfHz
        self.noise = noise
        switch kind {
        case .wallThump: lines = wallLines()
        case .hum: lines = humLines()
        case .phaseError: unit = PortableMath.unit(turns: fault.size / PortableMath.twoPi)
        case .offset: unit = PortableMath.unit(turns: self.noise.uniform())
        default: break
        }
    }

    /// Sinusoids of random frequency in both directions.
    private mutating func wallLines() -> [Line] {
        let limits = Self.wallShiftsHz
        let amplitude = level / Double(Self.wallLines).squareRoot()
        return (0..<Self.wallLines).map { line in
            let place = (Double(line / 2) + noise.uniform()) / Double(Self.wallLines / 2)
            let shiftHz = limits.lowerBound + place * (limits.upperBound - limits.lowerBound)
            let phase = noise.uniform()
            return Line(
                amplitude: amplitude, turnsPerPulse: (line % 2 == 0 ? 1 : -1) * shiftHz / prfHz, phases: (phase, phase))
        }
    }

    /// Pick-up is real on each channel: it lies on both sides of the spectrum.
    private mutating func humLines() -> [Line] {
        let total = Self.humHarmonics.reduce(0) { $0 + $1 * $1 }
        // Two channels, each with half the square of its amplitude.
        let amplitude = level / total.squareRoot()
        return Self.humHarmonics.enumerated().map { index, harmonic in
            let turns = FrontEndFault.mainsHz * Double(index + 1) / prfHz
            let first = noise.uniform()
            return Line(amplitude: amplitude * harmonic, turnsPerPulse: turns, phases: (first, noise.uniform()))
        }
    }

    /// Adds what comes as a signal of its own to a block that begins at a pulse: walls, taps and hum.
    ///
    /// Blocks must come in the order of time and without gaps.
    mutating func add(firstPulse: Int, toRe re: inout [Double], im: inout [Double]) {
        let touched = pulses.clamped(to: firstPulse..<firstPulse + re.count)
        guard !touched.isEmpty else { return }
        switch kind {
        case .wallThump: addWall(touched, firstPulse, &re, &im)
        case .tap: addTap(touched, firstPulse, &re, &im)
        case .hum: addHum(touched, firstPulse, &re, &im)
        default: break
        }
    }

    private func addWall(_ touched: Range<Int>, _ first: Int, _ re: inout [Double], _ im: inout [Double]) {
        let edge = min(Self.wallEdgeSeconds * prfHz, Double(pulses.count) / 2)
        for line in lines {
            for pulse in touched {
                let inside = Double(pulse - pulses.lowerBound)
                let nearest = min(inside, Double(pulses.count - 1) - inside)
                let weight = nearest < edge ? 0.5 - 0.5 * PortableMath.unit(turns: nearest / edge / 2).cosine : 1
                let unit = PortableMath.unit(turns: line.phases.0 + line.turnsPerPulse * inside)
                re[pulse - first] += weight * line.amplitude * unit.cosine
                im[pulse - first] += weight * line.amplitude * unit.sine
            }
        }
    }

    private mutating func addTap(
        _ touched: Range<Int>, _ firstPulse: Int, _ re: inout [Double], _ im: inout [Double]
    ) {
        let length = Double(pulses.count)
        let rise = min(Self.tapRiseSeconds * prfHz, length / 2)
        for pulse in touched {
            let inside = Double(pulse - pulses.lowerBound)
            let fall = PortableMath.exponential(-max(0, inside - rise) / (Self.tapFallShare * length))
            let weight = min(1, (inside + 1) / max(rise, 1)) * fall * level * 0.5.squareRoot()
            let (first, second) = noise.gaussianPair()
            re[pulse - firstPulse] += weight * first
            im[pulse - firstPulse] += weight * second
        }
    }

    private func addHum(_ touched: Range<Int>, _ first: Int, _ re: inout [Double], _ im: inout [Double]) {
        for line in lines {
            for pulse in touched {
                let place = line.turnsPerPulse * Double(pulse)
                re[pulse - first] += line.amplitude * PortableMath.unit(turns: place + line.phases.0).sine
                im[pulse - first] += line.amplitude * PortableMath.unit(turns: place + line.phases.1).sine
            }
        }
    }

    /// One pulse as the front end hands it on: gain and phase, offset, clipping and dropout.
    func distort(inPhase: inout Double, quadrature: inout Double) {
        switch kind {
        case .gainError: quadrature *= 1 + size
        case .phaseError: quadrature = quadrature * unit.cosine + inPhase * unit.sine
        case .offset:
            inPhase += size * unit.cosine
            quadrature += size * unit.sine
        case .clipping:
            inPhase = min(max(inPhase, -size), size)
            quadrature = min(max(quadrature, -size), size)
        case .dropout:
            inPhase = 0
            quadrature = 0
        default: break
        }
    }
}
