import ExamArchive
import Foundation
import TestSupport
import Testing

@Suite("sealed identities")
struct IdentityTests {
    private static let identity = PatientIdentity(
        familyName: "Grauwiller-Žižek", givenName: "Zoë 美咲子", birthDate: "1961-04-30", sex: "female",
        patientID: "PID-778899", issuer: "KLINIK", ideographicFamilyName: "山田", ideographicGivenName: "太郎",
        phoneticFamilyName: "やまだ", phoneticGivenName: "たろう")
    /// Cheap, for tests alone.
    private static let cheap = PassphraseCost(rounds: 2, blockSize: 8, parallelism: 1)
    private static let passphrase = IdentitySecret.passphrase("correct horse battery", cost: cheap)

    private func keyFile(_ place: Place, _ name: String = "key", mode: mode_t = 0o600) throws -> IdentitySecret {
        try place.write(name + String(repeating: "k", count: 40), to: name)
        #expect(chmod(place.path + "/" + name, mode) == 0)
        return .keyFile(path: place.path + "/" + name)
    }

    @Test("an identity comes back with the passphrase and with the key file", arguments: [true, false])
    func roundTrip(_ isPassphrase: Bool) throws {
        try Place.with { place in
            let secret = isPassphrase ? Self.passphrase : try keyFile(place)
            let archive = try place.archive()
            try archive.setIdentity(Self.identity, of: "S001", secret: secret, act: Place.act(1))
            #expect(try archive.showIdentity(of: "S001", secret: secret, act: Place.act(2)) == Self.identity)
            var changed = Self.identity
            changed.givenName = "Zoë"
            try archive.setIdentity(changed, of: "S001", secret: secret, act: Place.act(3))
            #expect(try archive.showIdentity(of: "S001", secret: secret, act: Place.act(4)) == changed)
            let events = try archive.auditLines().map(\.event)
            #expect(
                events == [
                    "archiveMade", "identityKeyChosen", "identitySet", "identityShown", "identitySet", "identityShown",
                ])
        }
    }

    @Test(
        "no byte of the whole folder tells a name, date of birth or number, in any spelling, while it is written and after"
    )
    func bytes() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1", isSigned: true)
            try archive.setIdentity(Self.identity, of: "S001", secret: Self.passphrase, act: Place.act(3))
            _ = try archive.showIdentity(of: "S001", secret: Self.passphrase, act: Place.act(4))
            _ = try archiveError {
                _ = try archive.showIdentity(
                    of: "S001", secret: .passphrase("another passphrase", cost: Self.cheap), act: Place.act(4))
            }
            _ = try Archive.backUp(place.archivePath, to: place.path + "/backup", act: Place.act(5))
            let folders = [place.archivePath, place.path + "/backup"]
            var all: [String: Data] = [:]
            for folder in folders {
                for (name, bytes) in try LossyDisk.files(below: folder) { all[folder + "/" + name] = bytes }
            }
            #expect(all.keys.contains { $0.hasSuffix("archive.sqlite-wal") })
            for text in [
                "Grauwiller", "Žižek", "Zoë", "美咲子", "1961-04-30", "19610430", "PID-778899", "KLINIK", "correct horse",
                "山田", "太郎", "やまだ", "たろう",
            ] {
                for form in try Self.forms(of: text) {
                    // Shorter ones stand in sealed bytes by chance.
                    #expect(form.count >= 4)
                    for (name, bytes) in all { #expect(bytes.range(of: form) == nil, "\(text) in \(name)") }
                }
            }
            // That the search finds what is there.
            #expect(all.values.contains { $0.range(of: Data("S001".utf8)) != nil })
        }
    }

    /// A text as it might stand in a file.
    private static func forms(of text: String) throws -> [Data] {
        let spellings = [text, text.uppercased(), text.lowercased(), text.decomposedStringWithCanonicalMapping]
        var forms = spellings.map { Data($0.utf8) }
        forms.append(try #require(text.data(using: .utf16LittleEndian)))
        forms.append(try #require(text.data(using: .utf16BigEndian)))
        forms.append(Data(text.utf8.map { String($0, radix: 16) }.joined().utf8))
        // Base64 of the middle of a longer text depends on where it begins.
        for skipped in 0..<3 {
            let whole = Data(repeating: 0, count: skipped) + Data(text.utf8)
            let code = whole.base64EncodedString().dropFirst(4).dropLast(4)
            if code.count >= 8 { forms.append(Data(code.utf8)) }
        }
        return forms
    }

    @Test("another passphrase, another file, and the other kind of key do not open it, and the log has no such line")
    func wrongKeys() throws {
        try Place.with { place in
            let archive = try place.archive()
            try archive.setIdentity(Self.identity, of: "S001", secret: try keyFile(place), act: Place.act(1))
            let lines = try archive.auditLines().count
            for secret in [try keyFile(place, "other"), Self.passphrase] {
                for attempt in [
                    { _ = try archive.showIdentity(of: "S001", secret: secret, act: Place.act(2)) },
                    { try archive.setIdentity(Self.identity, of: "S002", secret: secret, act: Place.act(2)) },
                ] {
                    guard case .wrongKey = try archiveError(attempt) else {
                        Issue.record("a wrong key was taken")
                        continue
                    }
                }
            }
            #expect(try archive.auditLines().count == lines)
        }
    }

    @Test("a key file that others may read, that is short, a link, or lies in the archive is refused", arguments: 0..<4)
    func badKeyFiles(_ which: Int) throws {
        try Place.with { place in
            let archive = try place.archive()
            var secret = try keyFile(place, mode: which == 0 ? 0o640 : 0o600)
            switch which {
            case 1: #expect(truncate(place.path + "/key", 31) == 0)
            case 2:
                try FileManager.default.createSymbolicLink(atPath: place.path + "/link", withDestinationPath: "key")
                secret = .keyFile(path: place.path + "/link")
            case 3: secret = try keyFile(place, "archive/key")
            default: break
            }
            guard
                case .wrongKey = try archiveError({
                    try archive.setIdentity(Self.identity, of: "S001", secret: secret, act: Place.act(1))
                })
            else {
                Issue.record("taken")
                return
            }
        }
    }

    @Test("a short passphrase and a cost that takes all memory are refused")
    func weak() throws {
        try Place.with { place in
            let archive = try place.archive()
            for secret in [
                IdentitySecret.passphrase("fourteen chars", cost: Self.cheap),
                .passphrase(
                    "correct horse battery", cost: PassphraseCost(rounds: 1 << 40, blockSize: 8, parallelism: 1)),
                .passphrase("correct horse battery", cost: PassphraseCost(rounds: 3, blockSize: 8, parallelism: 1)),
            ] {
                guard
                    case .wrongKey = try archiveError({
                        try archive.setIdentity(Self.identity, of: "S001", secret: secret, act: Place.act(1))
                    })
                else {
                    Issue.record("taken")
                    continue
                }
            }
        }
    }

    @Test(
        "a sealed identity that was put to another subject, or changed, is called damaged, and an unknown one missing")
    func moved() throws {
        try Place.with { place in
            do {
                let archive = try place.archive()
                try archive.setIdentity(Self.identity, of: "S001", secret: Self.passphrase, act: Place.act(1))
            }
            guard try place.sqlite("INSERT INTO identity SELECT 'S002', sealed FROM identity") != nil else {
                return print("skipped: no sqlite3")
            }
            _ = try place.sqlite("UPDATE identity SET sealed = substr(sealed, 1, 40) WHERE subjectCode = 'S001'")
            let archive = try Archive(writing: place.archivePath, act: Place.act(2))
            for code in ["S001", "S002"] {
                guard
                    case .damaged = try archiveError({
                        _ = try archive.showIdentity(of: code, secret: Self.passphrase, act: Place.act(3))
                    })
                else {
                    Issue.record("\(code) was shown")
                    continue
                }
            }
            let missing = try archiveError {
                _ = try archive.showIdentity(of: "S003", secret: Self.passphrase, act: Place.act(3))
            }
            #expect(missing == .noIdentity(subjectCode: "S003"))
        }
    }

    @Test("sealed lengths tell nothing of a short name, and the same name is sealed otherwise each time")
    func lengths() throws {
        try Place.with { place in
            let archive = try place.archive()
            for (code, name) in [("A1", "Li"), ("A2", "Li"), ("A3", "Wolfeschlegelsteinhausen")] {
                try archive.setIdentity(
                    PatientIdentity(familyName: name, givenName: "A"), of: code, secret: Self.passphrase,
                    act: Place.act(1))
            }
            guard
                let lengths = try place.sqlite(
                    "SELECT count(DISTINCT length(sealed)), count(DISTINCT sealed) FROM identity")
            else { return print("skipped: no sqlite3") }
            #expect(lengths == "1|3\n")
        }
    }

    @Test("a sex is female, male, other or not known, and another word is refused with these")
    func sexes() throws {
        try Place.with { place in
            let archive = try place.archive()
            for word in ["female", "male", "other", nil] {
                var identity = Self.identity
                identity.sex = word
                try archive.setIdentity(identity, of: "S001", secret: Self.passphrase, act: Place.act(1))
                #expect(try archive.showIdentity(of: "S001", secret: Self.passphrase, act: Place.act(2)).sex == word)
            }
            for word in ["F", "Female", "", "weiblich"] {
                var identity = Self.identity
                identity.sex = word
                let error = try archiveError {
                    try archive.setIdentity(identity, of: "S001", secret: Self.passphrase, act: Place.act(3))
                }
                #expect(error?.description.contains("female, male, other") == true, "\(word)")
            }
        }
    }
}
