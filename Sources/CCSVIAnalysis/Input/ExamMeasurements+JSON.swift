extension ExamMeasurements {
    /// Measurements from JSON; problems go to the log, and then the result is not used.
    init(_ node: JSONNode, _ log: JSONLog) {
        var fields = JSONFields(node, "", log)
        if let schema = fields.text("schema"), schema != MeasurementsReader.schemaID {
            log.note("schema", "`\(schema)` cannot be read", "convert the file to \(MeasurementsReader.schemaID)")
        }
        self.init(
            observations: fields.list("observations", isRequired: true).compactMap {
                VeinObservation($0.node, $0.path, log)
            },
            lumenAreas: fields.list("lumenAreas").compactMap { LumenArea($0.node, $0.path, log) },
            lumenDefects: fields.list("lumenDefects").compactMap { LumenDefect($0.node, $0.path, log) },
            lumenInspections: fields.list("lumenInspections").compactMap { LumenInspection($0.node, $0.path, log) },
            volumeFlows: fields.list("volumeFlows").compactMap { VolumeFlow($0.node, $0.path, log) },
            arterialInflowSupineMlPerMin: fields.number("arterialInflowSupineMlPerMin"),
            otherFindings: fields.list("otherFindings").compactMap { OtherFinding($0.node, $0.path, log) })
        fields.finish()
    }
}

extension VeinObservation {
    fileprivate init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let site = fields.require("site").flatMap { ExamSite($0, fields.place("site"), log) }
        let status = fields.choice("status", of: ExaminationStatus.self, isRequired: true)
        let reason = fields.text("reason")
        let flow = fields.choice("flow", of: FlowPresence.self)
        let absence = fields.take("absence").flatMap { AbsenceConditions($0, fields.place("absence"), log) }
        // Where flow was seen, `nothing found` has to be said: an empty list, not a missing one.
        let refluxes = fields.list("refluxes", isRequired: status == .examined && flow == .present)
        let direction = fields.choice("direction", of: FlowDirection.self)
        let directionReason = fields.text("directionReason")
        let meanVelocityCmPerS = fields.number("meanVelocityCmPerS")
        let recordingID = fields.text("recordingID")
        fields.finish()
        let episodes = refluxes.compactMap { RefluxEpisode($0.node, $0.path, log) }
        guard let site, let status else { return nil }
        self.init(
            site: site, status: status, reason: reason, flow: flow, absence: absence, refluxes: episodes,
            direction: direction, directionReason: directionReason, meanVelocityCmPerS: meanVelocityCmPerS,
            recordingID: recordingID)
    }
}

extension ExamSite {
    init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let vein = fields.choice("vein", of: Vein.self, isRequired: true)
        let side = fields.choice("side", of: Side.self, isRequired: true)
        let level = fields.choice("level", of: JugularLevel.self)
        let window = fields.choice("window", of: AcousticWindow.self)
        let posture = fields.choice("posture", of: Posture.self, isRequired: true)
        fields.finish()
        guard let vein, let side, let posture else { return nil }
        self.init(vein, side, level: level, window: window, posture)
    }
}

extension AbsenceConditions {
    fileprivate init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let lowWallFilter = fields.flag("lowWallFilter")
        let lowVelocityScale = fields.flag("lowVelocityScale")
        let deepInspirations = fields.flag("deepInspirations")
        fields.finish()
        guard let lowWallFilter, let lowVelocityScale, let deepInspirations else { return nil }
        self.init(
            lowWallFilter: lowWallFilter, lowVelocityScale: lowVelocityScale, deepInspirations: deepInspirations)
    }
}

extension RefluxEpisode {
    fileprivate init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let onset = fields.number("onsetSeconds")
        let duration = fields.number("durationSeconds", isRequired: true)
        let uncertainty = fields.number("durationUncertaintySeconds")
        let peak = fields.number("peakVelocityCmPerS")
        let manoeuvre = fields.choice("manoeuvre", of: Manoeuvre.self, isRequired: true)
        let breaths = fields.count("breathsSeen")
        let breathsRecorded = fields.count("breathsRecorded")
        let confidence = fields.number("confidence")
        fields.finish()
        guard let duration, let manoeuvre else { return nil }
        self.init(
            onsetSeconds: onset, durationSeconds: duration, durationUncertaintySeconds: uncertainty,
            peakVelocityCmPerS: peak, manoeuvre: manoeuvre, breathsSeen: breaths, breathsRecorded: breathsRecorded,
            confidence: confidence)
    }
}

extension LumenDefect {
    fileprivate init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let side = fields.choice("side", of: Side.self, isRequired: true)
        let level = fields.choice("level", of: JugularLevel.self, isRequired: true)
        let kind = fields.choice("kind", of: LumenDefectKind.self, isRequired: true)
        fields.finish()
        guard let side, let level, let kind else { return nil }
        self.init(side: side, level: level, kind: kind)
    }
}

extension LumenInspection {
    fileprivate init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let side = fields.choice("side", of: Side.self, isRequired: true)
        let level = fields.choice("level", of: JugularLevel.self, isRequired: true)
        let status = fields.choice("status", of: ExaminationStatus.self, isRequired: true)
        let reason = fields.text("reason")
        let leafletMotion = fields.choice("leafletMotion", of: LeafletMotion.self)
        fields.finish()
        guard let side, let level, let status else { return nil }
        self.init(side: side, level: level, status: status, reason: reason, leafletMotion: leafletMotion)
    }
}
