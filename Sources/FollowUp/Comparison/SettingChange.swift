internal import CCSVIAnalysis
internal import DopplerDSP

/// A setting that is not the same in two recordings of one step.
public struct SettingChange: Sendable, Hashable, Encodable {
    /// The setting's name with its unit.
    public var name: String
    /// Its value in the earlier exam.
    public var earlier: String
    /// Its value in the later exam.
    public var later: String

    /// All settings of a recording with their names, as text.
    private static func settings(of recording: VeinRecording) -> [(String, String)] {
        let (scale, spectral) = (recording.scale, recording.spectral)
        return [
            ("gate depth, mm", "\(recording.gateDepthMm)"), ("gate length, mm", "\(recording.gateLengthMm)"),
            ("transmit level, thousandths", "\(recording.transmitLevelPerMille)"),
            ("receive gain, dB", "\(recording.receiveGainDb)"),
            ("frequency, Hz", "\(scale.centreFrequencyHz)"), ("angle, degrees", "\(scale.insonationAngleDegrees)"),
            ("speed of sound, m/s", "\(scale.speedOfSoundMPerS)"), ("PRF, Hz", "\(spectral.prfHz)"),
            ("wall filter, Hz", "\(spectral.wallFilterCutoffHz)"),
            ("kind of wall filter", "\(spectral.wallFilter)"), ("window", "\(spectral.window)"),
            ("transform, pulses", "\(spectral.fftLength)"), ("column distance, pulses", "\(spectral.hopPulses)"),
            ("envelope", spectral.envelopeMethod.rawValue), ("I/Q correction", "\(spectral.correctsIQ)"),
            ("normal direction", recording.normalDirection.rawValue), ("manoeuvre", recording.manoeuvre.rawValue),
        ]
    }

    /// The settings in which two recordings differ.
    static func changes(_ earlier: VeinRecording?, _ later: VeinRecording?) -> [SettingChange] {
        guard let earlier, let later else { return [] }
        return zip(settings(of: earlier), settings(of: later)).compactMap { before, now in
            before.1 == now.1 ? nil : SettingChange(name: before.0, earlier: before.1, later: now.1)
        }
    }
}
