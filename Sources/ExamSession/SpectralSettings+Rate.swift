public import DopplerDSP

extension SpectralSettings {
    /// The longest transform that the analysis offers, pulses.
    private static let longestTransform = 1024

    /// The same settings at the rate that is in force.
    ///
    /// A source that samples at twice the wanted rate or more, as a sound interface does, gets a longer window, so that
    /// the window keeps its time, and with it the resolution in Hz, as far as the longest transform allows. Settings
    /// whose own rate is 0 keep their lengths at every rate.
    public func atRate(prfHz inForceHz: Double) -> SpectralSettings {
        var settings = self
        settings.prfHz = inForceHz
        while prfHz > 0, settings.fftLength < Self.longestTransform,
            inForceHz / Double(settings.fftLength) >= 2 * prfHz / Double(fftLength)
        {
            settings.fftLength *= 2
            settings.hopPulses *= 2
        }
        return settings
    }
}
