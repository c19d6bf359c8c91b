import CCSVIAnalysis
import DopplerDSP

/// The places of an exam, one group for each with everything that is known of it, by region and side.
struct VeinSections {
    private let exam: Exam
    private let recordings: [String: VeinRecording]

    /// The places of an exam.
    init(_ exam: Exam) {
        self.exam = exam
        recordings = Dictionary(exam.recordings.map { ($0.recordingID, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// One group for each region and side, in the order in which they first appear.
    ///
    /// - Throws: `RecordDocumentError` for a figure that is none and for text that documents cannot carry.
    func sections() throws(RecordDocumentError) -> [ContentGroup] {
        var sections: [ContentGroup] = []
        var places: [[RecordConcept]: Int] = [:]
        for reading in try readings() {
            let site = reading.site, group = reading.group
            let heading = [site.vein.region, site.lateralityConcept]
            if let place = places[heading] {
                sections[place].groups.append(group)
                continue
            }
            places[heading] = sections.count
            sections.append(
                ContentGroup(
                    key: "\(heading[0].rawValue).\(heading[1].rawValue)", concept: .findings,
                    modifiers: [ContentPair(.findingSite, heading[0]), ContentPair(.laterality, heading[1])],
                    groups: [group]))
        }
        return sections
    }

    /// One group for each place, with the site that it belongs to.
    private func readings() throws(RecordDocumentError) -> [PlaceList.Reading] {
        let measurements = exam.measurements
        var list = PlaceList()
        var known: Set<String> = []
        for observation in measurements.observations {
            known.insert(observation.site.id)
            list.add(observation.site, key: observation.site.id, try items(observation))
        }
        for area in measurements.lumenAreas {
            let site = ExamSite(.internalJugular, area.side, level: area.level, area.posture)
            known.insert(Self.areaKey(site))
            list.add(site, key: site.id, try items(area, at: site))
        }
        for flow in measurements.volumeFlows { list.add(flow.site, key: flow.site.id, try items(flow)) }
        for place in lumenPlaces {
            let site = ExamSite(.internalJugular, place.side, level: place.level, .supine)
            list.add(site, key: place.itemID, try items(place), isLumen: true)
        }
        for step in openSteps where known.insert(step.isArea ? Self.areaKey(step.site) : step.site.id).inserted {
            list.add(step.site, key: step.site.id, try items(step))
        }
        return list.readings
    }

    private static func areaKey(_ site: ExamSite) -> String { "area.\(site.id)" }

    // MARK: One place

    private func items(_ observation: VeinObservation) throws(RecordDocumentError) -> [ContentItem] {
        let absence = observation.status.absence
        var items = try place(observation.site)
        var flow = ContentItem("flow", .flowPresence, .code(Self.flow(observation)))
        flow.properties = try ContentItem.text("flow.reason", .reason, observation.reason)
        if let conditions = observation.absence, observation.flow == .absent {
            let answers = [
                (RecordConcept.absenceWallFilter, conditions.lowWallFilter),
                (.absenceScale, conditions.lowVelocityScale),
                (.absenceInspirations, conditions.deepInspirations),
            ]
            flow.properties += answers.map { ContentItem("flow.\($0.rawValue)", $0, .code($1 ? .yes : .no)) }
        }
        flow.properties += try recording(observation.recordingID)
        items.append(flow.shown(by: observation.recordingID))

        let velocity = observation.meanVelocityCmPerS
        var mean = try ContentItem.number(
            "meanVelocity", .meanVelocity, velocity, .unitCentimetrePerSecond, orElse: absence)
        mean.modifiers = Self.direction(of: velocity)
        if velocity != nil { mean.properties = try beam(observation.recordingID) }
        items.append(mean.shown(by: observation.recordingID))
        if let direction = observation.direction {
            items.append(ContentItem("direction", .transducerDirection, .code(direction.concept)))
        }
        items += try ContentItem.text("directionReason", .reason, observation.directionReason)
        return items + (try refluxes(observation))
    }

    private static func flow(_ observation: VeinObservation) -> RecordConcept {
        if let open = observation.status.openConcept { return open }
        switch observation.flow {
        case .present: return .present
        case .absent: return observation.absence?.allHold == true ? .absent : .undetermined
        case nil: return .undetermined
        }
    }

    /// With or against the normal direction; none for no movement.
    private static func direction(of velocity: Double?) -> [ContentPair] {
        guard let velocity, velocity != 0 else { return [] }
        return [ContentPair(.flowDirection, velocity > 0 ? .antegrade : .retrograde)]
    }

    /// Where, in the exam's own words, and through which window.
    private func place(_ site: ExamSite) throws(RecordDocumentError) -> [ContentItem] {
        var items = [ContentItem("itemID", .itemID, .text(site.id))]
        guard !site.vein.isNeckVein || site.window != .neck else { return items }
        var window = ContentItem("window", .window, .code(site.window.concept))
        window.modifiers = [ContentPair(.laterality, site.side.concept)]
        items.append(window)
        return items
    }

    /// The recording behind a figure, by its id and fingerprint.
    private func recording(_ id: String?) throws(RecordDocumentError) -> [ContentItem] {
        guard let id else { return [] }
        return try ContentItem.text("recording", .recording, id)
            + ContentItem.text("sha256", .recordingSHA256, recordings[id]?.sha256)
    }

    /// Angle and depth of the gate.
    private func beam(_ id: String?) throws(RecordDocumentError) -> [ContentItem] {
        guard let recording = id.flatMap({ recordings[$0] }) else { return [] }
        let mmPerCm = 10.0
        return [
            try .number("angle", .dopplerAngle, recording.scale.insonationAngleDegrees, .unitDegree),
            try .number("depth", .sampleVolumeDepth, recording.gateDepthMm / mmPerCm, .unitCentimetre),
        ]
    }

    private func refluxes(_ observation: VeinObservation) throws(RecordDocumentError) -> [ContentItem] {
        if let open = observation.status.openConcept {
            return [
                ContentItem("reflux", .reflux, .code(open)),
                ContentItem("reflux.1", .refluxDuration, .noNumber(observation.status.absence, .unitSecond)),
            ]
        }
        let isKnown = observation.flow == .present || Self.flow(observation) == .absent
        let found: RecordConcept = !observation.refluxes.isEmpty ? .present : isKnown ? .absent : .undetermined
        var items = [ContentItem("reflux", .reflux, .code(found)).shown(by: observation.recordingID)]
        for (index, reflux) in observation.refluxes.enumerated() {
            var item = try Self.reflux("reflux.\(index + 1)", reflux)
            item.modifiers = [ContentPair(.flowDirection, .retrograde)]
            items.append(item.shown(by: observation.recordingID))
        }
        return items
    }

    private static func reflux(_ key: String, _ reflux: RefluxEpisode) throws(RecordDocumentError) -> ContentItem {
        var item = try ContentItem.number(key, .refluxDuration, reflux.durationSeconds, .unitSecond)
        item.context = [reflux.manoeuvre.pair]
        let figures: [(String, RecordConcept, Double?, RecordConcept)] = [
            ("onset", .refluxOnset, reflux.onsetSeconds, .unitSecond),
            ("uncertainty", .uncertainty, reflux.durationUncertaintySeconds, .unitSecond),
            ("peakVelocity", .refluxPeakVelocity, reflux.peakVelocityCmPerS, .unitCentimetrePerSecond),
            ("confidence", .confidence, reflux.confidence, .unitOne),
            ("breathsSeen", .breathsSeen, reflux.breathsSeen.map(Double.init), .unitCount),
            ("breathsRecorded", .breathsRecorded, reflux.breathsRecorded.map(Double.init), .unitCount),
        ]
        for (name, concept, value, unit) in figures {
            guard let value else { continue }
            item.properties.append(try .number("\(key).\(name)", concept, value, unit))
        }
        return item
    }
}

// MARK: - Areas, flows, lumens, steps

extension VeinSections {
    private func items(_ area: LumenArea, at site: ExamSite) throws(RecordDocumentError) -> [ContentItem] {
        var item = try ContentItem.number(
            "area", .lumenArea, area.areaMm2, .unitSquareMillimetre, orElse: area.status.absence)
        item.context = area.breathingPhase.map { [$0.pair] } ?? []
        if let method = area.method {
            item.properties.append(ContentItem("area.method", .measurementMethod, .code(method.concept)))
        }
        if let picture = area.picture {
            item.properties.append(
                try .number("area.uncertainty", .uncertainty, picture.uncertaintyMm2, .unitSquareMillimetre))
            item.properties += try ContentItem.text("area.picture", .areaPicture, picture.words)
        }
        if let confidence = area.confidence {
            item.properties.append(try .number("area.confidence", .confidence, confidence, .unitOne))
        }
        if let isCorrected = area.isCorrected {
            item.properties.append(ContentItem("area.corrected", .corrected, .code(isCorrected ? .yes : .no)))
        }
        item.properties += try ContentItem.text("area.reason", .reason, area.reason)
        for (index, earlier) in (area.superseded ?? []).enumerated() {
            let key = "area.superseded.\(index + 1)"
            var value = try ContentItem.number(
                key, .superseded, earlier.areaMm2, .unitSquareMillimetre, orElse: earlier.status.absence)
            value.properties = try ContentItem.text("\(key).at", .reason, "superseded \(earlier.supersededAt)")
            item.properties.append(value)
        }
        item.properties += try recording(area.recordingID)
        return try place(site) + [item.shown(by: area.recordingID)]
    }

    private func items(_ flow: VolumeFlow) throws(RecordDocumentError) -> [ContentItem] {
        var item = try ContentItem.number("volumeFlow", .volumeFlow, flow.mlPerMin, .unitMillilitrePerMinute)
        item.modifiers = Self.direction(of: flow.mlPerMin)
        item.properties = [ContentItem("volumeFlow.method", .measurementMethod, .code(flow.method.concept))]
        item.properties += try recording(flow.recordingID)
        return try place(flow.site) + [item.shown(by: flow.recordingID)]
    }

    /// The levels whose lumen was looked at, or of which a defect is listed.
    private var lumenPlaces: [LumenPlace] {
        var seen: Set<LumenPlace> = []
        let all =
            exam.measurements.lumenInspections.map(\.place)
            + exam.measurements.lumenDefects.map { LumenPlace(side: $0.side, level: $0.level) }
        return all.filter { seen.insert($0).inserted }
    }

    private func items(_ place: LumenPlace) throws(RecordDocumentError) -> [ContentItem] {
        let inspections = exam.measurements.lumenInspections.filter { $0.place == place }
        let defects = exam.measurements.lumenDefects.filter { $0.side == place.side && $0.level == place.level }
        let open = inspections.first?.status.openConcept
        let found: RecordConcept = !defects.isEmpty ? .present : open ?? .absent
        var item = ContentItem("defect", .lumenInspection, .code(found))
        item.properties = try ContentItem.text("defect.reason", .reason, inspections.first?.reason)
        if let motion = inspections.compactMap(\.leafletMotion).first {
            item.properties.append(ContentItem("defect.leaflets", .leafletMotion, .code(motion.concept)))
        }
        let kinds = defects.enumerated().map { index, defect in
            ContentItem("defect.\(index + 1)", .lumenDefectKind, .code(defect.kind.concept))
        }
        return [ContentItem("itemID", .itemID, .text(place.itemID)), item] + kinds
    }

    /// A place of the protocol of which there is no observation.
    private struct OpenStep {
        var site: ExamSite
        var status: ExaminationStatus
        var reason: String?
        var isArea: Bool
    }

    /// Planned places without an observation, from the course and from what the criteria miss.
    private var openSteps: [OpenStep] {
        var steps: [OpenStep] = (exam.course?.steps ?? []).compactMap { step in
            switch step.state {
            case .recorded: nil
            case .skipped, .notDone:
                OpenStep(site: step.site, status: .notExamined, reason: step.note, isArea: false)
            case .notVisualised:
                OpenStep(
                    site: step.site, status: step.notVisualised?.status ?? .notAssessable,
                    reason: step.notVisualised?.words ?? step.note, isArea: false)
            case .notAssessable:
                OpenStep(site: step.site, status: .notAssessable, reason: step.note, isArea: false)
            }
        }
        for missing in exam.assessment.criteria.flatMap(\.missing) where missing.status != .examined {
            guard let place = Self.plannedPlaces[missing.itemID] else { continue }
            steps.append(
                OpenStep(
                    site: place.site, status: missing.status, reason: missing.reason, isArea: place.isArea))
        }
        return steps
    }

    private func items(_ step: OpenStep) throws(RecordDocumentError) -> [ContentItem] {
        if step.isArea {
            let area = LumenArea(
                side: step.site.side, level: step.site.level ?? .j2, posture: step.site.posture, status: step.status,
                reason: step.reason, areaMm2: nil, method: nil)
            return try items(area, at: step.site)
        }
        return try items(VeinObservation(site: step.site, status: step.status, reason: step.reason))
    }

    /// Every site and area that a protocol can name, by its id.
    private static let plannedPlaces: [String: (site: ExamSite, isArea: Bool)] = {
        var places: [String: (site: ExamSite, isArea: Bool)] = [:]
        for vein in Vein.allCases {
            let levels: [JugularLevel?] = vein == .internalJugular ? JugularLevel.allCases : [nil]
            for side in Side.allCases {
                for (level, posture) in levels.flatMap({ level in Posture.allCases.map { (level, $0) } }) {
                    for window in vein.windows.reversed() {
                        let site = ExamSite(vein, side, level: level, window: window, posture)
                        places[site.id] = (site, false)
                    }
                    guard let level else { continue }
                    let area = "area.\(side.rawValue).\(level.rawValue).\(posture.rawValue)"
                    places[area] = (ExamSite(.internalJugular, side, level: level, posture), true)
                }
            }
        }
        return places
    }()
}
