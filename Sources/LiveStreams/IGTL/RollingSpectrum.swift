internal import DopplerDSP
internal import Glibc
internal import OpenIGTLink
internal import ProbeLink

/// The newest columns of a run as a picture: time to the right, shifts or velocities upwards in the values, row by row.
///
/// The newest column is the last. Where the run is younger than the picture, or pulses are missing, it is black.
struct RollingSpectrum: Sendable {
    /// Columns of the picture (project choice: some seconds at usual rates, 64 KiB with 256 bins).
    static let columns = 256
    /// Power of grey 0, dB over one squared count, and what one more is (project choices: below the rounding of whole
    /// counts, and more than what 16 bits hold).
    static let dbOfZero: Float = -10
    static let dbPerStep: Float = 0.5

    private let rows: Int
    private let hopPulses: UInt64
    private let columnSeconds: Double
    private let rowStep: Double
    /// Grey values, column by column; a ring whose oldest column is `next`.
    private var greys: [UInt8]
    private var next = 0
    private var lastPulse: UInt64?

    init(_ facts: StreamRunFacts) {
        let spectral = facts.look.spectral
        rows = spectral.fftLength
        hopPulses = UInt64(max(1, spectral.hopPulses))
        columnSeconds = Double(spectral.hopPulses) / facts.settings.prfHz
        let stepHz = facts.settings.prfHz / Double(spectral.fftLength)
        rowStep = facts.look.scale?.velocityCmPerS(ofShiftHz: stepHz) ?? stepHz
        greys = [UInt8](repeating: 0, count: Self.columns * spectral.fftLength)
    }

    /// Adds columns, and black ones for those that are missing between them.
    mutating func add(_ block: ColumnBlock) {
        guard block.fftLength == rows, block.power.count == block.columns.count * rows else { return }
        for (index, column) in block.columns.enumerated() {
            if let lastPulse, column.firstPulse > lastPulse {
                let missing = (column.firstPulse - lastPulse) / hopPulses
                for _ in 0..<min(missing > 0 ? missing - 1 : 0, UInt64(Self.columns)) { append([]) }
            }
            lastPulse = column.firstPulse
            append(block.power[index * rows..<(index + 1) * rows])
        }
    }

    private mutating func append(_ power: ArraySlice<Float>) {
        let start = next * rows
        for row in 0..<rows {
            greys[start + row] = power.isEmpty ? 0 : Self.grey(power[power.startIndex + row])
        }
        next = (next + 1) % Self.columns
    }

    static func grey(_ power: Float) -> UInt8 {
        guard power > 0 else { return 0 }
        let steps = (10 * log10f(power) - dbOfZero) / dbPerStep
        return UInt8(min(max(steps.rounded(), 0), 255))
    }

    /// The picture: the first row is the most negative shift.
    var picture: IGTLImage {
        var pixels = [UInt8](repeating: 0, count: greys.count)
        for column in 0..<Self.columns {
            let source = (next + column) % Self.columns * rows
            for row in 0..<rows { pixels[row * Self.columns + column] = greys[source + row] }
        }
        return IGTLImage(
            columns: Self.columns, rows: rows, pixels: .uint8(pixels), columnSpacing: Float(columnSeconds),
            rowSpacing: Float(rowStep), firstColumn: Float(-Double(Self.columns - 1) * columnSeconds),
            firstRow: Float(-Double(rows / 2) * rowStep))
    }
}
