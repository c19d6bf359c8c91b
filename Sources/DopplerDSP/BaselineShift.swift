internal import Glibc

/// Moves the zero line of the scale: one direction gets room beyond the Nyquist limit that the other gives up.
///
/// A shift is known up to multiples of the PRF; the scale is the PRF wide, and where it lies is a choice. The samples
/// and spectra stay as they are, so the choice can be made after the recording and changed.
public struct BaselineShift: Sendable, Hashable {
    /// How far the scale moves, as a share of the Nyquist limit, above 0 for more room towards the transducer.
    public let shareOfNyquist: Double

    /// The zero line in the middle: both directions have the same room.
    public static let middle = BaselineShift()
    /// Largest share: the smaller direction keeps a tenth of the Nyquist limit (project choice).
    public static let largestShare = 0.9

    private init() { shareOfNyquist = 0 }

    /// A shift by a share of the Nyquist limit.
    ///
    /// - Throws: `DSPError.baselineShift` for a share that is not a number or beyond `largestShare` either way.
    public init(shareOfNyquist: Double) throws(DSPError) {
        guard abs(shareOfNyquist) <= Self.largestShare else { throw .baselineShift(shareOfNyquist) }
        self.shareOfNyquist = shareOfNyquist
    }

    /// The shifts that the scale shows, Hz, at a pulse repetition frequency in Hz.
    public func scaleHz(prfHz: Double) -> ClosedRange<Double> {
        let middle = shareOfNyquist * prfHz / 2
        return middle - prfHz / 2...middle + prfHz / 2
    }

    /// The shift in whole bins of a spectrum.
    func bins(fftLength: Int) -> Int { Int((shareOfNyquist * Double(fftLength) / 2).rounded()) }
}

extension Spectrogram {
    /// The same spectra, read again with another zero line.
    ///
    /// Means, envelopes, signal over noise and what is aliased or without flow follow the new scale; spectra, noise,
    /// times and the course stay. A direction that keeps fewer bins than the wall filter leaves open cannot be read.
    /// - Throws: `DSPError.baselineShift` when the smaller direction ends within the wall filter.
    public func read(with baseline: BaselineShift) throws(DSPError) -> Spectrogram {
        let smaller = settings.fftLength / 2 - abs(baseline.bins(fftLength: settings.fftLength))
        let meter = ColumnMeter(settings, baseline: baseline)
        guard smaller >= meter.fewestBins else { throw .baselineShift(baseline.shareOfNyquist) }
        return read(by: meter)
    }

    /// The same columns read again, for spectra in which something was changed.
    public func readAgain() -> Spectrogram { read(by: ColumnMeter(settings)) }

    private func read(by meter: ColumnMeter) -> Spectrogram {
        var alias = AliasTracker(nyquistHz: Float(settings.prfHz / 2))
        var changed = self
        let half = settings.fftLength / 2
        for index in columns.indices {
            let stored = power[index * settings.fftLength..<(index + 1) * settings.fftLength]
            let spectrum = Array(stored.suffix(half) + stored.prefix(half))
            if index > 0, columns[index].firstPulse != columns[index - 1].firstPulse &+ UInt64(settings.hopPulses) {
                alias.restart()
            }
            let figures = meter.figures(spectrum, noise: powf(10, columns[index].noiseDb / 10))
            changed.columns[index].read(figures, &alias)
        }
        return changed
    }
}

extension SpectralColumn {
    /// Takes figures that were read again.
    fileprivate mutating func read(_ figures: ColumnFigures, _ alias: inout AliasTracker) {
        meanShiftHz = figures.meanShiftHz
        spectralMeanShiftHz = figures.spectralMeanShiftHz
        envelopeTowardsHz = figures.envelopeTowardsHz
        envelopeAwayHz = figures.envelopeAwayHz
        signalToNoiseTowardsDb = figures.signalToNoiseTowardsDb
        signalToNoiseAwayDb = figures.signalToNoiseAwayDb
        flags.remove([.aliased, .noFlowDetected])
        if figures.meanShiftHz == nil { flags.insert(.noFlowDetected) }
        // Clipping and taps reach every frequency: where the mean jumps then says nothing of the flow.
        let isAliased =
            flags.isDisjoint(with: [.clipped, .tap])
            ? alias.add(meanHz: figures.meanShiftHz, isAtLimit: figures.isAliased) : figures.isAliased
        if isAliased { flags.insert(.aliased) }
    }
}
