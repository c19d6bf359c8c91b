internal import DopplerDSP

/// One column of a spectrogram, split by direction with regard to what is normal.
struct DirectionalColumn {
    /// Time of the column's middle, seconds.
    var centreSeconds: Double
    /// Power over the noise in the normal direction, squared counts; not below the noise's own scatter.
    var forward: Double
    /// Power over the noise against the normal direction, squared counts; not below the noise's own scatter.
    var reverse: Double
    /// Mean velocity, cm/s, positive in the normal direction; `nil` = not measurable.
    var velocityCmPerS: Double?
    /// Signal over noise against the normal direction, dB.
    var reverseSignalToNoiseDb: Double
    /// The column's flags.
    var flags: ColumnFlags
    /// Whether the column says something about flow.
    var isUsable: Bool { flags.isDisjoint(with: Self.unusable) }

    /// Flags of columns that never count.
    static let unusable: ColumnFlags = [.tap, .settling, .notTransmitting]
}

/// The columns of a spectrogram, split by direction.
struct DirectionalPower {
    /// The columns, in the order of time.
    var columns: [DirectionalColumn] = []
    /// Distance of neighbouring columns where nothing is missing, seconds.
    var hopSeconds: Double
    /// Length of the window, seconds.
    var windowSeconds: Double

    /// Splits a spectrogram; one whose parts do not fit together has no columns.
    init(_ spectrogram: Spectrogram, scale: DopplerScale, normalDirection: FlowDirection) {
        let settings = spectrogram.settings
        let length = settings.fftLength
        let prfHz = settings.prfHz
        hopSeconds = Double(settings.hopPulses) / prfHz
        windowSeconds = Double(length) / prfHz
        guard length >= 4, prfHz > 0, settings.hopPulses > 0,
            spectrogram.power.count == spectrogram.columns.count * length
        else { return }
        let half = length / 2
        let cutoffBins = settings.wallFilterCutoffHz / prfHz * Double(length)
        let first = max(1, Int(min(cutoffBins.rounded(.up), Double(half - 1))))
        let sign: Double = normalDirection == .towards ? 1 : -1
        columns = spectrogram.columns.indices.map { index in
            let column = spectrogram.columns[index]
            let start = index * length
            // Bins stand from -PRF/2 upwards; the one at -PRF/2 has no direction.
            let away = Self.sum(spectrogram.power[(start + 1)...(start + half - first)])
            let towards = Self.sum(spectrogram.power[(start + half + first)..<(start + length)])
            let noise = Self.linear(column.noiseDb)
            let bins = Double(half - first)
            let scatter = noise * bins.squareRoot()
            let shiftHz = column.spectralMeanShiftHz ?? column.meanShiftHz
            return DirectionalColumn(
                centreSeconds: column.centreSeconds,
                forward: max((normalDirection == .towards ? towards : away) - noise * bins, scatter),
                reverse: max((normalDirection == .towards ? away : towards) - noise * bins, scatter),
                velocityCmPerS: shiftHz.map { sign * scale.velocityCmPerS(ofShiftHz: Double($0)) },
                reverseSignalToNoiseDb: Double(
                    normalDirection == .towards ? column.signalToNoiseAwayDb : column.signalToNoiseTowardsDb),
                flags: column.flags)
        }
    }

    /// Whether samples are missing between a column and the one before it.
    func hasGap(before index: Int) -> Bool {
        guard index > 0 else { return false }
        let longestHops = 1.5
        return columns[index].centreSeconds - columns[index - 1].centreSeconds > longestHops * hopSeconds
    }

    private static func sum(_ bins: ArraySlice<Float>) -> Double { bins.reduce(0) { $0 + Double($1) } }

    private static func linear(_ decibels: Float) -> Double { Decibels.ratio(Double(decibels)) }
}
