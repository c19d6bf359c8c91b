public import DopplerDSP

/// Finds stretches of flow against the normal direction.
///
/// A column is reverse when reverse power exceeds forward power by a ratio, the mean velocity lies beyond the wall
/// filter on the reverse side and the reverse flow stands out of the noise. An edge is where the mean shift crosses 0,
/// found from the samples behind filters for the bands of both flows, with the span in which it may lie. Taps, settling
/// and columns without transmission never count; missing samples make an episode uncertain, never longer; aliased
/// stretches are suppressed and listed.
public struct RefluxDetector: Sendable, Hashable {
    /// The algorithm's name and version; the version changes with every change of results.
    public static let algorithm = "reflux detection 3 (zero crossings in the band of the flow, 3 dB dominance)"

    /// Reverse power over forward power from which on a column is reverse (3 dB, project choice).
    public var dominanceRatio = 2.0
    /// Signal over noise of the reverse flow that a column needs, dB (project choice: half the amplitude of noise again).
    public var leastSignalToNoiseDb = 3.0
    /// Interruptions shorter than this do not divide an episode, seconds (project's references, reflux detection).
    public var mergedGapSeconds = 0.06
    /// Unusable stretches up to this long do not divide an episode, seconds; they are not counted in (project choice).
    public var bridgedGapSeconds = 0.25
    /// Shorter reversals are not reported, seconds: as long as the longest tap (project's references, reflux detection).
    public var leastDurationSeconds = 0.1
    /// Share of aliased columns above which a stretch is suppressed (project's references, acceptance bars).
    public var mostAliasedShare = 0.05

    /// A detector with the default rules.
    public init() {}

    /// What was found in one recording.
    public struct Result: Sendable, Hashable {
        /// The episodes, in the order of time.
        public var episodes: [RefluxEpisode]
        /// Stretches that look reversed but are aliased: onset and duration, seconds.
        public var suppressed: [SuppressedStretch]
        /// Whether velocities passed the scale so often that direction is not sure.
        public var isAliased: Bool
        /// Whether any column could be used: without one nothing is known of reflux.
        public var isMeasured: Bool

        /// A result from its parts.
        public init(
            episodes: [RefluxEpisode], suppressed: [SuppressedStretch], isAliased: Bool = false, isMeasured: Bool = true
        ) {
            self.isMeasured = isMeasured
            self.episodes = episodes
            self.suppressed = suppressed
            self.isAliased = isAliased
        }
    }

    /// A stretch that cannot be told from aliased forward flow.
    public struct SuppressedStretch: Sendable, Hashable {
        /// Start since the start of the recording, seconds.
        public var onsetSeconds: Double
        /// Length, seconds.
        public var durationSeconds: Double
        /// Share of its columns that are aliased, 0 to 1.
        public var aliasedShare: Double
    }

    /// Finds reflux in one gate.
    ///
    /// - Parameters:
    ///   - normalDirection: the direction that is normal for the vein and window.
    ///   - breaths: the breaths of the recording; `nil` when breathing was not recorded.
    ///   - manoeuvre: what the patient did.
    public func detect(
        in spectrogram: Spectrogram, scale: DopplerScale, normalDirection: FlowDirection, breaths: [Breath]?,
        manoeuvre: Manoeuvre
    ) -> Result {
        let power = DirectionalPower(spectrogram, scale: scale, normalDirection: normalDirection)
        let slowestCmPerS = scale.velocityCmPerS(ofShiftHz: spectrogram.settings.wallFilterCutoffHz)
        var result = Result(episodes: [], suppressed: [])
        let usable = power.columns.filter(\.isUsable)
        result.isMeasured = !usable.isEmpty
        let aliased = usable.count { $0.flags.contains(.aliased) }
        result.isAliased = Double(aliased) > mostAliasedShare * Double(usable.count)
        for stretch in stretches(power, slowestCmPerS: slowestCmPerS) {
            guard stretch.durationSeconds >= leastDurationSeconds else { continue }
            if stretch.aliasedShare > mostAliasedShare {
                result.suppressed.append(
                    SuppressedStretch(
                        onsetSeconds: stretch.onsetSeconds, durationSeconds: stretch.durationSeconds,
                        aliasedShare: stretch.aliasedShare))
            } else {
                result.episodes.append(stretch.episode(manoeuvre, leastSignalToNoiseDb: leastSignalToNoiseDb))
            }
        }
        if let breaths {
            for index in result.episodes.indices {
                result.episodes[index].breathsSeen = Self.breathsSeen(
                    atLeastAs: result.episodes[index], in: result.episodes, breaths: breaths)
            }
        }
        return result
    }

