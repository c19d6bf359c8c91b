internal import Glibc

/// Depth against velocity: the mean shift of every gate, many times a second.
///
/// A short window has little scatter only where flow is strong, so the window of each gate grows, frame by frame, from one
/// frame's length until the standard error of its mean is small enough or the longest window is reached. The estimate is
/// Kasai's, from lag products that are summed over the window; its standard error follows from the spread of the
/// spectrum over the number of independent samples in the window.
public struct MultigateProfile: Sendable {
    /// One gate at one time.
    public struct Cell: Sendable, Hashable {
        /// Mean shift, Hz, positive towards the transducer; `nil` = no flow stands out of the noise.
        public var meanShiftHz: Float?
        /// Standard error of the mean, Hz; `nil` without a mean.
        public var standardErrorHz: Float?
        /// Length of the window that was needed, seconds.
        public var windowSeconds: Float
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
    /// The longest window, in frames (project choice: 100 ms at the usual rate, a heart beat's details stay).
    private static let mostFrames = 5
    /// A window is long enough when its standard error is below this share of the Nyquist limit (project choice).
    private static let enoughShare = 0.01
    /// The mean of a window's correlation over its power that noise alone does not reach: 4 standard deviations.
    private static let noiseDeviations = 4.0

    /// Profiles of gates whose spectrograms hold courses of the same stretches.
    ///
    /// - Parameter profilesPerSecond: how many are wanted; above 0, and so slow that a frame holds one block.
    public init?(_ spectrograms: [Spectrogram], profilesPerSecond: Double = usualProfilesPerSecond) {
        let courses = spectrograms.compactMap(\.course)
        guard let first = courses.first, courses.count == spectrograms.count, profilesPerSecond > 0,
            profilesPerSecond * first.blockSeconds <= 1,
            courses.allSatisfy({ $0.stretches == first.stretches && $0.blocks.count == first.blocks.count })
        else { return nil }
        self.profilesPerSecond = profilesPerSecond
        gates = courses.count
        var centres: [Double] = []
        var cells: [Cell] = []
        for (index, stretch) in first.stretches.enumerated() {
            let end = index + 1 < first.stretches.count ? first.stretches[index + 1].firstBlock : first.blocks.count
            let perFrame = 1 / (profilesPerSecond * first.blockSeconds)
            let settled = Self.settledPulse(of: stretch, in: spectrograms[0])
            let frames = Int(Double(end - stretch.firstBlock) / perFrame)
            for frame in 0..<max(0, frames) {
                let middle = (Double(frame) + 0.5) * perFrame
                let centre = Double(stretch.firstPulse) / first.prfHz + middle * first.blockSeconds
                centres.append(centre)
                for course in courses {
                    cells.append(
                        centre * first.prfHz < settled
                            ? Cell(meanShiftHz: nil, standardErrorHz: nil, windowSeconds: 0)
                            : Self.cell(course, stretch.firstBlock..<end, middle: middle, perFrame: perFrame))
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

    private static func cell(
        _ course: FlowCourse, _ stretch: Range<Int>, middle: Double, perFrame: Double
    ) -> Cell {
        var cell = Cell(meanShiftHz: nil, standardErrorHz: nil, windowSeconds: 0)
        for frames in 1...mostFrames {
            let reach = Double(frames) * perFrame / 2
            let first = max(stretch.lowerBound, stretch.lowerBound + Int((middle - reach).rounded()))
            let last = min(stretch.upperBound, stretch.lowerBound + Int((middle + reach).rounded()))
            guard first < last else { continue }
            let window = course.blocks[first..<last]
            cell = Self.cell(window, course)
            if let error = cell.standardErrorHz, Double(error) <= enoughShare * course.prfHz / 2 { break }
        }
        return cell
    }

    private static func cell(_ window: ArraySlice<FlowCourse.Block>, _ course: FlowCourse) -> Cell {
        let pulses = Double(window.count * course.blockPulses)
        let power = window.reduce(0.0) { $0 + Double($1.power) }
        let real = window.reduce(0.0) { $0 + Double($1.lagOneReal) }
        let imaginary = window.reduce(0.0) { $0 + Double($1.lagOneImaginary) }
        var cell = Cell(
            meanShiftHz: nil, standardErrorHz: nil, windowSeconds: Float(pulses / course.prfHz))
        let correlation = power > 0 ? (real * real + imaginary * imaginary).squareRoot() / power : 0
        guard correlation * pulses.squareRoot() > noiseDeviations, correlation < 1 else { return cell }
        let turns = atan2(imaginary, real) / (2 * Double.pi)
        // Spread of the spectrum with its noise (Kasai 1985), over the independent samples that this spread leaves.
        let spreadTurns = (2 * (1 - correlation)).squareRoot() / (2 * Double.pi)
        let independent = max(1, pulses * min(1, 2 * Double.pi.squareRoot() * spreadTurns))
        cell.meanShiftHz = Float(turns * course.prfHz)
        cell.standardErrorHz = Float(spreadTurns / independent.squareRoot() * course.prfHz)
        return cell
    }
}
