/// The cells of an exam under one definition: what was found, what was not and what is open.
///
/// Criteria and score are both counted from these, so that they can never disagree.
struct ExamCells {
    /// The definition whose thresholds are used.
    let definition: CriteriaDefinition
    /// The sites that the protocol plans.
    let plannedSites: [ExamSite]
    /// The areas that the protocol plans.
    let plannedAreas: [PlannedArea]
    /// Defects as measured.
    let defects: [LumenDefect]
    private let observations: [String: VeinObservation]
    private let observed: [VeinObservation]
    private let areas: [String: LumenArea]
    private let inspections: [LumenPlace: LumenInspection]

    /// Cells of checked measurements: no site and no area stands twice.
    init(_ measurements: ExamMeasurements, plan: ExamProtocol, definition: CriteriaDefinition) {
        self.definition = definition
        plannedSites = plan.plannedSites
        plannedAreas = plan.areas
        defects = measurements.lumenDefects
        observed = measurements.observations
        observations = Dictionary(measurements.observations.map { ($0.site.id, $0) }) { first, _ in first }
        areas = Dictionary(measurements.lumenAreas.map { ($0.itemID, $0) }) { first, _ in first }
        inspections = Dictionary(measurements.lumenInspections.map { ($0.place, $0) }) { first, _ in first }
    }

    // MARK: Neck veins

    /// What a level of a neck vein is asked.
    enum NeckQuestion {
        case reflux, absence, refluxOrAbsence
    }

    /// One neck vein on one side in one posture.
    func neck(_ question: NeckQuestion, _ vein: Vein, _ side: Side, _ posture: Posture) -> Cell {
        let levels = question == .absence ? definition.c4.levels.value : definition.c1.levels.value
        func belongs(_ site: ExamSite) -> Bool {
            guard site.vein == vein, site.side == side, site.posture == posture else { return false }
            guard let level = site.level else { return true }
            return levels.contains(level)
        }
        let planned = plannedSites.filter(belongs)
        let plannedIDs = Set(planned.map(\.id))
        var parts = planned.map { level(question, at: $0) }
        // A finding at a level that is not planned counts; that nothing was seen there proves nothing.
        for extra in observed
        where extra.status == .examined && belongs(extra.site) && !plannedIDs.contains(extra.site.id) {
            parts.append(level(question, at: extra.site))
        }
        if planned.isEmpty {
            let site = ExamSite(vein, side, posture)
            parts.append(.open(Self.notExamined(site, reason: "the protocol does not plan this vein")))
        }
        return Cell.any(parts)
    }

    private func level(_ question: NeckQuestion, at site: ExamSite) -> Cell {
        switch question {
        case .reflux: reflux(at: site, by: neckVerdict)
        case .absence: absence(at: site)
        case .refluxOrAbsence: Cell.any([reflux(at: site, by: neckVerdict), absence(at: site)])
        }
    }

    /// Whether flow is absent at a site, which needs its three conditions.
    private func absence(at site: ExamSite) -> Cell {
        guard let observation = observations[site.id], observation.status == .examined else { return open(site) }
        guard observation.flow == .absent else { return Cell(state: .no) }
        guard observation.absence?.allHold == true else {
            return .open(Self.withoutConditions(observation))
        }
        let text = "\(site.name): no flow with low wall filter, low velocity scale and deep inspirations"
        return Cell(
            state: .yes,
            evidence: [Evidence(text: text, siteID: site.id, recordingID: observation.recordingID)])
    }

    // MARK: Reflux

    /// Whether one reflux counts, does not, or cannot be told, and why.
    private typealias RefluxVerdict = (RefluxEpisode) -> (state: Ternary, why: String)

    /// Whether a reflux counts for criterion 1.
    private func neckVerdict(_ reflux: RefluxEpisode) -> (state: Ternary, why: String) {
        let rule = definition.c1
        guard rule.manoeuvres.value.contains(reflux.manoeuvre) else {
            return (.no, "shown, not counted")
        }
        let length = lengthVerdict(reflux, rule.durationAboveSeconds.value)
        guard length.state != .no else { return length }
        guard let breaths = reflux.breathsSeen else {
            return (.open, length.state == .open ? length.why : "breathing was not recorded")
        }
        let all = reflux.breathsRecorded.map { " of \($0)" } ?? ""
        let isOne = (reflux.breathsRecorded ?? breaths) == 1
        let seen = "at least this long in \(breaths)\(all) \(isOne ? "breath" : "breaths")"
        guard breaths >= rule.breathsAtLeast.value else {
            return (.no, "\(seen), fewer than \(rule.breathsAtLeast.value)")
        }
        return length.state == .open ? length : (.yes, seen)
    }

    /// Whether a reflux counts for criterion 2.
    private func intracranialVerdict(_ reflux: RefluxEpisode) -> (state: Ternary, why: String) {
        let rule = definition.c2
        guard rule.manoeuvres.value.contains(reflux.manoeuvre) else {
            return (.no, "shown, not counted")
        }
        return lengthVerdict(reflux, rule.durationAboveSeconds.value)
    }

