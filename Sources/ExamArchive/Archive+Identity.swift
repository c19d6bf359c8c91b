internal import Foundation
internal import GRDB

extension Archive {
    /// Sealed identities have lengths that are whole multiples of this, so that a length tells little of a name
    /// (project choice).
    private static let paddingBytes = 256
    /// The longest text of an identity, bytes (project choice; DICOM's person names have 3 times 64 characters).
    private static let longestText = 1000

    /// Stores who a subject is, sealed; what was stored before is replaced.
    ///
    /// The first one chooses the archive's key.
    public func setIdentity(
        _ identity: PatientIdentity, of subjectCode: String, secret: IdentitySecret, act: ArchiveAct
    ) throws(ArchiveError) {
        guard ArchiveNames.isSubjectCode(subjectCode) else {
            throw .badArgument(what: "this cannot be a subject's code", remedy: "use A-Z a-z 0-9 . _ and -, no spaces")
        }
        let hasKey = try reading { try IdentityKeyRow($0) != nil }
        let act = try permitted(hasKey ? .identify : .chooseKey, act)
        let plain = try Self.encoded(identity)
        try change { db in
            let archiveID = try Self.archiveID(db) ?? ""
            let key = try self.sealingKey(secret, act: act, in: db)
            let sealed = try IdentityKeyRow.seal(plain, key, about: Self.place(archiveID, subjectCode))
            let sql = "INSERT INTO identity VALUES (?1, ?2) ON CONFLICT (subjectCode) DO UPDATE SET sealed = ?2"
            try db.execute(sql: sql, arguments: [subjectCode, sealed])
            try AuditLog.append(.identitySet, act: act, details: "subject \(subjectCode)", in: db)
        }
    }

    /// Who a subject is; that it was shown is in the audit log before it is.
    public func showIdentity(
        of subjectCode: String, secret: IdentitySecret, act: ArchiveAct
    ) throws(ArchiveError) -> PatientIdentity {
        guard ArchiveNames.isSubjectCode(subjectCode) else { throw .noIdentity(subjectCode: "that is none") }
        let act = try permitted(.seeIdentity, act)
        return try change { db in
            let archiveID = try Self.archiveID(db) ?? ""
            let sealed = try Data.fetchOne(
                db, sql: "SELECT sealed FROM identity WHERE subjectCode = ?", arguments: [subjectCode])
            guard let sealed, let row = try IdentityKeyRow(db) else {
                throw ArchiveError.noIdentity(subjectCode: subjectCode)
            }
            let key = try row.key(secret, archiveID: archiveID, root: self.path)
            let plain: Data
            let identity: PatientIdentity
            do {
                plain = try IdentityKeyRow.open(sealed, key, about: Self.place(archiveID, subjectCode))
                identity = try JSONDecoder().decode(PatientIdentity.self, from: plain)
            } catch {
                throw ArchiveError.damaged(
                    path: self.paths.database, reason: "the sealed identity of subject \(subjectCode) was changed")
            }
            try AuditLog.append(.identityShown, act: act, details: "subject \(subjectCode)", in: db)
            return identity
        }
    }

    /// Who several subjects are; those without a stored identity are not in the result.
    ///
    /// That they were shown is in the audit log, a line for each, before they are.
    public func showIdentities(
        of subjectCodes: [String], secret: IdentitySecret, act: ArchiveAct
    ) throws(ArchiveError) -> [String: PatientIdentity] {
        let act = try permitted(.seeIdentity, act)
        return try change { db in
            guard let row = try IdentityKeyRow(db) else { return [:] }
            let archiveID = try Self.archiveID(db) ?? ""
            let key = try row.key(secret, archiveID: archiveID, root: self.path)
            var shown: [String: PatientIdentity] = [:]
            for code in Set(subjectCodes).sorted() {
                let sealed = try Data.fetchOne(
                    db, sql: "SELECT sealed FROM identity WHERE subjectCode = ?", arguments: [code])
                guard let sealed else { continue }
                do {
                    let plain = try IdentityKeyRow.open(sealed, key, about: Self.place(archiveID, code))
                    shown[code] = try JSONDecoder().decode(PatientIdentity.self, from: plain)
                } catch {
                    throw ArchiveError.damaged(
                        path: self.paths.database, reason: "the sealed identity of subject \(code) was changed")
                }
                try AuditLog.append(.identityShown, act: act, details: "subject \(code)", in: db)
            }
            return shown
        }
    }

    /// What a sealed identity is bound to, so that it cannot be put to another subject or archive.
    private static func place(_ archiveID: String, _ subjectCode: String) -> String { "\(archiveID) \(subjectCode)" }

    /// The identity as bytes, filled up with spaces.
    private static func encoded(_ identity: PatientIdentity) throws(ArchiveError) -> Data {
        let texts = [
            identity.familyName, identity.givenName, identity.birthDate, identity.sex, identity.patientID,
            identity.issuer, identity.ideographicFamilyName, identity.ideographicGivenName,
            identity.phoneticFamilyName, identity.phoneticGivenName,
        ]
        guard texts.allSatisfy({ ($0?.utf8.count ?? 0) <= longestText }), !identity.familyName.isEmpty else {
            throw .badArgument(
                what: "this identity has no family name, or a text over \(longestText) bytes", remedy: "correct it")
        }
        guard identity.sex.map(PatientIdentity.sexes.contains) ?? true else {
            throw .badArgument(
                what: "this identity's sex is none that is known",
                remedy: "write \(PatientIdentity.sexes.joined(separator: ", ")), or leave it out")
        }
        do {
            let bytes = try JSONEncoder().encode(identity)
            let missing = (paddingBytes - bytes.count % paddingBytes) % paddingBytes
            return bytes + Data(repeating: UInt8(ascii: " "), count: missing)
        } catch {
            throw .badArgument(what: "this identity cannot be written", remedy: "use Unicode text")
        }
    }
}
