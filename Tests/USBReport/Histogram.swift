import Foundation

/// How many times fell into each millisecond.
struct Histogram: Codable {
    /// Counts of 0 to 1 ms, 1 to 2 ms and so on; the last holds all that took longer.
    private(set) var counts = [Int](repeating: 0, count: 101)
    private var worstNs: UInt64 = 0

    mutating func add(_ nanoseconds: UInt64) {
        counts[min(Int(nanoseconds / 1_000_000), counts.count - 1)] += 1
        worstNs = max(worstNs, nanoseconds)
    }

    var count: Int { counts.reduce(0, +) }
    var worstMs: Double { Double(worstNs) / 1e6 }

    /// The end of the millisecond within which a share of all lies.
    func withinMs(_ share: Double) -> Int {
        var sum = 0
        for (index, count) in counts.enumerated() {
            sum += count
            if Double(sum) >= share * Double(self.count) { return index + 1 }
        }
        return counts.count
    }

    /// Median, 95 and 99 of 100, worst.
    var words: String {
        "half within \(withinMs(0.5)) ms, 95 % within \(withinMs(0.95)), 99 % within \(withinMs(0.99)), "
            + String(format: "worst %.1f ms", worstMs)
    }

    /// A bar for each millisecond that anything fell into.
    var bars: String {
        let most = max(1, counts.max() ?? 1)
        let used = counts.indices.filter { counts[$0] > 0 }
        guard let first = used.first, let last = used.last else { return "" }
        return (first...last).filter { counts[$0] > 0 }.map { index in
            let label = index == counts.count - 1 ? "  more" : String(format: "%3d ms", index + 1)
            return "    \(label) " + String(repeating: "#", count: (counts[index] * 50 + most - 1) / most)
        }.joined(separator: "\n")
    }
}
