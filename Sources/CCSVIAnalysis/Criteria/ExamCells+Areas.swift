extension ExamCells {
    /// Stenosis of one internal jugular vein.
    func stenosis(_ side: Side) -> Cell {
        let rule = definition.c3
        let posture = rule.posture.value
        let levels = rule.levels.value
        let planned = plannedAreas.filter { $0.side == side && $0.posture == posture && levels.contains($0.level) }
        var parts = levels.compactMap { level -> Cell? in
            let isPlanned = planned.contains { $0.level == level }
            // An area at a level that is not planned counts where it was measured.
            guard isPlanned || area(side, level, posture)?.areaMm2 != nil else { return nil }
            return areaCell(PlannedArea(side: side, level: level, posture: posture), levels: levels)
        }
        parts += defects.filter { $0.side == side && levels.contains($0.level) }.map(defectCell)
        if planned.isEmpty {
            let item = PlannedArea(side: side, level: levels.first ?? .j1, posture: posture)
            parts.append(.open(missing(item, reason: "the protocol plans no area of this vein")))
        }
        if !rule.scoredDefects.value.isEmpty { parts += planned.compactMap { uninspected($0) } }
        return Cell.any(parts)
    }

    /// A planned level whose lumen was not looked at for defects, where defects count; `nil` where it was.
    private func uninspected(_ area: PlannedArea) -> Cell? {
        let place = LumenPlace(side: area.side, level: area.level)
        let inspection = inspection(place)
        // Whoever names a defect has looked.
        let isKnown =
            inspection?.status == .examined || defects.contains { $0.side == area.side && $0.level == area.level }
        guard !isKnown else { return nil }
        return .open(
            MissingItem(
                text: "\(place.name), for defects", itemID: place.itemID, status: inspection?.status ?? .notExamined,
                reason: inspection?.reason))
    }

    /// The difference of one internal jugular vein's area between the postures.
    func negativeDelta(_ side: Side) -> Cell {
        let rule = definition.c5
        let supine = PlannedArea(side: side, level: rule.level.value, posture: .supine)
        let sitting = PlannedArea(side: side, level: rule.level.value, posture: .sitting)
        // A missing area is unknown even where a bound of the other would decide.
        guard let supineMm2 = areaMm2(supine), let sittingMm2 = areaMm2(sitting) else {
            return openDelta(supine, sitting)
        }
        let deltaMm2 = supineMm2 - sittingMm2
        let text =
            "\(side.rawValue) internal jugular vein, \(rule.level.value.rawValue.uppercased()): "
            + "\(shortDecimalText(supineMm2, places: 2)) mm² supine - \(shortDecimalText(sittingMm2, places: 2)) mm² "
            + "sitting = \(shortDecimalText(deltaMm2, places: 2)) mm²"
        return Cell(
            state: deltaMm2 < rule.deltaBelowMm2.value ? .yes : .no,
            evidence: [Evidence(text: text, siteID: sitting.itemID)])
    }

    /// A difference of which one area or both are missing.
    private func openDelta(_ supine: PlannedArea, _ sitting: PlannedArea) -> Cell {
        let items = [supine, sitting].filter { areaMm2($0) == nil }
        guard items.count == 1, let item = items.first else {
            return Cell(state: .open, missing: items.map { missing($0, reason: nil) })
        }
        var cell = Cell.open(missing(item, reason: nil))
        // No area is below 0: a supine one cannot come below a sitting one by enough where that is too small itself.
        if let sittingMm2 = areaMm2(sitting), !(-sittingMm2 < definition.c5.deltaBelowMm2.value) {
            cell.confirming = []
        }
        return cell
    }

    private func areaMm2(_ item: PlannedArea) -> Double? { area(item.side, item.level, item.posture)?.areaMm2 }

    private func areaCell(_ item: PlannedArea, levels: [JugularLevel]) -> Cell {
        let rule = definition.c3
        guard let mm2 = areaMm2(item) else { return .open(missing(item, reason: nil)) }
        let limitMm2 = rule.areaLimitMm2.value
        var isNarrow = rule.areaComparison.value == .atMost ? mm2 <= limitMm2 : mm2 < limitMm2
        var text = "\(item.name): \(shortDecimalText(mm2, places: 2)) mm²"
        if let area = area(item.side, item.level, item.posture) { text += " (\(area.methodWords))" }
        if let percent = reductionPercent(of: mm2, at: item) {
            text += ", \(decimalText(percent, places: 0)) % less than the next lower level"
            if rule.scoresAreaReduction.value, percent >= rule.areaReductionAtLeastPercent.value { isNarrow = true }
        } else if item.level == .j1, let upperMm2 = area(item.side, .j2, item.posture)?.areaMm2, upperMm2 > mm2 {
            // No level below is measured: shown, and never scored.
            text += ", \(decimalText(100 * (1 - mm2 / upperMm2), places: 0)) % less than the next higher level"
        }
        let recordingID = area(item.side, item.level, item.posture)?.recordingID
        return Cell(
            state: isNarrow ? .yes : .no,
            evidence: [Evidence(text: text, siteID: item.itemID, recordingID: recordingID)])
    }

    /// How much smaller the area is than at the next level towards the heart, percent; `nil` where it is not smaller.
    private func reductionPercent(of mm2: Double, at item: PlannedArea) -> Double? {
        let lower: JugularLevel? =
            switch item.level {
            case .j1: nil
            case .j2: .j1
            case .j3: .j2
            }
        guard let lower, let lowerMm2 = area(item.side, lower, item.posture)?.areaMm2, lowerMm2 > mm2 else {
            return nil
        }
        return 100 * (1 - mm2 / lowerMm2)
    }

    private func defectCell(_ defect: LumenDefect) -> Cell {
        let counts = definition.c3.scoredDefects.value.contains(defect.kind)
        let place = "\(defect.side.rawValue) internal jugular vein, \(defect.level.rawValue.uppercased())"
        let text = "\(place): \(defect.kind.words)\(counts ? "" : ", shown, not scored by this definition")"
        return Cell(state: counts ? .yes : .no, evidence: [Evidence(text: text)])
    }

    private func missing(_ item: PlannedArea, reason: String?) -> MissingItem {
        let area = area(item.side, item.level, item.posture)
        return MissingItem(
            text: item.name, itemID: item.itemID,
            status: area?.status == .notAssessable ? .notAssessable : .notExamined,
            reason: area?.reason ?? reason)
    }
}

extension LumenArea {
    /// `area.left.j2.sitting`.
    public var itemID: String { PlannedArea(side: side, level: level, posture: posture).itemID }

    /// How it was found, in words: `ellipse, end of expiration`.
    var methodWords: String {
        var words = [(method ?? .entered).rawValue]
        if let confidence { words[0] += " with confidence \(decimalText(confidence, places: 2))" }
        if isCorrected == true { words.append("corrected by hand") }
        if let breathingPhase { words.append(breathingPhase.words) }
        return words.joined(separator: ", ")
    }
}
