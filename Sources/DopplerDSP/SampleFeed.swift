/// The way of the samples from bytes to filtered planes, some pulses at a time.
struct SampleFeed: Sendable {
    /// The converted pulses, a row each: not yet filtered until `filterRows` is called.
    private(set) var rows: [Float]
    /// The filtered samples.
    private(set) var planes: SamplePlanes
    /// Most pulses that are converted and filtered at once.
    let rowsAtOnce: Int
    /// Pulses after a start or gap that the filter needs to settle.
    let settlingPulses: Int
    private var filter: WallFilter
    private let gates: Int

    /// Values that are filtered at once: what stays in the processor's first cache (project choice).
    private static let valuesAtOnce = 8192
    /// Pulses that are filtered at once with few gates: a batch of windows at the usual hop (project choice).
    private static let mostRowsAtOnce = 512
    /// Pulses that the planes hold beside a window, so that moving them is rare (project choice).
    private static let slackPulses = 256

    /// A feed for settings that have been validated.
    ///
    /// - Parameter waitingColumns: columns beside the next one whose samples may be kept.
    init(_ settings: SpectralSettings, waitingColumns: Int = 0) throws(DSPError) {
        filter = try WallFilter(
            cutoffHz: settings.wallFilter == .butterworth ? settings.wallFilterCutoffHz : 0, prfHz: settings.prfHz,
            gates: settings.gates)
        gates = settings.gates
        settlingPulses = filter.settlingPulses
        rowsAtOnce = max(16, min(Self.mostRowsAtOnce, Self.valuesAtOnce / filter.rowLength))
        rows = [Float](repeating: 0, count: rowsAtOnce * filter.rowLength)
        planes = SamplePlanes(
            gates: settings.gates,
            capacity: settings.fftLength + waitingColumns * settings.hopPulses + Self.slackPulses + rowsAtOnce)
    }

    /// Length of a row, at least twice the gates.
    var rowLength: Int { filter.rowLength }

    /// Checks that bytes hold whole pulses.
    ///
    /// - Throws: `DSPError.sampleBytes` when they do not.
    func require(_ samples: RawSpan, _ format: IQFormat, pulses: Int) throws(DSPError) {
        let bytesAPulse = gates * format.bytesPerPair
        guard pulses >= 0, samples.byteCount % bytesAPulse == 0, samples.byteCount / bytesAPulse == pulses else {
            throw .sampleBytes(
                found: samples.byteCount, pulses: pulses, gates: gates, bytesPerPair: format.bytesPerPair)
        }
    }

    /// Forgets all samples: what follows does not follow them.
    mutating func restart() {
        filter.reset()
        planes.removeAll()
    }

    /// Forgets the filtered samples before a pulse.
    mutating func drop(before pulse: Int) { planes.drop(before: pulse) }

    /// Whether some pulses more fit without dropping others.
    func hasRoom(pulses: Int) -> Bool { planes.count + pulses <= planes.capacity }

    /// Converts pulses, `rowsAtOnce` at most, to rows.
    mutating func convert(_ bytes: UnsafeRawBufferPointer, _ format: IQFormat, fromPulse: Int, pulses: Int) {
        guard let bytes = bytes.baseAddress else { return }
        let valuesAPulse = 2 * gates
        let bytesEach = format.bytesPerPair / 2
        let rowLength = filter.rowLength
        let first = bytes + fromPulse * valuesAPulse * bytesEach
        rows.withUnsafeMutableBufferPointer { rows in
            guard let rows = rows.baseAddress else { return }
            // Without padding all pulses are one row.
            let isWhole = rowLength == valuesAPulse
            let count = isWhole ? pulses * valuesAPulse : valuesAPulse
            for row in 0..<(isWhole ? 1 : pulses) {
                SIMDLevel.kernels.convert(
                    first + row * valuesAPulse * bytesEach, bytesEach: bytesEach, count: count, rows + row * rowLength)
            }
        }
    }

    /// Filters the converted rows and appends them to the planes.
    mutating func filterRows(pulses: Int) {
        filter.filter(&rows, pulses: pulses)
        planes.append(rows, pulses: pulses, rowLength: filter.rowLength)
    }
}
