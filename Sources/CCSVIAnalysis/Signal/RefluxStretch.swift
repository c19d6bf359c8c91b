internal import DopplerDSP

/// A run of reverse columns with its edges.
struct RefluxStretch {
    /// Start, seconds.
    private(set) var onsetSeconds: Double
    /// End, seconds.
    private(set) var endSeconds: Double
    /// Time inside that was not seen, seconds.
    private(set) var unseenSeconds: Double
    /// Length without what was not seen, seconds.
    var durationSeconds: Double { endSeconds - onsetSeconds - unseenSeconds }
    /// Share of the columns that count which are aliased, 0 to 1; 1 where flow turned through the Nyquist limit.
    private(set) var aliasedShare: Double
    /// How far the length may be off for its edges, seconds.
    private let edgeUncertaintySeconds: Double

    /// Its columns, from the first to the last that is reverse.
    let run: ClosedRange<Int>
    private let power: DirectionalPower
    /// Time beside the edges that was not seen, seconds.
    private let unseenBesideSeconds: Double

    /// Finds the edges of a run.
    init(_ power: DirectionalPower, run: ClosedRange<Int>, mergedGapSeconds: Double) {
        self.power = power
        self.run = run
        let columns = power.columns[run]
        // A tap reaches every frequency, the highest too: it does not count.
        let seen = columns.filter(\.isUsable)
        aliasedShare = Double(seen.count { $0.flags.contains(.aliased) }) / Double(max(seen.count, 1))
        let plateau = FlowTrace.median(columns.filter { $0.isUsable && $0.reverse > $0.forward }.map(\.reverse))
        let edges = [-1, 1].map { step in
            EdgeSearch(power: power, plateau: plateau ?? 1, mergedGapSeconds: mergedGapSeconds)
                .edge(from: step < 0 ? run.lowerBound : run.upperBound, step: step)
        }
        onsetSeconds = edges[0].seconds
        endSeconds = max(edges[1].seconds, edges[0].seconds)
        unseenSeconds = Self.unusableSeconds(power, from: run.lowerBound, to: run.upperBound)
        unseenBesideSeconds = edges[0].unseenSeconds + edges[1].unseenSeconds
        edgeUncertaintySeconds = edges.reduce(0) { $0 + $1.uncertaintySeconds * $1.uncertaintySeconds }.squareRoot()
        if edges.contains(where: \.passesNyquist) { aliasedShare = 1 }
    }

    /// Time between two usable columns that no usable column shows, seconds.
    static func unusableSeconds(_ power: DirectionalPower, from first: Int, to last: Int) -> Double {
        guard last > first else { return 0 }
        var seconds = 0.0
        var earlier = first
        for index in (first + 1)...last where power.columns[index].isUsable {
            let isBroken = index > earlier + 1 || power.hasGap(before: index)
            if isBroken {
                seconds += power.columns[index].centreSeconds - power.columns[earlier].centreSeconds - power.hopSeconds
            }
            earlier = index
        }
        return seconds
    }

    /// The episode that the stretch is.
    ///
    /// Uncertainty: that of both edges, which are independent, and all time inside and beside that was not seen. Confidence: the least of
    /// three shares: signal over noise from the least that is needed to 10 dB, reverse over forward power up to 10 dB, and
    /// the time that was seen.
    func episode(_ manoeuvre: Manoeuvre, leastSignalToNoiseDb: Double) -> RefluxEpisode {
        /// Where confidence is full, dB (project choice: where the error of the length is bound by the acceptance bars).
        let fullDb = 10.0
        let columns = power.columns[run].filter { $0.isUsable && $0.reverse > $0.forward }
        let signalToNoiseDb = FlowTrace.median(columns.map(\.reverseSignalToNoiseDb)) ?? 0
        let contrastDb = FlowTrace.median(columns.map { Decibels.of($0.reverse / $0.forward) }) ?? 0
        let shares = [
            (signalToNoiseDb - leastSignalToNoiseDb) / (fullDb - leastSignalToNoiseDb), contrastDb / fullDb,
            durationSeconds / (durationSeconds + unseenSeconds + unseenBesideSeconds),
        ]
        return RefluxEpisode(
            onsetSeconds: onsetSeconds, durationSeconds: durationSeconds,
            durationUncertaintySeconds: edgeUncertaintySeconds + unseenSeconds + unseenBesideSeconds,
            peakVelocityCmPerS: columns.compactMap(\.velocityCmPerS).map { -$0 }.filter { $0 > 0 }.max(),
            manoeuvre: manoeuvre, breathsSeen: nil, confidence: max(0, min(1, shares.min() ?? 0)))
    }
}

/// Finds where a run of reverse columns begins or ends.
private struct EdgeSearch {
    let power: DirectionalPower
    /// Usual reverse power within the run.
    let plateau: Double
    let mergedGapSeconds: Double

    /// An edge, and the time beside it that was not seen.
    struct Edge {
        var seconds: Double
        var unseenSeconds: Double
        var uncertaintySeconds: Double
        var passesNyquist = false
    }

