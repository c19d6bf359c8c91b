import CCSVIAnalysis
import ExamArchive
import ExamSession
import Foundation
import LocalServer
import Testing

@testable import WebConsole

@Suite("exams at the desk")
struct DeskExamTests {
    private func patients(_ rig: DeskRig, _ search: String = "") async throws -> [[String: Any]] {
        let document = try await rig.document("GET", "api/patients", query: search.isEmpty ? [:] : ["search": search])
        return try #require(document["exams"] as? [[String: Any]])
    }

    @Test("an exam goes from a new patient to signed and queued, and the archive is without a finding")
    func wholeExam() async throws {
        let rig = try DeskRig()
        let listener = RigListener(1, visitor: 1)
        await rig.desk.opened(listener)
        await rig.readStatement()
        let identity = #"{"name":"Gauß^Zoë=高斯","patientID":"P-7","birthDate":"1961-04-30","sex":"F"}"#
        let id = try await rig.begin(identity: identity)
        #expect(rig.room.opening?.plan.subjectCode == "S001" && rig.room.opening?.name == "Gauß^Zoë=高斯")
        #expect(rig.room.opening?.plan.startedAt == "2026-01-01T00:00:00Z")
        var listed = try await patients(rig)
        #expect(listed.isEmpty, "the session has not written anything yet")
        _ = try await rig.document(
            "POST", "api/exams", #"{"subjectCode":"S002","protocolID":"standard"}"#, status: 409)
        try await rig.endExam()
        #expect(listener.take().contains(#"{"event":"patients"}"#))
        listed = try await patients(rig, "gau")
        #expect(listed.count == 1 && listed[0]["examID"] as? String == id)
        #expect(listed[0]["state"] as? String == "analysed" && listed[0]["isUnfinished"] as? Bool == false)
        let review = try await rig.document("GET", "api/exams/\(id)/review")
        #expect(review["canSign"] as? Bool == true && review["needsPassphrase"] as? Bool == false)
        #expect((review["definitions"] as? [Any])?.count == 5)
        #expect((review["missing"] as? [String])?.isEmpty == false)
        #expect(review["name"] as? String == "Gauß^Zoë=高斯" && review["state"] as? String == "complete")
        let report = await rig.ask("GET", "api/exams/\(id)/report.pdf")
        #expect(report.contentType == "application/pdf" && report.body == [UInt8]("%PDF-1".utf8))
        let signed = try await rig.document("POST", "api/exams/\(id)/sign", "{}")
        #expect(signed["queued"] as? Int == 1)
        #expect(try await rig.document("GET", "api/exams/\(id)/review")["state"] as? String == "signed")
        _ = try await rig.document("POST", "api/exams/\(id)/sign", "{}", status: 409)
        #expect(!rig.shelf.holds(id))
        let outbox = try JSONSerialization.jsonObject(with: Data(await rig.ask("GET", "api/outbox").body))
        #expect(((outbox as? [[String: Any]])?.first)?["state"] as? String == "waiting")
        #expect(try rig.archive.verify(reader: ExamShelf.condition).isClean)
        let told = try rig.archive.auditLines().map(\.event)
        #expect(
            told.filter { $0 == "identityShown" }.count == 1, "a name is told once for each time somebody sits down")
    }

