/// Follows velocities beyond the Nyquist limit where that is unambiguous.
///
/// A shift is known up to multiples of the PRF. From a column whose envelope is within the scale on, each next column is
/// given the multiple that brings it nearest to the one before. That is unambiguous only while neighbouring columns lie
/// closer than a quarter of the PRF (half of the ambiguous distance), and only when the stretch ends where it began,
/// within the scale: otherwise the whole stretch stays unmeasured.
public struct VelocityUnwrapping: Sendable, Hashable {
    /// Mean shifts, Hz, column by column; `nil` = not measured or ambiguous.
    public let meanShiftHz: [Double?]
    /// The columns whose shifts were moved by one or more PRF.
    public let unwrapped: [Int]
    /// The columns that are aliased and could not be unwrapped.
    public let ambiguous: [Int]

    /// Largest step between neighbouring columns, share of the PRF (project choice: half of the ambiguous distance).
    private static let largestStep = 0.25
    /// Longest gap between neighbouring columns, hops.
    private static let longestGapHops = 1.5

    /// Unwraps a spectrogram's mean shifts.
    public init(_ spectrogram: Spectrogram) {
        let columns = spectrogram.columns
        var shifts = columns.map { column -> Double? in
            let isUsable = column.flags.isDisjoint(with: [.tap, .settling, .notTransmitting, .noSignal])
            return isUsable ? column.meanShiftHz.map(Double.init) : nil
        }
        var unwrapped: [Int] = []
        var ambiguous: [Int] = []
        var index = 0
        while index < columns.count {
            guard columns[index].flags.contains(.aliased) else {
                index += 1
                continue
            }
            let stretch = Self.stretch(of: spectrogram, shifts, from: index)
            if let found = stretch.shifts {
                for (place, value) in zip(stretch.columns, found) {
                    if shifts[place] != value { unwrapped.append(place) }
                    shifts[place] = value
                }
            } else {
                for place in stretch.columns { shifts[place] = nil }
                ambiguous.append(contentsOf: stretch.columns)
            }
            index = stretch.columns.upperBound
        }
        meanShiftHz = shifts
        self.unwrapped = unwrapped
        self.ambiguous = ambiguous
    }

    /// Follows one aliased stretch until a column is within the scale and the offset is known again.
    ///
    /// - Returns: its columns and their shifts, Hz; no shifts where they are ambiguous.
    private static func stretch(
        of spectrogram: Spectrogram, _ shifts: [Double?], from first: Int
    ) -> (columns: Range<Int>, shifts: [Double]?) {
        let columns = spectrogram.columns
        let prfHz = spectrogram.settings.prfHz
        let longestGapSeconds = longestGapHops * spectrogram.settings.hopSeconds
        var end = first
        var offset = 0.0
        var isSure = first > 0 && shifts[first - 1] != nil
        var last = first > 0 ? shifts[first - 1] ?? 0 : 0
        var found: [Double] = []
        while end < columns.count, columns[end].flags.contains(.aliased) || offset != 0 {
            let follows = end == 0 || columns[end].centreSeconds - columns[end - 1].centreSeconds < longestGapSeconds
            if let shift = shifts[end], follows {
                offset += ((last - shift - offset) / prfHz).rounded() * prfHz
                if abs(shift + offset - last) > largestStep * prfHz { isSure = false }
                last = shift + offset
            } else {
                isSure = false
            }
            found.append(last)
            end += 1
        }
        return (first..<end, isSure && offset == 0 && end < columns.count ? found : nil)
    }
}
