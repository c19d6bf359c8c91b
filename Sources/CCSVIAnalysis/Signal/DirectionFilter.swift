internal import Glibc

/// A filter that passes shifts of one sign, without delay: its taps stand about the pulse that it is asked for.
struct DirectionFilter {
    /// Pulses to each side.
    let reach: Int
    private let real: [Float]
    private let imaginary: [Float]
    /// Share of white noise's power that passes.
    let noiseShare: Float

    /// Length of a filter with Blackman's window over the sample rate and the edge's inverse width (Harris 1978).
    private static let blackmanLength = 5.5

    /// Pulses to each side for an edge of a width in turns a pulse.
    static func reach(edgeTurns: Double) -> Int { Int((blackmanLength / 2 / edgeTurns).rounded(.up)) }

    /// Passes a band of shifts evenly; in turns a pulse, from 0 to 1/2, and the sign of the shifts.
    init(turns: ClosedRange<Double>, sign: Double, reach: Int) {
        let width = turns.upperBound - turns.lowerBound
        let middle = sign * Double.pi * (turns.upperBound + turns.lowerBound)
        self.init(reach: reach) { tap in
            let place = Double.pi * width * tap
            let size = width * (tap == 0 ? 1 : sin(place) / place)
            return (size * cos(middle * tap), -size * sin(middle * tap))
        }
    }

    /// Passes each bin of a transform of a length by a weight; the first weight is that of no shift.
    init(weights: [Float], length: Int, sign: Double, reach: Int) {
        let used = weights.enumerated().filter { $0.element > 0 }
        self.init(reach: reach) { tap in
            // Straight lines between the bins.
            let place = Double.pi * tap / Double(length)
            let line = tap == 0 ? 1 : (sin(place) / place) * (sin(place) / place)
            var sum = (0.0, 0.0)
            for (bin, weight) in used {
                let angle = sign * 2 * Double.pi * Double(bin) * tap / Double(length)
                sum.0 += Double(weight) * cos(angle)
                sum.1 -= Double(weight) * sin(angle)
            }
            return (sum.0 * line / Double(length), sum.1 * line / Double(length))
        }
    }

    private init(reach: Int, _ response: (Double) -> (Double, Double)) {
        self.reach = reach
        var taps: ([Float], [Float]) = ([], [])
        for tap in -reach...reach {
            let angle = Double.pi * Double(tap) / Double(reach + 1)
            let window = 0.42 + 0.5 * cos(angle) + 0.08 * cos(2 * angle)
            let (re, im) = response(Double(tap))
            taps.0.append(Float(re * window))
            taps.1.append(Float(im * window))
        }
        (real, imaginary) = taps
        noiseShare = zip(real, imaginary).reduce(0) { $0 + $1.0 * $1.0 + $1.1 * $1.1 }
    }

    /// Power behind the filter at a pulse; samples outside count as 0.
    func power(_ inPhase: [Float], _ quadrature: [Float], at place: Int) -> Float {
        let first = max(0, place - reach)
        let count = min(inPhase.count, quadrature.count, place + reach + 1) - first
        guard count > 0 else { return 0 }
        let offset = first - (place - reach)
        var re: Float = 0
        var im: Float = 0
        inPhase.withUnsafeBufferPointer { inPhase in
            quadrature.withUnsafeBufferPointer { quadrature in
                real.withUnsafeBufferPointer { real in
                    imaginary.withUnsafeBufferPointer { imaginary in
                        for index in 0..<count {
                            let i = inPhase[first + index]
                            let q = quadrature[first + index]
                            let (a, b) = (real[offset + index], imaginary[offset + index])
                            re += i * a - q * b
                            im += i * b + q * a
                        }
                    }
                }
            }
        }
        return re * re + im * im
    }
}
