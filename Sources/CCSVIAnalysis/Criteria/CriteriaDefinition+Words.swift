extension CriteriaDefinition {
    /// The published wording of a criterion and where it stands.
    public func source(of criterion: Criterion) -> String {
        switch criterion {
        case .c1: c1.source
        case .c2: c2.source
        case .c3: c3.source
        case .c4: c4.source
        case .c5: c5.source
        }
    }

    /// The rule of a criterion with its thresholds and units, as one sentence.
    public func rule(of criterion: Criterion) -> String {
        switch criterion {
        case .c1: neckRefluxRule
        case .c2: intracranialRefluxRule
        case .c3: stenosisRule
        case .c4: absenceRule
        case .c5:
            "Area of an internal jugular vein at \(Self.words([c5.level.value])), supine minus sitting, "
                + "below \(shortDecimalText(c5.deltaBelowMm2.value, places: 2)) mm² on either side."
        }
    }

    /// Which parts of a criterion's rule are the project's own choice, each with its reading; empty when none is.
    public func projectChoices(of criterion: Criterion) -> [String] {
        let own: [String?] =
            switch criterion {
            case .c1:
                [
                    choice("veins", c1.veins), choice("levels", c1.levels), choice("duration", c1.durationAboveSeconds),
                    choice("breaths", c1.breathsAtLeast), choice("manoeuvres", c1.manoeuvres),
                    choice("postures", c1.postures), choice("missing steps", notMetNeeds),
                ]
            case .c2:
                [
                    choice("veins", c2.veins), choice("duration", c2.durationAboveSeconds),
                    choice("manoeuvres", c2.manoeuvres),
                ]
            case .c3:
                [
                    choice("levels", c3.levels), choice("posture", c3.posture), choice("area limit", c3.areaLimitMm2),
                    choice("comparison", c3.areaComparison), choice("defects", c3.scoredDefects),
                    choice("area reduction", c3.scoresAreaReduction),
                    c3.scoresAreaReduction.value ? choice("reduction limit", c3.areaReductionAtLeastPercent) : nil,
                ]
            case .c4:
                [
                    choice("veins", c4.veins), choice("levels", c4.levels), choice("postures", c4.postures),
                    choice("missing steps", notMetNeeds),
                ]
            case .c5: [choice("level", c5.level), choice("difference", c5.deltaBelowMm2)]
            }
        return own.compactMap(\.self)
    }

    private func choice<Value>(_ name: String, _ parameter: Parameter<Value>) -> String? {
        parameter.projectChoice ? "\(name): \(parameter.source)" : nil
    }

    private var neckRefluxRule: String {
        let postures = c1.postures.value == .both ? "supine and sitting in the same vein" : "supine or sitting"
        return "Reflux longer than \(c1.durationAboveSeconds.value) s in at least \(c1.breathsAtLeast.value) breaths "
            + "under \(c1.manoeuvres.value.map(\.words).joined(separator: ", ")), \(postures): "
            + "\(c1.veins.value.map(\.name).joined(separator: " or ")), any of \(Self.words(c1.levels.value)) of the jugular."
    }

    private var intracranialRefluxRule: String {
        "Reflux longer than \(c2.durationAboveSeconds.value) s in any of "
            + "\(c2.veins.value.map(\.name).joined(separator: ", ")), from either side's window, in either posture."
    }

    private var stenosisRule: String {
        let comparison = c3.areaComparison.value == .atMost ? "at most" : "below"
        var text =
            "Area of an internal jugular vein, \(c3.posture.value.rawValue), any of \(Self.words(c3.levels.value)), "
            + "\(comparison) \(shortDecimalText(c3.areaLimitMm2.value, places: 2)) mm²"
        if c3.scoresAreaReduction.value {
            text +=
                ", or at least \(shortDecimalText(c3.areaReductionAtLeastPercent.value, places: 2)) % less than at the next lower level"
        }
        if !c3.scoredDefects.value.isEmpty {
            text += ", or a defect: \(c3.scoredDefects.value.map(\.words).joined(separator: ", "))"
        }
        return text + "."
    }

    private var absenceRule: String {
        let postures =
            switch c4.postures.value {
            case .both: "supine and sitting in the same vein"
            case .either: "supine or sitting"
            case .bothOrRefluxInOther:
                "supine and sitting in the same vein, or in one posture with reflux of criterion 1 in the other"
            }
        return "No flow with low wall filter, low velocity scale and deep inspirations, \(postures): "
            + "\(c4.veins.value.map(\.name).joined(separator: " or ")), any of \(Self.words(c4.levels.value)) of the jugular."
    }

    private static func words(_ levels: [JugularLevel]) -> String {
        levels.map { $0.rawValue.uppercased() }.joined(separator: ", ")
    }
}
