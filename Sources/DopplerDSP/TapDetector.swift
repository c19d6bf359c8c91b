/// Finds taps on the probe: the noise floor of both directions rises and is back within 100 ms.
///
/// Flow raises only the part of the spectrum that it fills, and the noise estimate leaves that part alone. Where flow
/// turns round, both parts are filled, so a run counts only when the flows beside it do not explain it.
struct TapDetector: Sendable {
    /// Longest tap, seconds (project's references, reflux detection: broadband, symmetric, below 100 ms).
    static let longestSeconds = 0.1
    /// A floor this far above the usual noise is a tap's (4 dB, project choice: by chance in fewer than 1 of 1000).
    static let tapRatio: Float = 2.5
    /// Neighbouring columns with a floor this far up belong to the tap (2 dB, project choice).
    private static let edgeRatio: Float = 1.6

    /// Neighbouring columns whose floor was up for no longer than a tap's is.
    struct Run: Sendable {
        /// The columns.
        var columns: Range<Int>
        /// The highest floor over the usual noise, and its column.
        var highestRatio: Float
        var loudest: Int

        /// Whether its floor stands out of the usual noise as a tap's does.
        var mayBeTap: Bool { highestRatio >= TapDetector.tapRatio }
    }

    /// Most columns that a tap can touch.
    let mostColumns: Int
    /// Index of the first column of the run that is not decided yet.
    private(set) var runStart: Int?
    private var highest: (ratio: Float, column: Int) = (0, 0)
    private var runIsTooLong = false

    /// A detector for the columns of one gate.
    init(_ settings: SpectralSettings) {
        let pulses = Self.longestSeconds * settings.prfHz + Double(settings.fftLength)
        mostColumns = Int(min(pulses / Double(settings.hopPulses), 1_000_000)) + 1
    }

    /// Takes one column's floor over the usual noise.
    ///
    /// - Returns: the run of columns that has ended before it; `nil` when none has.
    mutating func add(floorRatio: Float, column: Int) -> Run? {
        guard floorRatio >= Self.edgeRatio else { return end(at: column) }
        guard !runIsTooLong else { return nil }
        let start = runStart ?? column
        runStart = start
        if floorRatio > highest.ratio { highest = (floorRatio, column) }
        if column - start >= mostColumns {
            runIsTooLong = true
            runStart = nil
        }
        return nil
    }

    /// Ends the run before `column`, because the floor is back, samples are missing or nothing follows.
    mutating func end(at column: Int) -> Run? {
        defer {
            runStart = nil
            highest = (0, 0)
            runIsTooLong = false
        }
        guard let runStart else { return nil }
        return Run(columns: runStart..<column, highestRatio: highest.ratio, loudest: highest.column)
    }

    /// Tells that the first `count` columns have been taken away.
    mutating func drop(_ count: Int) {
        if let start = runStart { runStart = start - count }
        highest.column -= count
    }
}