    /// How far outside the run forward flow is looked for, seconds (project choice: longer than the window, shorter
    /// than a breath's phases).
    private static let forwardReachSeconds = 0.3
    /// Below this share of their usual powers both directions are silent (project choice).
    private static let silentShare = 0.25

    /// The edge outwards of a reverse column; `step` is -1 for the onset and 1 for the end.
    func edge(from core: Int, step: Int) -> Edge {
        let outside = usableColumns(from: core, step: step)
        guard outside.count > 1 else { return cutOff(outside, step) }
        let coarse = coarseEdge(outside, step)
        guard coarse.unseenSeconds == 0, let edges = power.edges else { return coarse }
        let inner = power.columns[core].centreSeconds - Double(step) * CourseEdge.reachSeconds
        let outer = outside[outside.count - 1].centreSeconds
        guard
            let turn = edges.turn(
                near: coarse.seconds, from: min(inner, outer), to: max(inner, outer), step: step,
                intoSilence: forwardPlateau(outside) == nil, power.band(about: coarse.seconds))
        else { return coarse }
        return Edge(
            seconds: turn.seconds, unseenSeconds: 0, uncertaintySeconds: turn.uncertaintySeconds,
            passesNyquist: turn.passesNyquist)
    }

    /// The edge as the columns show it: where half of a window has changed.
    private func coarseEdge(_ outside: [DirectionalColumn], _ step: Int) -> Edge {
        guard let forward = forwardPlateau(outside) else { return half(outside, step) }
        guard let crossing = crossing(outside, { balance($0, forward) }) else { return cutOff(outside, step) }
        // Between opposite flows that leave a short silence the change is in the middle of the silence.
        let silent = outside.filter {
            $0.reverse < Self.silentShare * plateau && $0.forward < Self.silentShare * forward
        }
        if silent.count > 1, let begin = self.crossing(outside, { $0.reverse / plateau - 0.5 }),
            let end = self.crossing(outside, { 0.5 - $0.forward / forward })
        {
            let silenceSeconds = abs(begin - end)
            return Edge(
                seconds: silenceSeconds < mergedGapSeconds ? (begin + end) / 2 : begin, unseenSeconds: 0,
                uncertaintySeconds: power.hopSeconds)
        }
        return Edge(seconds: crossing, unseenSeconds: 0, uncertaintySeconds: power.hopSeconds)
    }

    /// The reverse column and the usable columns outside it, outwards, up to a gap or the reach.
    private func usableColumns(from core: Int, step: Int) -> [DirectionalColumn] {
        var columns = [power.columns[core]]
        var index = core + step
        while power.columns.indices.contains(index), power.columns[index].isUsable,
            !power.hasGap(before: step > 0 ? index : index + 1),
            abs(power.columns[index].centreSeconds - power.columns[core].centreSeconds) < Self.forwardReachSeconds
        {
            columns.append(power.columns[index])
            index += step
        }
        return columns
    }

    /// Usual forward power just outside; `nil` where no forward flow follows.
    private func forwardPlateau(_ columns: [DirectionalColumn]) -> Double? {
        let forward = columns.filter { $0.forward > 2 * $0.reverse && !$0.flags.contains(.noFlowDetected) }
        // Two columns may be the scatter of the noise.
        return forward.count > 2 ? FlowTrace.median(forward.map(\.forward)) : nil
    }

    /// Above 0 while more than half of the window is reversed.
    private func balance(_ column: DirectionalColumn, _ forward: Double) -> Double {
        Decibels.logarithm(column.reverse / plateau) - Decibels.logarithm(column.forward / forward)
    }

    /// Where reverse flow falls to half of its usual power into silence.
    private func half(_ outside: [DirectionalColumn], _ step: Int) -> Edge {
        let lasting = { (column: DirectionalColumn) in column.reverse / plateau - 0.5 }
        guard let seconds = crossing(outside, lasting) else { return cutOff(outside, step) }
        return Edge(seconds: seconds, unseenSeconds: 0, uncertaintySeconds: power.hopSeconds)
    }

    /// The time of the first change from above to not above 0, outwards, between columns; `nil` without one.
    private func crossing(_ columns: [DirectionalColumn], _ value: (DirectionalColumn) -> Double) -> Double? {
        for (inner, outer) in zip(columns, columns.dropFirst()) where value(outer) <= 0 {
            let inside = value(inner)
            guard inside > 0 else { return inner.centreSeconds }
            let share = inside / (inside - value(outer))
            return inner.centreSeconds + share * (outer.centreSeconds - inner.centreSeconds)
        }
        return nil
    }

    /// The run reaches a gap, an unusable column or the end of the recording: nothing beyond is claimed.
    private func cutOff(_ outside: [DirectionalColumn], _ step: Int) -> Edge {
        let seconds = outside[outside.count - 1].centreSeconds
        let next = power.columns.filter { $0.isUsable }.map(\.centreSeconds)
        let beyond = step > 0 ? next.first { $0 > seconds } : next.last { $0 < seconds }
        let unseenSeconds = beyond.map { abs($0 - seconds) - power.hopSeconds } ?? power.windowSeconds / 2
        return Edge(seconds: seconds, unseenSeconds: max(0, unseenSeconds), uncertaintySeconds: power.hopSeconds)
    }
}
