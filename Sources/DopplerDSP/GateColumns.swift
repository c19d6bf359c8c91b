/// What is known of one gate: its estimators and the columns that have not been taken yet.
struct GateColumns: Sendable {
    /// The columns and their spectra, in the order of time.
    var columns: [SpectralColumn] = []
    var power: [Float] = []
    /// Gain and phase of Q against I.
    var iq = IQEstimator()
    /// How flow changes within a window.
    var maker: CourseMaker
    /// Whether flow has passed the Nyquist limit and not come back.
    var alias: AliasTracker
    private var usualNoise: RunningMedian
    private var taps: TapDetector

    /// Fewest columns of the usual noise (project choice).
    private static let fewestNoiseColumns = 32
    /// Most columns of the usual noise (project choice: what a live view can afford).
    private static let mostNoiseColumns = 255
    /// The usual noise is the median of this many times a tap's longest run, so that a tap does not move it.
    private static let noiseColumnsATap = 3

    /// A gate without columns.
    init(_ settings: SpectralSettings) {
        alias = AliasTracker(nyquistHz: Float(settings.prfHz / 2))
        maker = CourseMaker(prfHz: settings.prfHz)
        taps = TapDetector(settings)
        usualNoise = RunningMedian(
            capacity: min(
                Self.mostNoiseColumns, max(Self.fewestNoiseColumns, Self.noiseColumnsATap * taps.mostColumns)))
    }

    /// How many columns are decided: what follows may still turn out to be a tap.
    var decidedCount: Int { taps.runStart ?? columns.count }

    /// Takes a column's own noise and gives the usual noise, that column included.
    mutating func addNoise(_ floor: Float, column: Int) -> Float {
        let usual = usualNoise.add(floor)
        mark(taps.add(floorRatio: floor / usual, column: column))
        return usual
    }

    /// Ends what may have been a tap, because samples are missing or nothing follows.
    mutating func endRun() {
        mark(taps.end(at: columns.count))
        alias.restart()
    }

    /// Takes away the decided columns and their spectra.
    mutating func takeDecided(_ settings: SpectralSettings, gate: Int) -> Spectrogram {
        let count = decidedCount
        let values = count * settings.fftLength
        if count == columns.count {
            let taken = Spectrogram(
                settings: settings, gate: gate, columns: columns, power: power, course: maker.course.take())
            columns = []
            power = []
            taps.drop(count)
            return taken
        }
        let taken = Spectrogram(
            settings: settings, gate: gate, columns: Array(columns[..<count]), power: Array(power[..<values]),
            course: maker.course.take())
        columns.removeFirst(count)
        power.removeFirst(values)
        taps.drop(count)
        return taken
    }

    /// Copies the columns that are not decided yet.
    func undecided(_ settings: SpectralSettings, gate: Int) -> Spectrogram {
        let count = decidedCount
        return Spectrogram(
            settings: settings, gate: gate, columns: Array(columns[count...]),
            power: Array(power[(count * settings.fftLength)...]))
    }

    private mutating func mark(_ tap: Range<Int>) {
        for column in tap { columns[column].flags.insert(.tap) }
    }
}
