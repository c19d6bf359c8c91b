/// Finds samples that stand at a limit that the front end does not tell: the same greatest value again and again.
struct RailWatch: Sendable {
    /// Samples at exactly the greatest size in one piece that are a limit (project choice: a smooth signal has one or two).
    private static let fewest = 6
    /// Below this size equal values are chance, counts (project choice).
    private static let leastCounts: Float = 256

    /// Whether a piece of converted rows stands at its limit.
    func isHit(_ rows: UnsafePointer<Float>, count: Int) -> Bool {
        var greatest = Lanes.zero
        var index = 0
        while index + 16 <= count {
            let values = lanes(rows, index)
            greatest = pointwiseMax(greatest, pointwiseMax(values, -values))
            index += 16
        }
        let limit = greatest.max()
        guard limit >= Self.leastCounts else { return false }
        var hits = 0
        for index in 0..<index where abs(rows[index]) == limit { hits += 1 }
        return hits >= Self.fewest
    }
}
