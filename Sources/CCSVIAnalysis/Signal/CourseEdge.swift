internal import DopplerDSP

/// Finds where flow turns round, between the columns of a spectrogram, from the lag products of short blocks.
///
/// The sign of a block's direction is that of its mean shift, so the sum of directions from a time inside forward flow to
/// one inside reverse flow is least where the mean crosses zero: the likeliest place of a change of sign in the mean
/// (Page 1954), whatever the speeds on both sides and however the speckle fades. Where silence follows instead, half of
/// the usual direction is taken off first, so that the least sum is where half of the flow has gone.
struct CourseEdge {
    let course: FlowCourse
    /// 1 where flow towards the transducer is against the normal direction, else -1.
    let reverseSign: Float
    /// Whether walls are left in the signal, so that the steep products are used.
    var holdsWalls = false

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
    /// How far before its pulse the middle of the lag products lies, pulses: lags one and two, weighted.
    private static let lagPulses = 0.75

    /// Above 0 for flow against the normal direction.
    private func evidence(_ block: FlowCourse.Block) -> Float {
        reverseSign * (holdsWalls ? block.steepDirection : block.direction)
    }

    /// The turn near a time; `step` is -1 for the onset of reverse flow and 1 for its end.
    ///
    /// - Returns: `nil` where the blocks show no turn of this kind.
    func turn(near seconds: Double, from start: Double, to end: Double, step: Int, intoSilence: Bool) -> Turn? {
        let first = max(start, seconds - Self.reachSeconds)
        let last = min(end, seconds + Self.reachSeconds)
        guard let (begin, blocks) = course.blocks(from: first, to: last), blocks.count > 2 else { return nil }
        // Above 0 inside the reverse flow, in the order from outside to inside.
        var values = blocks.map { evidence($0) }
        var products = blocks.map(\.lagOneReal)
        if step > 0 {
            values.reverse()
            products.reverse()
        }
        let ramp = Int(Self.rampSeconds / course.blockSeconds)
        let place = step < 0 ? seconds - begin : begin + Double(values.count) * course.blockSeconds - seconds
        let guess = max(0, min(Int(place / course.blockSeconds), values.count))
        let inside = mean(values.dropFirst(guess + ramp)) ?? mean(values.dropFirst(guess)) ?? 0
        if intoSilence { for index in values.indices { values[index] -= inside / 2 } }
        let sums = cumulated(values)
        guard let least = sums.indices.min(by: { sums[$0] < sums[$1] }), least > 0, least < values.count else {
            return nil
        }
        let outside =
            intoSilence ? inside / 2 : -(mean(values.prefix(max(0, guess - ramp))) ?? mean(values.prefix(guess)) ?? 0)
        let usualInside = intoSilence ? inside / 2 : inside
        guard outside > 0, usualInside > 0 else { return nil }
        let span = span(sums, about: least, outside: outside, inside: usualInside)
        let blockPlace = Double(least) + offset(values[least - 1], values[least])
        let time = blockPlace * course.blockSeconds
        let lag = Self.lagPulses / course.prfHz
        return Turn(
            seconds: (step < 0 ? begin + time : begin + Double(values.count) * course.blockSeconds - time) - lag,
            uncertaintySeconds: (Double(span) + 1) / 2 * course.blockSeconds,
            passesNyquist: !intoSilence && !holdsWalls
                && passesNyquist(products, at: least, usual: min(outside, usualInside)))
    }

    /// Whether flow stays reverse from a time to another, more weakly than beside them if need be.
    ///
    /// - Parameter besideSeconds: how long flow beside the span is taken as usual; forward flow for half of that
    ///   is an interruption.
    func isReverseThroughout(from start: Double, to end: Double, besideSeconds: Double) -> Bool {
        guard let inside = course.blocks(from: start, to: end)?.blocks,
            let before = course.blocks(from: start - besideSeconds, to: start)?.blocks,
            let behind = course.blocks(from: end, to: end + besideSeconds)?.blocks
        else { return false }
        let beside = (Array(before) + Array(behind)).map { evidence($0) }
        let usual = beside.reduce(0, +) / Float(beside.count)
        let values = inside.map { evidence($0) }
        guard usual > 0, values.reduce(0, +) > Self.fadedShare * usual * Float(values.count) else { return false }
        // The deepest fall of the sum: forward flow, weighted with its power.
        var (sum, top, deepest): (Float, Float, Float) = (0, 0, 0)
        for value in values {
            sum += value
            top = max(top, sum)
            deepest = max(deepest, top - sum)
        }
        return deepest < usual * Float(besideSeconds / 2 / course.blockSeconds)
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

    /// Blocks between the first and the last place at which the sum is nearly the least one.
    private func span(_ sums: [Float], about least: Int, outside: Float, inside: Float) -> Int {
        let blocks = Float(Self.coherenceSeconds / course.blockSeconds)
        let before = sums[..<least].firstIndex { $0 < sums[least] + outside * blocks } ?? least
        let behind = sums[least...].lastIndex { $0 < sums[least] + inside * blocks } ?? least
        return behind - before
    }

    /// Where between the middles of two blocks a line through their values is 0, in blocks from their border.
    private func offset(_ before: Float, _ behind: Float) -> Double {
        guard before < 0, behind > 0 else { return 0 }
        return Double(-before / (behind - before)) - 0.5
    }

    /// Whether the product at one pulse's distance is opposite about the turn: shifts near Nyquist, not near 0.
    private func passesNyquist(_ products: [Float], at least: Int, usual: Float) -> Bool {
        let reach = max(1, Int(Self.passageSeconds / 2 / course.blockSeconds))
        let near = products[max(0, least - reach)..<min(products.count, least + reach)]
        return (mean(near) ?? 0) < -Self.nyquistShare * usual
    }
}
