public import DopplerDSP

/// What of a source is streamed beside its samples, and how it is computed.
public struct StreamLook: Sendable, Hashable {
    /// How the spectra of the gate that is looked at are computed: at the rate in force, for one gate.
    public var spectral: SpectralSettings
    /// Which of the source's gates, from 0.
    public var gate: Int
    /// What makes velocities of shifts; `nil` where the angle or the frequency is not known: shifts are streamed then.
    public var scale: DopplerScale?

    /// A look from its parts; a scale that cannot be used is left out.
    public init(_ spectral: SpectralSettings, gate: Int, scale: DopplerScale?) {
        self.spectral = spectral
        self.gate = gate
        self.scale = scale
        do throws(DSPError) { try scale?.validate() } catch { self.scale = nil }
    }

    /// The unit of the envelope's values.
    public var unit: EnvelopeUnit { scale == nil ? .hz : .cmPerS }
}

/// What the envelope's values are.
public enum EnvelopeUnit: String, Sendable, Hashable {
    /// Velocities: the angle between beam and flow is known.
    case cmPerS = "cm/s"
    /// Doppler shifts: the angle or the frequency is not known.
    case hz = "Hz"
}
