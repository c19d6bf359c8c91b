internal import DopplerDSP
internal import Glibc

/// Packs spectral columns into pieces.
struct ColumnPacker: Sendable {
    /// Power of byte 0, dB relative to full scale, and what one more is (project choices: from below the noise of a 16-bit
    /// converter in one bin, -122 dB, to full scale in steps that no eye sees).
    static let dbOfZero: Float = -128
    static let dbPerStep: Float = 0.5
    /// A shift that was not measured.
    static let notMeasured = Int16.min
    /// The flag of a column that is missing, in the piece of a whole recording; no analyser's flag.
    static let missingFlag: UInt16 = 0x8000
    /// Bytes before the columns, and before the bins of each.
    static let headBytes = 44
    static let columnHeadBytes = 8

    private let settings: SpectralSettings
    private let gate: UInt16
    /// Full scale of the samples, dB over one squared count.
    private let fullScaleDb: Float
    private let prfMilliHz: UInt32

    /// - Parameter fullScale: the greatest value of I or Q, counts.
    init(_ settings: SpectralSettings, gate: Int, fullScale: Double) {
        self.settings = settings
        self.gate = UInt16(clamping: gate)
        fullScaleDb = Float(20 * log10(max(1, fullScale)))
        let milli = settings.prfHz * 1000
        prfMilliHz = milli < Double(UInt32.max) ? UInt32(milli.rounded()) : .max
    }

    /// The first bytes of a piece; the number of columns is set at its end.
    func begin(columns: Int, firstPulse: UInt64, sequence: UInt32, sampledAtMs: Double) -> PieceBytes {
        let bytesOfColumn = Self.columnHeadBytes + settings.fftLength
        var piece = PieceBytes(.columns, capacity: Self.headBytes + columns * bytesOfColumn)
        piece.append(UInt16(clamping: settings.fftLength))
        piece.append(UInt16(clamping: columns))
        piece.append(gate)
        piece.append(prfMilliHz)
        piece.append(UInt32(clamping: settings.hopPulses))
        piece.append(firstPulse)
        piece.append(sequence)
        piece.append(Self.dbOfZero)
        piece.append(Self.dbPerStep)
        piece.append(sampledAtMs)
        return piece
    }

    /// Adds a column with its bins from -PRF/2 upwards.
    func add(_ column: SpectralColumn, _ power: ArraySlice<Float>, to piece: inout PieceBytes) {
        piece.append(shift(column.meanShiftHz))
        piece.append(shift(column.envelopeTowardsHz))
        piece.append(shift(column.envelopeAwayHz))
        piece.append(column.flags.rawValue)
        for value in power { piece.append(level(value)) }
    }

    /// Adds a column that is missing.
    func addMissing(to piece: inout PieceBytes) {
        for _ in 0..<3 { piece.append(Self.notMeasured) }
        piece.append(Self.missingFlag)
        piece.append(contentsOf: repeatElement(UInt8(0), count: settings.fftLength))
    }

    /// A shift in 1/65536 of the PRF.
    private func shift(_ shiftHz: Float?) -> Int16 {
        guard let shiftHz, shiftHz.isFinite else { return Self.notMeasured }
        let share = (Double(shiftHz) / settings.prfHz * 65_536).rounded()
        return Int16(min(max(share, -32_767), 32_767))
    }

    /// A power as a byte.
    private func level(_ power: Float) -> UInt8 {
        guard power > 0 else { return 0 }
        let db = 10 * log10f(power) - fullScaleDb
        let steps = (db - Self.dbOfZero) / Self.dbPerStep
        return UInt8(min(max(steps.rounded(), 0), 255))
    }
}
