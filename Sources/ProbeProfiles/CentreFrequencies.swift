/// The centre frequencies that a transducer transmits, Hz.
public enum CentreFrequencies: Sendable, Hashable {
    /// These and no others, rising; at least one.
    case values([Double])
    /// Any in this range.
    case range(ClosedRange<Double>)

    /// The lowest, Hz.
    public var lowestHz: Double {
        switch self {
        case .values(let values): values.min() ?? 0
        case .range(let range): range.lowerBound
        }
    }

    /// The highest, Hz.
    public var highestHz: Double {
        switch self {
        case .values(let values): values.max() ?? 0
        case .range(let range): range.upperBound
        }
    }

    /// Whether the transducer transmits this frequency.
    public func contains(_ frequencyHz: Double) -> Bool {
        switch self {
        case .values(let values): values.contains(frequencyHz)
        case .range(let range): range.contains(frequencyHz)
        }
    }
}
