import ExamArchive
import Foundation
import TestSupport
import Testing

@Suite("accounts and roles")
struct AccountTests {
    private static let passphrases = [
        "adam": "adam's long passphrase", "rita": "rita's long passphrase", "tom": "tom's long passphrase",
    ]
    private static let minute: Int64 = 60

    /// Makes an archive with an administrator `adam`, a reader `rita` and a technician `tom`, and nobody signed in.
    private func archive(_ place: Place) throws {
        let archive = try place.archive(with: "EX-1")
        try add(archive, "adam", .administrator)
        try signIn(archive, "adam")
        try add(archive, "rita", .reader)
        try add(archive, "tom", .technician)
    }

    private func add(_ archive: Archive, _ name: String, _ role: ArchiveRole) throws {
        let passphrase = try #require(Self.passphrases[name])
        try archive.addAccount(name, role: role, passphrase: passphrase, cost: Place.cheap, act: Place.act(3))
    }

    private func signIn(_ archive: Archive, _ name: String, at seconds: Int64 = 4) throws {
        try archive.signIn(name, passphrase: try #require(Self.passphrases[name]), act: Place.act(seconds))
    }

    /// What each right is needed for.
    private func acts(_ archive: Archive, _ place: Place) -> [(ArchiveRight, () throws -> Void)] {
        let act = Place.act(10, by: "nobody's name")
        return [
            (.acquire, { try archive.add(try place.exam("EX-2"), reader: Place.reader, act: act) }),
            (
                .acquire,
                {
                    let newer = try place.exam("EX-1", report: "%PDF-2", as: "newer")
                    try archive.update("EX-1", from: newer, reader: Place.reader, act: act)
                }
            ),
            (
                .chooseKey,
                {
                    let identity = PatientIdentity(familyName: "G", givenName: "Z")
                    try archive.setIdentity(identity, of: "S001", secret: Place.secret, act: act)
                }
            ),
            (.chooseKey, { try archive.setOrder([1], of: "EX-1", secret: Place.secret, act: act) }),
            (
                .chooseKey,
                { try archive.enqueue([Place.document("1")], of: "EX-1", secret: Place.secret, act: act) }
            ),
            (.sign, { try archive.sign("EX-1", act: act) }),
            (.export, { _ = try archive.export("EX-1", to: place.path + "/out", act: act) }),
            (.purge, { try archive.purge(under: try RetentionRule(years: 1), reason: "r", act: act) }),
            (.keepAccounts, { try archive.removeAccount("tom", act: act) }),
            (
                .keepAccounts,
                {
                    try archive.addAccount(
                        "new", role: .reader, passphrase: "another long passphrase", cost: Place.cheap, act: act)
                }
            ),
        ]
    }

    @Test("each act goes with its roles and no other, and the audit log tells of each refusal", arguments: 0..<10)
    func rights(_ which: Int) throws {
        for role in ArchiveRole.allCases {
            try Place.with { place in
                do { try archive(place) }
                let archive = try Archive(writing: place.archivePath, act: Place.act(4))
                let (right, body) = acts(archive, place)[which]
                let name = ["technician": "tom", "reader": "rita", "administrator": "adam"][role.rawValue] ?? ""
                try signIn(archive, name)
                let error = try archiveError(body)
                let last = try #require(try archive.auditLines().last)
                if right.roles.contains(role) {
                    #expect(error == nil, "\(right) as \(role)")
                    // A purge of nothing has no line of its own.
                    #expect(last.actor == name)
                } else {
                    #expect(error == .notPermitted(name: name, role: role, right: right))
                    #expect(last.event == "permissionRefused" && last.actor == name)
                }
                #expect(try archive.verify(reader: Place.reader).isClean)
            }
        }
    }

    @Test("with accounts and nobody signed in nothing that needs a right is done, and reading and sending go on")
    func nobody() throws {
        try Place.with { place in
            do { try archive(place) }
            let archive = try Archive(writing: place.archivePath, act: Place.act(4))
            for (right, body) in acts(archive, place) {
                #expect(try archiveError(body) == .signInNeeded(right: right))
                let last = try archive.auditLines().last
                #expect(last?.event == "permissionRefused")
                #expect(last?.actor == "nobody's name")
            }
            #expect(try archive.exams().map(\.state) == [.analysed])
            #expect(try archive.begin().isEmpty)
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test(
        "an identity is entered by a technician, seen by technician and reader, and with the key that an administrator chose"
    )
    func identities() throws {
        try Place.with { place in
            do { try archive(place) }
            let archive = try Archive(writing: place.archivePath, act: Place.act(4))
            let identity = PatientIdentity(familyName: "G", givenName: "Z")
            let set = { try archive.setIdentity(identity, of: "S001", secret: Place.secret, act: Place.act(5)) }
            let show = { _ = try archive.showIdentity(of: "S001", secret: Place.secret, act: Place.act(6)) }
            try signIn(archive, "adam")
            try set()
            #expect(
                try archiveError(show) == .notPermitted(name: "adam", role: .administrator, right: .seeIdentity))
            #expect(try archiveError(set) == .notPermitted(name: "adam", role: .administrator, right: .identify))
            try signIn(archive, "rita")
            try show()
            #expect(try archiveError(set) == .notPermitted(name: "rita", role: .reader, right: .identify))
            try signIn(archive, "tom")
            try set()
            try show()
        }
    }

    @Test("a signing is by the account, whatever name is given")
    func signer() throws {
        try Place.with { place in
            do { try archive(place) }
            let archive = try Archive(writing: place.archivePath, act: Place.act(4))
            try signIn(archive, "rita")
            #expect(try archive.sign("EX-1", act: Place.act(5, by: "somebody else")).signedBy == "rita")
        }
    }

    @Test(
        "the fifth wrong passphrase locks the account for 15 minutes, each further one for twice as long, at most a day"
    )
    func lockOut() throws {
        try Place.with { place in
            do { try archive(place) }
            let archive = try Archive(writing: place.archivePath, act: Place.act(4))
            let wrong = { (at: Int64) in
                try archiveError { try archive.signIn("rita", passphrase: "not her passphrase", act: Place.act(at)) }
            }
            var now: Int64 = 100
            for _ in 0..<4 { #expect(try wrong(now) == .signInRefused(name: "rita")) }
            #expect(try archive.accounts().first { $0.name == "rita" }?.lockedUntil == nil)
            #expect(try wrong(now) == .signInRefused(name: "rita"))
            for minutes: Int64 in [15, 30, 60, 120, 240, 480, 960, 1440, 1440] {
                let until = Place.time(now + minutes * Self.minute)
                #expect(try archive.accounts().first { $0.name == "rita" }?.lockedUntil == until)
                let early = try archiveError { try signIn(archive, "rita", at: now + minutes * Self.minute - 1) }
                #expect(early == .accountLocked(name: "rita", until: until))
                now += minutes * Self.minute
                #expect(try wrong(now) == .signInRefused(name: "rita"))
            }
            try signIn(archive, "tom", at: now)
            now += 1440 * Self.minute
            try signIn(archive, "rita", at: now)
            let rita = try #require(try archive.accounts().first { $0.name == "rita" })
            #expect(rita.failedTries == 0 && rita.lockedUntil == nil)
            #expect(try archive.auditLines().filter { $0.event == "signInRefused" }.count == 23)
            #expect(try archive.auditLines().last?.event == "signedIn")
            #expect(try archive.checkAudit().problems.isEmpty)
        }
    }

    @Test("a lock stays when the archive is opened again, and an administrator's new passphrase opens it")
    func unlock() throws {
        try Place.with { place in
            do { try archive(place) }
            do {
                let archive = try Archive(writing: place.archivePath, act: Place.act(4))
                for _ in 0..<5 {
                    _ = try archiveError { try archive.signIn("tom", passphrase: "x", act: Place.act(5)) }
                }
            }
            let archive = try Archive(writing: place.archivePath, act: Place.act(6))
            guard case .accountLocked = try archiveError({ try signIn(archive, "tom", at: 7) }) else {
                Issue.record("not locked")
                return
            }
            try signIn(archive, "adam")
            try archive.setPassphrase("tom's newer passphrase", of: "tom", cost: Place.cheap, act: Place.act(8))
            try archive.signIn("tom", passphrase: "tom's newer passphrase", act: Place.act(9))
            #expect(try archiveError { try signIn(archive, "tom", at: 10) } == .signInRefused(name: "tom"))
        }
    }

    @Test("everybody changes their own passphrase, only an administrator another's")
    func ownPassphrase() throws {
        try Place.with { place in
            do { try archive(place) }
            let archive = try Archive(writing: place.archivePath, act: Place.act(4))
            try signIn(archive, "tom")
            try archive.setPassphrase("tom's newer passphrase", of: "tom", cost: Place.cheap, act: Place.act(5))
            let other = try archiveError {
                try archive.setPassphrase("rita's newer passphrase", of: "rita", cost: Place.cheap, act: Place.act(6))
            }
            #expect(other == .notPermitted(name: "tom", role: .technician, right: .keepAccounts))
        }
    }

    @Test("the first account is an administrator's, the last administrator stays, and weak passphrases are refused")
    func rules() throws {
        try Place.with { place in
            let archive = try place.archive()
            guard case .badArgument = try archiveError({ try add(archive, "tom", .technician) }) else {
                Issue.record("a technician alone")
                return
            }
            guard
                case .wrongKey = try archiveError({
                    try archive.addAccount(
                        "adam", role: .administrator, passphrase: "short", cost: Place.cheap, act: Place.act(3))
                })
            else {
                Issue.record("a short passphrase")
                return
            }
            try add(archive, "adam", .administrator)
            try signIn(archive, "adam")
            for body in [
                { try archive.removeAccount("adam", act: Place.act(5)) }, { try add(archive, "adam", .administrator) },
                {
                    try archive.addAccount(
                        "a b", role: .reader, passphrase: "a long passphrase", cost: Place.cheap, act: Place.act(5))
                },
            ] {
                guard case .badArgument = try archiveError(body) else {
                    Issue.record("taken")
                    continue
                }
            }
            let gone = try archiveError { try archive.removeAccount("nobody", act: Place.act(5)) }
            #expect(gone == .unknownAccount(name: "nobody"))
            let unknown = try archiveError { try archive.signIn("nobody", passphrase: "x", act: Place.act(5)) }
            #expect(unknown == .signInRefused(name: "nobody"))
            #expect(try archive.auditLines().last?.details == "an account that is not there")
        }
    }

    @Test("no passphrase stands in any file, and the usual cost is that of 128 MiB")
    func bytes() throws {
        try Place.with { place in
            do { try archive(place) }
            let archive = try Archive(writing: place.archivePath, act: Place.act(4))
            _ = try archiveError { try archive.signIn("tom", passphrase: "tom's other passphrase", act: Place.act(5)) }
            for (name, bytes) in try LossyDisk.files(below: place.archivePath) {
                #expect(bytes.range(of: Data("long passphrase".utf8)) == nil, "\(name)")
                #expect(bytes.range(of: Data("other passphrase".utf8)) == nil, "\(name)")
            }
            #expect(PassphraseCost.usual == PassphraseCost(rounds: 131_072, blockSize: 8, parallelism: 1))
        }
    }

    @Test(
        "an account that came, went or has another role past the program is found by the audit log",
        arguments: [
            "DELETE FROM account WHERE name = 'tom'", "UPDATE account SET role = 'administrator' WHERE name = 'tom'",
            "INSERT INTO account SELECT 'eve', role, salt, rounds, blockSize, parallelism, hash, 0, NULL, 1 FROM account "
                + "WHERE name = 'adam'",
        ])
    func forged(_ sql: String) throws {
        try Place.with { place in
            do { try archive(place) }
            guard try place.sqlite(sql) != nil else { return print("skipped: no sqlite3") }
            let archive = try Archive(reading: place.archivePath)
            let found = try archive.verify(reader: Place.reader).findings.map(\.place)
            #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("account ") }, "\(found)")
        }
    }
}
