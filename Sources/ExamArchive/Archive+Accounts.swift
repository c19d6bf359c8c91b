internal import Foundation
internal import GRDB
internal import Synchronization

extension Archive {
    /// Tries before an account is locked (project choice).
    private static let mostTries = 5
    /// The first lock, ms; each further failed try doubles it (project choice: 15 minutes, at most a day).
    private static let firstLockMs: Int64 = 15 * 60 * 1000
    private static let longestLockMs: Int64 = 24 * 60 * 60 * 1000

    /// The accounts, by name; without any, whoever may write the folder may do everything.
    public func accounts() throws(ArchiveError) -> [ArchiveAccount] {
        try reading { db in
            try Row.fetchAll(db, sql: "SELECT * FROM account ORDER BY name")
                .map { try AccountRow($0, path: self.paths.database).account }
        }
    }

    /// Makes an account; the first one is an administrator's, and from then on nothing that needs a right goes without.
    public func addAccount(
        _ name: String, role: ArchiveRole, passphrase: String, cost: PassphraseCost = .usual, act: ArchiveAct
    ) throws(ArchiveError) {
        let act = try permitted(.keepAccounts, act)
        guard ArchiveNames.isExamID(name) else {
            throw .badArgument(
                what: "`\(name.prefix(64))` cannot be an account's name", remedy: "use A-Z a-z 0-9 . _ and -, no spaces"
            )
        }
        let others = try accounts()
        guard !others.contains(where: { $0.name == name }) else {
            throw .badArgument(what: "account \(name) is there already", remedy: "choose another name")
        }
        guard !others.isEmpty || role == .administrator else {
            throw .badArgument(
                what: "the first account of an archive is an administrator's", remedy: "add an administrator first")
        }
        let account = ArchiveAccount(name: name, role: role, addedAt: act.at, failedTries: 0)
        let row = try AccountRow(account, passphrase: passphrase, cost: cost)
        try change { db in
            try row.insert(db)
            try AuditLog.append(.accountAdded, act: act, details: "\(name), \(role.rawValue)", in: db)
        }
    }

    /// Removes an account; the last administrator's stays, so that the archive is never open again.
    public func removeAccount(_ name: String, act: ArchiveAct) throws(ArchiveError) {
        let act = try permitted(.keepAccounts, act)
        let all = try accounts()
        guard let account = all.first(where: { $0.name == name }) else { throw .unknownAccount(name: name) }
        let administrators = all.filter { $0.role == .administrator }
        guard account.role != .administrator || administrators.count > 1 else {
            throw .badArgument(what: "\(name) is the last administrator", remedy: "add another one first")
        }
        try change { db in
            try db.execute(sql: "DELETE FROM account WHERE name = ?", arguments: [name])
            try AuditLog.append(.accountRemoved, act: act, details: "\(name), \(account.role.rawValue)", in: db)
        }
    }

    /// Gives an account another passphrase, and opens its lock: an administrator any account, everybody their own.
    public func setPassphrase(
        _ passphrase: String, of name: String, cost: PassphraseCost = .usual, act: ArchiveAct
    ) throws(ArchiveError) {
        let isOwn = actor == name
        let act = isOwn ? ArchiveAct(by: name, at: act.at) : try permitted(.keepAccounts, act)
        guard let account = try accounts().first(where: { $0.name == name }) else {
            throw .unknownAccount(name: name)
        }
        let row = try AccountRow(account, passphrase: passphrase, cost: cost)
        try change { db in
            try row.storePassphrase(db)
            try AuditLog.append(.passphraseChanged, act: act, details: name, in: db)
        }
    }

    /// Signs a person in: what is done from here on is done by this account.
    ///
    /// After five tries that failed the account is locked for 15 minutes, and after each further one for twice as long,
    /// at most a day. That, and each try, is in the audit log.
    ///
    /// - Throws: `signInRefused` or `accountLocked`.
    public func signIn(_ name: String, passphrase: String, act: ArchiveAct) throws(ArchiveError) {
        let signIn = try checkSignIn(name, passphrase: passphrase, act: act)
        session.withLock { $0 = signIn.name }
    }

