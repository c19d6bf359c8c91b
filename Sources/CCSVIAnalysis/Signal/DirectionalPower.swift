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
    /// Maximum shift in and against the normal direction, Hz, above 0; `nil` = not measured.
    var forwardTopHz: Double?
    var reverseTopHz: Double?
    /// Noise of the whole band, squared counts.
    var noise: Double
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
    /// Length of a spectrum, 1 where positive shifts are in the normal direction, else -1, and the first bin of flow.
    private let length: Int
    private let forwardStep: Int
    private var lowestBin = 1
    private let power: [Float]
    /// How flow turns within the windows; `nil` = not known.
    private(set) var edges: CourseEdge?

    /// Splits a spectrogram; one whose parts do not fit together has no columns.
    init(_ spectrogram: Spectrogram, scale: DopplerScale, normalDirection: FlowDirection) {
        let settings = spectrogram.settings
        length = settings.fftLength
        forwardStep = normalDirection == .towards ? 1 : -1
        power = spectrogram.power
        let length = length
        let prfHz = settings.prfHz
        hopSeconds = Double(settings.hopPulses) / prfHz
        windowSeconds = Double(length) / prfHz
        guard length >= 4, prfHz > 0, settings.hopPulses > 0,
            spectrogram.power.count == spectrogram.columns.count * length
        else { return }
        let cutoffBins = settings.wallFilterCutoffHz / prfHz * Double(length)
        let lowest = max(1, Int(min(cutoffBins.rounded(.up), Double(length / 2 - 1))))
        lowestBin = WallEdge(spectrogram, from: lowest).firstBin
        edges = spectrogram.course.map {
            CourseEdge(
                evidence: DirectionEvidence(
                    course: $0, reverseSign: Float(-forwardStep),
                    cutoffHz: max(settings.wallFilterCutoffHz, prfHz / Double(length))),
                holdsWalls: lowestBin > lowest)
        }
        let cmPerSPerBin = scale.velocityCmPerS(ofShiftHz: prfHz / Double(length))
        columns = spectrogram.columns.indices.map { index in
            column(index, of: spectrogram, holdsWalls: lowestBin > lowest, cmPerSPerBin: cmPerSPerBin)
        }
    }

    /// Splits one column.
    private func column(
        _ index: Int, of spectrogram: Spectrogram, holdsWalls: Bool, cmPerSPerBin: Double
    ) -> DirectionalColumn {
        let column = spectrogram.columns[index]
        let isTowards = forwardStep > 0
        // Bins stand from -PRF/2 upwards; the one at -PRF/2 has no direction.
        let middle = index * length + length / 2
        let forward = Side(spectrogram.power, middle, forwardStep, lowestBin..<length / 2, of: column)
        let reverse = Side(spectrogram.power, middle, -forwardStep, lowestBin..<length / 2, of: column)
        let binWidthHz = spectrogram.settings.binWidthHz
        var bins = (column.spectralMeanShiftHz ?? column.meanShiftHz).map {
            Double(forwardStep) * Double($0) / binWidthHz
        }
        var reverseDb = Double(isTowards ? column.signalToNoiseAwayDb : column.signalToNoiseTowardsDb)
        if holdsWalls {
            // The column's own figures hold the wall.
            let excess = max(forward.power, 0) + max(reverse.power, 0)
            bins = excess > 0 ? (forward.moment - reverse.moment) / excess : nil
            reverseDb = reverse.signalToNoiseDb
        }
        let towardsTopHz = column.envelopeTowardsHz.map { Double(abs($0)) }
        let awayTopHz = column.envelopeAwayHz.map { Double(abs($0)) }
        return DirectionalColumn(
            centreSeconds: column.centreSeconds, forward: max(forward.power, forward.scatter),
            reverse: max(reverse.power, reverse.scatter), velocityCmPerS: bins.map { $0 * cmPerSPerBin },
            reverseSignalToNoiseDb: reverseDb, forwardTopHz: isTowards ? towardsTopHz : awayTopHz,
            reverseTopHz: isTowards ? awayTopHz : towardsTopHz,
            noise: Decibels.ratio(Double(column.noiseDb)) * Double(length), flags: column.flags)
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

    /// How far from a time columns tell the band of its flow, seconds (project choice: a third of a heart beat).
    private static let bandReachSeconds = 0.3
    /// The share of the columns whose maximum a band holds (project choice: what lies above is speckle).
    private static let bandShare = 0.75
    /// One direction's power over the other's from which on a column shows its maximum (3 dB, project choice).
    private static let dominance = 2.0

    /// What flow fills about a time, in seconds.
    func band(about seconds: Double) -> DirectionEvidence.Band {
        let near = columns.indices.filter {
            columns[$0].isUsable && abs(columns[$0].centreSeconds - seconds) < Self.bandReachSeconds
        }
        let forward = near.filter { columns[$0].forward > Self.dominance * columns[$0].reverse }
        let reverse = near.filter { columns[$0].reverse > Self.dominance * columns[$0].forward }
        return DirectionEvidence.Band(
            reverse: side(reverse, columns.map(\.reverseTopHz), step: -forwardStep),
            forward: side(forward, columns.map(\.forwardTopHz), step: forwardStep),
            noise: FlowTrace.median(near.map { columns[$0].noise }) ?? 0, length: length)
    }

    /// What the flow of one direction fills in some columns; `step` is 1 for positive shifts and -1 for negative ones.
    private func side(_ indices: [Int], _ tops: [Double?], step: Int) -> DirectionEvidence.Band.Side {
        let sorted = indices.compactMap { tops[$0] }.sorted()
        var side = DirectionEvidence.Band.Side(topHz: nil)
        guard !sorted.isEmpty, length > 0 else { return side }
        side.topHz = sorted[min(sorted.count - 1, Int(Self.bandShare * Double(sorted.count)))]
        let noise = indices.reduce(0.0) { $0 + columns[$1].noise } / Double(length)
        side.shape = (0..<length / 2).map { bin in
            guard bin >= lowestBin else { return 0 }
            let sum = indices.reduce(0.0) { $0 + Double(power[$1 * length + length / 2 + step * bin]) }
            return sum > noise ? Float((1 - noise / sum).squareRoot()) : 0
        }
        return side
    }

    /// Whether samples are missing between a column and the one before it.
    func hasGap(before index: Int) -> Bool {
        guard index > 0 else { return false }
        let longestHops = 1.5
        return columns[index].centreSeconds - columns[index - 1].centreSeconds > longestHops * hopSeconds
    }
}
