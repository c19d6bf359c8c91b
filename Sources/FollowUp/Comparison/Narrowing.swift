public import CCSVIAnalysis

/// A jugular lumen that is narrow, or narrower than before, in the later of two exams.
public struct Narrowing: Sendable, Hashable, Encodable {
    /// What it is called, by what was done to the vein.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The vein was treated up to the earlier exam, and has become narrow since.
        case restenosis
        /// The vein was treated between the exams and is narrow after it: residual or new, which two exams cannot tell.
        case narrowAfterIntervention
        /// The vein has become narrow; no intervention on it is known.
        case newNarrowing
    }

    /// A rule by which a lumen is called narrow.
    public enum Rule: String, Sendable, Hashable, Codable, CaseIterable {
        /// Supine area above 30 mm2 before and at most 30 mm2 now.
        case belowArea
        /// Supine area at most half of what it was.
        case halved
        /// Supine area at most 30 mm2 after an intervention.
        case stillBelowArea

        /// The rule in words with its source.
        public var words: String {
            switch self {
            case .belowArea:
                "supine area fell to 30 mm2 or less (criterion 3: Zamboni 2009 as restated by Mayer 2011)"
            case .halved:
                "supine area fell by half or more (the local reduction of 50 % that Mayer 2011 quotes, taken over time)"
            case .stillBelowArea: "supine area is 30 mm2 or less after the intervention"
            }
        }
    }

    /// The published area of a stenosis, mm2, and the share of a reduction; that they mark a restenosis over time is a
    /// project choice: no source states a rule for that.
    private static let narrowMm2 = 30.0
    private static let remainingShare = 0.5

    /// The side of the vein.
    public var side: Side
    /// The level.
    public var level: JugularLevel
    /// What it is called.
    public var kind: Kind
    /// The rules that hold.
    public var rules: [Rule]
    /// The earlier area, mm2; `nil` when it is not known.
    public var earlierMm2: Double?
    /// The later area, mm2.
    public var laterMm2: Double
    /// Whether the areas' error is known and smaller than the fall; `nil` when it is not known.
    public var isBeyondError: Bool?

    /// Narrow places of the jugular veins, supine, and the levels at which nothing can be said.
    static func find(
        _ earlier: StepReading, _ later: StepReading, treatedBefore: (Side) -> Bool, treatedBetween: (Side) -> Bool
    ) -> (found: [Narrowing], open: [String]) {
        var found: [Narrowing] = []
        var open: [String] = []
        for side in Side.allCases {
            for level in JugularLevel.allCases {
                let id = StepReading.id(
                    of: LumenArea(side: side, level: level, posture: .supine, areaMm2: nil))
                let (before, now) = (earlier.area(id), later.area(id))
                guard let area = now.value, before.value != nil || treatedBetween(side) else {
                    open.append("\(side.rawValue) \(level.rawValue.uppercased())")
                    continue
                }
                var rules: [Rule] = []
                let difference = StepDifference.between(before, now)
                if let size = before.value, difference.state != .withinError {
                    if size > narrowMm2, area <= narrowMm2 { rules.append(.belowArea) }
                    if size > 0, area <= size * remainingShare { rules.append(.halved) }
                }
                if treatedBetween(side), area <= narrowMm2, !rules.contains(.belowArea) {
                    rules.append(.stillBelowArea)
                }
                guard !rules.isEmpty else { continue }
                let kind: Kind =
                    treatedBetween(side)
                    ? .narrowAfterIntervention : treatedBefore(side) ? .restenosis : .newNarrowing
                let isBeyond: Bool? =
                    switch difference.state {
                    case .beyondError: true
                    case .withinError: false
                    default: nil
                    }
                found.append(
                    Narrowing(
                        side: side, level: level, kind: kind, rules: rules, earlierMm2: before.value, laterMm2: area,
                        isBeyondError: isBeyond))
            }
        }
        return (found, open)
    }
}
