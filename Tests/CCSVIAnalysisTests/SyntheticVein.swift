import CCSVIAnalysis
import DopplerDSP
import Glibc
import TestSupport

/// A vein whose truth is known: broadband flow that turns round at stated times, in white noise.
struct SyntheticVein {
    /// The settings of the protocol's vertebral preset.
    var settings = SpectralSettings(prfHz: 3000, fftLength: 128, hopPulses: 32, wallFilterCutoffHz: 60)
    var scale = DopplerScale(centreFrequencyHz: 7_500_000, insonationAngleDegrees: 60)
    var seconds = 3.0
    /// Power of the flow band over the noise, dB.
    var signalToNoiseDb = 20.0
    /// Shifts of normal flow, Hz, spread evenly between these.
    var forwardHz = 200.0...700.0
    /// Shifts of reverse flow, Hz, below 0.
    var reverseHz = -700.0 ... -200.0
    /// Sinusoids that a flow is made of: few leave bins at its edges that hold but one, a steady tone.
    var lines = 32
    /// Power of mains hum over that of the flow, dB: 50 Hz and its next two harmonics, real on each channel.
    var humDb: Double?
    /// Start and end of each reversal, seconds.
    var reversals: [ClosedRange<Double>] = []
    /// Start and end of each silence, seconds.
    var silences: [ClosedRange<Double>] = []
    /// Pulses that are lost.
    var lostPulses: Range<Int>?
    /// Length of the change between the directions, seconds.
    var transitionSeconds = 0.016

    /// Share of forward flow at a time: 1, or 0 within a reversal, with the change in between.
    private func forwardShare(_ time: Double) -> Double {
        var share = 1.0
        for reversal in reversals {
            let inside = min(time - reversal.lowerBound, reversal.upperBound - time)
            share = min(share, max(0, min(1, 0.5 - inside / transitionSeconds)))
        }
        return share
    }

    /// The spectrogram of the vein as the analysis makes it.
    func spectrogram(seed: Int) throws -> Spectrogram {
        var generator = SeededGenerator(seed: UInt64(seed + 1) &* 7919)
        let count = Int(seconds * settings.prfHz)
        let forward = flow(forwardHz, count, &generator)
        let reverse = flow(reverseHz, count, &generator)
        // A band of half the shifts holds that share of the noise.
        let noisePower = pow(10, -signalToNoiseDb / 10) * settings.prfHz / (forwardHz.upperBound - forwardHz.lowerBound)
        let amplitude = 1000.0
        var samples: [Int16] = []
        for index in 0..<count {
            let time = Double(index) / settings.prfHz
            let share = forwardShare(time)
            var sample = forward[index] * share.squareRoot() + reverse[index] * (1 - share).squareRoot()
            if silences.contains(where: { $0.contains(time) }) { sample = .zero }
            sample += normal(&generator) * noisePower.squareRoot()
            if let humDb { sample += hum(time) * pow(10, humDb / 20) }
            samples.append(Int16(max(-32_000, min(32_000, sample.x * amplitude))))
            samples.append(Int16(max(-32_000, min(32_000, sample.y * amplitude))))
        }
        var analyser = try SpectralAnalyser(settings)
        let lost = lostPulses ?? count..<count
        for range in [0..<lost.lowerBound, lost.upperBound..<count] where !range.isEmpty {
            let part = Array(samples[2 * range.lowerBound..<2 * range.upperBound])
            try analyser.process(
                part.span.bytes, format: .int16, pulses: range.count, firstPulse: UInt64(range.lowerBound),
                flags: .transmitting)
        }
        return analyser.finish()[0]
    }

    /// Flow of power 1: sinusoids of random phase (Mo and Cobbold 1989), spread unevenly so that none repeats.
    private func flow(_ shifts: ClosedRange<Double>, _ count: Int, _ generator: inout SeededGenerator) -> [SIMD2<
        Double
    >] {
        var sum = [SIMD2<Double>](repeating: .zero, count: count)
        for line in 0..<lines {
            let place = (Double(line) + Double.random(in: 0..<1, using: &generator)) / Double(lines)
            let shift = shifts.lowerBound + place * (shifts.upperBound - shifts.lowerBound)
            let phase = Double.random(in: 0..<2 * .pi, using: &generator)
            let step = 2 * Double.pi * shift / settings.prfHz
            let turn = SIMD2(cos(step), sin(step))
            var value = SIMD2(cos(phase), sin(phase)) / Double(lines).squareRoot()
            for index in 0..<count {
                sum[index] += value
                value = SIMD2(value.x * turn.x - value.y * turn.y, value.x * turn.y + value.y * turn.x)
            }
        }
        return sum
    }

    /// Hum of power 1 at a time.
    private func hum(_ time: Double) -> SIMD2<Double> {
        [(1.0, 0.1, 0.4), (2, 0.7, 0.15), (3, 0.35, 0.95)].reduce(.zero) { sum, line in
            let turns = 50 * line.0 * time
            return sum + SIMD2(sin(2 * .pi * (turns + line.1)), sin(2 * .pi * (turns + line.2))) / 3.0.squareRoot()
        }
    }

    private func normal(_ generator: inout SeededGenerator) -> SIMD2<Double> {
        let radius = (-log(1 - Double.random(in: 0..<1, using: &generator))).squareRoot()
        let angle = Double.random(in: 0..<2 * .pi, using: &generator)
        return SIMD2(radius * cos(angle), radius * sin(angle))
    }

    /// What the detector finds.
    func detected(seed: Int, breaths: [Breath]? = nil) throws -> RefluxDetector.Result {
        RefluxDetector().detect(
            in: try spectrogram(seed: seed), scale: scale, normalDirection: .towards, breaths: breaths,
            manoeuvre: .quietBreathing)
    }
}
