import CCSVIAnalysis

/// Chooses the recordings whose spectrograms the report shows, and says why.
struct PictureChoice {
    /// A recording to show.
    struct Picture {
        /// The recording's id.
        var recordingID: String
        /// Why it was chosen.
        var reason: String
    }

    /// The most pictures that a report shows: three rows of two (project choice).
    static let mostPictures = 6
    /// The rule in words, as the report prints it.
    static let rule =
        "At most \(mostPictures): evidence of the criteria met, in turn; then longest reflux nearest to its threshold."

    /// The pictures in their order.
    let pictures: [Picture]

    /// The choice for an exam.
    init(_ exam: Exam) {
        let known = Set(exam.recordings.map(\.recordingID))
        var chosen: [Picture] = []
        var taken: Set<String> = []
        func take(_ id: String, _ reason: String) {
            guard chosen.count < Self.mostPictures, known.contains(id), taken.insert(id).inserted else { return }
            chosen.append(Picture(recordingID: id, reason: reason))
        }
        for item in Self.evidenceInTurn(exam) { take(item.recordingID, "evidence of \(item.criterion.shortName)") }
        for item in Self.nearestToThreshold(exam) {
            let seconds = Figures.fixed(item.longestSeconds, 2)
            take(item.recordingID, "longest reflux \(seconds) s")
        }
        for recording in exam.recordings { take(recording.recordingID, "no reflux found") }
        pictures = chosen
    }

    /// The recordings behind the met criteria: the first of each criterion, then the second of each, and so on.
    private static func evidenceInTurn(_ exam: Exam) -> [(recordingID: String, criterion: Criterion)] {
        let met = exam.assessment.criteria.filter { $0.outcome == .met }
        let order = EvidenceOrder(exam)
        let lists = met.map { finding in
            (
                finding.criterion,
                order.strongestFirst(finding.evidence).filter(order.isStrong).compactMap(\.recordingID)
            )
        }
        let longest = lists.map(\.1.count).max() ?? 0
        return (0..<longest).flatMap { place in
            lists.compactMap { criterion, ids in place < ids.count ? (ids[place], criterion) : nil }
        }
    }

    /// Recordings with reflux, the one whose longest reflux is nearest to its threshold first.
    private static func nearestToThreshold(_ exam: Exam) -> [(recordingID: String, longestSeconds: Double)] {
        let candidates = exam.measurements.observations.enumerated().compactMap { place, observation in
            candidate(observation, place)
        }
        return candidates.sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }.map { ($0.id, $0.longest) }
    }

    private static func candidate(
        _ observation: VeinObservation, _ place: Int
    ) -> (id: String, longest: Double, distance: Double, place: Int)? {
        let durations = observation.refluxes.map(\.durationSeconds).filter(\.isFinite)
        guard let id = observation.recordingID, let longest = durations.max() else { return nil }
        let threshold = EvidenceOrder.thresholdSeconds(observation.site.vein)
        return (id, longest, abs(longest - threshold), place)
    }
}
