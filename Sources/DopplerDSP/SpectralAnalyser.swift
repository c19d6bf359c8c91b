internal import Glibc

/// Turns the I/Q samples of a recording into spectrograms, one for each gate, chunk by chunk.
///
/// Wall filter, correction of I and Q, Hann window, power spectrum, and for each column the mean and maximum
/// shifts, the noise and what is wrong with it. The result does not depend on how the samples are cut into
/// chunks, as long as each pulse keeps its conditions. Column k of an unbroken stretch begins `k * hopPulses`
/// after the stretch's first pulse.
public struct SpectralAnalyser: Sendable {
    /// The settings, validated.
    public let settings: SpectralSettings
    /// Pulses after a start or gap whose columns are flagged `settling`.
    public let settlingPulses: Int

    private var feed: SampleFeed
    private let spectrum: ColumnSpectrum
    private let noise: NoiseEstimator
    private let meter: ColumnMeter
    private var batch: ColumnBatch
    private var gates: [GateColumns]
    private var rail = RailWatch()

    /// Index since the start of the stretch's first pulse and of the pulse that continues it.
    private var stretchStart: UInt64 = 0
    private var nextPulse: UInt64 = 0
    private var hasStarted = false
    /// Pulses of the stretch, by their index in it.
    private var nextColumn = 0
    /// What is wrong with the samples of the columns from `nextColumn` on whose pulses have all come and that wait for
    /// more, to be computed gate by gate.
    private var waiting: [ColumnFlags] = []
    private var clippedEnd = 0
    private var silentEnd = 0
    /// Pulses that the estimate of gain and phase has seen, a multiple of 16.
    private var correctedPulses: [Int]
    /// Pulses of the stretch that the courses have seen, a multiple of 16.
    private var coursePulses = 0
    /// Pulses of the stretch up to the end of the last dropout, and the length of the one that may be going on.
    private var dropoutEnd = 0
    private var stillPulses = 0
    /// The row before, unfiltered: a front end that stands still gives the same values again and again.
    private var lastRow: [Float]

    /// Columns of a gate that are computed at once, where nothing decides otherwise (project choice: results of a gate are
    /// then written in pieces of a page, which with many gates spares most of the look-ups of its address).
    private static let columnsAtOnce = 4
    /// Pulses in a row that are all alike and a dropout: by chance never in noise of one count and more.
    private static let dropoutPulses = 8
    /// Pulses that a course takes at once.
    private static let courseStep = CourseMaker.step
    /// Pulses that may wait for the courses (project choice: few enough to be still in the processor's cache and to lie in what
    /// the feed keeps beside a window, and enough for a gate's course to be written in long pieces).
    private static let waitingPulses = 256
    /// Least noise, squared counts for all bins together: rounding I and Q to whole counts, 1/12 each (Widrow 1956).
    private static let roundingNoise: Float = 1.0 / 6

    /// An analyser without samples.
    ///
    /// - Throws: the first setting that cannot be used.
    public init(_ settings: SpectralSettings) throws(DSPError) {
        try settings.validate()
        self.settings = settings
        feed = try SampleFeed(settings, waitingColumns: Self.columnsAtOnce - 1)
        settlingPulses = feed.settlingPulses
        spectrum = try ColumnSpectrum(settings)
        noise = NoiseEstimator(settings)
        meter = ColumnMeter(settings)
        batch = try ColumnBatch(settings)
        lastRow = [Float](repeating: 0, count: 2 * settings.gates)
        gates = [GateColumns](repeating: GateColumns(settings), count: settings.gates)
        correctedPulses = [Int](repeating: 0, count: settings.gates)
    }

    /// The correction of I and Q in force for each gate.
    public var corrections: [IQCorrection] { gates.map(\.iq.correction) }

