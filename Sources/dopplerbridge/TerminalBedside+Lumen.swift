import CCSVIAnalysis
import ExamSession

extension TerminalBedside {
    /// Asks for an area; "not assessed" and "not assessable" are answers of their own.
    func lumenArea(_ area: PlannedArea) -> LumenArea? {
        console.say("")
        console.say("\(area.name), largest section at the end of expiration, mm2")
        console.say("(Enter = not assessed, n REASON = not assessable):")
        while true {
            guard case .line(let answer) = input.line() else { return nil }
            let (word, reason) = Self.split(answer)
            if answer.isEmpty { return Self.open(area, .notExamined, nil) }
            if word == "n", !reason.isEmpty { return Self.open(area, .notAssessable, reason) }
            if let areaMm2 = Double(answer), areaMm2.isFinite, areaMm2 >= 0 {
                return LumenArea(
                    side: area.side, level: area.level, posture: area.posture, areaMm2: areaMm2, method: .entered,
                    breathingPhase: findings.contains(.breathingPhase) ? phase() : nil)
            }
            console.say("A number of mm2, 0 or more, Enter, or n and the reason:")
        }
    }

    private static func open(_ area: PlannedArea, _ status: ExaminationStatus, _ reason: String?) -> LumenArea {
        LumenArea(
            side: area.side, level: area.level, posture: area.posture, status: status, reason: reason, areaMm2: nil,
            method: nil)
    }

    private func phase() -> BreathingPhase? {
        choice("Measured at which phase of the breath?", BreathingPhase.allCases) { $0.words }
    }

    /// Asks for the defects of a lumen, and at J1 for the leaflets of its valve.
    func lumenFinding(_ place: LumenPlace) -> LumenFinding? {
        let kinds = LumenDefectKind.allCases
        console.say("")
        console.say("\(place.name), defects (Enter = not assessed, - = none, n REASON = not assessable), or of:")
        for kind in kinds { console.say("  \(kind.rawValue): \(kind.meaning)") }
        var inspection = LumenInspection(side: place.side, level: place.level)
        while true {
            guard case .line(let answer) = input.line() else { return nil }
            let (word, reason) = Self.split(answer)
            if answer.isEmpty || word == "n" && !reason.isEmpty {
                inspection.status = answer.isEmpty ? .notExamined : .notAssessable
                inspection.reason = answer.isEmpty ? nil : reason
                return LumenFinding(inspection: inspection)
            }
            let words = answer == "-" ? [] : answer.split(separator: " ").map(String.init)
            let seen = kinds.filter { words.contains($0.rawValue) }
            if seen.count == Set(words).count {
                inspection.leafletMotion = leaflets(at: place)
                let defects = seen.map { LumenDefect(side: place.side, level: place.level, kind: $0) }
                return LumenFinding(inspection: inspection, defects: defects)
            }
            console.say("Enter, -, n and the reason, or the words of the list with blanks between:")
        }
    }

    /// The valve lies at J1; elsewhere there is nothing to ask.
    private func leaflets(at place: LumenPlace) -> LeafletMotion? {
        guard findings.contains(.leafletMotion), place.level == .j1 else { return nil }
        return choice("How do the leaflets of the valve move on M-mode?", LeafletMotion.allCases) { motion in
            switch motion {
            case .mobile: "they open and close freely"
            case .slightlyMobile: "they move a little"
            case .immobile: "they stand still"
            }
        }
    }

    /// One of a list of words; `nil` = not assessed.
    private func choice<Choice: RawRepresentable>(
        _ question: String, _ choices: [Choice], meaning: (Choice) -> String
    ) -> Choice? where Choice.RawValue == String {
        console.say("\(question) (Enter = not assessed), or of:")
        for choice in choices { console.say("  \(choice.rawValue): \(meaning(choice))") }
        while true {
            guard case .line(let answer) = input.line(), !answer.isEmpty else { return nil }
            if let choice = Choice(rawValue: answer) { return choice }
            console.say("Enter, or one of \(choices.map(\.rawValue).joined(separator: ", ")):")
        }
    }
}
