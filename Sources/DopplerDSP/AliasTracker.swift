/// Follows whether flow has passed the Nyquist limit: what lies beyond looks like slow flow the other way.
///
/// The mean of one column is known up to multiples of the PRF. Where it jumps by more than half of that beside a column
/// whose envelope is at the limit, it has passed the limit, and every column until the jump back is aliased.
struct AliasTracker: Sendable {
    /// Columns after one at the limit in which a jump still belongs to it (project choice: a window's columns).
    private static let nearColumns = 4
    /// Columns without flow after which nothing is known of what was before (project choice).
    private static let forgottenColumns = 50

    private let nyquistHz: Float
    private var lastHz: Float?
    private var wraps = 0
    private var sinceLimit = Int.max
    private var sinceFlow = 0

    init(nyquistHz: Float) { self.nyquistHz = nyquistHz }

    /// Forgets what was: samples are missing.
    mutating func restart() { self = AliasTracker(nyquistHz: nyquistHz) }

    /// Takes a column's mean and whether its envelope is at the limit; tells whether the column is aliased.
    mutating func add(meanHz: Float?, isAtLimit: Bool) -> Bool {
        sinceLimit = isAtLimit ? 0 : sinceLimit == .max ? .max : sinceLimit + 1
        guard let meanHz else {
            sinceFlow += 1
            if sinceFlow > Self.forgottenColumns { restart() }
            return isAtLimit
        }
        sinceFlow = 0
        if let lastHz, abs(meanHz - lastHz) > nyquistHz, sinceLimit <= Self.nearColumns {
            wraps = max(-1, min(1, wraps + (meanHz < lastHz ? 1 : -1)))
        }
        lastHz = meanHz
        return isAtLimit || wraps != 0
    }
}