    /// Takes pulses, each with I and Q of all gates.
    ///
    /// - Parameters:
    ///   - pulses: how many pulses the bytes hold, 0 or more.
    ///   - firstPulse: index since the start of the first of them. Where it does not follow the last chunk, samples are
    ///     missing: no column spans the gap and the wall filter starts again.
    ///   - flags: what holds for all of these pulses.
    /// - Throws: `DSPError.sampleBytes` when the bytes do not match; the analyser is as before.
    public mutating func process(
        _ samples: RawSpan, format: IQFormat, pulses: Int, firstPulse: UInt64, flags: FrameConditions
    ) throws(DSPError) {
        try feed.require(samples, format, pulses: pulses)
        guard pulses > 0 else { return }
        if !hasStarted || firstPulse != nextPulse { startStretch(at: firstPulse) }
        nextPulse = firstPulse &+ UInt64(pulses)
        reserve(pulses: pulses)
        samples.withUnsafeBytes { bytes in
            var taken = 0
            while taken < pulses {
                let count = min(feed.rowsAtOnce, pulses - taken)
                feed.convert(bytes, format, fromPulse: taken, pulses: count)
                take(pulses: count, flags: flags)
                taken += count
            }
        }
        addWaiting()
        finishBatch()
    }

    /// Takes away the columns that are decided, one spectrogram for each gate.
    ///
    /// Columns whose noise floor has just risen are held back until it is known whether that was a tap: up to 100 ms
    /// and one window.
    public mutating func takeColumns() -> [Spectrogram] {
        addCourses()
        return gates.indices.map { gates[$0].takeDecided(settings, gate: $0) }
    }

    /// Takes away the columns that are decided, like `takeColumns()`, and goes on in the memory of what is handed in, so that
    /// a live view that hands in what it has shown needs no new memory for each picture.
    ///
    /// - Parameter spectrograms: what was taken before, or nothing; in place of it stands what is taken now. What does not
    ///   come from an analyser with these settings is dropped.
    public mutating func takeColumns(into spectrograms: inout [Spectrogram]) {
        let isOwn = spectrograms.indices.allSatisfy {
            spectrograms[$0].gate == $0 && spectrograms[$0].settings == settings
        }
        guard isOwn, spectrograms.count == gates.count else {
            spectrograms = takeColumns()
            return
        }
        addCourses()
        for gate in gates.indices { gates[gate].takeDecided(into: &spectrograms[gate]) }
    }

    /// Ends the recording like `finish()`, and goes on in the memory of what is handed in: see `takeColumns(into:)`.
    public mutating func finish(into spectrograms: inout [Spectrogram]) {
        end()
        takeColumns(into: &spectrograms)
    }

    /// The columns that `takeColumns` would still hold back, for a live view; none may yet be flagged `tap`.
    public func undecidedColumns() -> [Spectrogram] {
        gates.indices.map { gates[$0].undecided(settings, gate: $0) }
    }

    /// Ends the recording.
    ///
    /// - Returns: the columns not taken before, one spectrogram for each gate. Samples that do not fill a window are
    ///   left out.
    public mutating func finish() -> [Spectrogram] {
        end()
        return takeColumns()
    }

    private mutating func end() {
        addCourses()
        for gate in gates.indices { gates[gate].endRun() }
        hasStarted = false
    }

    /// Makes room for what some pulses will give.
    private mutating func reserve(pulses: Int) {
        let end = feed.planes.endPulse + pulses
        let columns = max(0, (end - nextColumn - settings.fftLength) / settings.hopPulses + 1)
        let seen = settings.wallFilter == .butterworth ? max(0, end - coursePulses) : 0
        for gate in gates.indices { gates[gate].reserve(columns: columns, pulses: seen) }
    }

    private mutating func startStretch(at pulse: UInt64) {
        addCourses()
        hasStarted = true
        stretchStart = pulse
        feed.restart()
        nextColumn = 0
        clippedEnd = 0
        silentEnd = 0
        dropoutEnd = 0
        stillPulses = 0
        lastRow = [Float](repeating: 0, count: lastRow.count)
        // The first sixteen pulses have none before them.
        coursePulses = Self.courseStep
        let settled = (settlingPulses + 15) / 16 * 16
        for gate in gates.indices {
            gates[gate].endRun()
            gates[gate].iq.restart()
            gates[gate].maker.begin(at: pulse &+ UInt64(Self.courseStep))
            correctedPulses[gate] = settled
        }
    }

