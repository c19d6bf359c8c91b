internal import DopplerDSP

/// Finds where flow turns round, between the columns of a spectrogram, from the samples themselves.
///
/// ``DirectionEvidence`` is above 0 inside reverse flow, so its sum from a time inside forward flow to one inside
/// reverse flow is least where the flow turns: the likeliest place of a change of sign in the mean
/// (Page 1954), whatever the speeds on both sides and however the speckle fades. Where silence follows instead, half of
/// the usual power is taken off first, so that the least sum is where half of the flow has gone.
struct CourseEdge {
    let evidence: DirectionEvidence
    /// Whether walls are left in the samples, so that their lag products say nothing of the Nyquist limit.
    var holdsWalls = false

    private var course: FlowCourse { evidence.course }

    /// A turn.
    struct Turn {
        var seconds: Double
        /// Half the span of time in which the turn may lie, seconds.
        var uncertaintySeconds: Double
        /// Whether flow passed through the Nyquist limit rather than through 0.
        var passesNyquist: Bool
    }

    /// How far about the columns' edge a turn is looked for, seconds (project choice: two of the longest windows).
    static let reachSeconds = 0.12
    /// A turn may lie where the sum is above its least value by no more than this time of usual flow, seconds (project
    /// choice: the coherence time of a spectrum 250 Hz wide; in simulation the error stays within the span).
    private static let coherenceSeconds = 0.004
    /// Blocks this close to the edge are not usual flow, seconds (project choice: a ramp and a window's flank).
    private static let rampSeconds = 0.03
    /// From this share of the usual product on, flow at the turn is at the Nyquist limit (project choice).
    private static let nyquistShare: Float = 0.2
    /// Time about a turn in which it shows through which limit it passed, seconds (project choice: one ramp).
    private static let passageSeconds = 0.02
    /// Flow is faded about a turn that may lie in a longer span than this, seconds (project choice: above the span of
    /// most turns at 10 dB).
    private static let fadedSeconds = 0.014

    /// Flow beside a turn is at least this many times the noise in its band: less is the noise's own scatter (project
    /// choice: 4 standard deviations of 60 ms of noise in half of a PRF of 6 kHz).
    private static let leastOverNoise: Float = 0.3

    /// Evidence in the order from outside to inside of a reflux, above 0 inside.
    private struct Inward {
        var values: [Float]
        let stepSeconds: Double
        private let beginSeconds: Double
        private let isReversed: Bool

        init(_ found: DirectionEvidence.Values, step: Int) {
            isReversed = step > 0
            values = isReversed ? found.powers.reversed() : found.powers
            stepSeconds = found.stepSeconds
            beginSeconds = found.beginSeconds
        }

        /// The time of a place, seconds.
        func seconds(_ place: Double) -> Double {
            beginSeconds + stepSeconds * (isReversed ? Double(values.count) - place : place)
        }

        /// The last place before a time.
        func place(_ seconds: Double) -> Int {
            let place = (seconds - beginSeconds) / stepSeconds
            return max(0, min(Int(isReversed ? Double(values.count) - place : place), values.count))
        }
    }

    /// The turn near a time; `step` is -1 for the onset of reverse flow and 1 for its end.
    ///
    /// - Returns: `nil` where the samples show no turn of this kind.
    func turn(
        near seconds: Double, from start: Double, to end: Double, step: Int, intoSilence: Bool,
        _ band: DirectionEvidence.Band
    ) -> Turn? {
        let first = max(start, seconds - Self.reachSeconds)
        let last = min(end, seconds + Self.reachSeconds)
        guard let found = evidence.values(from: first, to: last, band), found.powers.count > 2 else { return nil }
        var inward = Inward(found, step: step)
        let guess = inward.place(seconds)
        let ramp = Int(Self.rampSeconds / inward.stepSeconds)
        var inside = mean(inward.values.dropFirst(guess + ramp)) ?? mean(inward.values.dropFirst(guess)) ?? 0
        var outside = -(mean(inward.values.prefix(max(0, guess - ramp))) ?? mean(inward.values.prefix(guess)) ?? 0)
        guard inside > Self.leastOverNoise * found.reverseNoise,
            intoSilence || outside > Self.leastOverNoise * found.forwardNoise
        else { return nil }
        if intoSilence {
            (inside, outside) = (inside / 2, inside / 2)
            for index in inward.values.indices { inward.values[index] -= inside }
        }
        guard outside > 0, inside > 0, let place = leastPlace(inward) else { return nil }
        let span = span(cumulated(inward.values), outside: outside, inside: inside, inward.stepSeconds)
        var turnSeconds = inward.seconds(place)
        let spanSeconds = Double(span.count) * inward.stepSeconds
        if !intoSilence, spanSeconds > Self.fadedSeconds {
            let ends = [span.lowerBound, span.upperBound].map { inward.seconds(Double($0)) }.sorted()
            // Filters of the flows' own shapes: their errors have another cause, a blurred edge instead of noise.
            if let matched = evidence.values(from: ends[0], to: ends[1], band, matched: true).map({
                Inward($0, step: step)
            }), let place = leastPlace(matched) {
                turnSeconds = (turnSeconds + matched.seconds(place)) / 2
            }
        }
        return Turn(
            seconds: turnSeconds, uncertaintySeconds: (spanSeconds + inward.stepSeconds) / 2,
            passesNyquist: !intoSilence && !holdsWalls && passesNyquist(at: turnSeconds, from: first, to: last))
    }