    /// In how many distinct breaths an episode at least as long was seen.
    ///
    /// An episode is seen in the breath that holds its middle, and in every breath of which it covers half or more. It
    /// is at least as long as another when the shortest that it may be is: so an episode that is longer than a threshold
    /// for sure counts only breaths with others of which that is sure, too.
    static func breathsSeen(atLeastAs episode: RefluxEpisode, in episodes: [RefluxEpisode], breaths: [Breath]) -> Int {
        let shortest = episode.durationSpanSeconds.lowerBound
        let long = episodes.filter { $0.durationSpanSeconds.lowerBound >= shortest }
        return breaths.count { breath in
            long.contains { other in
                guard let onset = other.onsetSeconds else { return false }
                let end = onset + other.durationSeconds
                let middle = (onset + end) / 2
                let covered = min(end, breath.endSeconds) - max(onset, breath.startSeconds)
                return (middle >= breath.startSeconds && middle < breath.endSeconds)
                    || covered >= (breath.endSeconds - breath.startSeconds) / 2
            }
        }
    }

    /// The runs with their edges; where two edges lie close together it is one stretch.
    private func stretches(_ power: DirectionalPower, slowestCmPerS: Double) -> [RefluxStretch] {
        var stretches: [RefluxStretch] = []
        for run in runs(power, slowestCmPerS: slowestCmPerS) {
            let stretch = RefluxStretch(power, run: run, mergedGapSeconds: mergedGapSeconds)
            if let last = stretches.last,
                RefluxStretch.unusableSeconds(power, from: last.run.upperBound, to: run.lowerBound) == 0,
                stretch.onsetSeconds - last.endSeconds < mergedGapSeconds || isFade(from: last, to: stretch, power)
            {
                let whole = last.run.lowerBound...run.upperBound
                stretches[stretches.count - 1] = RefluxStretch(power, run: whole, mergedGapSeconds: mergedGapSeconds)
            } else {
                stretches.append(stretch)
            }
        }
        return stretches
    }

    /// Whether reverse flow between two stretches only fades, as speckle does, and never turns forward.
    private func isFade(from last: RefluxStretch, to next: RefluxStretch, _ power: DirectionalPower) -> Bool {
        let start = power.columns[last.run.upperBound].centreSeconds
        let end = power.columns[next.run.lowerBound].centreSeconds
        guard end - start < bridgedGapSeconds else { return false }
        let band = power.band(about: (start + end) / 2)
        return power.edges?.isReverseThroughout(from: start, to: end, besideSeconds: mergedGapSeconds, band) ?? false
    }

    /// Runs of reverse columns, from the first to the last one that is reverse.
    private func runs(_ power: DirectionalPower, slowestCmPerS: Double) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for index in power.columns.indices where isReverse(power.columns[index], slowestCmPerS: slowestCmPerS) {
            if let last = runs.last, joins(last.upperBound, index, power) {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
        return runs
    }

    private func isReverse(_ column: DirectionalColumn, slowestCmPerS: Double) -> Bool {
        guard column.isUsable, !column.flags.contains(.noFlowDetected), let velocity = column.velocityCmPerS else {
            return false
        }
        return column.reverse > dominanceRatio * column.forward && velocity < -slowestCmPerS
            && column.reverseSignalToNoiseDb >= leastSignalToNoiseDb
    }

    /// Whether two reverse columns belong to one episode.
    private func joins(_ earlier: Int, _ later: Int, _ power: DirectionalPower) -> Bool {
        if later == earlier + 1, !power.hasGap(before: later) { return true }
        let between = power.columns[later].centreSeconds - power.columns[earlier].centreSeconds - power.hopSeconds
        let unusable = RefluxStretch.unusableSeconds(power, from: earlier, to: later)
        let interrupted = between - unusable
        return interrupted < mergedGapSeconds && unusable <= bridgedGapSeconds
    }
}