    /// Whether a reflux is longer than a threshold, seconds: neither yes nor no where the span of its length holds it.
    private func lengthVerdict(_ reflux: RefluxEpisode, _ threshold: Double) -> (state: Ternary, why: String) {
        switch reflux.isLonger(thanSeconds: threshold) {
        case .yes: (.yes, "longer than \(threshold) s")
        case .no: (.no, "not longer than \(threshold) s")
        case .uncertain: (.open, "uncertain, \(reflux.durationSpanWords)")
        }
    }

    private func reflux(at site: ExamSite, by verdict: RefluxVerdict) -> Cell {
        guard let observation = observations[site.id], observation.status == .examined else { return open(site) }
        // The longest first, so that of those that count the longest stands first in the evidence.
        let longestFirst = observation.refluxes.sorted { $0.durationSeconds > $1.durationSeconds }
        var parts = longestFirst.map { reflux -> Cell in
            let (state, why) = verdict(reflux)
            let evidence = Self.evidence(of: reflux, in: observation, why: why)
            let missing = MissingItem(
                text: site.name, itemID: site.id, status: .notAssessable,
                reason: "a reflux of \(decimalText(reflux.durationSeconds, places: 3)) s was seen: \(why)")
            return state == .open ? .open(missing, evidence: [evidence]) : Cell(state: state, evidence: [evidence])
        }
        if observation.flow == .absent, observation.absence?.allHold != true {
            parts.append(.open(Self.withoutConditions(observation)))
        }
        return Cell.any(parts)
    }

    // MARK: Intracranial veins

    /// The intracranial veins seen from one side's window in one posture.
    func intracranial(_ side: Side, _ posture: Posture) -> Cell {
        let veins = definition.c2.veins.value
        let planned = plannedSites.filter { veins.contains($0.vein) && $0.side == side && $0.posture == posture }
        var parts = veins.compactMap { vein -> Cell? in
            let seen = observed.filter { $0.site.vein == vein && $0.site.side == side && $0.site.posture == posture }
            let examined = seen.filter { $0.status == .examined }.map { reflux(at: $0.site, by: intracranialVerdict) }
            guard let site = planned.first(where: { $0.vein == vein }) else {
                return examined.isEmpty ? nil : Cell.any(examined)
            }
            // A planned vein is known when it was seen through any window.
            return examined.isEmpty ? open(site) : Cell.any(examined)
        }
        if planned.isEmpty, let vein = veins.first {
            let site = ExamSite(vein, side, posture)
            let reason = "the protocol plans none of the definition's intracranial veins here"
            parts.append(.open(Self.notExamined(site, reason: reason)))
        }
        return Cell.any(parts)
    }

    // MARK: Shared

    /// The area at one level in one posture, where it was measured.
    func area(_ side: Side, _ level: JugularLevel, _ posture: Posture) -> LumenArea? {
        areas[PlannedArea(side: side, level: level, posture: posture).itemID]
    }

    /// How far the lumen at a place was looked at for defects; `nil` where nothing is said of it.
    func inspection(_ place: LumenPlace) -> LumenInspection? { inspections[place] }

    /// A site that was not examined or could not be assessed.
    private func open(_ site: ExamSite) -> Cell {
        guard let observation = observations[site.id], observation.status == .notAssessable else {
            return .open(Self.notExamined(site, reason: observations[site.id]?.reason))
        }
        return .open(
            MissingItem(text: site.name, itemID: site.id, status: .notAssessable, reason: observation.reason))
    }

    private static func notExamined(_ site: ExamSite, reason: String?) -> MissingItem {
        MissingItem(text: site.name, itemID: site.id, status: .notExamined, reason: reason)
    }

    private static func withoutConditions(_ observation: VeinObservation) -> MissingItem {
        let conditions = observation.absence
        let lacking = [
            (conditions?.lowWallFilter, "low wall filter"), (conditions?.lowVelocityScale, "low velocity scale"),
            (conditions?.deepInspirations, "deep inspirations"),
        ].filter { $0.0 != true }.map(\.1)
        return MissingItem(
            text: observation.site.name, itemID: observation.site.id, status: .notAssessable,
            reason: "no flow was found, but not recorded: \(lacking.joined(separator: ", "))")
    }

    private static func evidence(of reflux: RefluxEpisode, in observation: VeinObservation, why: String) -> Evidence {
        var text = "\(observation.site.name): reflux \(decimalText(reflux.durationSeconds, places: 3)) s"
        if let uncertainty = reflux.durationUncertaintySeconds {
            text += " (+/- \(decimalText(uncertainty, places: 3)) s)"
        }
        if let peak = reflux.peakVelocityCmPerS { text += ", to \(decimalText(peak, places: 1)) cm/s" }
        text += ", \(reflux.manoeuvre.words)"
        if let confidence = reflux.confidence { text += ", confidence \(decimalText(confidence, places: 2))" }
        return Evidence(
            text: "\(text): \(why)", siteID: observation.site.id, recordingID: observation.recordingID,
            onsetSeconds: reflux.onsetSeconds, durationSeconds: reflux.durationSeconds, manoeuvre: reflux.manoeuvre,
            breathsSeen: reflux.breathsSeen, breathsRecorded: reflux.breathsRecorded, confidence: reflux.confidence)
    }
}
