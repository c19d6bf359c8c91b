extension ExamMeasurements {
    /// Everything in the measurements that is impossible or contradicts itself, in their order; empty when they hold.
    ///
    /// A site stands at most once: which of several takes counts is decided by a person, before scoring.
    public func problems() -> [MeasurementProblem] {
        var check = MeasurementCheck()
        for (index, observation) in observations.enumerated() {
            check.observation(observation, "observations[\(index)]")
        }
        for (index, area) in lumenAreas.enumerated() { check.area(area, "lumenAreas[\(index)]") }
        let defects = Set(lumenDefects.map { LumenPlace(side: $0.side, level: $0.level) })
        for (index, inspection) in lumenInspections.enumerated() {
            check.inspection(inspection, "lumenInspections[\(index)]", hasDefect: defects.contains(inspection.place))
        }
        for (index, flow) in volumeFlows.enumerated() { check.flow(flow, "volumeFlows[\(index)]") }
        if let inflow = arterialInflowSupineMlPerMin, !(inflow.isFinite && inflow > 0) {
            check.note(
                "arterialInflowSupineMlPerMin", "\(inflow) is not possible", "give mL/min above 0, or leave it out")
        }
        for (index, finding) in otherFindings.enumerated() { check.other(finding, "otherFindings[\(index)]") }
        return check.problems
    }
}

/// Collects what is wrong with measurements.
private struct MeasurementCheck {
    private(set) var problems: [MeasurementProblem] = []
    private var seenAt: [String: String] = [:]

    mutating func observation(_ observation: VeinObservation, _ path: String) {
        site(observation.site, "\(path).site")
        once(observation.site.id, path, "keep the take that counts and remove the other")
        switch observation.status {
        case .examined:
            if observation.flow == nil {
                note(
                    "\(path).flow", "an examined site has no flow value",
                    "say `present` or `absent`, or change the status")
            }
        case .notExamined, .notAssessable:
            unexamined(observation, path)
        }
        if observation.status == .notAssessable { reason(observation.reason, path) }
        if observation.flow == .absent { absent(observation, path) }
        if observation.direction != nil, observation.directionReason != nil {
            note(
                "\(path).directionReason", "a direction that is known has a reason why it is not",
                "keep one and remove the other")
        }
        if let velocity = observation.meanVelocityCmPerS, !velocity.isFinite {
            note(
                "\(path).meanVelocityCmPerS", "\(velocity) is not a velocity",
                "give a finite number of cm/s, or leave it out")
        }
        for (index, episode) in observation.refluxes.enumerated() { reflux(episode, "\(path).refluxes[\(index)]") }
    }

    mutating func area(_ area: LumenArea, _ path: String) {
        once(area.itemID, path, "keep the area that counts and remove the other")
        switch (area.status, area.areaMm2) {
        case (.examined, nil):
            note("\(path).areaMm2", "an examined area has no value", "give the area in mm2, or change the status")
        case (.notExamined, .some), (.notAssessable, .some):
            note(
                "\(path).areaMm2", "an area that was not examined has a value",
                "set the status to `examined`, or remove the value")
        case (_, .some(let mm2)) where !(mm2.isFinite && mm2 >= 0):
            note("\(path).areaMm2", "\(mm2) is not an area", "give a number of mm2, 0 or above")
        default: break
        }
        if area.status == .examined, area.method == nil {
            note(
                "\(path).method", "an examined area has no method",
                "say how it was found: entered, ellipse, trace or automatic")
        }
        if area.status == .notAssessable { reason(area.reason, path) }
        number(area.confidence, "\(path).confidence", "a share from 0 to 1") { (0...1).contains($0) }
        if let picture = area.picture {
            if picture.frame < 0 {
                note("\(path).picture.frame", "\(picture.frame) is no picture", "give its number, from 0")
            }
            number(picture.seconds, "\(path).picture.seconds", "seconds") { _ in true }
            number(picture.uncertaintyMm2, "\(path).picture.uncertaintyMm2", "mm2, 0 or above") { $0 >= 0 }
        }
        if area.method != .automatic, area.confidence != nil || area.isCorrected != nil {
            note(
                "\(path).method", "confidence and correction are those of an automatic contour",
                "say automatic, or leave them out")
        }
    }

    mutating func inspection(_ inspection: LumenInspection, _ path: String, hasDefect: Bool) {
        once(inspection.place.itemID, path, "keep one and remove the other")
        if inspection.status == .notAssessable { reason(inspection.reason, path) }
        guard inspection.status != .examined else { return }
        if hasDefect {
            note(
                path, "a lumen that was not examined has a defect", "set the status to `examined`, or remove the defect"
            )
        }
        if inspection.leafletMotion != nil {
            note("\(path).leafletMotion", "a lumen that was not examined has leaflets", "set the status to `examined`")
        }
    }

    mutating func flow(_ flow: VolumeFlow, _ path: String) {
        site(flow.site, "\(path).site")
        once("flow.\(flow.site.id)", path, "keep the flow that counts and remove the other")
        number(flow.mlPerMin, "\(path).mlPerMin", "a finite number of mL/min") { _ in true }
    }

