internal import CVector

/// Columns of several gates and windows whose spectra are computed together.
struct ColumnBatch: Sendable {
    /// One column that is waiting for its spectrum.
    struct Entry: Sendable {
        var gate = 0
        /// Index in the stretch of the window's first pulse.
        var firstPulse = 0
        /// Index of that pulse in the planes.
        var index = 0
        var iq = IQCorrection.none
        /// What is wrong with its samples.
        var flags: ColumnFlags = []
    }

    /// Columns that are computed at once.
    let lanes: Int
    /// The columns that wait, the first `count` of these.
    private(set) var entries: [Entry]
    private(set) var count = 0
    /// The spectra, `length` bins of each.
    private(set) var rows: [Float]
    /// The noise of each spectrum.
    var noise: [Float]
    /// The usual noise of each spectrum's gate, which `scan` needs.
    var usual: [Float]
    /// What `scan` found.
    private(set) var scans: [FlowScan]
    private var perNoise: [Float]
    private var found: [Float]
    private var isSideBySide = false
    private var spectra: SpectraBatch
    private var work: ColumnWork
    private let length: Int
    /// Whether rows stand in the order of the frequencies, for who takes nothing but them; or in the transform's own.
    private let isOrdered: Bool

    /// Fewest windows that are computed side by side, as a share of the lanes: fewer are faster one by one, because lanes
    /// without a window cost the same (measured: one by one takes two to three times as long).
    private static let fewestShare = 3

    /// With more lanes, windows whose rows alone are wanted are faster one by one: side by side they do not stay in the
    /// first cache (measured).
    private static let mostLanesForRows = 8

    /// An empty batch for settings that have been validated.
    ///
    /// - Parameter isOrdered: whether rows stand in the order of the frequencies; then noise and flow cannot be looked for.
    init(_ settings: SpectralSettings, isOrdered: Bool = false) throws(DSPError) {
        self.isOrdered = isOrdered
        spectra = try SpectraBatch(length: settings.fftLength, window: settings.window)
        lanes = spectra.lanes
        work = ColumnWork(length: settings.fftLength)
        length = settings.fftLength
        entries = [Entry](repeating: Entry(), count: lanes)
        rows = [Float](repeating: 0, count: lanes * length)
        noise = [Float](repeating: 0, count: lanes)
        usual = noise
        perNoise = noise
        found = [Float](repeating: 0, count: 2 * FlowScan.valuesASide * lanes)
        scans = [FlowScan](repeating: FlowScan(), count: lanes)
    }

    /// Whether no column can be added.
    var isFull: Bool { count == lanes }

    /// Lets a column wait; there must be room.
    mutating func add(gate: Int, firstPulse: Int, index: Int, _ iq: IQCorrection, _ flags: ColumnFlags = []) {
        entries[count] = Entry(gate: gate, firstPulse: firstPulse, index: index, iq: iq, flags: flags)
        count += 1
    }

    /// Forgets the columns.
    mutating func removeAll() { count = 0 }

    /// Computes the spectra of all columns that wait.
    mutating func transform(_ planes: borrowing SamplePlanes, _ spectrum: borrowing ColumnSpectrum) {
        isSideBySide =
            spectrum.isSideBySide && Self.fewestShare * count >= lanes
            && (!isOrdered || lanes <= Self.mostLanesForRows)
        if isSideBySide {
            let isCorrected = entries[..<count].contains { $0.iq != .none }
            for lane in 0..<lanes {
                let entry = entries[min(lane, count - 1)]
                let means = spectrum.means(planes.real, planes.imaginary, at: entry.index)
                spectra.set(
                    lane: lane, start: entry.index, entry.iq, meanOfI: means.i, meanOfQ: means.q)
            }
            spectra.transform(planes.real, planes.imaginary, isCorrected: isCorrected, hasMeans: spectrum.removesMean)
            spectra.writeRows(&rows, isOrdered: isOrdered)
            return
        }
        rows.withUnsafeMutableBufferPointer { rows in
            guard let row = rows.baseAddress else { return }
            for lane in 0..<count {
                spectrum.compute(
                    planes, at: entries[lane].index, entries[lane].iq, isOrdered: isOrdered, &work, row + lane * length)
            }
        }
    }

    /// Estimates the noise of the spectra that were computed.
    mutating func estimateNoise(_ noise: NoiseEstimator) {
        guard !isSideBySide else { return spectra.withBins { bins in noise.noise(ofLanes: bins, &self.noise) } }
        rows.withUnsafeBufferPointer { rows in
            guard let row = rows.baseAddress else { return }
            for lane in 0..<count { self.noise[lane] = noise.noise(of: row + lane * length) }
        }
    }

    /// Looks through the spectra for flow, against the usual noise of each lane's gate.
    mutating func scan(_ meter: ColumnMeter) {
        if isSideBySide {
            for lane in 0..<lanes { perNoise[lane] = 1 / usual[min(lane, count - 1)] }
            spectra.withBins { bins in
                Self.scan(bins, meter.scanPlan(isAway: false), isAway: false, perNoise, &found)
                Self.scan(
                    bins, meter.scanPlan(isAway: true), isAway: true, perNoise, &found, at: FlowScan.valuesASide * lanes
                )
            }
            for lane in 0..<count { scans[lane] = FlowScan(found, lane: lane, lanes: lanes) }
        } else {
            rows.withUnsafeBufferPointer { rows in
                guard let row = rows.baseAddress else { return }
                for lane in 0..<count {
                    scans[lane] = meter.scan(row + lane * length, perNoise: 1 / usual[lane])
                }
            }
        }
    }

    private static func scan(
        _ bins: UnsafePointer<Float>, _ plan: vector_scan_plan, isAway: Bool, _ perNoise: UnsafePointer<Float>,
        _ found: UnsafeMutablePointer<Float>, at: Int = 0
    ) {
        SIMDLevel.kernels.scan(bins, plan, isAway: isAway, perNoise: perNoise, found + at)
    }
}
