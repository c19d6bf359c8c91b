import ExamArchive
import Foundation
import LocalServer
import TestSupport
import Testing

@testable import WebConsole

@Suite("whatever a browser sends")
struct DeskHostileTests {
    private static let words = [
        "act", "live", "record", "subjectCode", "protocolID", "standard", "identity", "name", "marks", "recordingID",
        "startSeconds", "endSeconds", "state", "accepted", "proposed", "prfHz", "gate", "reason", "passphrase", "area",
        "outline", "ellipse", "first", "second", "defects", "lumen", "status", "examined", "search", "", "\u{0}",
        "../..",
        "EX-1", "1", "-1", "9223372036854775808", "api", "session",
    ]

    private static func item(_ generator: inout SeededGenerator, depth: Int = 0) -> String {
        func word() -> String { DeskJSON.quoted(words[Int.random(in: 0..<words.count, using: &generator)]) }
        switch Int.random(in: 0..<(depth > 3 ? 5 : 9), using: &generator) {
        case 0: return "null"
        case 1: return Bool.random(using: &generator) ? "true" : "false"
        case 2:
            return ["0", "-1", "1e308", "1.5", "1e-320", "999999999999999999999"][
                Int.random(in: 0..<6, using: &generator)]
        case 3, 4: return word()
        case 5: return "[" + (0..<3).map { _ in item(&generator, depth: depth + 1) }.joined(separator: ",") + "]"
        default:
            let fields = (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
                word() + ":" + item(&generator, depth: depth + 1)
            }
            return "{" + fields.joined(separator: ",") + "}"
        }
    }

    @Test(
        "every address answers any body with a status that it knows, in JSON, and goes on answering", arguments: 0..<40)
    func hostile(_ seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let rig = try DeskRig()
        await rig.readStatement()
        if seed.isMultiple(of: 2) { _ = try await rig.begin() }
        for _ in 0..<60 {
            let route = DeskRoute.all[Int.random(in: 0..<DeskRoute.all.count, using: &generator)]
            let path = route.path.map { segment in
                if case .word(let word) = segment { return word }
                return Self.words[Int.random(in: 0..<Self.words.count, using: &generator)]
            }
            var body = [UInt8](Self.item(&generator).utf8)
            if Bool.random(using: &generator), !body.isEmpty {
                body[Int.random(in: 0..<body.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let answer = await rig.desk.answer(
                WebRequest(
                    method: route.method, path: path, query: ["search": Self.words[0]], body: body,
                    visitor: VisitorID(number: UInt64.random(in: 1...3, using: &generator))))
            let known = [200] + DeskRefusal.Status.allCases.map(\.rawValue)
            #expect(known.contains(answer.status), "\(answer.status) of \(path)")
            guard answer.contentType == "application/json" else { continue }
            let document = try JSONSerialization.jsonObject(with: Data(answer.body))
            if answer.status != 200 {
                let error = (document as? [String: Any])?["error"] as? [String: String]
                #expect(error?["what"]?.isEmpty == false && error?["next"]?.isEmpty == false)
            }
        }
        #expect(await rig.ask("GET", "api/session").status == 200)
        #expect(try rig.archive.verify(reader: ExamShelf.condition).isClean)
    }
}
