internal import CVector
internal import Glibc

/// How Q differs from I in gain and phase, and how that is taken out.
///
/// Such a difference mirrors flow into the other direction: 1 % and 0.01 rad at 43 dB below the flow. A wall filter
/// has real coefficients, so it does not matter that the difference is taken out behind it.
public struct IQCorrection: Sendable, Hashable {
    /// Amplitude of Q over that of I, above 0; 1 is ideal.
    public let gainRatio: Double
    /// How far the phase between I and Q is short of a quarter turn, radians; 0 is ideal.
    public let phaseRadians: Double
    /// The corrected Q is Q times this...
    let shareOfQ: Float
    /// ...and I times this.
    let shareOfI: Float

    /// Nothing to correct.
    public static let none = IQCorrection(gainRatio: 1, phaseRadians: 0)

    /// A correction of a gain ratio above 0 and a phase error inside a quarter turn, radians.
    public init(gainRatio: Double, phaseRadians: Double) {
        self.gainRatio = gainRatio
        self.phaseRadians = phaseRadians
        shareOfQ = Float(1 / (gainRatio * cos(phaseRadians)))
        shareOfI = Float(-tan(phaseRadians))
    }
}

/// Estimates gain and phase of Q against I from filtered samples, block by block since the start.
///
/// Echoes from moving blood are circular: I and Q have equal power and no correlation (Goodman 1985, "Statistical
/// Optics", 2.8). What they show beyond that comes from the front end. The sums of squares are, by Parseval, sums of
/// the products of each shift with its mirror image; Hann's window keeps strong flow from leaking into its own image,
/// so that only noise is left there to scatter. Every block counts alike, so that a tap cannot decide, and the scatter
/// between blocks says how far the estimate can be trusted, however narrow the flow's spectrum is.
struct IQEstimator: Sendable {
    /// Pulses of one block (project choice).
    static let blockPulses = 1024
    /// Fewest blocks for an estimate (project choice).
    private static let fewestBlocks = 6.0
    /// Least squared estimate over its squared standard error: by chance in 6 of a million blocks, exp(-12).
    private static let leastSquaredRatio = 12.0
    /// Greatest difference that is believed to be one of gain and phase (project choice; 8 % are seen in practice).
    private static let greatestDifference = 0.25

    /// The correction found so far.
    private(set) var correction = IQCorrection.none

    /// Hann's window over a block, of mean 1.
    private static let weights = SpectralWindow.hann.weights(blockPulses).map { Float(2 * $0) }
    private let weights = Self.weights

    private var squaresI = Lanes.zero
    private var squaresQ = Lanes.zero
    private var products = Lanes.zero
    private var sumI = Lanes.zero
    private var sumQ = Lanes.zero
    private var pulses = 0

    private var blocks = 0.0
    private var gainSum = 0.0
    private var phaseSum = 0.0
    private var squaredSum = 0.0

    /// Begins a new stretch: an unfinished block is dropped, what is known stays.
    mutating func restart() {
        squaresI = .zero
        squaresQ = .zero
        products = .zero
        sumI = .zero
        sumQ = .zero
        pulses = 0
    }

    /// Takes sixteen pulses.
    mutating func add(_ real: Lanes, _ imaginary: Lanes) {
        let weight = lanes(weights, pulses)
        let weightedI = real * weight
        let weightedQ = imaginary * weight
        squaresI = vector_mad16(real, weightedI, squaresI)
        squaresQ = vector_mad16(imaginary, weightedQ, squaresQ)
        products = vector_mad16(real, weightedQ, products)
        sumI += weightedI
        sumQ += weightedQ
        pulses += 16
        if pulses == Self.blockPulses { finishBlock() }
    }

    private mutating func finishBlock() {
        let count = Double(Self.blockPulses)
        let meanI = Double(vector_sum16(sumI)) / count
        let meanQ = Double(vector_sum16(sumQ)) / count
        let powerI = Double(vector_sum16(squaresI)) / count - meanI * meanI
        let powerQ = Double(vector_sum16(squaresQ)) / count - meanQ * meanQ
        let product = Double(vector_sum16(products)) / count - meanI * meanQ
        restart()
        let power = powerI + powerQ
        guard power > 0 else { return }
        let gain = (powerI - powerQ) / power
        let phase = 2 * product / power
        blocks += 1
        gainSum += gain
        phaseSum += phase
        squaredSum += gain * gain + phase * phase
        update()
    }

    private mutating func update() {
        guard blocks >= Self.fewestBlocks else { return }
        let gain = gainSum / blocks
        let phase = phaseSum / blocks
        let squared = gain * gain + phase * phase
        let squaredError = max(squaredSum / blocks - squared, 0) / (blocks - 1)
        guard squared > Self.leastSquaredRatio * squaredError,
            squared < Self.greatestDifference * Self.greatestDifference
        else {
            correction = .none
            return
        }
        correction = IQCorrection(
            gainRatio: ((1 - gain) / (1 + gain)).squareRoot(),
            phaseRadians: asin(phase / (1 - gain * gain).squareRoot()))
    }
}
