/// How often each of the five criteria was found in the cases and in the controls of a published study.
///
/// Only single criteria are published, not who had which of them together: whoever draws a population from them takes
/// them as independent, and that is a choice.
public struct CriterionPrevalences: Sendable, Hashable, Encodable {
    /// The study's id: `zamboni-2009`.
    public let id: String
    /// Where it was published.
    public let citation: String
    /// People with each criterion, c1 to c5, among the cases.
    public let casesWith: [Int]
    /// All cases.
    public let cases: Int
    /// People with each criterion, c1 to c5, among the controls.
    public let controlsWith: [Int]
    /// All controls.
    public let controls: Int

    /// The study that the criteria come from.
    ///
    /// Zamboni P et al. J Neurol Neurosurg Psychiatry 2009;80:392-399 (PMC2647682), table 3: 65 with MS, 235 controls.
    public static let zamboni2009 = CriterionPrevalences(
        id: "zamboni-2009", citation: "Zamboni P et al. J Neurol Neurosurg Psychiatry 2009;80:392-399, table 3",
        casesWith: [46, 40, 24, 34, 36], cases: 65, controlsWith: [0, 0, 1, 7, 25], controls: 235)

    /// The same criteria without any difference between the groups: everybody counted together, as a null.
    ///
    /// Zamboni 2009, table 3, both columns added: 300 people.
    public static let zamboni2009Null = CriterionPrevalences(
        id: "zamboni-2009-null",
        citation: "Zamboni P et al. J Neurol Neurosurg Psychiatry 2009;80:392-399, table 3, both groups together",
        casesWith: [46, 40, 25, 41, 61], cases: 300, controlsWith: [46, 40, 25, 41, 61], controls: 300)

    /// The prevalences that are built in.
    public static let all = [zamboni2009, zamboni2009Null]

    /// Which criteria one person has, each drawn for itself.
    public func drawn(isCase: Bool, from numbers: inout SeededNumbers) -> [Bool] {
        let people = isCase ? cases : controls
        return (isCase ? casesWith : controlsWith).map { numbers.below(people) < $0 }
    }
}
