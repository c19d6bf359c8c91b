import ExamArchive
import Foundation
import Testing

@Suite("several people at one archive")
struct SeveralPeopleTests {
    private static let passphrase = "a long passphrase of theirs"

    /// An archive with the exam EX-1, an identity of its subject, and an administrator, a reader and a technician.
    private func archive(_ place: Place) throws -> Archive {
        let archive = try place.archive(with: "EX-1")
        let identity = PatientIdentity(familyName: "Gauß", givenName: "Zoë", patientID: "P-1")
        try archive.setIdentity(identity, of: "S001", secret: Place.secret, act: Place.act(2))
        try archive.addAccount(
            "adam", role: .administrator, passphrase: Self.passphrase, cost: Place.cheap, act: Place.act(3))
        let adam = try signIn(archive, "adam")
        try adam.acting { () throws(ArchiveError) in
            for (name, role) in [("rita", ArchiveRole.reader), ("tom", .technician)] {
                try archive.addAccount(
                    name, role: role, passphrase: Self.passphrase, cost: Place.cheap, act: Place.act(3))
            }
        }
        return archive
    }

    private func signIn(_ archive: Archive, _ name: String) throws -> ArchiveSignIn {
        try archive.checkSignIn(name, passphrase: Self.passphrase, act: Place.act(4))
    }

    @Test("each act is done by whoever acts, and nobody is signed in behind it")
    func acting() throws {
        try Place.with { place in
            let archive = try archive(place)
            let (rita, tom) = (try signIn(archive, "rita"), try signIn(archive, "tom"))
            #expect(rita.role == .reader && tom.role == .technician)
            let refused = try archiveError {
                _ = try tom.acting { () throws(ArchiveError) in try archive.sign("EX-1", act: Place.act(5)) }
            }
            #expect(refused == .notPermitted(name: "tom", role: .technician, right: .sign))
            let signed = try rita.acting { () throws(ArchiveError) in try archive.sign("EX-1", act: Place.act(5)) }
            #expect(signed.signedBy == "rita")
            let nobody = try archiveError {
                try archive.addAccount(
                    "x", role: .reader, passphrase: Self.passphrase, cost: Place.cheap, act: Place.act(6))
            }
            #expect(nobody == .signInNeeded(right: .keepAccounts))
        }
    }

    @Test("tries beside count and lock as those of the archive's own session")
    func lock() throws {
        try Place.with { place in
            let archive = try archive(place)
            for _ in 0..<5 {
                let refused = try archiveError {
                    _ = try archive.checkSignIn("tom", passphrase: "wrong", act: Place.act(5))
                }
                #expect(refused == .signInRefused(name: "tom"))
            }
            let locked = try archiveError {
                _ = try archive.checkSignIn("tom", passphrase: Self.passphrase, act: Place.act(6))
            }
            guard case .accountLocked(name: "tom", _) = locked else {
                Issue.record("not locked: \(String(describing: locked))")
                return
            }
        }
    }

    @Test("a reader's marks come beside an unsigned exam, and nothing else with them")
    func marks() throws {
        try Place.with { place in
            let archive = try archive(place)
            let (rita, tom) = (try signIn(archive, "rita"), try signIn(archive, "tom"))
            let folder = place.path + "/EX-1"
            try place.write("{}", to: "EX-1/marks.json")
            func mark(_ person: ArchiveSignIn) throws {
                try person.acting { () throws(ArchiveError) in
                    try archive.mark(
                        "EX-1", from: folder, document: "marks.json", reader: Place.reader, act: Place.act(5))
                }
            }
            try mark(rita)
            try place.write("{ }", to: "EX-1/marks.json")
            try mark(tom)
            #expect(try archive.files(of: archive.exam("EX-1")).contains { $0.name == "marks.json" })
            try place.write("%PDF-other", to: "EX-1/report.pdf")
            let refused = try archiveError { try mark(rita) }
            guard case .badArgument = refused else {
                Issue.record("more than marks was taken: \(String(describing: refused))")
                return
            }
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test("identities of several subjects are shown at once, each with its line in the audit log")
    func identities() throws {
        try Place.with { place in
            let archive = try archive(place)
            let (rita, adam) = (try signIn(archive, "rita"), try signIn(archive, "adam"))
            let shown = try rita.acting { () throws(ArchiveError) in
                try archive.showIdentities(of: ["S001", "S002"], secret: Place.secret, act: Place.act(5))
            }
            #expect(shown.mapValues(\.familyName) == ["S001": "Gauß"])
            let last = try #require(try archive.auditLines().last)
            #expect(last.event == "identityShown" && last.actor == "rita" && last.details == "subject S001")
            let refused = try archiveError {
                try adam.acting { () throws(ArchiveError) in
                    _ = try archive.showIdentities(of: ["S001"], secret: Place.secret, act: Place.act(6))
                }
            }
            #expect(refused == .notPermitted(name: "adam", role: .administrator, right: .seeIdentity))
        }
    }
}
