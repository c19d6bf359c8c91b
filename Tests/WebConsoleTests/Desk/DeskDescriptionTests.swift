import Foundation
import ExamArchive
import TestSupport
import Testing

@testable import WebConsole

@Suite("the description of the interface")
struct DeskDescriptionTests {
    private func description() throws -> String {
        try String(contentsOfFile: Peer.root + "/Sources/WebConsole/WebConsole.docc/API.md", encoding: .utf8)
    }

    @Test("every address is described with what it needs, and no other")
    func addresses() throws {
        let rows = try description().matches(of: /\| `(GET|POST|DELETE) \/(api\S*)` \| ([a-z ]*?) ?\|/).map {
            "\($0.1) \($0.2) \($0.3)".trimmingCharacters(in: .whitespaces)
        }
        let known = DeskRoute.all.map { route in
            var path = route.path.map { segment in
                if case .word(let word) = segment { word } else { "ID" }
            }
            if path.starts(with: ["api", "outbox", "ID"]) { path[2] = "N" }
            if path.count > 4 { path[4] = "RID" }
            let need =
                switch route.need {
                case .visitor: ""
                case .signedIn: "signed in"
                case .right(let right): right.rawValue
                case .seat: "seat"
                }
            return "\(route.method) \(path.joined(separator: "/")) \(need)".trimmingCharacters(in: .whitespaces)
        }
        #expect(rows == known)
    }
}
