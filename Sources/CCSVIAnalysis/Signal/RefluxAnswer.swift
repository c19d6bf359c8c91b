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
    /// Span in which the length lies, seconds, 0 or above; a length without uncertainty is exact.
    ///
    /// Figures that are not finite leave everything open: 0 to infinity.
    public var durationSpanSeconds: ClosedRange<Double> {
        let uncertainty = abs(durationUncertaintySeconds ?? 0)
        guard durationSeconds.isFinite, uncertainty.isFinite else { return 0...Double.infinity }
        let shortest = max(0, durationSeconds - uncertainty)
        return shortest...max(shortest, durationSeconds + uncertainty)
    }

    /// Whether the episode is longer than a threshold, seconds, with its own uncertainty; without one it is exact.
    public func isLonger(thanSeconds threshold: Double) -> ThresholdAnswer {
        let span = durationSpanSeconds
        if span.lowerBound > threshold { return .yes }
        return span.upperBound > threshold ? .uncertain : .no
    }

    /// The span in words, rounded outwards so that a threshold within it stays within: `0.84 to 0.93 s`.
    var durationSpanWords: String {
        let hundredths = 100.0
        let span = durationSpanSeconds
        let shortest = (span.lowerBound * hundredths).rounded(.down) / hundredths
        let longest = (span.upperBound * hundredths).rounded(.up) / hundredths
        return "\(decimalText(shortest, places: 2)) to \(decimalText(longest, places: 2)) s"
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
    /// `no` needs a recording with usable columns and without aliasing: reflux beyond the scale looks like forward flow.
    public func answer(longerThanSeconds threshold: Double) -> Answer {
        let longest = episodes.max { $0.durationSpanSeconds.lowerBound < $1.durationSpanSeconds.lowerBound }
        if let longest, longest.isLonger(thanSeconds: threshold) == .yes {
            return Answer(answer: .yes, durationSeconds: longest.durationSpanSeconds)
        }
        let likeliest = episodes.max { $0.durationSpanSeconds.upperBound < $1.durationSpanSeconds.upperBound }
        let isOpen =
            !isMeasured || isAliased || !suppressed.isEmpty || likeliest?.isLonger(thanSeconds: threshold) == .uncertain
        return Answer(answer: isOpen ? .uncertain : .no, durationSeconds: likeliest?.durationSpanSeconds)
    }
}
