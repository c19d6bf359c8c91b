extension VolumeFlow {
    /// A flow from JSON; problems go to the log, and then the result is not used.
    init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let site = fields.require("site").flatMap { ExamSite($0, fields.place("site"), log) }
        let mlPerMin = fields.number("mlPerMin", isRequired: true)
        let method = fields.choice("method", of: FlowMethod.self)
        let recordingID = fields.text("recordingID")
        fields.finish()
        guard let site, let mlPerMin else { return nil }
        self.init(site: site, mlPerMin: mlPerMin, method: method ?? .entered, recordingID: recordingID)
    }
}

extension OtherFinding {
    /// A finding from JSON; problems go to the log, and then the result is not used.
    init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let modality = fields.choice("modality", of: OtherModality.self, isRequired: true)
        let vein = fields.choice("vein", of: Vein.self, isRequired: true)
        let side = fields.choice("side", of: Side.self, isRequired: true)
        let level = fields.choice("level", of: JugularLevel.self)
        let kind = fields.choice("kind", of: OtherFindingKind.self, isRequired: true)
        let narrowingPercent = fields.number("narrowingPercent")
        let note = fields.text("note")
        let source = fields.requiredText("source")
        let date = fields.requiredText("date")
        let reportNumber = fields.requiredText("reportNumber")
        fields.finish()
        guard let modality, let vein, let side, let kind, let source, let date, let reportNumber else { return nil }
        self.init(
            modality: modality, vein: vein, side: side, level: level, kind: kind, narrowingPercent: narrowingPercent,
            note: note, source: source, date: date, reportNumber: reportNumber)
    }
}
