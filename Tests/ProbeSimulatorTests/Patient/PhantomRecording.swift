import ProbeSimulator

/// Samples of a phantom with the simple figures that the tests look at.
struct PhantomRecording {
    let samples: [Int16]
    let gates: Int
    let prfHz: Double

    init(
        _ source: any SignalSource, _ settings: DeviceSettings, seconds: Double, transmitting: Bool = true,
        pieces: [Int] = [512]
    ) {
        var source = source
        var samples: [Int16] = []
        source.begin(settings)
        let total = Int(seconds * settings.prfHz)
        var done = 0
        var turn = 0
        while done < total {
            let count = min(pieces[turn % pieces.count], total - done)
            source.appendIQ(firstPulse: UInt64(done), count: count, transmitting: transmitting, to: &samples)
            done += count
            turn += 1
        }
        self.samples = samples
        gates = Int(settings.gates)
        prfHz = settings.prfHz
    }

    var pulses: Int { samples.count / (2 * gates) }

    func sample(_ pulse: Int, gate: Int = 0) -> (re: Double, im: Double) {
        let place = 2 * (pulse * gates + gate)
        return (Double(samples[place]), Double(samples[place + 1]))
    }

    /// Mean power of complex samples, squared counts.
    func power(gate: Int = 0) -> Double {
        (0..<pulses).reduce(0) {
            let value = sample($1, gate: gate)
            return $0 + value.re * value.re + value.im * value.im
        } / Double(pulses)
    }

    /// Mean shift by the phase of the lag-one autocorrelation over a stretch of time, Hz, and how sure it is (0 to 1).
    func meanShift(from begin: Double = 0, to end: Double? = nil, gate: Int = 0) -> (hertz: Double, coherence: Double) {
        let first = Int((begin * prfHz).rounded())
        let last = min(end.map { Int(($0 * prfHz).rounded()) } ?? pulses, pulses) - 1
        var (re, im, power) = (0.0, 0.0, 0.0)
        for pulse in first..<last {
            let (now, next) = (sample(pulse, gate: gate), sample(pulse + 1, gate: gate))
            re += now.re * next.re + now.im * next.im
            im += now.re * next.im - now.im * next.re
            power += now.re * now.re + now.im * now.im
        }
        return (atan(im, re) / (2 * .pi) * prfHz, (re * re + im * im).squareRoot() / max(power, 1))
    }

    /// Power of one Doppler frequency in a Hann window, squared counts.
    func power(atHertz hertz: Double, firstPulse: Int, count: Int, gate: Int = 0) -> Double {
        let step = unit(-hertz / prfHz)
        let ring = unit(1 / Double(count))
        var (turn, window) = ((1.0, 0.0), (1.0, 0.0))
        var (re, im) = (0.0, 0.0)
        for pulse in firstPulse..<firstPulse + count {
            let value = sample(pulse, gate: gate)
            let weight = 1 - window.0
            re += weight * (value.re * turn.0 - value.im * turn.1)
            im += weight * (value.re * turn.1 + value.im * turn.0)
            turn = (turn.0 * step.0 - turn.1 * step.1, turn.0 * step.1 + turn.1 * step.0)
            window = (window.0 * ring.0 - window.1 * ring.1, window.0 * ring.1 + window.1 * ring.0)
        }
        return (re * re + im * im) / Double(count * count)
    }
}
