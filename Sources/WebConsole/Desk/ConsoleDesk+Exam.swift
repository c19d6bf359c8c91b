internal import CCSVIAnalysis
internal import ExamArchive
internal import ExamSession
internal import Foundation
internal import LocalServer
internal import Synchronization

extension ConsoleDesk {
    // MARK: The open exam

    private struct OpenExam: Encodable {
        var exam: ExamState?

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: Keys.self)
            try values.encode(exam, forKey: .exam)
        }

        private enum Keys: String, CodingKey {
            case exam
        }
    }

    /// `GET /api/exam`.
    func openExam(_ call: DeskCall) throws(DeskRefusal) -> WebAnswer {
        try .json(OpenExam(exam: shown(room.state, to: call.visitor)))
    }

    /// The exam as a browser may show it.
    private func shown(_ exam: ExamState?, to visitor: VisitorID) -> ExamState? {
        guard var exam, !showsNames(to: visitor) else { return exam }
        exam.name = nil
        return exam
    }

    /// `POST /api/exam/act`.
    func act(_ call: DeskCall) throws(DeskRefusal) -> WebAnswer {
        let act = try Self.decoded(ConsoleAct.self, call.request.body, allowed: Self.actFields)
        try atRoom { () throws(RoomRefusal) in try room.act(act) }
        return try .json(OpenExam(exam: shown(room.state, to: call.visitor)))
    }

    /// `POST /api/exam/settings`.
    func changeSettings(_ call: DeskCall) throws(DeskRefusal) -> WebAnswer {
        let change = try Self.decoded(SettingsChange.self, call.request.body) { _ in Self.settingFields }
        let inForce = try atRoom { () throws(RoomRefusal) in try room.settings(change) }
        return try .json(["settings": inForce])
    }

    private static let settingFields: Set<String> = [
        "centreFrequencyHz", "prfHz", "gateDepthMm", "gateLengthMm", "receiveGainDb", "transmitLevelPerMille",
        "insonationAngleDegrees", "wallFilterHz", "gate",
    ]

    /// What each act may carry beside its name.
    private static func actFields(_ body: [String: JSONItem]) throws(DeskRefusal) -> Set<String> {
        guard case .text(let name) = body["act"] else { return ["act"] }
        let others: Set<String> =
            switch name {
            case "record": ["manoeuvreStarted"]
            case "accept": ["take"]
            case "skip", "notAssessable": ["reason"]
            case "notVisualised": ["code", "note"]
            case "postureNotPossible": ["note"]
            case "mark": ["seconds", "label"]
            case "area": [try areaField(body), "breathingPhase"]
            case "lumen": ["status", "reason", "defects", "leafletMotion"]
            default: []
            }
        return others.union(["act"])
    }

    /// The one field that gives an area: two of them would say two sizes.
    private static func areaField(_ body: [String: JSONItem]) throws(DeskRefusal) -> String {
        if let ellipse = body["ellipse"], ellipse != .null {
            var fields = try JSONFields(ellipse, place: "ellipse")
            _ = (fields.item("first"), fields.item("second"))
            try fields.end()
            return "ellipse"
        }
        return (body["outline"] ?? .null) != .null ? "outline" : "areaMm2"
    }

    /// A document that the exam's own types read, after the strict reading of its form and its keys.
    private static func decoded<Value: Decodable>(
        _ type: Value.Type, _ body: [UInt8], allowed: ([String: JSONItem]) throws(DeskRefusal) -> Set<String>
    ) throws(DeskRefusal) -> Value {
        guard case .object(let fields) = try JSONItem(body) else {
            throw DeskRefusal(.wrongInput, "the body is no JSON object", next: "Send one.")
        }
        let known = try allowed(fields)
        if let other = fields.keys.sorted().first(where: { !known.contains($0) }) {
            throw DeskRefusal(
                .wrongInput, "`\(other.prefix(64))` is not known here",
                next: "Give only \(known.sorted().joined(separator: ", ")).")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch let refusal as RoomRefusal {
            throw DeskRefusal(refusal)
        } catch let error as DecodingError {
            throw DeskRefusal(.wrongInput, words(error), next: "Give it as the interface's description says.")
        } catch {
            throw DeskRefusal(.wrongInput, "the body cannot be read", next: "Load the page again.")
        }
    }

    private static func words(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String {
            let text = path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
            return text.isEmpty ? "the body" : "`\(text)`"
        }
        switch error {
        case .keyNotFound(let key, _): return "`\(key.stringValue)` is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return "\(place(context.codingPath)) is of another kind: \(context.debugDescription)"
        @unknown default: return "the body cannot be read"
        }
    }

    // MARK: What the room tells

    /// The exam as an event; `nil` where it cannot be written.
    func examEvent(for visitor: VisitorID) -> String? { Self.event(shown(room.state, to: visitor)) }

    private static func event(_ exam: ExamState?) -> String? {
        do throws(DeskRefusal) {
            return #"{"event":"exam","exam":\#(try DeskJSON.text(exam))}"#
        } catch {
            return nil
        }
    }

    /// The exam changed.
    func heard(_ exam: ExamState?) {
        guard let named = Self.event(exam) else { return }
        guard hasAccounts, var unnamed = exam, unnamed.name != nil else { return fanOut.offer(named) }
        unnamed.name = nil
        let event = Self.event(unnamed) ?? #"{"event":"exam","exam":null}"#
        fanOut.offer { showsNames(to: $0) ? named : event }
    }

    /// A session of an exam has ended: its report is made, and the archive takes a copy.
    func ended(_ exam: EndedExam) async {
        let actor = state.withLock { state in
            defer {
                state.openExamID = nil
                state.examActor = nil
            }
            return state.examActor
        }
        guard let actor else { return }
        do throws(DeskRefusal) {
            try await onDeskThread { [self] () throws(DeskRefusal) in try takeIn(exam.folder, actor) }
        } catch {
            fanOut.offer(Self.trouble(error))
        }
        fanOut.offer(#"{"event":"patients"}"#)
    }

    static func trouble(_ refusal: DeskRefusal) -> String {
        #"{"event":"trouble","next":\#(DeskJSON.quoted(refusal.next)),"what":\#(DeskJSON.quoted(refusal.what))}"#
    }

    /// Makes the report of an exam on the shelf and takes the exam into the archive.
    ///
    /// Blocks.
    func takeIn(_ folder: ExamFolder, _ actor: DeskActor) throws(DeskRefusal) {
        guard folder.holds(ExamFolder.examFileName) else { return }
        try means.shelf.alone { () throws(DeskRefusal) in
            try means.clinic.writeReport(in: folder)
            let archive = means.archive
            let known = try archived(folder.name)
            _ = try actor.acting { () throws(ArchiveError) in
                if known == nil {
                    try archive.add(folder.path, reader: ExamShelf.condition, act: actor.act)
                } else {
                    try archive.update(folder.name, from: folder.path, reader: ExamShelf.condition, act: actor.act)
                }
            }
        }
    }
}

extension ExamFolder {
    /// The folder's own name, on the shelf the exam's id.
    var name: String { (path as NSString).lastPathComponent }
}
