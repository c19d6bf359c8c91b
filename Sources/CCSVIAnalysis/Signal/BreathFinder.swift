/// One breath of a recording, from the onset of its inspiration to the next.
///
/// The first and the last may be cut off by the ends of the recording.
public struct Breath: Sendable, Hashable, Codable {
    /// Start since the start of the recording, seconds.
    public var startSeconds: Double
    /// End, seconds.
    public var endSeconds: Double

    /// A breath from its ends.
    public init(startSeconds: Double, endSeconds: Double) {
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
    }
}

/// Finds breaths in a respiration signal: hysteresis on the signal without its slow drift.
///
/// An onset of inspiration is the lowest point between a fall below the lower and a rise above the upper threshold.
public struct BreathFinder: Sendable, Hashable {
    /// The algorithm's name and version.
    public static let algorithm = "breath finding 1 (hysteresis on the detrended respiration)"

    /// Length of the running mean that is taken away, seconds (project choice: about two slow breaths).
    public var driftSeconds = 10.0
    /// Distance of the thresholds from the mean, in standard deviations (project choice).
    public var hysteresis = 0.4
    /// Breathing rates that are believed, breaths a minute (project choice, wider than rest and effort).
    public var ratePerMinute = 4.0...60.0
    /// Shorter pieces at the ends of the recording are no breath of their own, seconds (project choice).
    public var leastPieceSeconds = 0.5

    /// A finder with the default rules.
    public init() {}

    /// Finds the breaths; they cover the whole recording.
    ///
    /// - Parameters:
    ///   - respiration: samples, rising with inspiration, in any unit.
    ///   - rateHz: samples a second, above 0.
    /// - Returns: `nil` when no breathing can be seen: no samples, no movement, or no believable rate. That is "not
    ///   recorded", not "no breaths".
    public func breaths(in respiration: [Double], rateHz: Double) -> [Breath]? {
        guard rateHz.isFinite, rateHz > 0, respiration.count > 1, respiration.allSatisfy(\.isFinite) else { return nil }
        let signal = detrended(respiration, width: driftSeconds * rateHz)
        let spread = (signal.reduce(0) { $0 + $1 * $1 } / Double(signal.count)).squareRoot()
        guard spread > 0, spread.isFinite else { return nil }
        let onsets = onsets(signal, threshold: hysteresis * spread).map { Double($0) / rateHz }
        guard let first = onsets.first, let last = onsets.last, onsets.count > 1 else { return nil }
        let perMinute = 60 * Double(onsets.count - 1) / (last - first)
        guard ratePerMinute.contains(perMinute) else { return nil }
        let endSeconds = Double(respiration.count) / rateHz
        var bounds = onsets
        if first >= leastPieceSeconds { bounds.insert(0, at: 0) } else { bounds[0] = 0 }
        if endSeconds - last >= leastPieceSeconds {
            bounds.append(endSeconds)
        } else {
            bounds[bounds.count - 1] = endSeconds
        }
        return zip(bounds, bounds.dropFirst()).map { Breath(startSeconds: $0, endSeconds: $1) }
    }

    /// The signal less its running mean.
    private func detrended(_ signal: [Double], width: Double) -> [Double] {
        let reach = Int(max(1, min(width / 2, Double(signal.count))))
        var sums = [0.0]
        sums.reserveCapacity(signal.count + 1)
        for sample in signal { sums.append(sums[sums.count - 1] + sample) }
        return signal.indices.map { index in
            let first = max(0, index - reach)
            let end = min(signal.count, index + reach + 1)
            return signal[index] - (sums[end] - sums[first]) / Double(end - first)
        }
    }

    /// Indices of the lowest points between a low and the next high stretch.
    private func onsets(_ signal: [Double], threshold: Double) -> [Int] {
        var onsets: [Int] = []
        var lowest: Int?
        for (index, value) in signal.enumerated() {
            if value < -threshold, lowest == nil { lowest = index }
            if let place = lowest {
                if value < signal[place] { lowest = index }
                if value > threshold {
                    onsets.append(place)
                    lowest = nil
                }
            }
        }
        return onsets
    }
}
