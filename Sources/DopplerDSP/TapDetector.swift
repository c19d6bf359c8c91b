/// Finds taps on the probe: the noise floor of both directions rises and is back within 100 ms.
///
/// Flow raises only the part of the spectrum that it fills, and the noise estimate leaves that part alone.
struct TapDetector: Sendable {
    /// Longest tap, seconds (project's references, reflux detection: broadband, symmetric, below 100 ms).
    static let longestSeconds = 0.1
    /// A floor this far above the usual noise is a tap's (4 dB, project choice: by chance in fewer than 1 of 1000).
    private static let tapRatio: Float = 2.5
    /// Neighbouring columns with a floor this far up belong to the tap (2 dB, project choice).
    private static let edgeRatio: Float = 1.6

    /// Most columns that a tap can touch.
    let mostColumns: Int
    /// Index of the first column of the run that is not decided yet.
    private(set) var runStart: Int?
    private var runIsTap = false
    private var runIsTooLong = false

    /// A detector for the columns of one gate.
    init(_ settings: SpectralSettings) {
        let pulses = Self.longestSeconds * settings.prfHz + Double(settings.fftLength)
        mostColumns = Int(min(pulses / Double(settings.hopPulses), 1_000_000)) + 1
    }

    /// Takes one column's floor over the usual noise.
    ///
    /// - Returns: the columns that have turned out to be a tap; empty when there are none.
    mutating func add(floorRatio: Float, column: Int) -> Range<Int> {
        guard floorRatio >= Self.edgeRatio else { return end(at: column) }
        guard !runIsTooLong else { return 0..<0 }
        let start = runStart ?? column
        runStart = start
        if floorRatio >= Self.tapRatio { runIsTap = true }
        if column - start >= mostColumns {
            runIsTooLong = true
            runStart = nil
        }
        return 0..<0
    }

    /// Ends the run before `column`, because the floor is back, samples are missing or nothing follows.
    mutating func end(at column: Int) -> Range<Int> {
        defer {
            runStart = nil
            runIsTap = false
            runIsTooLong = false
        }
        guard let runStart, runIsTap else { return 0..<0 }
        return runStart..<column
    }

    /// Tells that the first `count` columns have been taken away.
    mutating func drop(_ count: Int) {
        if let start = runStart { runStart = start - count }
    }
}
