/// Whether something is longer than a threshold, when lengths are known to a span only.
public enum ThresholdAnswer: String, Sendable, Hashable, Codable, CaseIterable {
    /// The whole span lies above the threshold.
    case yes
    /// The whole span lies below it.
    case no
    /// The span holds the threshold, or the signal cannot tell.
    case uncertain
}

extension RefluxEpisode {
    /// Whether the episode is longer than a threshold, seconds, with its own uncertainty; without one it is exact.
    public func isLonger(thanSeconds threshold: Double) -> ThresholdAnswer {
        let uncertainty = durationUncertaintySeconds ?? 0
        if durationSeconds - uncertainty > threshold { return .yes }
        return durationSeconds + uncertainty > threshold ? .uncertain : .no
    }
}

extension RefluxDetector.Result {
    /// The answer to a question about reflux, with what it rests on.
    public struct Answer: Sendable, Hashable {
        /// Yes, no or uncertain.
        public var answer: ThresholdAnswer
        /// Span of the deciding episode's length, seconds; `nil` without one.
        public var durationSeconds: ClosedRange<Double>?
    }

    /// Whether a reflux longer than a threshold, seconds, was shown.
    ///
    /// `no` needs a recording without aliasing: reflux beyond the scale looks like forward flow.
    public func answer(longerThanSeconds threshold: Double) -> Answer {
        func span(_ episode: RefluxEpisode) -> ClosedRange<Double> {
            let uncertainty = abs(episode.durationUncertaintySeconds ?? 0)
            return max(0, episode.durationSeconds - uncertainty)...(episode.durationSeconds + uncertainty)
        }
        let longest = episodes.max { span($0).lowerBound < span($1).lowerBound }
        if let longest, longest.isLonger(thanSeconds: threshold) == .yes {
            return Answer(answer: .yes, durationSeconds: span(longest))
        }
        let likeliest = episodes.max { span($0).upperBound < span($1).upperBound }
        let isOpen = isAliased || !suppressed.isEmpty || likeliest?.isLonger(thanSeconds: threshold) == .uncertain
        return Answer(answer: isOpen ? .uncertain : .no, durationSeconds: likeliest.map(span))
    }
}
