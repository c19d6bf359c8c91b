/// Sinusoids shaped by a time-varying power spectrum (Mo and Cobbold 1989).
///
/// The frequencies are fixed, drawn once within equal cells, so that the sum does not repeat. The power of a cell at a
/// moment is the share of the profile's velocities, intrinsically broadened, whose shift lies in it; together the shares
/// are 1.
struct SinusoidEchoes: EchoModel {
    /// Fewest and most sinusoids (project choice).
    private static let countRange = 64.0...600.0
    /// Distance of neighbours, Hz, for scenes longer than its inverse (project choice: a tenth of a column's bin).
    private static let spacingHz = 2.0
    /// Cells of the distribution of relative velocities (project choice).
    private static let cells = 1024
    /// Points of the profile and of the broadening that the distribution is made from (project choice).
    private static let areaPoints = 2048
    private static let broadeningPoints = 17
    /// Standard deviations of broadening that are kept.
    private static let broadeningReach = 4.0

    private struct Sinusoid {
        /// Lower and upper end of its cell and its own frequency, turns a pulse.
        var lower: Double
        var upper: Double
        var turns: Double
        var re: Double
        var im: Double
        var scale: Double
        /// How it turns in one pulse, and in a whole block while it is silent: found once, its frequency never changes.
        var step: (cosine: Double, sine: Double)
        var blockStep: (cosine: Double, sine: Double) = (1, 0)
    }

    private var sinusoids: [Sinusoid] = []
    private let distribution: [Double]
    private let lowest: Double
    private let cellsPerUnit: Double
    private let amplitude: Double
    /// Length of the blocks for which the steps were found, pulses.
    private var blockPulses = 0

    /// Sinusoids of a mean power that cover all shifts of the mean from the lowest to the highest, turns a pulse.
    init(
        profile: VelocityProfile, power: Double, broadening: Double, meanTurns: ClosedRange<Double>, prfHz: Double,
        seconds: Double, noise: SignalNoise
    ) {
        var noise = noise
        let relatives = Self.relatives(profile, broadening)
        let low = min(relatives.min() ?? 0, 0)
        let high = max(relatives.max() ?? 1, 1)
        lowest = low
        cellsPerUnit = Double(Self.cells) / max(high - low, 1e-9)
        distribution = Self.distribution(relatives, lowest: low, cellsPerUnit: cellsPerUnit)
        amplitude = (power / 2).squareRoot()
        let ends = [meanTurns.lowerBound, meanTurns.upperBound].flatMap { [$0 * low, $0 * high] }
        let margin = Self.spacingHz / prfHz
        let first = (ends.min() ?? 0) - margin
        let last = (ends.max() ?? 0) + margin
        let spacing = max(Self.spacingHz, 1 / max(seconds, 0.1)) / prfHz
        let wanted = ((last - first) / spacing).rounded(.up)
        let count = min(max(wanted, Self.countRange.lowerBound), Self.countRange.upperBound)
        let width = (last - first) / count
        for cell in 0..<Int(count) {
            let lower = first + Double(cell) * width
            let (re, im) = noise.gaussianPair()
            let turns = lower + width * noise.uniform()
            sinusoids.append(
                Sinusoid(
                    lower: lower, upper: lower + width, turns: turns, re: re, im: im, scale: -1,
                    step: PortableMath.unit(turns: turns)))
        }
    }

    /// Relative velocities that stand for equal shares of the power.
    private static func relatives(_ profile: VelocityProfile, _ broadening: Double) -> [Double] {
        let perMean = 1 / profile.lawMean()
        var found: [Double] = []
        for point in 0..<areaPoints {
            let area = profile.gateShare * (Double(point) + 0.5) / Double(areaPoints)
            // Golden-section angles fill the circle evenly.
            let angle = Double(point) * 0.6180339887498949
            let relative = profile.lawVelocity(area: area, angleTurns: angle) * perMean
            guard broadening > 0 else {
                found.append(relative)
                continue
            }
            for step in 0..<broadeningPoints {
                let score = normalQuantile((Double(step) + 0.5) / Double(broadeningPoints))
                found.append(relative * (1 + broadening * score))
            }
        }
        return found
    }

    /// Standard score of a share (Tocher's logistic approximation, scaled to the variance 1).
    private static func normalQuantile(_ share: Double) -> Double {
        let logisticDeviation = 1.8137993642342178
        let score = PortableMath.log(share / (1 - share)) / logisticDeviation
        return min(max(score, -broadeningReach), broadeningReach)
    }

    /// Share of the power below each cell's end.
    private static func distribution(_ relatives: [Double], lowest: Double, cellsPerUnit: Double) -> [Double] {
        var counts = [Double](repeating: 0, count: cells + 1)
        for relative in relatives {
            let cell = min(max(Int((relative - lowest) * cellsPerUnit), 0), cells - 1)
            counts[cell + 1] += 1 / Double(relatives.count)
        }
        for cell in 0..<cells { counts[cell + 1] += counts[cell] }
        return counts
    }

    /// Share of the power below a relative velocity.
    private func share(below relative: Double) -> Double {
        let place = (relative - lowest) * cellsPerUnit
        guard place > 0 else { return 0 }
        guard place < Double(Self.cells) else { return 1 }
        let cell = Int(place)
        return distribution[cell] + (place - Double(cell)) * (distribution[cell + 1] - distribution[cell])
    }

    private func scale(_ one: Sinusoid, mean: Double) -> Double {
        guard abs(mean) > 1e-9 else { return one.lower <= 0 && one.upper > 0 ? amplitude : 0 }
        let shares = share(below: one.upper / mean) - share(below: one.lower / mean)
        return amplitude * abs(shares).squareRoot()
    }

    mutating func add(
        turnsPerPulse: (begin: Double, middle: Double, end: Double), toRe re: UnsafeMutablePointer<Double>,
        im: UnsafeMutablePointer<Double>, count: Int
    ) {
        let isSteady = turnsPerPulse.begin == turnsPerPulse.end
        if count != blockPulses {
            blockPulses = count
            for index in sinusoids.indices {
                sinusoids[index].blockStep = PortableMath.unit(turns: sinusoids[index].turns * Double(count))
            }
        }
        for index in sinusoids.indices {
            var one = sinusoids[index]
            if one.scale < 0 { one.scale = scale(one, mean: turnsPerPulse.begin) }
            let next = isSteady ? one.scale : scale(one, mean: turnsPerPulse.end)
            let change = (next - one.scale) / Double(count)
            let isSilent = next == 0 && one.scale == 0
            let step = isSilent ? one.blockStep : one.step
            if isSilent {
                (one.re, one.im) = (
                    one.re * step.cosine - one.im * step.sine, one.re * step.sine + one.im * step.cosine
                )
            } else {
                var weight = one.scale
                for pulse in 0..<count {
                    re[pulse] += weight * one.re
                    im[pulse] += weight * one.im
                    let turned = one.re * step.cosine - one.im * step.sine
                    one.im = one.re * step.sine + one.im * step.cosine
                    one.re = turned
                    weight += change
                }
            }
            one.scale = next
            sinusoids[index] = one
        }
    }
}
