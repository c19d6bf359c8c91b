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
        guard newest.count == capacity else {
            newest.append(value)
            sorted.insert(value, at: position(of: value))
            return sorted[(sorted.count - 1) / 2]
        }
        let gap = position(of: newest[oldest])
        newest[oldest] = value
        oldest = oldest + 1 == capacity ? 0 : oldest + 1
        // Only what lies between the value that goes and the one that comes moves.
        let place = position(of: value)
        sorted.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            if place > gap {
                (start + gap).update(from: start + gap + 1, count: place - 1 - gap)
                values[place - 1] = value
            } else {
                (start + place + 1).update(from: start + place, count: gap - place)
                values[place] = value
            }
        }
        return sorted[(sorted.count - 1) / 2]
    }

    /// Index of the first sorted value that is not below `value`.
    private func position(of value: Float) -> Int {
        sorted.withUnsafeBufferPointer { values in
            var low = 0
            var count = values.count
            // Without branches on the values, which nobody can foresee.
            while count > 0 {
                let half = count / 2
                let isBelow = values[low + half] < value
                low = isBelow ? low + half + 1 : low
                count = isBelow ? count - half - 1 : half
            }
            return low
        }
    }
}
