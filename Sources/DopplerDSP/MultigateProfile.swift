internal import Glibc

/// Depth against velocity: what flows at every gate, many times a second.
///
/// A short window has little scatter only where flow is strong, so the window of each gate grows, frame by frame, from
/// 64 pulses on until the standard error of its mean is small enough or the longest window is reached. The window's
/// spectrum is then read as a spectrogram's column is: mean, envelopes, and flow only where it stands out of the noise. The
/// standard error follows from the spread of the lag products (Kasai 1985, 10.1109/T-SU.1985.31615) over the number
/// of independent samples in the window.
public struct MultigateProfile: Sendable {
    /// One gate at one time.
    public struct Cell: Sendable, Hashable {
        /// Mean shift, Hz, positive towards the transducer; `nil` = no flow stands out of the noise.
        public var meanShiftHz: Float?
        /// Standard error of the mean, Hz; `nil` without a mean.
        public var standardErrorHz: Float?
        /// Maximum shift towards the transducer, Hz, 0 or above; `nil` = no flow that way.
        public var envelopeTowardsHz: Float?
        /// Maximum shift away from the transducer, Hz, 0 or below; `nil` = no flow that way.
        public var envelopeAwayHz: Float?
        /// Length of the window that was needed, seconds; 0 where nothing was measured: the wall filter has not settled, or
        /// fewer pulses follow one another than the shortest window holds.
        public var windowSeconds: Float

        /// A cell in which nothing was measured.
        static let unmeasured = Cell(windowSeconds: 0)
    }

    /// Profiles a second.
    public let profilesPerSecond: Double
    /// Gates of a profile.
    public let gates: Int
    /// Time of each profile's middle since the start, seconds.
    public let centreSeconds: [Double]
    /// The cells: for each profile, for each gate.
    public let cells: [Cell]

    /// The rate of a 1996 multigate instrument, profiles a second (project's references, performance).
    public static let usualProfilesPerSecond = 50.0

    /// Profiles of gates whose spectrograms hold courses of the same stretches.
    ///
    /// - Parameters:
    ///   - profilesPerSecond: how many are wanted; above 0, and so slow that a frame holds one block.
    ///   - baseline: where the scale lies.
    /// - Returns: `nil` for spectrograms that do not belong together or have no courses, as with a regression filter.
    public init?(
        _ spectrograms: [Spectrogram], profilesPerSecond: Double = usualProfilesPerSecond,
        baseline: BaselineShift = .middle
    ) {
        let courses = spectrograms.compactMap(\.course)
        guard let first = courses.first, courses.count == spectrograms.count, profilesPerSecond > 0,
            profilesPerSecond * first.blockSeconds <= 1,
            courses.allSatisfy({ $0.stretches == first.stretches && $0.blocks.count == first.blocks.count }),
            var windows = AdaptiveWindows(spectrograms[0].settings, baseline: baseline)
        else { return nil }
        self.profilesPerSecond = profilesPerSecond
        gates = courses.count
        var centres: [Double] = []
        var cells: [Cell] = []
        for (index, stretch) in first.stretches.enumerated() {
            let end = index + 1 < first.stretches.count ? first.stretches[index + 1].firstBlock : first.blocks.count
            let seconds = Double(end - stretch.firstBlock) * first.blockSeconds
            let settled = Self.settledPulse(of: stretch, in: spectrograms[0])
            for frame in 0..<max(0, Int(seconds * profilesPerSecond)) {
                let centre = Double(stretch.firstPulse) / first.prfHz + (Double(frame) + 0.5) / profilesPerSecond
                centres.append(centre)
                let isSettled = centre * first.prfHz >= settled
                for (gate, course) in courses.enumerated() {
                    cells.append(
                        isSettled
                            ? windows.cell(
                                course, spectrograms[gate].columns, blocks: stretch.firstBlock..<end,
                                from: stretch.firstPulse, centreSeconds: centre) : .unmeasured)
                }
            }
        }
        centreSeconds = centres
        self.cells = cells
    }

    /// The cells of one profile, gate by gate; empty for a profile that does not exist.
    public func profile(_ index: Int) -> ArraySlice<Cell> {
        guard centreSeconds.indices.contains(index) else { return [] }
        return cells[index * gates..<(index + 1) * gates]
    }

    /// Index of the pulse from which on the wall filter has settled in a stretch.
    private static func settledPulse(of stretch: FlowCourse.Stretch, in spectrogram: Spectrogram) -> Double {
        let column = spectrogram.columns.first {
            // The course begins up to a vector later than the columns.
            $0.firstPulse &+ UInt64(FlowCourse.mostPulses) >= stretch.firstPulse && !$0.flags.contains(.settling)
        }
        return column.map { Double($0.firstPulse) } ?? .infinity
    }
}
