public import DopplerDSP

/// What of a source's gates is looked at, and how.
public struct LiveLook: Sendable, Hashable {
    /// How the spectra of the gate that is looked at are computed: at the rate in force, for one gate.
    public var spectral: SpectralSettings
    /// Which of the source's gates, from 0.
    public var gate: Int

    /// A look from its parts.
    public init(_ spectral: SpectralSettings, gate: Int) {
        self.spectral = spectral
        self.gate = gate
    }
}
