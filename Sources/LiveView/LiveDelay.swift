/// How long something took, as a histogram of milliseconds.
public struct LiveDelay: Sendable, Hashable {
    /// Classes of one millisecond; what takes longer is in the last one.
    public static let classes = 250

    /// How often each number of whole milliseconds was needed.
    public private(set) var counts = [UInt64](repeating: 0, count: LiveDelay.classes)
    /// The longest, ms; 0 before the first.
    public private(set) var longestMs = 0.0

    /// Nothing measured.
    public init() {}

    /// How many were measured.
    public var total: UInt64 { counts.reduce(0, &+) }

    /// Counts one; what is no time is not counted.
    public mutating func add(_ delayMs: Double) {
        guard delayMs >= 0, delayMs.isFinite else { return }
        longestMs = max(longestMs, delayMs)
        counts[delayMs < Double(Self.classes - 1) ? Int(delayMs) : Self.classes - 1] &+= 1
    }

    /// The delay that a share of all do not exceed, ms: the upper end of its class; `nil` before the first.
    ///
    /// - Parameter share: 0 to 1, such as 0.95.
    public func percentileMs(_ share: Double) -> Double? {
        let all = total
        guard all > 0 else { return nil }
        let wanted = (min(max(share, 0), 1) * Double(all)).rounded(.up)
        var sum = 0.0
        for (index, count) in counts.enumerated() {
            sum += Double(count)
            if sum >= wanted, sum > 0 { return Double(index + 1) }
        }
        return Double(Self.classes)
    }
}
