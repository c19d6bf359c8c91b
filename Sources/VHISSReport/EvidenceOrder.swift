import CCSVIAnalysis

/// Which pieces of evidence say most, for what the report shows first.
struct EvidenceOrder {
    /// Reflux duration that the definitions ask of neck veins, seconds (Zivadinov and Chung, BMC Med 2013;11:260).
    ///
    /// The report uses both figures for marks and order alone; the criteria are decided elsewhere.
    static let neckThresholdSeconds = 0.88
    /// Reflux duration that the definitions ask of veins in the skull, seconds (the same).
    static let skullThresholdSeconds = 0.5
    /// Area that the definitions ask of a stenosis, mm2; for the order alone.
    ///
    /// 0.3 cm2 in table 2 of Mayer et al., J Neurol Neurosurg Psychiatry 2011 (PMC3061048).
    static let stenosisAreaMm2 = 30.0

    /// Far below the rank of any reflux (project choice).
    private static let belowAnyReflux = 1e6

    private let manoeuvres: [String: Manoeuvre]
    private let skullRecordings: Set<String>
    private let supineAreasMm2: [String: Double]

    /// The order for an exam.
    init(_ exam: Exam) {
        manoeuvres = Dictionary(
            exam.recordings.map { ($0.recordingID, $0.manoeuvre) }, uniquingKeysWith: { first, _ in first })
        skullRecordings = Set(exam.recordings.filter { $0.site.vein.isIntracranial }.map(\.recordingID))
        supineAreasMm2 = Dictionary(
            exam.measurements.lumenAreas.compactMap { area in
                area.posture == .supine ? area.areaMm2.map { (area.itemID, $0) } : nil
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The threshold at a vein, seconds.
    static func thresholdSeconds(_ vein: Vein) -> Double {
        vein.isIntracranial ? skullThresholdSeconds : neckThresholdSeconds
    }

    /// The evidence with the longest spontaneous reflux first, areas by size with the smallest first.
    ///
    /// Of several refluxes at one site only the longest is kept.
    func strongestFirst(_ evidence: [Evidence]) -> [Evidence] {
        let ranked = evidence.enumerated().sorted { left, right in
            let ranks = (rank(left.element), rank(right.element))
            return ranks.0 == ranks.1 ? left.offset < right.offset : ranks.0 > ranks.1
        }
        var sites: Set<String> = []
        return ranked.map(\.element).filter { item in
            guard item.durationSeconds != nil, let site = item.siteID else { return true }
            return sites.insert(site).inserted
        }
    }

    /// Whether a piece of evidence, by its own figure, can be what a criterion was met by.
    func isStrong(_ evidence: Evidence) -> Bool {
        guard let seconds = evidence.durationSeconds else {
            return areaMm2(evidence).map { $0 <= Self.stenosisAreaMm2 } ?? true
        }
        guard let id = evidence.recordingID else { return false }
        let threshold = skullRecordings.contains(id) ? Self.skullThresholdSeconds : Self.neckThresholdSeconds
        return seconds > threshold && manoeuvres[id] != .valsalva
    }

    /// The supine area that a piece of evidence is about, mm2.
    private func areaMm2(_ evidence: Evidence) -> Double? { evidence.siteID.flatMap { supineAreasMm2[$0] } }

    /// Duration, with reflux under Valsalva below all other, then areas; evidence without either is the weakest.
    private func rank(_ evidence: Evidence) -> Double {
        guard let seconds = evidence.durationSeconds, seconds.isFinite else {
            // Any area ranks below any reflux; they do not meet in one criterion.
            return areaMm2(evidence).map { -Self.belowAnyReflux - $0 } ?? -.infinity
        }
        let isProvoked = evidence.recordingID.flatMap { manoeuvres[$0] } == .valsalva
        return isProvoked ? -1 / max(seconds, .leastNonzeroMagnitude) : seconds
    }
}
