/// The greatest mechanical and thermal index as the maker declares them.
///
/// They are never computed: without a declaration there is none, and a report says "not available".
public struct AcousticOutput: Sendable, Hashable {
    /// The indices that are believed (project choice: outside is a slip of the decimal point).
    public static let plausibleIndex = 0.001...65.0

    /// The greatest mechanical index; `nil` = not declared.
    public var maximumMechanicalIndex: Double?
    /// The greatest thermal index; `nil` = not declared.
    public var maximumThermalIndex: Double?
    /// Where the maker declares them.
    public var source: String

    /// A declaration with its source.
    public init(maximumMechanicalIndex: Double?, maximumThermalIndex: Double?, source: String) {
        self.maximumMechanicalIndex = maximumMechanicalIndex
        self.maximumThermalIndex = maximumThermalIndex
        self.source = source
    }
}
