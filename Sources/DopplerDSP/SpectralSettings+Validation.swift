extension SpectralSettings {
    /// Lengths of the transform that are offered, pulses; only powers of two among them (project choice).
    public static let fftLengthRange = 64...1024
    /// Numbers of gates that can be analysed side by side (project choice: the largest of the known probes).
    public static let gateRange = 1...512
    /// The largest distance of neighbouring columns, pulses (project choice).
    public static let hopLimit = 65_536

    /// Checks that spectra can be computed with these settings.
    ///
    /// - Throws: the first setting that cannot be used.
    public func validate() throws(DSPError) {
        guard Self.fftLengthRange.contains(fftLength), fftLength.nonzeroBitCount == 1 else {
            throw .fftLength(fftLength)
        }
        guard (1...Self.hopLimit).contains(hopPulses) else { throw .hop(hopPulses) }
        guard prfHz.isFinite, prfHz > 0 else { throw .prf(prfHz) }
        guard wallFilterCutoffHz >= 0, wallFilterCutoffHz < prfHz / 2 else {
            throw .wallFilterCutoff(cutoffHz: wallFilterCutoffHz, prfHz: prfHz)
        }
        guard Self.gateRange.contains(gates) else { throw .gates(gates) }
    }

    /// Distance of neighbouring columns, seconds.
    public var hopSeconds: Double { Double(hopPulses) / prfHz }

    /// Length of the window, seconds.
    public var windowSeconds: Double { Double(fftLength) / prfHz }

    /// Distance of neighbouring bins, Hz.
    public var binWidthHz: Double { prfHz / Double(fftLength) }
}
