/// Finds samples that stand at a limit that the front end does not tell: the same greatest value again and again.
struct RailWatch: Sendable {
    /// Samples at exactly the greatest size in one piece that are a limit (project choice: a smooth signal has one or two).
    private static let fewest = 6
    /// Below this size equal values are chance, counts (project choice).
    static let leastCounts: Float = 256

    /// Whether a piece of converted rows stands at its limit.
    func isHit(_ rows: UnsafePointer<Float>, count: Int) -> Bool {
        let whole = count & ~15
        let limit = SIMDLevel.kernels.greatestSize(rows, length: whole)
        guard limit >= Self.leastCounts else { return false }
        var hits = SIMDLevel.kernels.count(rows, ofSize: limit, length: whole)
        for index in whole..<count where abs(rows[index]) == limit { hits += 1 }
        return hits >= Self.fewest
    }
}
