/// How much a severity score fell from a baseline exam, or why that cannot be said.
public struct VHISSReduction: Sendable, Hashable, Codable {
    /// The reduction, percent; negative when the score rose; `nil` when it cannot be said.
    public var percent: Double?
    /// Why it cannot be said; `nil` when it can.
    public var reason: String?

    /// A reduction from its fields.
    public init(percent: Double?, reason: String?) {
        self.percent = percent
        self.reason = reason
    }
}

extension Assessment {
    /// The reduction of the score from a baseline exam.
    ///
    /// Only between two numbers of the same table and definition, from a baseline above 0.
    public func vhissReduction(from baseline: Assessment) -> VHISSReduction {
        func none(_ reason: String) -> VHISSReduction { VHISSReduction(percent: nil, reason: reason) }
        // The rules tell apart two definitions that were changed without a change of id and version.
        guard definition == baseline.definition, criteria.map(\.rule) == baseline.criteria.map(\.rule) else {
            return none(
                "the exams were scored under different definitions (\(baseline.definition.id), \(definition.id))")
        }
        guard vhiss.table == baseline.vhiss.table, vhiss.parts.map(\.rule) == baseline.vhiss.parts.map(\.rule) else {
            return none("the exams were scored by different tables (\(baseline.vhiss.table.id), \(vhiss.table.id))")
        }
        guard let before = baseline.vhiss.value else {
            return none("the baseline's score is an interval, \(baseline.vhiss.low) to \(baseline.vhiss.high)")
        }
        guard let now = vhiss.value else { return none("the score is an interval, \(vhiss.low) to \(vhiss.high)") }
        guard before > 0 else { return none("the baseline's score is 0") }
        return VHISSReduction(percent: 100 * Double(before - now) / Double(before), reason: nil)
    }

    /// The reduction of the score from a baseline exam, percent; negative when the score rose.
    ///
    /// `nil` unless both scores are numbers of the same table and definition and the baseline is above 0.
    public func vhissReductionPercent(from baseline: Assessment) -> Double? { vhissReduction(from: baseline).percent }
}

extension VHISSPart {
    /// The part without what was counted.
    fileprivate var rule: [String] { [name, counts, "\(pointsEach)", "\(atMost)"] }
}
