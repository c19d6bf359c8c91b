/// One figure or choice of a definition, with where it comes from.
public struct Parameter<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The value.
    public var value: Value
    /// The source that states it, or the reading of this project where none does.
    public var source: String
    /// Whether the source is silent and the project chose.
    public var projectChoice: Bool

    /// A parameter from its fields.
    public init(_ value: Value, source: String, projectChoice: Bool) {
        self.value = value
        self.source = source
        self.projectChoice = projectChoice
    }
}

/// One published variant of the five criteria: a named, versioned and cited set of parameters.
///
/// It is data (`Definitions/*.yaml`): a variant is added as a file, without a change of code.
public struct CriteriaDefinition: Sendable, Hashable {
    /// Id, version, title and citation.
    public var reference: Reference
    /// What `not met` needs where steps are missing.
    public var notMetNeeds: Parameter<NotMetNeeds>
    /// Reflux in the neck veins.
    public var c1: NeckRefluxRule
    /// Reflux in the intracranial veins.
    public var c2: IntracranialRefluxRule
    /// Stenosis of the internal jugular veins.
    public var c3: StenosisRule
    /// Absent flow in the neck veins.
    public var c4: AbsenceRule
    /// Negative difference of the jugular area.
    public var c5: PosturalAreaRule
    /// Whether the source counts borderline exams in two other ways, which are then printed too.
    public var readsBorderlineTwice: Parameter<Bool>

    /// What `not met` needs where steps are missing.
    public enum NotMetNeeds: String, Sendable, Hashable, CaseIterable {
        /// The criterion is not met as soon as nothing that is missing could make it met.
        case decisiveSteps
        /// The criterion is not met only when every planned step that belongs to it is known.
        case allPlannedSteps
    }

    /// How findings of the two postures are joined for one vein.
    public enum PostureRule: String, Sendable, Hashable, CaseIterable {
        /// Found in both postures.
        case both
        /// Found in one posture or more.
        case either
        /// Criterion 4 alone: absent in both, or absent in one with reflux of criterion 1 in the other.
        case bothOrRefluxInOther
    }

    /// How an area is held against the limit.
    public enum AreaComparison: String, Sendable, Hashable, CaseIterable {
        /// The limit itself counts.
        case atMost
        /// The limit itself does not count.
        case below
    }
}

/// The parameters of criterion 1.
public struct NeckRefluxRule: Sendable, Hashable {
    /// The published wording and where it stands.
    public var source: String
    /// The veins that count.
    public var veins: Parameter<[Vein]>
    /// The levels that count, for the internal jugular vein.
    public var levels: Parameter<[JugularLevel]>
    /// A reflux counts when it is longer, seconds.
    public var durationAboveSeconds: Parameter<Double>
    /// A reflux counts when one at least as long is seen in so many breaths.
    public var breathsAtLeast: Parameter<Int>
    /// The manoeuvres under which a reflux counts.
    public var manoeuvres: Parameter<[Manoeuvre]>
    /// How the postures are joined.
    public var postures: Parameter<CriteriaDefinition.PostureRule>
}

/// The parameters of criterion 2.
public struct IntracranialRefluxRule: Sendable, Hashable {
    /// The published wording and where it stands.
    public var source: String
    /// The veins that count.
    public var veins: Parameter<[Vein]>
    /// A reflux counts when it is longer, seconds.
    public var durationAboveSeconds: Parameter<Double>
    /// The manoeuvres under which a reflux counts.
    public var manoeuvres: Parameter<[Manoeuvre]>
}

/// The parameters of criterion 3.
public struct StenosisRule: Sendable, Hashable {
    /// The published wording and where it stands.
    public var source: String
    /// The levels that count.
    public var levels: Parameter<[JugularLevel]>
    /// The posture whose areas count.
    public var posture: Parameter<Posture>
    /// The limit of the area, mm2.
    public var areaLimitMm2: Parameter<Double>
    /// How an area is held against the limit.
    public var areaComparison: Parameter<CriteriaDefinition.AreaComparison>
    /// The defects that count by themselves.
    public var scoredDefects: Parameter<[LumenDefectKind]>
    /// Whether a reduction against the next lower level counts.
    public var scoresAreaReduction: Parameter<Bool>
    /// The reduction that counts, where it does, percent.
    public var areaReductionAtLeastPercent: Parameter<Double>
}

/// The parameters of criterion 4.
public struct AbsenceRule: Sendable, Hashable {
    /// The published wording and where it stands.
    public var source: String
    /// The veins that count.
    public var veins: Parameter<[Vein]>
    /// The levels that count, for the internal jugular vein.
    public var levels: Parameter<[JugularLevel]>
    /// How the postures are joined.
    public var postures: Parameter<CriteriaDefinition.PostureRule>
}

/// The parameters of criterion 5.
public struct PosturalAreaRule: Sendable, Hashable {
    /// The published wording and where it stands.
    public var source: String
    /// The level at which the areas are compared.
    public var level: Parameter<JugularLevel>
    /// The criterion is met when supine minus sitting is less, mm2.
    public var deltaBelowMm2: Parameter<Double>
}
