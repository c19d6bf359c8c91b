internal import Glibc

/// Brings two channels from the pulse repetition frequency to the rate of the loudspeaker.
///
/// Each output is a sum of inputs about its place, weighted by a windowed sinc (Oppenheim and Schafer 1999, 4.6 and 7.4;
/// Kaiser window). It works on one unbroken stretch; before its first input there is silence.
struct SoundResampler: Sendable {
    /// Inputs on either side of an output at rates up to the loudspeaker's (project choice: 8 of 6 kHz are 1.3 ms).
    private static let reach = 8
    /// Places between two inputs that have weights of their own (project choice: images 50 dB down).
    private static let phases = 256
    /// The shape of the window: 60 dB (Kaiser 1974).
    private static let windowShape = 5.65
    /// The rates that are taken, Hz (project choices: half of the lowest that ODP knows, and four times the
    /// loudspeaker's).
    static let ratesHz = 50.0...192_000

    private let inputHz: Double
    private let outputHz: Double
    private let halfTaps: Int
    /// Weights, one row of `2 * halfTaps` for each place.
    private let weights: [Float]

    /// Inputs that are still needed, towards and away in turn, and the number of the first.
    private var inputs: [Float] = []
    private var firstInput = 0
    /// The stretch's first pulse, and the frame that comes next.
    private var firstPulse: UInt64 = 0
    private(set) var nextFrame: UInt64 = 0

    /// - Parameter inputHz: the pulse repetition frequency, above 0.
    init(inputHz: Double, outputHz: Double) {
        self.inputHz = inputHz
        self.outputHz = outputHz
        // Above the loudspeaker's rate the sinc is wider, so that nothing folds back.
        let width = max(1, inputHz / outputHz)
        halfTaps = Int((Double(Self.reach) * width).rounded(.up))
        weights = Self.weights(halfTaps: halfTaps, width: width)
    }

    /// Where a pulse lies among the frames.
    func frame(ofPulse pulse: UInt64) -> UInt64 {
        let place = (Double(pulse) / inputHz * outputHz).rounded(.up)
        return place < Double(UInt64.max / 2) ? UInt64(place) : UInt64.max / 2
    }

    /// Begins a stretch.
    mutating func begin(at pulse: UInt64) {
        firstPulse = pulse
        nextFrame = frame(ofPulse: pulse)
        firstInput = -halfTaps
        inputs.removeAll(keepingCapacity: true)
        inputs.append(contentsOf: repeatElement(0, count: 2 * halfTaps))
    }

    /// Takes one input and adds the outputs that it completes.
    mutating func add(_ towards: Float, _ away: Float, to output: inout [Float]) {
        inputs.append(towards)
        inputs.append(away)
        make(&output)
    }

    /// Ends the stretch: adds the outputs up to its last input, as if that stood still.
    mutating func finish(inputs count: Int, to output: inout [Float]) {
        let end = frame(ofPulse: firstPulse &+ UInt64(max(0, count)))
        let last = inputs.suffix(2)
        for _ in 0..<halfTaps { inputs.append(contentsOf: last) }
        make(&output, upTo: end)
    }

    private mutating func make(_ output: inout [Float], upTo last: UInt64 = .max) {
        while nextFrame < last {
            let place = Double(nextFrame) / outputHz * inputHz - Double(firstPulse)
            let whole = Int(place.rounded(.down))
            let from = whole - halfTaps + 1 - firstInput
            guard from + 2 * halfTaps <= inputs.count / 2 else { break }
            let phase = Int(((place - Double(whole)) * Double(Self.phases)).rounded())
            let sums = weighted(from: max(0, from), phase: phase)
            output.append(sums.towards)
            output.append(sums.away)
            nextFrame &+= 1
        }
        drop()
    }

    private func weighted(from: Int, phase: Int) -> (towards: Float, away: Float) {
        let row = min(phase, Self.phases) * 2 * halfTaps
        var towards: Float = 0
        var away: Float = 0
        let weights = weights.span
        let inputs = inputs.span
        for tap in 0..<2 * halfTaps {
            towards += weights[row + tap] * inputs[2 * (from + tap)]
            away += weights[row + tap] * inputs[2 * (from + tap) + 1]
        }
        return (towards, away)
    }

    /// Forgets inputs that no output needs any more, now and then.
    private mutating func drop() {
        let place = Double(nextFrame) / outputHz * inputHz - Double(firstPulse)
        let unused = Int(place.rounded(.down)) - halfTaps + 1 - firstInput
        let enough = 256
        guard unused >= enough, 2 * unused <= inputs.count else { return }
        inputs.removeFirst(2 * unused)
        firstInput += unused
    }

    private static func weights(halfTaps: Int, width: Double) -> [Float] {
        var all: [Float] = []
        all.reserveCapacity((phases + 1) * 2 * halfTaps)
        for phase in 0...phases {
            let share = Double(phase) / Double(phases)
            let row = (0..<2 * halfTaps).map { tap -> Double in
                let distance = Double(tap - halfTaps + 1) - share
                let place = min(1, abs(distance) / Double(halfTaps))
                let argument = Double.pi * distance / width
                let sinc = argument == 0 ? 1 : sin(argument) / argument
                return sinc * bessel(windowShape * (1 - place * place).squareRoot())
            }
            let sum = row.reduce(0, +)
            all.append(contentsOf: row.map { Float($0 / sum) })
        }
        return all
    }

    /// The modified Bessel function of the first kind and order 0, by its series.
    private static func bessel(_ x: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        var step = 1.0
        while term > sum * 1e-12 {
            let factor = x / (2 * step)
            term *= factor * factor
            sum += term
            step += 1
        }
        return sum
    }
}
