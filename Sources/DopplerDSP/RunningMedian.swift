/// The median of the newest values, without an allocation for each.
struct RunningMedian: Sendable {
    private var newest: [Float] = []
    private var sorted: [Float] = []
    private var oldest = 0
    private let capacity: Int

    /// The median of up to `capacity` values.
    init(capacity: Int) {
        self.capacity = capacity
        newest.reserveCapacity(capacity)
        sorted.reserveCapacity(capacity + 1)
    }

    /// How many values it is the median of.
    var count: Int { sorted.count }

    /// Takes a value and gives the median, that value included; of an even number the lower one.
    mutating func add(_ value: Float) -> Float {
        if newest.count == capacity {
            sorted.remove(at: position(of: newest[oldest]))
            newest[oldest] = value
            oldest = oldest + 1 == capacity ? 0 : oldest + 1
        } else {
            newest.append(value)
        }
        sorted.insert(value, at: position(of: value))
        return sorted[(sorted.count - 1) / 2]
    }

    /// Index of the first sorted value that is not below `value`.
    private func position(of value: Float) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