    /// Filters the converted rows and makes the columns that they complete.
    private mutating func take(pulses: Int, flags: FrameConditions) {
        if !feed.hasRoom(pulses: pulses) {
            var unused = min(nextColumn, coursePulses - Self.courseStep)
            if settings.correctsIQ, let slowest = correctedPulses.min() { unused = min(unused, slowest) }
            feed.drop(before: unused)
        }
        watch(pulses: pulses, upTo: feed.planes.endPulse)
        feed.filterRows(pulses: pulses)
        if flags.contains(.clipped) { clippedEnd = feed.planes.endPulse }
        if !flags.contains(.transmitting) { silentEnd = feed.planes.endPulse }
        while nextColumn + waiting.count * settings.hopPulses + settings.fftLength <= feed.planes.endPulse {
            waiting.append(sampleFlags(firstPulse: nextColumn + waiting.count * settings.hopPulses))
            if waiting.count == Self.columnsAtOnce { addWaiting() }
        }
        if settings.correctsIQ { addWaiting() }
        finishBatch()
        if settings.correctsIQ {
            for gate in gates.indices { estimateIQ(gate, upTo: feed.planes.endPulse) }
        }
        // A correction holds for the samples of its time; without one the courses can wait until there is more to do.
        if settings.correctsIQ || feed.planes.endPulse - coursePulses >= Self.waitingPulses { addCourses() }
    }

    /// Looks for pulses that are all like the one before and for samples at their own limit, before the filter.
    private mutating func watch(pulses: Int, upTo end: Int) {
        let width = 2 * settings.gates
        let rowLength = feed.rowLength
        feed.rows.withUnsafeBufferPointer { rows in
            guard let first = rows.baseAddress else { return }
            lastRow.withUnsafeMutableBufferPointer { last in
                guard let last = last.baseAddress else { return }
                var before = UnsafePointer(last)
                var row = first
                for pulse in 0..<pulses {
                    stillPulses = Self.isStill(row, before, width) ? stillPulses + 1 : 0
                    if stillPulses >= Self.dropoutPulses { dropoutEnd = end + pulse + 1 }
                    before = row
                    row += rowLength
                }
                last.update(from: before, count: width)
            }
        }
        if rail.isHit(feed.rows, count: pulses * feed.rowLength) { clippedEnd = end + pulses }
    }

    /// Whether a row is like the one before; what stands still at a limit is clipped instead.
    @inline(__always)
    private static func isStill(_ row: UnsafePointer<Float>, _ before: UnsafePointer<Float>, _ width: Int) -> Bool {
        var value = 0
        while value < width, row[value] == before[value], abs(row[value]) < RailWatch.leastCounts { value &+= 1 }
        return value == width
    }

    /// Shows the courses the samples that they have not seen, sixteen at a time.
    private mutating func addCourses() {
        let steps = (feed.planes.endPulse - coursePulses) / Self.courseStep
        guard steps > 0 else { return }
        defer { coursePulses += steps * Self.courseStep }
        // A regression knows windows only: the samples still hold the walls.
        guard settings.wallFilter == .butterworth else { return }
        for gate in gates.indices {
            let first = feed.planes.index(gate: gate, pulse: coursePulses)
            let iq = gates[gate].iq.correction
            feed.planes.real.withUnsafeBufferPointer { real in
                feed.planes.imaginary.withUnsafeBufferPointer { imaginary in
                    guard let real = real.baseAddress, let imaginary = imaginary.baseAddress else { return }
                    gates[gate].maker.add(real + first, imaginary + first, steps: steps, iq)
                }
            }
        }
    }

