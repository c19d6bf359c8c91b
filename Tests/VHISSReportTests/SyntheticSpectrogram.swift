import CCSVIAnalysis
import DopplerDSP
import Foundation
import TestSupport

/// Makes spectrograms of a made-up vein: respiratory flow, with reflux where it is asked for and noise from a seed.
struct SyntheticSpectrogram {
    /// Length, seconds.
    var seconds = 8.0
    /// Mean velocity in the normal direction, cm/s.
    var meanCmPerS = 14.0
    /// Stretches of reversed flow: onset and length, seconds.
    var refluxes: [(onset: Double, length: Double)] = []
    /// A stretch without columns: onset and length, seconds.
    var gap: (onset: Double, length: Double)?
    /// Whether there is flow at all.
    var hasFlow = true
    /// The seed of the noise.
    var seed: UInt64 = 1

    /// The spectrogram that a recording's settings would give.
    func spectrogram(for recording: VeinRecording) -> Spectrogram {
        let settings = recording.spectral
        var generator = SeededGenerator(seed: seed)
        let hop = Double(settings.hopPulses) / settings.prfHz
        let factor =
            2 * recording.scale.centreFrequencyHz
            * cos(recording.scale.insonationAngleDegrees * .pi / 180)
            / (100 * recording.scale.speedOfSoundMPerS)
        let normal = recording.normalDirection == .towards ? 1.0 : -1.0
        var columns: [SpectralColumn] = []
        var power: [Float] = []
        for index in 0..<Int(seconds / hop) {
            let time = (Double(index) + 0.5) * hop
            if let gap, time > gap.onset, time < gap.onset + gap.length { continue }
            let shift = normal * velocity(time) * factor
            let width = max(abs(shift) * 0.35, settings.prfHz / 60)
            for bin in 0..<settings.fftLength {
                let frequency =
                    (Double(bin) - Double(settings.fftLength / 2)) * settings.prfHz / Double(settings.fftLength)
                let noise = -log(Double.random(in: 1e-6..<1, using: &generator))
                let speckle = -log(Double.random(in: 1e-6..<1, using: &generator))
                let distance = (frequency - shift) / width
                let flow = hasFlow && abs(frequency) > 30 ? 900 * exp(-distance * distance) * speckle : 0
                power.append(Float(noise + flow))
            }
            columns.append(column(time, shift: shift, width: width, settings))
        }
        return Spectrogram(settings: settings, gate: 0, columns: columns, power: power)
    }

    private func velocity(_ time: Double) -> Double {
        let breathing = 1 + 0.35 * sin(time * 1.5)
        for reflux in refluxes where time > reflux.onset && time < reflux.onset + reflux.length {
            return -meanCmPerS * 0.7 * sin(.pi * (time - reflux.onset) / reflux.length) - 1
        }
        return meanCmPerS * breathing * (1 + 0.08 * sin(time * 7))
    }

    private func column(
        _ time: Double, shift: Double, width: Double, _ settings: SpectralSettings
    ) -> SpectralColumn {
        let isReversed = shift < 0
        return SpectralColumn(
            firstPulse: UInt64(time * settings.prfHz), centreSeconds: time,
            meanShiftHz: hasFlow ? Float(shift) : nil, spectralMeanShiftHz: hasFlow ? Float(shift) : nil,
            envelopeTowardsHz: hasFlow && !isReversed ? Float(shift + 1.8 * width) : nil,
            envelopeAwayHz: hasFlow && isReversed ? Float(shift - 1.8 * width) : nil, noiseDb: 0,
            signalToNoiseTowardsDb: isReversed ? 0 : 20, signalToNoiseAwayDb: isReversed ? 20 : 0,
            flags: hasFlow ? [] : .noFlowDetected)
    }
}