    /// Where the sum is least; `nil` at either end.
    private func leastPlace(_ inward: Inward) -> Double? {
        let sums = cumulated(inward.values)
        guard let least = sums.indices.min(by: { sums[$0] < sums[$1] }), least > 0, least < inward.values.count else {
            return nil
        }
        return Double(least) + offset(inward.values[least - 1], inward.values[least])
    }

    /// Whether flow stays reverse from a time to another, more weakly than beside them if need be.
    ///
    /// - Parameter besideSeconds: how long flow beside the span is taken as usual; forward flow for half of that
    ///   is an interruption.
    func isReverseThroughout(
        from start: Double, to end: Double, besideSeconds: Double, _ band: DirectionEvidence.Band
    ) -> Bool {
        guard let inside = evidence.values(from: start, to: end, band),
            let before = evidence.values(from: start - besideSeconds, to: start, band),
            let behind = evidence.values(from: end, to: end + besideSeconds, band),
            let usual = mean((before.powers + behind.powers)[...]), usual > 0,
            inside.powers.reduce(0, +) > Self.fadedShare * usual * Float(inside.powers.count)
        else { return false }
        // The deepest fall of the sum: forward flow, weighted with its power.
        var (sum, top, deepest): (Float, Float, Float) = (0, 0, 0)
        for value in inside.powers {
            sum += value
            top = max(top, sum)
            deepest = max(deepest, top - sum)
        }
        return deepest < usual * Float(besideSeconds / 2 / inside.stepSeconds)
    }

    /// Least share of usual flow that a fade leaves (project choice: -10 dB).
    private static let fadedShare: Float = 0.1

    /// The sums before each value and behind the last.
    private func cumulated(_ values: [Float]) -> [Float] {
        var sums: [Float] = [0]
        sums.reserveCapacity(values.count + 1)
        for value in values { sums.append(sums[sums.count - 1] + value) }
        return sums
    }

    private func mean(_ values: ArraySlice<Float>) -> Float? {
        values.isEmpty ? nil : values.reduce(0, +) / Float(values.count)
    }

    /// The places from the first to the last one at which the sum is nearly the least.
    private func span(_ sums: [Float], outside: Float, inside: Float, _ stepSeconds: Double) -> Range<Int> {
        guard let least = sums.indices.min(by: { sums[$0] < sums[$1] }) else { return 0..<0 }
        let steps = Float(Self.coherenceSeconds / stepSeconds)
        let before = sums[..<least].firstIndex { $0 < sums[least] + outside * steps } ?? least
        let behind = sums[least...].lastIndex { $0 < sums[least] + inside * steps } ?? least
        return before..<behind
    }

    /// Where between the middles of two blocks a line through their values is 0, in blocks from their border.
    private func offset(_ before: Float, _ behind: Float) -> Double {
        guard before < 0, behind > 0 else { return 0 }
        return Double(-before / (behind - before)) - 0.5
    }

    /// Whether the product at one pulse's distance is opposite about the turn: shifts near Nyquist, not near 0.
    private func passesNyquist(at seconds: Double, from start: Double, to end: Double) -> Bool {
        let half = Self.passageSeconds / 2
        guard let near = course.blocks(from: max(start, seconds - half), to: min(end, seconds + half))?.blocks,
            let before = course.blocks(from: start, to: max(start, seconds - Self.rampSeconds))?.blocks,
            let behind = course.blocks(from: min(end, seconds + Self.rampSeconds), to: end)?.blocks,
            let one = mean(before.map(\.direction)[...]), let other = mean(behind.map(\.direction)[...]),
            let product = mean(near.map(\.lagOneReal)[...])
        else { return false }
        return product < -Self.nyquistShare * min(abs(one), abs(other))
    }
}
