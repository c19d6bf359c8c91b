import Foundation
import ProbeSimulator

/// Figures of a signal by the plainest arithmetic, to hold the test object against.
enum SignalFigures {
    /// Mean power, squared counts.
    static func power(_ signal: TestSignal, _ pulses: Range<Int>? = nil) -> Double {
        let pulses = pulses ?? 0..<signal.count
        var sum = 0.0
        for pulse in pulses {
            let (i, q) = (signal.inPhase[pulse], signal.quadrature[pulse])
            sum += i * i + q * q
        }
        return sum / Double(max(1, pulses.count))
    }

    /// A ratio of powers in dB.
    static func decibels(_ ratio: Double) -> Double { 10 * log10(ratio) }

    /// One signal less another.
    static func difference(_ a: TestSignal, _ b: TestSignal) -> TestSignal {
        TestSignal(
            prfHz: a.prfHz, inPhase: zip(a.inPhase, b.inPhase).map { $0 - $1 },
            quadrature: zip(a.quadrature, b.quadrature).map { $0 - $1 })
    }

    /// Mean shift by the phase between neighbouring pulses, Hz.
    static func meanShiftHz(_ signal: TestSignal, _ pulses: Range<Int>? = nil) -> Double {
        let pulses = pulses ?? 0..<signal.count
        var (re, im) = (0.0, 0.0)
        for pulse in pulses.dropFirst() {
            let (i, q) = (signal.inPhase[pulse], signal.quadrature[pulse])
            let (before, beforeQ) = (signal.inPhase[pulse - 1], signal.quadrature[pulse - 1])
            re += i * before + q * beforeQ
            im += q * before - i * beforeQ
        }
        return atan2(im, re) / (2 * .pi) * signal.prfHz
    }

    /// A power spectrum by its definition: Hann windows of 500 pulses, half overlapping.
    static func spectrum(_ signal: TestSignal) -> Spectrum {
        let length = 500
        let window = (0..<length).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length)) }
        let turns = (0..<length).map { 2 * Double.pi * Double($0) / Double(length) }
        let (cosines, sines) = (turns.map { cos($0) }, turns.map { sin($0) })
        var power = [Double](repeating: 0, count: length)
        var windows = 0.0
        for first in stride(from: 0, through: signal.count - length, by: length / 2) {
            windows += 1
            let re = (0..<length).map { signal.inPhase[first + $0] * window[$0] }
            let im = (0..<length).map { signal.quadrature[first + $0] * window[$0] }
            for bin in 0..<length {
                var (sumRe, sumIm, place) = (0.0, 0.0, 0)
                for pulse in 0..<length {
                    sumRe += re[pulse] * cosines[place] + im[pulse] * sines[place]
                    sumIm += im[pulse] * cosines[place] - re[pulse] * sines[place]
                    place += bin
                    if place >= length { place -= length }
                }
                power[bin] += sumRe * sumRe + sumIm * sumIm
            }
        }
        let scale = 1 / (windows * Double(length) * window.reduce(0) { $0 + $1 * $1 })
        let half = length / 2
        return Spectrum(power: (power[half...] + power[..<half]).map { $0 * scale }, prfHz: signal.prfHz)
    }

    /// Share of the power beyond a shift in either direction, by one Hann window over the whole signal.
    static func share(of signal: TestSignal, beyondHz limitHz: Double) -> Double {
        let length = Double(signal.count)
        let weights = (0..<signal.count).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / length) }
        let total = (0..<signal.count).reduce(0.0) { sum, pulse in
            let (i, q) = (signal.inPhase[pulse] * weights[pulse], signal.quadrature[pulse] * weights[pulse])
            return sum + i * i + q * q
        }
        let last = Int(limitHz * length / signal.prfHz)
        var inside = 0.0
        for bin in -last...last {
            let step = 2 * Double.pi * Double(bin) / length
            var (re, im) = (0.0, 0.0)
            for pulse in 0..<signal.count {
                let (cosine, sine) = (cos(step * Double(pulse)), sin(step * Double(pulse)))
                let (i, q) = (signal.inPhase[pulse] * weights[pulse], signal.quadrature[pulse] * weights[pulse])
                re += i * cosine + q * sine
                im += q * cosine - i * sine
            }
            inside += (re * re + im * im) / length
        }
        return max(0, 1 - inside / total)
    }

    /// Powers of bins from -PRF/2 upwards.
    struct Spectrum {
        var power: [Double]
        var prfHz: Double

        private func hz(_ bin: Int) -> Double { (Double(bin) / Double(power.count) - 0.5) * prfHz }
        var total: Double { power.reduce(0, +) }
        var centroidHz: Double { power.indices.reduce(0) { $0 + hz($1) * power[$1] } / total }

        /// Standard deviation of the shifts less what the window adds: 1 / (sqrt(3) T).
        var deviationHz: Double {
            let centre = centroidHz
            let square = power.indices.reduce(0) { $0 + (hz($1) - centre) * (hz($1) - centre) * power[$1] } / total
            let bin = prfHz / Double(power.count)
            return max(0, square - bin * bin / 3).squareRoot()
        }

        /// The shift below which a share of the power lies.
        func edgeHz(share: Double) -> Double {
            var sum = 0.0
            for bin in power.indices {
                sum += power[bin]
                if sum >= share * total { return hz(bin) }
            }
            return hz(power.count)
        }

        /// Power within 20 Hz of a shift.
        func power(near centreHz: Double) -> Double {
            power.indices.reduce(0) { abs(hz($1) - centreHz) <= 20 ? $0 + power[$1] : $0 }
        }

        func share(above limitHz: Double) -> Double {
            power.indices.reduce(0) { hz($1) > limitHz ? $0 + power[$1] : $0 } / total
        }

        func share(below limitHz: Double) -> Double {
            power.indices.reduce(0) { hz($1) < limitHz ? $0 + power[$1] : $0 } / total
        }
    }
}