    /// Hands the columns that wait to the batch, gate by gate.
    private mutating func addWaiting() {
        for gate in gates.indices {
            for (column, flags) in waiting.enumerated() {
                addColumn(gate, firstPulse: nextColumn + column * settings.hopPulses, flags)
            }
        }
        nextColumn += waiting.count * settings.hopPulses
        waiting.removeAll(keepingCapacity: true)
    }

    /// Lets a column of a gate wait for others whose spectra are computed at the same time.
    private mutating func addColumn(_ gate: Int, firstPulse: Int, _ flags: ColumnFlags) {
        if settings.correctsIQ { estimateIQ(gate, upTo: firstPulse + settings.fftLength) }
        batch.add(
            gate: gate, firstPulse: firstPulse, index: feed.planes.index(gate: gate, pulse: firstPulse),
            gates[gate].iq.correction, flags)
        if batch.isFull { finishBatch() }
    }

    /// Computes the columns of the batch.
    private mutating func finishBatch() {
        guard batch.count > 0 else { return }
        batch.transform(feed.planes, spectrum)
        batch.estimateNoise(noise)
        let least = Self.roundingNoise / Float(settings.fftLength)
        for lane in 0..<batch.count {
            batch.noise[lane] = max(batch.noise[lane], least)
            batch.usual[lane] = gates[batch.entries[lane].gate].addNoise(batch.noise[lane])
        }
        batch.scan(meter)
        batch.rows.withUnsafeBufferPointer { rows in
            guard let rows = rows.baseAddress else { return }
            for lane in 0..<batch.count {
                measure(lane, rows + lane * settings.fftLength)
            }
        }
        batch.removeAll()
    }

    private mutating func measure(_ lane: Int, _ power: UnsafePointer<Float>) {
        let entry = batch.entries[lane]
        let gate = entry.gate
        let floor = batch.noise[lane]
        let usual = batch.usual[lane]
        let figures = meter.figures(power, noise: usual, batch.scans[lane])
        let firstPulse = stretchStart &+ UInt64(entry.firstPulse)
        var flags = entry.flags
        if figures.meanShiftHz == nil { flags.insert(.noFlowDetected) }
        let column = SpectralColumn(
            firstPulse: firstPulse,
            centreSeconds: (Double(firstPulse) + Double(settings.fftLength) / 2) / settings.prfHz,
            meanShiftHz: figures.meanShiftHz, spectralMeanShiftHz: figures.spectralMeanShiftHz,
            envelopeTowardsHz: figures.envelopeTowardsHz, envelopeAwayHz: figures.envelopeAwayHz,
            noiseDb: 10 * log10f(usual), signalToNoiseTowardsDb: figures.signalToNoiseTowardsDb,
            signalToNoiseAwayDb: figures.signalToNoiseAwayDb, flags: flags)
        gates[gate].add(column, power, floor: floor, usual: usual, isAtLimit: figures.isAliased)
    }

    /// What is wrong with the samples of a column when its last pulse has come.
    private func sampleFlags(firstPulse: Int) -> ColumnFlags {
        var flags: ColumnFlags = []
        if clippedEnd > firstPulse { flags.insert(.clipped) }
        if dropoutEnd > 0, dropoutEnd + settlingPulses > firstPulse { flags.insert(.noSignal) }
        if silentEnd > firstPulse { flags.insert(.notTransmitting) }
        if firstPulse < settlingPulses { flags.insert(.settling) }
        return flags
    }

    /// Shows the estimator the samples before `end`, sixteen at a time.
    private mutating func estimateIQ(_ gate: Int, upTo end: Int) {
        var pulse = correctedPulses[gate]
        while pulse + 16 <= end {
            let index = feed.planes.index(gate: gate, pulse: pulse)
            gates[gate].iq.add(lanes(feed.planes.real, index), lanes(feed.planes.imaginary, index))
            pulse += 16
        }
        correctedPulses[gate] = pulse
    }
}