    @Test("with accounts the technician makes the exam, and the reader signs it with their passphrase alone")
    func accounts() async throws {
        let rig = try DeskRig(accounts: [("adam", .administrator), ("rita", .reader), ("tom", .technician)])
        await rig.signIn("tom", visitor: 1)
        await rig.signIn("rita", visitor: 2)
        await rig.readStatement()
        let id = try await rig.begin(identity: #"{"name":"Gauß^Zoë"}"#)
        try await rig.endExam()
        #expect(try await rig.document("GET", "api/exams/\(id)/review")["canSign"] as? Bool == false)
        _ = try await rig.document("POST", "api/exams/\(id)/sign", "{}", visitor: 2, status: 400)
        _ = try await rig.document(
            "POST", "api/exams/\(id)/sign", #"{"passphrase":"wrong"}"#, visitor: 2, status: 403)
        let body = #"{"passphrase":"\#(DeskRig.passphrase)"}"#
        #expect(try await rig.document("POST", "api/exams/\(id)/sign", body, visitor: 2)["queued"] as? Int == 1)
        #expect(try rig.archive.exam(id).signedBy == "rita")
        let actors = Dictionary(
            grouping: try rig.archive.auditLines().filter { $0.examID == id }, by: \.event
        ).mapValues { Set($0.map(\.actor)) }
        #expect(actors["examAdded"] == ["tom"] && actors["examSigned"] == ["rita"])
        await rig.signIn("adam", visitor: 3)
        let listed = try await rig.document("GET", "api/patients", visitor: 3)
        #expect((listed["exams"] as? [[String: Any]])?.first?["name"] == nil, "an administrator sees no names")
    }

    @Test("an exam that was left is listed as unfinished, and goes on with its own protocol and start")
    func goOn() async throws {
        let rig = try DeskRig()
        await rig.readStatement()
        let id = try await rig.begin()
        try await rig.endExam(isCompleted: false)
        let listed = try await patients(rig)
        #expect(listed.first?["isUnfinished"] as? Bool == true)
        rig.now.advance(seconds: 86_400)
        _ = try await rig.document("POST", "api/exams/\(id)/continue", "{}")
        #expect(rig.room.opening?.plan.examID == id)
        #expect(rig.room.opening?.plan.startedAt == "2026-01-01T00:00:00Z")
        _ = try await rig.document("POST", "api/exams/\(id)/sign", "{}", status: 409)
        try await rig.endExam(isCompleted: true)
        _ = try await rig.document("POST", "api/exams/\(id)/continue", "{}", status: 409)
        _ = try await rig.document("POST", "api/exams/EX-none/continue", "{}", status: 404)
        #expect(try rig.archive.exams().count == 1)
    }

    @Test("an exam of the worklist takes its patient and its order from there")
    func worklist() async throws {
        let rig = try DeskRig()
        await rig.readStatement()
        let list = try await rig.document("POST", "api/worklist", "{}")
        let entry = try #require((list["entries"] as? [[String: Any]])?.first)
        #expect(entry["name"] as? String == "Rossi^Maria" && entry["sex"] as? String == "F")
        #expect(list["problem"] as? String == "1 answer could not be read")
        let body = #"{"subjectCode":"S009","protocolID":"standard","worklistKey":"1.2.3/A"}"#
        let id = try #require(try await rig.document("POST", "api/exams", body)["examID"] as? String)
        #expect(rig.room.opening?.name == "Rossi^Maria")
        let secret = IdentitySecret.keyFile(path: rig.path + "/key")
        #expect(try rig.archive.order(of: id, secret: secret) == [UInt8](#"{"studyInstanceUID":"1.2.3"}"#.utf8))
        #expect(try rig.archive.showIdentity(of: "S009", secret: secret, act: DeskRig.act(by: "x")).patientID == "P-1")
    }

    @Test(
        "an exam is not begun with wrong input",
        arguments: [
            (#"{}"#, 400), (#"[]"#, 400), ("", 400), (#"{"subjectCode":"S 1","protocolID":"standard"}"#, 400),
            (#"{"subjectCode":".S1","protocolID":"standard"}"#, 400),
            (#"{"subjectCode":"../S1","protocolID":"standard"}"#, 400),
            (#"{"subjectCode":"S1","protocolID":"none"}"#, 400),
            (#"{"subjectCode":"S1","protocolID":"standard","more":1}"#, 400),
            (#"{"subjectCode":"S1","protocolID":"standard","identity":{"name":""}}"#, 400),
            (#"{"subjectCode":"S1","protocolID":"standard","identity":{"name":"^Maria"}}"#, 400),
            (#"{"subjectCode":"S1","protocolID":"standard","identity":{"name":"A=B=C=D"}}"#, 400),
            (#"{"subjectCode":"S1","protocolID":"standard","identity":{"name":"A","sex":"X"}}"#, 400),
            (#"{"subjectCode":"S1","protocolID":"standard","identity":{"name":"A","birthDate":"1961-02-29"}}"#, 400),
            (#"{"subjectCode":"S1","protocolID":"standard","identity":{"name":"A","birthDate":"30.4.61"}}"#, 400),
            (#"{"subjectCode":"S1","protocolID":"standard","identity":"A"}"#, 400),
            (#"{"subjectCode":"S1","protocolID":"standard","worklistKey":"gone"}"#, 404),
        ])
    func wrongBeginning(_ body: String, _ status: Int) async throws {
        let rig = try DeskRig()
        await rig.readStatement()
        _ = try await rig.document("POST", "api/exams", body, status: status)
        #expect(rig.room.opening == nil && rig.shelf.entries().isEmpty)
    }

    @Test("a name without a key to seal it with is refused, and nothing is begun")
    func noKey() async throws {
        let rig = try DeskRig(hasKey: false)
        await rig.readStatement()
        let body = #"{"subjectCode":"S1","protocolID":"standard","identity":{"name":"A^B"}}"#
        _ = try await rig.document("POST", "api/exams", body, status: 409)
        #expect(rig.room.opening == nil)
        _ = try await rig.begin()
    }

    @Test("acts and settings reach the room as they were sent")
    func acts() async throws {
        let rig = try DeskRig()
        await rig.readStatement()
        _ = try await rig.document("POST", "api/exam/act", #"{"act":"live"}"#, status: 409)
        _ = try await rig.begin()
        for body in [
            #"{"act":"live"}"#, #"{"act":"record","manoeuvreStarted":true}"#, #"{"act":"accept","take":null}"#,
        ] {
            _ = try await rig.document("POST", "api/exam/act", body)
        }
        #expect(rig.room.acts == [.live, .record(manoeuvreStarted: true), .accept(take: nil)])
        _ = try await rig.document("POST", "api/exam/settings", #"{"prfHz":4000,"gate":3}"#, status: 409)
        #expect(rig.room.changes.map(\.prfHz) == [4000] && rig.room.changes.map(\.gate) == [3])
        let exam = try #require(try await rig.document("GET", "api/exam")["exam"] as? [String: Any])
        #expect(exam["phase"] as? String != nil && exam["isSimulated"] as? Bool == true)
    }

    @Test(
        "acts and settings that are none are refused",
        arguments: [
            ("act", #"{}"#), ("act", #"{"act":"fly"}"#), ("act", #"{"act":1}"#), ("act", #"{"act":"live","take":1}"#),
            ("act", #"{"act":"skip"}"#), ("act", #"{"act":"accept","take":1.5}"#),
            ("act", #"{"act":"mark","seconds":-1,"label":""}"#), ("act", #"{"act":"area"}"#),
            ("act", #"{"act":"area","outline":[[1]]}"#), ("act", #"{"act":"notVisualised","code":"none"}"#),
            ("act", #"{"act":"skip","reason":"a\u0000b"}"#), ("act", #"{"act":"area","areaMm2":1,"outline":[]}"#),
            ("act", #"{"act":"area","ellipse":{"first":[],"second":[],"third":[]}}"#),
            ("act", #"[]"#), ("act", "x"), ("settings", #"{"prfHz":"fast"}"#), ("settings", #"{"speed":1}"#),
            ("settings", #"{"gate":1e300}"#), ("settings", #"{"prfHz":1,"prfHz":2}"#),
        ])
    func wrongActs(_ route: String, _ body: String) async throws {
        let rig = try DeskRig()
        await rig.readStatement()
        _ = try await rig.begin()
        _ = try await rig.document("POST", "api/exam/\(route)", body, status: 400)
        #expect(rig.room.acts.isEmpty && rig.room.changes.isEmpty)
    }

    @Test("an address that is not known and a method that it does not take are refused")
    func addresses() async throws {
        let rig = try DeskRig()
        for path in ["", "api", "api/none", "api/exams/EX-1", "api/session/x", "api/exams/../review"] {
            _ = try await rig.document("GET", path, status: 404)
        }
        _ = try await rig.document("POST", "api/protocols", "{}", status: 405)
        #expect(await rig.ask("POST", "api/protocols", "{}").allowedMethods == ["GET", "HEAD"])
        #expect(await rig.ask("PUT", "api/session", "{}").allowedMethods == ["GET", "HEAD", "POST", "DELETE"])
        _ = try await rig.document("GET", "api/exams/EX-1/review", status: 404)
        _ = try await rig.document("GET", "api/exams/..%2F/review", status: 404)
        _ = try await rig.document("GET", "api/patients", query: ["other": "x"], status: 400)
        _ = try await rig.document("POST", "api/outbox/0/retry", "{}", status: 404)
        _ = try await rig.document("POST", "api/outbox/99/retry", "{}", status: 404)
        _ = try await rig.document("POST", "api/outbox/99/cancel", "{}", status: 400)
    }

    @Test("the outbox is told in words, and a delivery is given up with a reason")
    func outbox() async throws {
        let rig = try DeskRig()
        await rig.readStatement()
        let id = try await rig.begin(identity: #"{"name":"A^B"}"#)
        try await rig.endExam()
        _ = try await rig.document("POST", "api/exams/\(id)/sign", "{}")
        let again = try await rig.document("POST", "api/outbox/1/retry", "{}")
        #expect(again["state"] as? String == "waiting" && again["words"] as? String == "Waits to be sent.")
        let given = try await rig.document("POST", "api/outbox/1/cancel", #"{"reason":"sent by hand"}"#)
        #expect(given["state"] as? String == "cancelled" && given["canCancel"] as? Bool == false)
        _ = try await rig.document("POST", "api/outbox/1/cancel", #"{"reason":"again"}"#, status: 409)
        _ = try await rig.document("POST", "api/outbox/1/retry", "{}", status: 409)
    }

    @Test("the device is told with its findings and its quality assurance")
    func device() async throws {
        let rig = try DeskRig()
        let device = try await rig.document("GET", "api/device")
        #expect(
            device["plugged"] as? String == "simulated" && device["acousticOutput"] as? String == "none (simulated)")
        #expect((device["quality"] as? [String: Any])?["isWarning"] as? Bool == true)
        #expect((device["findings"] as? [[String: String]])?.first == ["what": "no rule", "next": "add one"])
    }
}

extension DeskExamTests {
    @Test("what the archive could not take at a session's end it takes at the review, and nothing is signed before")
    func takenLater() async throws {
        let rig = try DeskRig()
        await rig.readStatement()
        let id = try await rig.begin()
        try await rig.endExam()
        let folder = try rig.shelf.folder(id)
        // A later session whose end the archive did not see.
        let exam = try RigClinic.exam(id, subject: "S001", startedAt: "2026-01-01T00:00:00Z")
        var later = exam
        later.limitations = ["A second session."]
        try folder.write(later, as: ExamFolder.examFileName)
        _ = try await rig.document("POST", "api/exams/\(id)/sign", "{}", status: 409)
        #expect(rig.shelf.holds(id))
        let review = try await rig.document("GET", "api/exams/\(id)/review")
        #expect(review["canSign"] as? Bool == true)
        _ = try await rig.document("POST", "api/exams/\(id)/sign", "{}")
        let kept = try rig.archive.document("exam.json", of: rig.archive.exam(id))
        #expect(String(decoding: kept, as: UTF8.self).contains("A second session."))
    }

    @Test("an exam whose last session broke off is not signed, so that no recording of it is lost")
    func brokenOff() async throws {
        let rig = try DeskRig()
        await rig.readStatement()
        let id = try await rig.begin()
        try await rig.endExam(isCompleted: false)
        let folder = try rig.shelf.folder(id)
        try folder.write(bytes: [1, 2, 3], as: "recordings/02-new.dbrec")
        #expect(try await rig.document("GET", "api/exams/\(id)/review")["canSign"] as? Bool == false)
        _ = try await rig.document("POST", "api/exams/\(id)/sign", "{}", status: 409)
        #expect(folder.holds("recordings/02-new.dbrec"))
    }

    @Test("of two exams that are begun at once one is open, and the other leaves nothing behind")
    func twoAtOnce() async throws {
        let rig = try DeskRig()
        await rig.readStatement()
        async let first = rig.ask("POST", "api/exams", #"{"subjectCode":"S001","protocolID":"standard"}"#)
        async let second = rig.ask("POST", "api/exams", #"{"subjectCode":"S002","protocolID":"standard"}"#)
        let statuses = await [first.status, second.status].sorted()
        #expect(statuses == [200, 409])
        try await rig.endExam()
        let names = try FileManager.default.contentsOfDirectory(atPath: rig.shelf.path).filter { !$0.hasPrefix(".") }
        #expect(names == [try #require(rig.room.opening).plan.examID])
        #expect(try rig.archive.exams().count == 1)
    }
}
