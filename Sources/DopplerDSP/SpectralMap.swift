internal import CVector
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
    private let mean: LagOneMean
    private var taken: Columns
    private var stretchStart: UInt64 = 0
    private var nextPulse: UInt64 = 0
    private var hasStarted = false
    private var nextColumn = 0
    /// Whether what is being taken gives so many spectra that they go past the caches.
    private var isStreamed = false

    /// Bytes of spectra that would drive the samples out of the processor's second cache (project choice).
    private static let streamedBytes = 1 << 20

    /// Columns of all gates, in the order of time; in each column gate by gate.
    public struct Columns: Sendable {
        /// Gates of each column.
        public internal(set) var gates: Int
        /// Bins of each gate's spectrum.
        public internal(set) var bins: Int
        /// Index since the start of each column's first pulse.
        public internal(set) var firstPulses: [UInt64] = []
        /// Mean shifts, Hz, positive towards the transducer, `gates` of each column; NaN where there was no signal at all.
        public internal(set) var meanShiftsHz: [Float] = []
        /// Power, squared counts: `bins` from -PRF/2 upwards of each gate, `gates` times that of each column.
        public internal(set) var power: [Float] = []

        init(_ settings: SpectralSettings) {
            gates = settings.gates
            bins = settings.fftLength
        }

        /// The mean shift of one gate in one column, Hz; both must be there.
        public func meanShiftHz(column: Int, gate: Int) -> Float { meanShiftsHz[column * gates + gate] }

        /// The spectrum of one gate in one column, squared counts; both must be there.
        public func power(column: Int, gate: Int) -> ArraySlice<Float> {
            let first = (column * gates + gate) * bins
            return power[first..<first + bins]
        }

        /// Forgets the columns and keeps their memory.
        mutating func removeAll() {
            firstPulses.removeAll(keepingCapacity: true)
            meanShiftsHz.removeAll(keepingCapacity: true)
            power.removeAll(keepingCapacity: true)
        }
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
        batch = try ColumnBatch(settings, isOrdered: true)
        mean = LagOneMean(settings)
        taken = Columns(settings)
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
        // Another thread may be handed the columns.
        if isStreamed { processor_streamed() }
    }

    /// Takes away the columns that there are, into the memory of those that were taken before.
    ///
    /// - Parameter columns: what was taken before, or `nil`; in place of it stands what is taken now.
    public mutating func takeColumns(into columns: inout Columns?) {
        var other = columns ?? Columns(settings)
        other.removeAll()
        (other.gates, other.bins) = (settings.gates, settings.fftLength)
        swap(&other, &taken)
        columns = other
    }

    /// Makes room for what some pulses will give.
    private mutating func reserve(pulses: Int) {
        let end = feed.planes.endPulse + pulses
        let columns = max(0, (end - nextColumn - settings.fftLength) / settings.hopPulses + 1)
        taken.firstPulses.makeRoom(for: columns)
        taken.meanShiftsHz.makeRoom(for: columns * settings.gates)
        let values = columns * settings.gates * settings.fftLength
        taken.power.makeRoom(for: values)
        isStreamed = values * MemoryLayout<Float>.stride >= Self.streamedBytes
    }

    private mutating func take(pulses: Int) {
        if !feed.hasRoom(pulses: pulses) { feed.drop(before: nextColumn) }
        feed.filterRows(pulses: pulses)
        while nextColumn + settings.fftLength <= feed.planes.endPulse {
            taken.firstPulses.append(stretchStart &+ UInt64(nextColumn))
            for gate in 0..<settings.gates {
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
        let values = batch.count * settings.fftLength
        batch.rows.withUnsafeBufferPointer { rows in
            for first in stride(from: 0, to: values, by: settings.fftLength) {
                guard let start = rows.baseAddress else { return }
                taken.meanShiftsHz.append(mean.shiftHz(start + first))
            }
            if isStreamed { stream(rows, values) } else { taken.power.append(contentsOf: rows[..<values]) }
        }
        batch.removeAll()
    }

    private mutating func stream(_ rows: UnsafeBufferPointer<Float>, _ values: Int) {
        taken.power.append(addingCapacity: values) { (room: inout OutputSpan<Float>) in
            room.withUnsafeMutableBufferPointer { to, count in
                guard let from = rows.baseAddress, let to = to.baseAddress else { return }
                processor_stream(from, to + count, values)
                count += values
            }
        }
    }
}

/// Kasai's mean shift of a whole spectrum: the phase of the autocorrelation at one pulse's distance (Kasai 1985,
/// 10.1109/T-SU.1985.31615).
private struct LagOneMean: Sendable {
    private let cosines: [Float]
    private let sines: [Float]
    private let prfHz: Float

    init(_ settings: SpectralSettings) {
        let length = settings.fftLength
        let angles = (0..<length).map { 2 * Double.pi * Double($0 - length / 2) / Double(length) }
        cosines = angles.map { Float(cos($0)) }
        sines = angles.map { Float(sin($0)) }
        prfHz = Float(settings.prfHz)
    }

    /// The mean of a spectrum in the order of the frequencies, Hz; NaN for an empty one.
    func shiftHz(_ power: UnsafePointer<Float>) -> Float {
        let sums = SIMDLevel.kernels.correlation(power, cosines, sines, length: cosines.count)
        guard sums.x != 0 || sums.y != 0 else { return .nan }
        return atan2f(sums.y, sums.x) / (2 * .pi) * prfHz
    }
}