    mutating func other(_ finding: OtherFinding, _ path: String) {
        if finding.level != nil, finding.vein != .internalJugular {
            note("\(path).level", "the \(finding.vein.name) has no levels", "remove the level, or correct the vein")
        }
        number(finding.narrowingPercent, "\(path).narrowingPercent", "percent from 0 to 100") {
            (0...100).contains($0)
        }
        for (key, text) in [("source", finding.source), ("reportNumber", finding.reportNumber)]
        where text.allSatisfy(\.isWhitespace) {
            note("\(path).\(key)", "is empty", "a finding of another modality needs source, date and report number")
        }
        if !Self.isDate(finding.date) {
            note("\(path).date", "`\(finding.date)` is not a date", "write year, month and day: 2012-05-01")
        }
    }

    /// Whether a text is a day of the calendar as `2012-05-01`.
    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isFormed = parts.map(\.count) == [4, 2, 2] && parts.allSatisfy { $0.allSatisfy { "0"..."9" ~= $0 } }
        guard isFormed, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]) else {
            return false
        }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return days.indices.contains(month - 1) && (1...days[month - 1]).contains(day)
    }

    private mutating func site(_ site: ExamSite, _ path: String) {
        if site.vein == .internalJugular, site.level == nil {
            note("\(path).level", "the internal jugular vein needs a level", "say j1, j2 or j3")
        }
        if site.vein != .internalJugular, site.level != nil {
            note("\(path).level", "the \(site.vein.name) has no levels", "remove the level, or correct the vein")
        }
        if !site.vein.windows.contains(site.window) {
            let allowed = site.vein.windows.map(\.rawValue).joined(separator: " or ")
            note(
                "\(path).window", "the \(site.vein.name) is not seen through the \(site.window.rawValue) window",
                "say \(allowed), or correct the vein")
        }
    }

    private mutating func unexamined(_ observation: VeinObservation, _ path: String) {
        let remedy = "set the status to `examined`, or remove the value"
        if observation.flow != nil { note("\(path).flow", "a site that was not examined has a flow value", remedy) }
        if !observation.refluxes.isEmpty {
            note("\(path).refluxes", "a site that was not examined has reflux episodes", remedy)
        }
        if observation.absence != nil {
            note("\(path).absence", "a site that was not examined has conditions of an absence", remedy)
        }
        if observation.direction != nil || observation.directionReason != nil {
            note("\(path).direction", "a site that was not examined has a direction", remedy)
        }
        if observation.meanVelocityCmPerS != nil {
            note("\(path).meanVelocityCmPerS", "a site that was not examined has a velocity", remedy)
        }
    }

    private mutating func absent(_ observation: VeinObservation, _ path: String) {
        // A vein without flow at rest may still reflux when it is pressed for.
        if observation.refluxes.contains(where: { $0.manoeuvre != .valsalva }) {
            note(
                "\(path).refluxes", "flow is absent, yet a reflux is listed", "say flow `present`, or remove the reflux"
            )
        }
        if observation.direction != nil || observation.directionReason != nil {
            note("\(path).direction", "flow is absent, yet it has a direction", "say flow `present`, or remove it")
        }
        if let velocity = observation.meanVelocityCmPerS, velocity != 0 {
            note(
                "\(path).meanVelocityCmPerS", "flow is absent, yet it has a velocity",
                "say flow `present`, or remove the velocity")
        }
    }

    private mutating func reflux(_ episode: RefluxEpisode, _ path: String) {
        if !(episode.durationSeconds.isFinite && episode.durationSeconds > 0) {
            note(
                "\(path).durationSeconds", "\(episode.durationSeconds) is not a length",
                "give a number of seconds above 0")
        }
        number(episode.onsetSeconds, "\(path).onsetSeconds", "seconds, 0 or above") { $0 >= 0 }
        number(episode.durationUncertaintySeconds, "\(path).durationUncertaintySeconds", "seconds, 0 or above") {
            $0 >= 0
        }
        number(episode.peakVelocityCmPerS, "\(path).peakVelocityCmPerS", "cm/s above 0") { $0 > 0 }
        number(episode.confidence, "\(path).confidence", "a share from 0 to 1") { (0...1).contains($0) }
        if let breaths = episode.breathsSeen, breaths < 0 {
            note(
                "\(path).breathsSeen", "\(breaths) is not a count",
                "give the number of breaths, 0 or above, or leave it out")
        }
        if let recorded = episode.breathsRecorded, recorded < max(0, episode.breathsSeen ?? 0) {
            note(
                "\(path).breathsRecorded", "\(recorded) breaths were recorded, fewer than it was seen in",
                "correct one of the two")
        }
    }

    private mutating func number(_ value: Double?, _ path: String, _ allowed: String, _ holds: (Double) -> Bool) {
        guard let value, !(value.isFinite && holds(value)) else { return }
        note(path, "\(value) is not possible", "give \(allowed), or leave it out")
    }

    private mutating func reason(_ reason: String?, _ path: String) {
        guard (reason ?? "").allSatisfy(\.isWhitespace) else { return }
        note("\(path).reason", "not assessable without a reason", "say why it could not be assessed")
    }

    private mutating func once(_ id: String, _ path: String, _ remedy: String) {
        if let earlier = seenAt[id] {
            note(path, "\(id) stands here again, first at \(earlier)", remedy)
        } else {
            seenAt[id] = path
        }
    }

    mutating func note(_ path: String, _ what: String, _ remedy: String) {
        problems.append(MeasurementProblem(path: path, what: what, remedy: remedy))
    }
}
