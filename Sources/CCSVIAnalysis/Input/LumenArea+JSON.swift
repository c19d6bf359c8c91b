extension LumenArea {
    /// An area from JSON; problems go to the log, and then the result is not used.
    init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let side = fields.choice("side", of: Side.self, isRequired: true)
        let level = fields.choice("level", of: JugularLevel.self, isRequired: true)
        let posture = fields.choice("posture", of: Posture.self, isRequired: true)
        let status = fields.choice("status", of: ExaminationStatus.self, isRequired: true)
        let reason = fields.text("reason")
        let areaMm2 = fields.number("areaMm2")
        let method = fields.choice("method", of: AreaMethod.self)
        let breathingPhase = fields.choice("breathingPhase", of: BreathingPhase.self)
        let confidence = fields.number("confidence")
        let isCorrected = fields.optionalFlag("isCorrected")
        let recordingID = fields.text("recordingID")
        let picture = fields.take("picture").flatMap { AreaPicture($0, fields.place("picture"), log) }
        let superseded = fields.list("superseded").compactMap { SupersededArea($0.node, $0.path, log) }
        fields.finish()
        guard let side, let level, let posture, let status else { return nil }
        // An area that comes by file without a method was entered.
        self.init(
            side: side, level: level, posture: posture, status: status, reason: reason, areaMm2: areaMm2,
            method: method ?? .entered, breathingPhase: breathingPhase, confidence: confidence,
            isCorrected: isCorrected, recordingID: recordingID, picture: picture,
            superseded: superseded.isEmpty ? nil : superseded)
    }
}

extension AreaPicture {
    fileprivate init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let recordingFile = fields.requiredText("recordingFile")
        let sha256 = fields.requiredText("sha256")
        let frame = fields.count("frame")
        let seconds = fields.number("seconds", isRequired: true)
        let uncertaintyMm2 = fields.number("uncertaintyMm2", isRequired: true)
        let outline = fields.list("outlineMm").compactMap { item -> Double? in
            guard case .number(let mm) = item.node else {
                log.note(item.path, "expected a number, found \(item.node.kind)", "give mm")
                return nil
            }
            return mm
        }
        let isSimulated = fields.optionalFlag("isSimulated")
        fields.finish()
        guard let recordingFile, let sha256, let seconds, let uncertaintyMm2 else { return nil }
        guard let frame else {
            log.note("\(path).frame", "is missing", "give the number of the picture, from 0")
            return nil
        }
        self.init(
            recordingFile: recordingFile, sha256: sha256, frame: frame, seconds: seconds,
            uncertaintyMm2: uncertaintyMm2, outlineMm: outline.isEmpty ? nil : outline, isSimulated: isSimulated)
    }
}

extension SupersededArea {
    fileprivate init?(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        var fields = JSONFields(node, path, log)
        let status = fields.choice("status", of: ExaminationStatus.self, isRequired: true)
        let reason = fields.text("reason")
        let areaMm2 = fields.number("areaMm2")
        let method = fields.choice("method", of: AreaMethod.self)
        let breathingPhase = fields.choice("breathingPhase", of: BreathingPhase.self)
        let confidence = fields.number("confidence")
        let isCorrected = fields.optionalFlag("isCorrected")
        let recordingID = fields.text("recordingID")
        let picture = fields.take("picture").flatMap { AreaPicture($0, fields.place("picture"), log) }
        let supersededAt = fields.requiredText("supersededAt")
        fields.finish()
        guard let status, let supersededAt else { return nil }
        // The place is that of the area which took over.
        let area = LumenArea(
            side: .left, level: .j1, posture: .supine, status: status, reason: reason, areaMm2: areaMm2, method: method,
            breathingPhase: breathingPhase, confidence: confidence, isCorrected: isCorrected, recordingID: recordingID,
            picture: picture)
        self.init(area, at: supersededAt)
    }
}
