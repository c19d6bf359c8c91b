/// One spectrogram's course over time as velocities, ready for analysis.
///
/// A column in which a figure could not be measured has `nil` there. Taps count as not measured.
public struct FlowTrace: Sendable, Hashable {
    /// Time of each column's middle since the start, seconds.
    public let centreSeconds: [Double]
    /// Mean velocity by Kasai's estimator, cm/s, positive towards the transducer.
    public let meanCmPerS: [Double?]
    /// Maximum velocity towards the transducer, cm/s, 0 or above.
    public let envelopeTowardsCmPerS: [Double?]
    /// Maximum velocity away from the transducer, cm/s, 0 or below.
    public let envelopeAwayCmPerS: [Double?]

    /// Columns of the running median (project's references, comparison with a device's own envelope).
    public static let medianColumns = 9

    /// The course of a spectrogram on a scale that `DopplerScale.validate` accepts.
    public init(_ spectrogram: Spectrogram, scale: DopplerScale) {
        let columns = spectrogram.columns
        func velocities(_ shiftHz: (SpectralColumn) -> Float?) -> [Double?] {
            columns.map { column in
                guard !column.flags.contains(.tap), let shift = shiftHz(column) else { return nil }
                return scale.velocityCmPerS(ofShiftHz: Double(shift))
            }
        }
        centreSeconds = columns.map(\.centreSeconds)
        meanCmPerS = velocities(\.meanShiftHz)
        envelopeTowardsCmPerS = velocities(\.envelopeTowardsHz)
        envelopeAwayCmPerS = velocities(\.envelopeAwayHz)
    }

    /// The median of each value and its neighbours, as far as they are measured.
    ///
    /// Neighbours are counted in columns, also where samples are missing between them.
    ///
    /// - Parameters:
    ///   - values: one for each column.
    ///   - width: columns of the window, 1 or more; an even width counts as one more.
    /// - Returns: `nil` where fewer than half of the columns in the window are measured. At the ends the window is
    ///   cut off.
    public static func runningMedian(_ values: [Double?], width: Int = medianColumns) -> [Double?] {
        let reach = max(0, width) / 2
        return values.indices.map { centre in
            let first = max(values.startIndex, centre - min(reach, values.count))
            let last = min(values.endIndex - 1, centre + min(reach, values.count))
            let window = values[first...last]
            let measured = window.compactMap { $0 }.filter { !$0.isNaN }
            return 2 * measured.count >= window.count ? median(measured) : nil
        }
    }

    /// The median; of an even number the mean of the two in the middle, of none `nil`.
    public static func median(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

extension Spectrogram {
    /// The power of one column, bins from -PRF/2 upwards; empty for a column that does not exist.
    public func power(ofColumn column: Int) -> ArraySlice<Float> {
        guard columns.indices.contains(column), power.count == columns.count * settings.fftLength else { return [] }
        return power[column * settings.fftLength..<(column + 1) * settings.fftLength]
    }

    /// Median signal-to-noise ratios over the columns that are neither a tap nor settling, dB.
    ///
    /// - Returns: `nil` when there is no such column.
    public func medianSignalToNoiseDb() -> (towards: Double, away: Double)? {
        let sound = columns.filter { $0.flags.isDisjoint(with: [.tap, .settling]) }
        guard let towards = FlowTrace.median(sound.map { Double($0.signalToNoiseTowardsDb) }),
            let away = FlowTrace.median(sound.map { Double($0.signalToNoiseAwayDb) })
        else { return nil }
        return (towards, away)
    }

    /// Share of the columns that carry any of the flags, 0 to 1; `nil` without columns.
    public func share(of flags: ColumnFlags) -> Double? {
        guard !columns.isEmpty else { return nil }
        return Double(columns.count { !$0.flags.isDisjoint(with: flags) }) / Double(columns.count)
    }
}
