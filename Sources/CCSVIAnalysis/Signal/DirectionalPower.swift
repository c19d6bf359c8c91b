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
    static let unusable: ColumnFlags = [.tap, .settling, .notTransmitting, .noSignal]
}

/// The columns of a spectrogram, split by direction.
struct DirectionalPower {
    /// The columns, in the order of time.
    var columns: [DirectionalColumn] = []
    /// Distance of neighbouring columns where nothing is missing, seconds.
    var hopSeconds: Double
    /// Length of the window, seconds.
    var windowSeconds: Double
    /// How flow turns within the windows; `nil` = not known.
    private(set) var edges: CourseEdge?

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
        let lowest = max(1, Int(min(cutoffBins.rounded(.up), Double(half - 1))))
        let sign: Double = normalDirection == .towards ? 1 : -1
        let first = WallEdge(spectrogram, from: lowest).firstBin
        edges = spectrogram.course.map {
            CourseEdge(
                course: $0, reverseSign: normalDirection == .towards ? -1 : 1, holdsWalls: first > lowest)
        }
        let binWidthHz = prfHz / Double(length)
        columns = spectrogram.columns.indices.map { index in
            let column = spectrogram.columns[index]
            // Bins stand from -PRF/2 upwards; the one at -PRF/2 has no direction.
            let away = Side(spectrogram.power, index * length + half, -1, first..<half, of: column)
            let towards = Side(spectrogram.power, index * length + half, 1, first..<half, of: column)
            let (forward, reverse) = normalDirection == .towards ? (towards, away) : (away, towards)
            var shiftHz = column.spectralMeanShiftHz ?? column.meanShiftHz
            var reverseDb = Double(
                normalDirection == .towards ? column.signalToNoiseAwayDb : column.signalToNoiseTowardsDb)
            if first > lowest {
                // The column's own figures hold the wall.
                let excess = max(towards.power, 0) + max(away.power, 0)
                shiftHz = excess > 0 ? Float((towards.moment - away.moment) / excess * binWidthHz) : nil
                reverseDb = reverse.signalToNoiseDb
            }
            return DirectionalColumn(
                centreSeconds: column.centreSeconds, forward: max(forward.power, forward.scatter),
                reverse: max(reverse.power, reverse.scatter),
                velocityCmPerS: shiftHz.map { sign * scale.velocityCmPerS(ofShiftHz: Double($0)) },
                reverseSignalToNoiseDb: reverseDb, flags: column.flags)
        }
    }

    /// One direction of a column.
    private struct Side {
        /// Power over the noise and its moment in bins.
        var power = 0.0
        var moment = 0.0
        /// Scatter of the noise's power.
        var scatter: Double
        /// Mean power of the bins well above the noise over the noise, dB.
        var signalToNoiseDb = 0.0

        init(_ values: [Float], _ middle: Int, _ step: Int, _ bins: Range<Int>, of column: SpectralColumn) {
            let noise = Decibels.ratio(Double(column.noiseDb))
            var strong = (sum: 0.0, count: 0.0)
            for bin in bins {
                let value = Double(values[middle + step * bin])
                power += value - noise
                guard value > Self.strongRatio * noise else { continue }
                strong.sum += value
                strong.count += 1
                moment += (value - noise) * Double(bin)
            }
            scatter = noise * Double(bins.count).squareRoot()
            if strong.count > 1, noise > 0 { signalToNoiseDb = Decibels.of(strong.sum / strong.count / noise) }
        }

        /// Bins this far over the noise count: noise alone does so in 2 of 100.
        private static let strongRatio = 4.0
    }

    /// Whether samples are missing between a column and the one before it.
    func hasGap(before index: Int) -> Bool {
        guard index > 0 else { return false }
        let longestHops = 1.5
        return columns[index].centreSeconds - columns[index - 1].centreSeconds > longestHops * hopSeconds
    }
}