    /// Signs a person in beside others: the session of the archive itself stays as it is.
    ///
    /// Tries, locks and the audit log are those of `signIn`.
    ///
    /// - Returns: what the person acts with from here on.
    /// - Throws: `signInRefused` or `accountLocked`.
    public func checkSignIn(
        _ name: String, passphrase: String, act: ArchiveAct
    ) throws(ArchiveError) -> ArchiveSignIn {
        guard isWritable else { throw .openForReading(path: path) }
        let found = try reading { db in
            try Row.fetchOne(db, sql: "SELECT * FROM account WHERE name = ?", arguments: [name])
                .map { try AccountRow($0, path: self.paths.database) }
        }
        guard let found else {
            // What was given is not told: it may be a passphrase in the wrong place.
            try tell(.signInRefused, "an account that is not there", act)
            throw .signInRefused(name: name)
        }
        if let until = found.account.lockedUntil, act.at < until {
            try tell(.signInRefused, "\(name), locked until \(until.text)", act)
            throw .accountLocked(name: name, until: until)
        }
        guard try found.fits(passphrase) else {
            try noteFailedTry(found.account, act)
            throw .signInRefused(name: name)
        }
        try change { db in
            try db.execute(
                sql: "UPDATE account SET failedTries = 0, lockedUntilMs = NULL WHERE name = ?", arguments: [name])
            try AuditLog.append(
                .signedIn, act: ArchiveAct(by: name, at: act.at), details: found.account.role.rawValue, in: db)
        }
        return ArchiveSignIn(name: name, role: found.account.role)
    }

    /// Who is signed in on this thread.
    private var actor: String? { ArchiveSignIn.acting?.name ?? session.withLock { $0 } }

    private func noteFailedTry(_ account: ArchiveAccount, _ act: ArchiveAct) throws(ArchiveError) {
        let tries = account.failedTries &+ 1
        // From so many doublings on it is the longest lock.
        let doublings = min(max(tries - Self.mostTries, 0), 20)
        let lockMs = min(Self.firstLockMs << Int64(doublings), Self.longestLockMs)
        let until = tries < Self.mostTries ? nil : act.at.millisecondsSince1970 &+ lockMs
        try change { db in
            try db.execute(
                sql: "UPDATE account SET failedTries = ?, lockedUntilMs = ? WHERE name = ?",
                arguments: [tries, until, account.name])
            let lock = until.map { ", locked until \(ArchiveTime(millisecondsSince1970: $0).text)" } ?? ""
            try AuditLog.append(.signInRefused, act: act, details: "\(account.name), try \(tries)\(lock)", in: db)
        }
    }

    private func tell(_ event: AuditEvent, _ details: String, _ act: ArchiveAct) throws(ArchiveError) {
        try change { try AuditLog.append(event, act: act, details: details, in: $0) }
    }

    /// An act that needs no right as it stands in the audit log: by the account that is signed in, where one is.
    func own(_ act: ArchiveAct) -> ArchiveAct {
        actor.map { ArchiveAct(by: $0, at: act.at) } ?? act
    }

    /// The act as it stands in the audit log: by the account that is signed in, where the archive has accounts.
    ///
    /// - Throws: `signInNeeded` or `notPermitted`; the audit log tells of it.
    func permitted(_ right: ArchiveRight, _ act: ArchiveAct) throws(ArchiveError) -> ArchiveAct {
        guard isWritable else { throw .openForReading(path: path) }
        let all = try accounts()
        guard !all.isEmpty else { return act }
        let name = actor
        guard let account = all.first(where: { $0.name == name }) else {
            try tell(.permissionRefused, "nobody is signed in, may not \(right.words)", act)
            throw .signInNeeded(right: right)
        }
        let own = ArchiveAct(by: account.name, at: act.at)
        guard account.role.allows(right) else {
            try tell(.permissionRefused, "a \(account.role.rawValue) may not \(right.words)", own)
            throw .notPermitted(name: account.name, role: account.role, right: right)
        }
        return own
    }
}
