/// Measures how fast a device's clock runs against the host's, from when its transfers arrive.
///
/// A transfer arrives when its last sample has been taken, or later: the host is busy, or the bus was. So each stretch
/// of time is represented by the arrival that was least late, and the slope is the median of the slopes between
/// stretches that lie at least half the time apart (Theil 1950, Sen 1968; the choice of the least late arrival as in
/// NTP's clock filter, RFC 5905, section 10). Delays of up to 3 ms on transfers of 5 ms put the result wrong by less
/// than 10 parts in a million after 10 s, and by less the longer it goes on.
///
/// Samples that are lost without being noticed look like a device that waits; a single such place is outvoted as long
/// as it lies near the beginning or the end. Memory is constant, and nothing is allocated between transfers.
public struct ClockDrift: Sendable {
    /// The shortest time for which a drift is told, seconds (project choice: jitter of 1 ms is then still 20 ppm).
    public static let leastSeconds = 5.0
    /// Stretches that are kept; when they are full, neighbours are joined (project choice: few, each with many transfers).
    private static let mostStretches = 32
    /// The first stretches' length, nanoseconds (project choice: a dozen transfers).
    private static let firstStretchNanoseconds = 62_500_000.0

    /// The arrival of a stretch that was least late.
    private struct Arrival {
        var hostNanoseconds: Double
        var latenessNanoseconds: Double
    }

    private let nanosecondsPerSample: Double
    private var stretchNanoseconds = firstStretchNanoseconds
    private var stretches = [Arrival?](repeating: nil, count: mostStretches)
    private var startNanoseconds: UInt64?
    /// When the transfer arrived whose samples are being counted.
    private var pendingNanoseconds = 0.0
    private var firstSamples: Double?
    private var lastSamples = 0.0

    /// A measurement that has not begun.
    ///
    /// - Parameter nominalHz: samples each second by the device's own account; not above 0 = nothing is measured.
    public init(nominalHz: Double) {
        nanosecondsPerSample = nominalHz > 0 && nominalHz.isFinite ? 1e9 / nominalHz : 0
    }

    /// Takes the arrival of a transfer.
    ///
    /// - Parameters:
    ///   - hostNanoseconds: the host's monotonic clock; an earlier time than before is left out.
    ///   - samplesBefore: all samples of the transfers before it, those reckoned as lost included.
    public mutating func transferArrives(hostNanoseconds: UInt64, samplesBefore: Double) {
        guard nanosecondsPerSample > 0 else { return }
        guard let start = startNanoseconds else {
            startNanoseconds = hostNanoseconds
            return
        }
        guard hostNanoseconds >= start else { return }
        let elapsed = Double(hostNanoseconds - start)
        guard elapsed >= pendingNanoseconds else { return }
        note(
            Arrival(
                hostNanoseconds: pendingNanoseconds,
                latenessNanoseconds: pendingNanoseconds - samplesBefore * nanosecondsPerSample))
        firstSamples = firstSamples ?? samplesBefore
        lastSamples = samplesBefore
        pendingNanoseconds = elapsed
    }

    /// How much faster the device's clock runs than the host's, parts in a million.
    ///
    /// `nil` where transfers of less than `leastSeconds` have been timed, or none brought a sample.
    public var partsPerMillion: Double? {
        let arrivals = stretches.compactMap { $0 }
        guard let first = arrivals.first, let last = arrivals.last, let firstSamples, lastSamples > firstSamples
        else { return nil }
        let span = last.hostNanoseconds - first.hostNanoseconds
        guard span >= Self.leastSeconds * 1e9 else { return nil }
        var slopes: [Double] = []
        for (index, early) in arrivals.enumerated() {
            for late in arrivals[(index + 1)...] {
                let apart = late.hostNanoseconds - early.hostNanoseconds
                guard apart >= span / 2 else { continue }
                slopes.append((late.latenessNanoseconds - early.latenessNanoseconds) / apart)
            }
        }
        guard !slopes.isEmpty else { return nil }
        slopes.sort()
        // A fast device's samples come earlier and earlier.
        return -slopes[slopes.count / 2] * 1e6
    }

    /// Keeps an arrival when it is the least late of its stretch.
    private mutating func note(_ arrival: Arrival) {
        while arrival.hostNanoseconds >= stretchNanoseconds * Double(Self.mostStretches) { joinNeighbours() }
        let index = Int(arrival.hostNanoseconds / stretchNanoseconds)
        stretches[index] = Self.lessLate(stretches[index], arrival)
    }

    /// Makes every stretch twice as long.
    private mutating func joinNeighbours() {
        for index in 0..<Self.mostStretches {
            let pair = 2 * index
            stretches[index] =
                pair + 1 < Self.mostStretches ? Self.lessLate(stretches[pair], stretches[pair + 1]) : nil
        }
        stretchNanoseconds *= 2
    }

    private static func lessLate(_ first: Arrival?, _ second: Arrival?) -> Arrival? {
        guard let first, let second else { return first ?? second }
        return second.latenessNanoseconds < first.latenessNanoseconds ? second : first
    }
}
