import ExamArchive
import LiveView
import Foundation
import LocalServer
import Testing

@testable import WebConsole

@Suite("who sits at the desk")
struct DeskSessionTests {
    private static let accounts: [(String, ArchiveRole)] = [
        ("adam", .administrator), ("rita", .reader), ("tom", .technician),
    ]

    @Test("an archive without accounts asks nobody to sign in, and everybody may do everything")
    func open() async throws {
        let rig = try DeskRig()
        let session = try await rig.document("GET", "api/session")
        #expect(session["needsSignIn"] as? Bool == false && session["isSimulated"] as? Bool == true)
        #expect(session["clockMs"] as? Int64 == DeskRig.startMs)
        let person = try #require(session["operator"] as? [String: Any])
        #expect(person["name"] as? String == "anna" && person["role"] == nil)
        #expect((person["rights"] as? [String])?.count == ArchiveRight.allCases.count)
        _ = try await rig.document(
            "POST", "api/session", #"{"name":"tom","passphrase":"x"}"#, status: 409)
    }

    @Test("with accounts nothing but the session and the description is answered before somebody has signed in")
    func needsSignIn() async throws {
        let rig = try DeskRig(accounts: Self.accounts)
        #expect(try await rig.document("GET", "api/session")["needsSignIn"] as? Bool == true)
        let open: [[DeskRoute.Segment]] = [
            [.word("api"), .word("session")], [.word("api"), .word("openapi.json")],
        ]
        for route in DeskRoute.all where !open.contains(route.path) {
            let path = route.path.map { segment in
                if case .word(let word) = segment { word } else { "1" }
            }
            let refused = try await rig.document(route.method, path.joined(separator: "/"), "{}", status: 401)
            let error = try #require(refused["error"] as? [String: String])
            #expect(error["what"]?.isEmpty == false && error["next"]?.isEmpty == false)
        }
        await rig.signIn("tom", visitor: 1)
        let session = try await rig.document("GET", "api/session")
        #expect((session["operator"] as? [String: Any])?["role"] as? String == "technician")
        // Another browser is another person.
        #expect(try await rig.document("GET", "api/session", visitor: 2)["needsSignIn"] as? Bool == true)
        _ = await rig.ask("DELETE", "api/session")
        _ = try await rig.document("GET", "api/protocols", status: 401)
    }

    @Test(
        "each role may do what the archive allows it, and no more",
        arguments: [
            ("POST", "api/exams", ArchiveRight.acquire), ("POST", "api/exam/act", .acquire),
            ("POST", "api/exam/settings", .acquire), ("POST", "api/operate", .acquire),
            ("POST", "api/exams/EX-1/continue", .acquire), ("POST", "api/exams/EX-1/marks", .mark),
            ("POST", "api/exams/EX-1/trace", .mark),
            ("POST", "api/exams/EX-1/sign", .sign), ("POST", "api/outbox/1/retry", .deliver),
            ("POST", "api/outbox/1/cancel", .deliver),
        ])
    func roles(_ method: String, _ path: String, _ right: ArchiveRight) async throws {
        let rig = try DeskRig(accounts: Self.accounts)
        for (visitor, (name, role)) in Self.accounts.enumerated() {
            let number = UInt64(visitor + 1)
            await rig.signIn(name, visitor: number)
            let status = await rig.ask(method, path, #"{"unknown":1}"#, visitor: number).status
            #expect((status == 403) == !right.roles.contains(role), "\(role) at \(path): \(status)")
            if right.roles.contains(role) { #expect(status == 400 || status == 409) }
        }
    }

    @Test("a wrong passphrase is refused, and the archive locks the account after five")
    func lockOut() async throws {
        let rig = try DeskRig(accounts: Self.accounts)
        for _ in 0..<5 {
            let answer = await rig.ask("POST", "api/session", #"{"name":"tom","passphrase":"wrong"}"#)
            #expect(answer.status == 401)
        }
        let locked = try await rig.document(
            "POST", "api/session", #"{"name":"tom","passphrase":"\#(DeskRig.passphrase)"}"#, status: 403)
        #expect((locked["error"] as? [String: String])?["what"]?.contains("tom") == true)
        rig.now.advance(seconds: 15 * 60)
        await rig.signIn("tom", visitor: 1)
    }

    @Test("after ten minutes without an act the account is locked, and looking is no act")
    func idle() async throws {
        let rig = try DeskRig(accounts: Self.accounts)
        let listener = RigListener(1, visitor: 1)
        await rig.desk.opened(listener)
        await rig.signIn("tom", visitor: 1)
        rig.now.advance(seconds: 599)
        #expect(await rig.ask("GET", "api/protocols").status == 200)
        #expect(await rig.ask("POST", "api/statement", "{}").status == 200)
        rig.now.advance(seconds: 599)
        #expect(await rig.ask("GET", "api/protocols").status == 200)
        _ = listener.take()
        rig.now.advance(seconds: 1)
        rig.desk.tick()
        #expect(listener.take() == [#"{"event":"locked"}"#])
        #expect(await rig.ask("GET", "api/protocols").status == 401)
        rig.ear.changed(nil)
        #expect(listener.take().isEmpty, "a locked browser hears nothing of exams")
        await rig.signIn("tom", visitor: 1)
        rig.ear.changed(nil)
        #expect(listener.take().last == #"{"event":"exam","exam":null}"#)
    }

    @Test("one browser operates, another is refused until it takes the seat, and everybody hears of it")
    func seat() async throws {
        let rig = try DeskRig()
        let (first, second) = (RigListener(1, visitor: 1), RigListener(2, visitor: 2))
        await rig.desk.opened(first)
        await rig.desk.opened(second)
        _ = (first.take(), second.take())
        #expect(await rig.ask("POST", "api/exam/act", #"{"act":"live"}"#, visitor: 1).status == 409)
        #expect(first.take() == [#"{"event":"seat","isFree":false,"isOperating":true}"#])
        #expect(second.take() == [#"{"event":"seat","isFree":false,"isOperating":false}"#])
        let refused = try await rig.document("POST", "api/exam/act", #"{"act":"live"}"#, visitor: 2, status: 409)
        #expect((refused["error"] as? [String: String])?["what"] == "another browser operates the probe")
        #expect(await rig.ask("POST", "api/operate", "{}", visitor: 2).status == 200)
        #expect(first.take() == [#"{"event":"seat","isFree":false,"isOperating":false}"#])
        #expect(try await rig.document("GET", "api/session", visitor: 2)["isOperating"] as? Bool == true)
    }

    @Test("an operator who is locked or signs out is lost to the room, as one whose browser is gone")
    func lockedOperator() async throws {
        let rig = try DeskRig(accounts: Self.accounts)
        await rig.desk.opened(RigListener(1, visitor: 1))
        await rig.signIn("tom", visitor: 1)
        await rig.ask("POST", "api/operate", "{}")
        rig.now.advance(seconds: 600)
        rig.desk.tick()
        #expect(rig.room.calls == ["back", "lost"])
        await rig.signIn("tom", visitor: 1)
        #expect(rig.room.calls == ["back", "lost", "back"])
        await rig.ask("DELETE", "api/session")
        #expect(rig.room.calls == ["back", "lost", "back", "lost"])
        #expect(try await rig.document("GET", "api/session")["isFree"] as? Bool == true)
    }

    @Test("names on the screen and on the worklist go to those alone who may see them")
    func namesForSome() async throws {
        let rig = try DeskRig(accounts: Self.accounts)
        let (keeper, technician) = (RigListener(1, visitor: 1), RigListener(2, visitor: 2))
        await rig.desk.opened(keeper)
        await rig.desk.opened(technician)
        await rig.signIn("adam", visitor: 1)
        await rig.signIn("tom", visitor: 2)
        await rig.readStatement(visitor: 2)
        _ = await rig.ask("POST", "api/worklist", "{}", visitor: 2)
        _ = try await rig.begin(visitor: 2, identity: #"{"name":"Rossi^Maria"}"#)
        rig.ear.changed(rig.room.state)
        #expect(technician.take().contains { $0.contains("Rossi^Maria") })
        let heard = keeper.take()
        #expect(heard.contains { $0.contains("S001") } && !heard.contains { $0.contains("Rossi") })
        for path in ["api/exam", "api/patients"] {
            let (named, unnamed) = (await rig.ask("GET", path, visitor: 2), await rig.ask("GET", path, visitor: 1))
            #expect(String(decoding: named.body, as: UTF8.self).contains("Rossi"))
            #expect(unnamed.status == 200 && !String(decoding: unnamed.body, as: UTF8.self).contains("Rossi"))
        }
    }

    @Test("the room hears when the operator's last connection ends, and when it is back")
    func lost() async throws {
        let rig = try DeskRig()
        let listeners = [RigListener(1, visitor: 1), RigListener(2, visitor: 1), RigListener(3, visitor: 2)]
        for listener in listeners { await rig.desk.opened(listener) }
        await rig.ask("POST", "api/operate", "{}", visitor: 1)
        #expect(rig.room.calls == ["back"])
        await rig.desk.closed(listeners[2])
        await rig.desk.closed(listeners[0])
        #expect(rig.room.calls == ["back"])
        await rig.desk.closed(listeners[1])
        #expect(rig.room.calls == ["back", "lost"])
        await rig.desk.opened(RigListener(4, visitor: 1))
        #expect(rig.room.calls == ["back", "lost", "back"])
    }

    @Test("pieces go to every browser, and each is told how many it missed")
    func pieces() async throws {
        let rig = try DeskRig()
        let (first, second) = (RigListener(1, visitor: 1), RigListener(2, visitor: 2))
        await rig.desk.opened(first)
        await rig.desk.opened(second)
        _ = (first.take(), second.take())
        for _ in 0..<3 { rig.ear.piece(.init(bytes: [1, 1])) }
        #expect(first.pieces == 3 && second.pieces == 3)
        second.miss(2)
        rig.desk.tick()
        rig.desk.tick()
        #expect(first.take().isEmpty && second.take() == [#"{"event":"missed","pieces":2}"#])
        second.miss(3)
        rig.desk.tick()
        #expect(second.take() == [#"{"event":"missed","pieces":3}"#], "those since it was last told")
    }

    @Test("the statement is read once for an archive, and no exam begins before")
    func statement() async throws {
        let rig = try DeskRig()
        #expect(try await rig.document("GET", "api/session")["statementSeen"] as? Bool == false)
        let body = #"{"subjectCode":"S001","protocolID":"standard"}"#
        _ = try await rig.document("POST", "api/exams", body, status: 409)
        await rig.readStatement()
        #expect(try await rig.document("GET", "api/session")["statementSeen"] as? Bool == true)
        // Kept beside the archive.
        #expect(rig.shelf.statement()?.by == "anna")
        _ = try await rig.document("POST", "api/exams", body)
    }
}
