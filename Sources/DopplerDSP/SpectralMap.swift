internal import Glibc

/// Spectra and mean shifts of many gates at once, without noise, envelopes and courses.
///
/// What a live view of all depths needs: wall filter, window, power spectrum, and the mean by lag-one autocorrelation. It
/// does a third of the work of `SpectralAnalyser`, which measures the gate that one looks at; the spectra of both are the
/// same numbers. The result does not depend on how the samples are cut into chunks.
public struct SpectralMap: Sendable {
    /// The settings, validated.
    public let settings: SpectralSettings
    private var feed: SampleFeed
    private let spectrum: ColumnSpectrum
    private var batch: ColumnBatch
    private let means: LagOneMean
    private var taken: Columns
    private var stretchStart: UInt64 = 0
    private var nextPulse: UInt64 = 0
    private var hasStarted = false
    private var nextColumn = 0

    /// Columns of all gates, in the order of time.
    public struct Columns: Sendable {
        /// Index since the start of each column's first pulse.
        public internal(set) var firstPulses: [UInt64] = []
        /// The gates.
        public internal(set) var gates: [Gate]
    }

    /// The columns of one gate.
    public struct Gate: Sendable {
        /// Mean shift of each column, Hz, positive towards the transducer; NaN where there was no signal at all.
        public internal(set) var meanShiftsHz: [Float] = []
        /// Power, squared counts: `fftLength` bins of each column from -PRF/2 upwards.
        public internal(set) var power: [Float] = []
    }

    /// A map without samples.
    ///
    /// - Throws: the first setting that cannot be used; gain and phase of I and Q cannot be estimated here.
    public init(_ settings: SpectralSettings) throws(DSPError) {
        try settings.validate()
        guard !settings.correctsIQ else { throw .mapCannotCorrectIQ }
        self.settings = settings
        feed = try SampleFeed(settings)
        spectrum = try ColumnSpectrum(settings)
        batch = try ColumnBatch(settings)
        means = LagOneMean(settings)
        taken = Columns(gates: [Gate](repeating: Gate(), count: settings.gates))
    }

    /// Takes pulses, each with I and Q of all gates.
    ///
    /// - Parameters:
    ///   - pulses: how many pulses the bytes hold, 0 or more.
    ///   - firstPulse: index since the start of the first of them. Where it does not follow the last chunk, samples are
    ///     missing: no column spans the gap and the wall filter starts again.
    /// - Throws: `DSPError.sampleBytes` when the bytes do not match; the map is as before.
    public mutating func process(
        _ samples: RawSpan, format: IQFormat, pulses: Int, firstPulse: UInt64
    ) throws(DSPError) {
        try feed.require(samples, format, pulses: pulses)
        guard pulses > 0 else { return }
        if !hasStarted || firstPulse != nextPulse {
            hasStarted = true
            stretchStart = firstPulse
            nextColumn = 0
            feed.restart()
        }
        nextPulse = firstPulse &+ UInt64(pulses)
        reserve(pulses: pulses)
        samples.withUnsafeBytes { bytes in
            var done = 0
            while done < pulses {
                let count = min(feed.rowsAtOnce, pulses - done)
                feed.convert(bytes, format, fromPulse: done, pulses: count)
                take(pulses: count)
                done += count
            }
        }
    }

    /// Takes away the columns that there are, into the memory of those that were taken before.
    ///
    /// - Parameter columns: what was taken before, or `nil`; in place of it stands what is taken now.
    public mutating func takeColumns(into columns: inout Columns?) {
        var other = columns ?? Columns(gates: [Gate](repeating: Gate(), count: settings.gates))
        if other.gates.count != settings.gates { other.gates = [Gate](repeating: Gate(), count: settings.gates) }
        swap(&other, &taken)
        taken.firstPulses.removeAll(keepingCapacity: true)
        for gate in taken.gates.indices {
            taken.gates[gate].meanShiftsHz.removeAll(keepingCapacity: true)
            taken.gates[gate].power.removeAll(keepingCapacity: true)
        }
        columns = other
    }

    /// Makes room for what some pulses will give.
    private mutating func reserve(pulses: Int) {
        let end = feed.planes.endPulse + pulses
        let columns = max(0, (end - nextColumn - settings.fftLength) / settings.hopPulses + 1)
        taken.firstPulses.makeRoom(for: columns)
        for gate in taken.gates.indices {
            taken.gates[gate].meanShiftsHz.makeRoom(for: columns)
            taken.gates[gate].power.makeRoom(for: columns * settings.fftLength)
        }
    }

    private mutating func take(pulses: Int) {
        if !feed.hasRoom(pulses: pulses) { feed.drop(before: nextColumn) }
        feed.filterRows(pulses: pulses)
        while nextColumn + settings.fftLength <= feed.planes.endPulse {
            taken.firstPulses.append(stretchStart &+ UInt64(nextColumn))
            for gate in taken.gates.indices {
                batch.add(
                    gate: gate, firstPulse: nextColumn, index: feed.planes.index(gate: gate, pulse: nextColumn), .none)
                if batch.isFull { finishBatch() }
            }
            nextColumn += settings.hopPulses
        }
        finishBatch()
    }

    private mutating func finishBatch() {
        guard batch.count > 0 else { return }
        batch.transform(feed.planes, spectrum)
        let length = settings.fftLength
        let half = length / 2
        batch.rows.withUnsafeBufferPointer { rows in
            guard let rows = rows.baseAddress else { return }
            for lane in 0..<batch.count {
                let row = rows + lane * length
                let gate = batch.entries[lane].gate
                taken.gates[gate].meanShiftsHz.append(means.shiftHz(row))
                taken.gates[gate].power.append(contentsOf: UnsafeBufferPointer(start: row + half, count: half))
                taken.gates[gate].power.append(contentsOf: UnsafeBufferPointer(start: row, count: half))
            }
        }
        batch.removeAll()
    }
}

/// Kasai's mean shift of a whole spectrum: the phase of the autocorrelation at one pulse's distance (Kasai 1985,
/// 10.1109/T-SU.1985.31615).
private struct LagOneMean: Sendable {
    private let cosines: [Float]
    private let sines: [Float]
    private let prfHz: Float

    init(_ settings: SpectralSettings) {
        let angles = (0..<settings.fftLength).map { 2 * Double.pi * Double($0) / Double(settings.fftLength) }
        cosines = angles.map { Float(cos($0)) }
        sines = angles.map { Float(sin($0)) }
        prfHz = Float(settings.prfHz)
    }

    /// The mean of a spectrum in the transform's own order, Hz; NaN for an empty one.
    func shiftHz(_ power: UnsafePointer<Float>) -> Float {
        let sums = SIMDLevel.kernels.correlation(power, cosines, sines, length: cosines.count)
        guard sums.x != 0 || sums.y != 0 else { return .nan }
        return atan2f(sums.y, sums.x) / (2 * .pi) * prfHz
    }
}
