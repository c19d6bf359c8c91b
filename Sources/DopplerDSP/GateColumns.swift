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
    private var alias: AliasTracker
    private var usualNoise: RunningMedian
    private var taps: TapDetector
    private let noise: NoiseEstimator
    private let length: Int
    /// Spectrum of the last column that was taken away, for a run that begins right behind it; empty without one.
    private var lastTaken: [Float] = []
    /// What was known of aliasing before the run of columns that is not decided yet.
    private var aliasBeforeRun: AliasTracker?
    /// Index of the first column of the unbroken stretch, among those not taken.
    private var stretchStart = 0

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
        noise = NoiseEstimator(settings)
        length = settings.fftLength
        usualNoise = RunningMedian(
            capacity: min(
                Self.mostNoiseColumns, max(Self.fewestNoiseColumns, Self.noiseColumnsATap * taps.mostColumns)))
    }

    /// How many columns are decided: what follows may still turn out to be a tap.
    var decidedCount: Int { taps.runStart ?? columns.count }

    /// Makes room for some columns and pulses more, so that long recordings do not move again and again.
    mutating func reserve(columns count: Int, pulses: Int) {
        columns.makeRoom(for: count)
        power.makeRoom(for: count * length)
        maker.reserve(pulses: pulses)
    }

    /// Takes a column's own noise and gives the usual noise, that column included.
    mutating func addNoise(_ floor: Float) -> Float { usualNoise.add(floor) }

    /// Adds a column and its spectrum, which stands in the transform's own order.
    mutating func add(
        _ column: SpectralColumn, _ spectrum: UnsafePointer<Float>, floor: Float, usual: Float, isAtLimit: Bool
    ) {
        let aliasBefore = alias
        var isAliased = isAtLimit
        // A converter at its limit reaches every frequency: where the mean jumps then says nothing of the flow.
        if !column.flags.contains(.clipped) {
            isAliased = alias.add(meanHz: column.meanShiftHz, isAtLimit: isAtLimit)
        }
        columns.append(column)
        if isAliased { columns[columns.count - 1].flags.insert(.aliased) }
        let half = length / 2
        power.append(contentsOf: UnsafeBufferPointer(start: spectrum + half, count: half))
        power.append(contentsOf: UnsafeBufferPointer(start: spectrum, count: half))
        watchTaps(floorRatio: floor / usual, usual: usual, isAtLimit: isAtLimit, aliasBefore: aliasBefore)
    }

    /// Looks for the end of a tap in the column that was added last.
    ///
    /// A tap reaches every frequency: where the mean jumped in it says nothing of the flow, and the column behind it is
    /// judged as if it followed the one before.
    private mutating func watchTaps(floorRatio: Float, usual: Float, isAtLimit: Bool, aliasBefore: AliasTracker) {
        let last = columns.count - 1
        defer { if taps.runStart == last { aliasBeforeRun = aliasBefore } }
        guard let run = taps.add(floorRatio: floorRatio, column: last) else { return }
        guard run.mayBeTap, isRisen(run, usual: usual) else { return }
        mark(run.columns)
        guard let before = aliasBeforeRun, !columns[last].flags.contains(.clipped) else { return }
        alias = before
        columns[last].flags.remove(.aliased)
        if alias.add(meanHz: columns[last].meanShiftHz, isAtLimit: isAtLimit) {
            columns[last].flags.insert(.aliased)
        }
    }

    /// Ends what may have been a tap, because samples are missing or nothing follows.
    mutating func endRun() {
        if let run = taps.end(at: columns.count), run.mayBeTap { mark(run.columns) }
        alias.restart()
        stretchStart = columns.count
        lastTaken = []
    }

    /// Whether the spectrum of a run has risen above the flows before and behind it.
    ///
    /// Where flow turns round, a window holds both: together they may fill the band that the noise is read from.
    private func isRisen(_ run: TapDetector.Run, usual: Float) -> Bool {
        let behind = spectrum(run.columns.upperBound)
        let before =
            run.columns.lowerBound > stretchStart ? spectrum(run.columns.lowerBound - 1) : inOrder(lastTaken[...])
        let ratio = noise.rise(of: spectrum(run.loudest), over: before ?? behind, and: behind, least: usual)
        return ratio.map { $0 >= TapDetector.tapRatio } ?? true
    }

    /// A column's spectrum in the transform's own order; `nil` without such a column.
    private func spectrum(_ column: Int) -> [Float]? {
        guard columns.indices.contains(column) else { return nil }
        return inOrder(power[column * length..<(column + 1) * length])
    }

    /// A stored spectrum in the transform's own order; `nil` for no spectrum.
    private func inOrder(_ stored: ArraySlice<Float>) -> [Float]? {
        stored.count == length ? Array(stored.suffix(length / 2) + stored.prefix(length / 2)) : nil
    }

    /// Takes away the decided columns and their spectra.
    mutating func takeDecided(_ settings: SpectralSettings, gate: Int) -> Spectrogram {
        var taken = Spectrogram(
            settings: settings, gate: gate, columns: [], power: [], course: FlowCourse(prfHz: settings.prfHz))
        takeDecided(into: &taken)
        return taken
    }

    /// Takes away the decided columns and their spectra, and goes on in the memory of those that were taken before.
    mutating func takeDecided(into taken: inout Spectrogram) {
        let count = decidedCount
        let values = count * length
        if count > stretchStart {
            lastTaken.removeAll(keepingCapacity: true)
            lastTaken.append(contentsOf: power[(count - 1) * length..<values])
        }
        stretchStart = max(0, stretchStart - count)
        taps.drop(count)
        Self.take(count, of: &columns, into: &taken.columns)
        Self.take(values, of: &power, into: &taken.power)
        var course = taken.course ?? FlowCourse(prfHz: maker.course.prfHz)
        taken.course = nil
        maker.course.take(into: &course)
        taken.course = course
    }

    /// Moves the first elements; usually all, which then only change places with those that were taken before.
    private static func take<Element>(_ count: Int, of values: inout [Element], into taken: inout [Element]) {
        taken.removeAll(keepingCapacity: true)
        if count == values.count {
            swap(&values, &taken)
        } else {
            taken.append(contentsOf: values[..<count])
            values.removeFirst(count)
        }
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
