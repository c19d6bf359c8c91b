internal import CCSVIAnalysis
internal import VesselImaging

extension ConsoleAct: Decodable {
    /// The longest text that an operator may enter, characters (project choice: half a page).
    static let mostCharacters = 2000

    private enum Keys: String, CodingKey {
        case act, manoeuvreStarted, take, reason, code, note, seconds, label, ellipse, outline, areaMm2
        case breathingPhase, status, defects, leafletMotion
    }

    private struct Diameters: Decodable {
        var first: [[Double]]
        var second: [[Double]]
    }

    /// An act from a document: `{"act": "skip", "reason": "..."}`.
    ///
    /// - Throws: `RoomRefusal` with what is wrong, or what the decoder finds.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        let name = try values.decode(String.self, forKey: .act)
        switch name {
        case "live": self = .live
        case "freeze": self = .freeze
        case "stop": self = .stop
        case "repeat": self = .repeatStep
        case "rested": self = .rested
        case "valsalva": self = .valsalva
        case "noArea": self = .noArea
        case "leave": self = .leave
        default: self = try Self.withValues(name, values)
        }
    }

    private static func withValues(_ name: String, _ values: KeyedDecodingContainer<Keys>) throws -> ConsoleAct {
        switch name {
        case "record":
            return .record(
                manoeuvreStarted: try values.decodeIfPresent(Bool.self, forKey: .manoeuvreStarted) ?? false)
        case "accept": return .accept(take: try values.decodeIfPresent(Int.self, forKey: .take))
        case "skip": return .skip(reason: try needed(.reason, of: name, values))
        case "notAssessable": return .notAssessable(reason: try needed(.reason, of: name, values))
        case "notVisualised": return try notVisualised(values)
        case "postureNotPossible": return .postureNotPossible(note: try text(.note, values))
        case "mark":
            let seconds = try values.decodeIfPresent(Double.self, forKey: .seconds)
            guard seconds.map({ $0.isFinite && $0 >= 0 }) ?? true else {
                throw RoomRefusal.wrong(what: "a mark stands at 0 s or later", next: "mark within the recording")
            }
            return .mark(seconds: seconds, label: try text(.label, values) ?? "")
        case "area": return .area(try area(values))
        case "lumen": return .lumen(try lumen(values))
        default: throw RoomRefusal.wrong(what: "there is no act `\(name.prefix(40))`", next: "load the page again")
        }
    }

    private static func notVisualised(_ values: KeyedDecodingContainer<Keys>) throws -> ConsoleAct {
        let word = try needed(.code, of: "notVisualised", values)
        guard let code = NotVisualisedReason(rawValue: word) else {
            let known = NotVisualisedReason.allCases.map(\.rawValue).joined(separator: ", ")
            throw RoomRefusal.wrong(
                what: "no such reason for a vein that is not visualised", next: "give one of \(known)")
        }
        let note = try text(.note, values)
        guard code != .other || note != nil else {
            throw RoomRefusal.wrong(what: "another reason needs words", next: "say in a few words what hindered")
        }
        return .notVisualised(code, note: note)
    }

    private static func area(_ values: KeyedDecodingContainer<Keys>) throws -> AreaEntered {
        let phase = try values.decodeIfPresent(BreathingPhase.self, forKey: .breathingPhase)
        if let ellipse = try values.decodeIfPresent(Diameters.self, forKey: .ellipse) {
            return AreaEntered(
                .ellipse(first: try points(ellipse.first), second: try points(ellipse.second)), breathingPhase: phase)
        }
        if let outline = try values.decodeIfPresent([[Double]].self, forKey: .outline) {
            return AreaEntered(.outline(try points(outline)), breathingPhase: phase)
        }
        guard let areaMm2 = try values.decodeIfPresent(Double.self, forKey: .areaMm2), areaMm2.isFinite, areaMm2 >= 0
        else {
            throw RoomRefusal.wrong(
                what: "the area has no ellipse, no outline and no number", next: "measure it, or enter mm² of 0 or more"
            )
        }
        return AreaEntered(.entered(areaMm2: areaMm2), breathingPhase: phase)
    }

    private static func points(_ pairs: [[Double]]) throws -> [PicturePoint] {
        try pairs.map { pair in
            guard pair.count == 2 else {
                throw RoomRefusal.wrong(what: "a point has two numbers", next: "give mm across and mm of depth")
            }
            return PicturePoint(acrossMm: pair[0], depthMm: pair[1])
        }
    }

    /// How far a lumen was looked at, in the page's words.
    private static let lumenWords: [String: ExaminationStatus] = [
        "normal": .examined, "defects": .examined, "notAssessable": .notAssessable, "notLookedAt": .notExamined,
    ]

    private static func lumen(_ values: KeyedDecodingContainer<Keys>) throws -> LumenEntered {
        let word = try values.decode(String.self, forKey: .status)
        guard let status = lumenWords[word] else {
            throw RoomRefusal.wrong(
                what: "a lumen has no status `\(word.prefix(40))`",
                next: "give normal, defects, notAssessable or notLookedAt")
        }
        let entered = LumenEntered(
            status: status, reason: try text(.reason, values),
            defects: try values.decodeIfPresent([LumenDefectKind].self, forKey: .defects) ?? [],
            leafletMotion: try values.decodeIfPresent(LeafletMotion.self, forKey: .leafletMotion))
        guard entered.status != .notAssessable || entered.reason != nil else {
            throw RoomRefusal.wrong(what: "`notAssessable` needs a reason", next: "say why it cannot be judged")
        }
        guard (word == "defects") != entered.defects.isEmpty else {
            throw RoomRefusal.wrong(
                what: "the defects that are listed do not fit `\(word)`", next: "list them with the status `defects`")
        }
        return entered
    }

    /// A text without blanks at its ends; `nil` where there is none.
    private static func text(_ key: Keys, _ values: KeyedDecodingContainer<Keys>) throws -> String? {
        guard let given = try values.decodeIfPresent(String.self, forKey: key) else { return nil }
        let isBlank: (Character) -> Bool = { $0.isWhitespace || $0.isNewline }
        let front = given.drop(while: isBlank)
        let trimmed = String(front.reversed().drop(while: isBlank).reversed())
        guard trimmed.count <= mostCharacters else {
            throw RoomRefusal.wrong(
                what: "`\(key.rawValue)` is longer than \(mostCharacters) characters", next: "say it in fewer words")
        }
        guard !trimmed.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }) else {
            throw RoomRefusal.wrong(what: "`\(key.rawValue)` holds control characters", next: "write text")
        }
        return trimmed.isEmpty ? nil : trimmed
    }

    private static func needed(_ key: Keys, of act: String, _ values: KeyedDecodingContainer<Keys>) throws -> String {
        guard let text = try text(key, values) else {
            throw RoomRefusal.wrong(what: "`\(act)` needs `\(key.rawValue)`", next: "give it in words")
        }
        return text
    }
}
