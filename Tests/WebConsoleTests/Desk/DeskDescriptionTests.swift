import ExamArchive
import Foundation
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

    @Test("programs are told of every address with what it needs, and of no other")
    func programs() throws {
        let paths = try InterfaceFile().paths
        let told = try paths.flatMap { path, methods in
            try methods.map { method, operation in
                let need = try #require((operation as? [String: Any])?["x-needs"] as? String, "\(path)")
                let plain = path.replacing(/\{\w+\}/, with: "*")
                return "\(method.uppercased()) \(plain) \(need)"
            }
        }
        let known = DeskRoute.all.map { route in
            let path = route.path.map { segment in
                if case .word(let word) = segment { word } else { "*" }
            }
            let need =
                switch route.need {
                case .visitor: ""
                case .signedIn: "signed in"
                case .right(let right): right.rawValue
                case .seat: "seat"
                }
            return "\(route.method) /\(path.joined(separator: "/")) \(need)"
        }
        #expect(told.sorted() == known.sorted())
    }

    @Test("programs are told of every word of the archive, and of no other")
    func archiveWords() throws {
        let file = try InterfaceFile()
        #expect(try file.words("Right") == ArchiveRight.allCases.map(\.rawValue))
        #expect(try file.words("Role") == ArchiveRole.allCases.map(\.rawValue))
        #expect(try file.words("ArchiveState") == ExamArchive.ExamState.allCases.map(\.rawValue))
    }
}
