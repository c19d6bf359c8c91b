/// What a person does with an archive.
public enum ArchiveRole: String, Sendable, Hashable, Codable, CaseIterable {
    /// Acquires exams, takes them in, and enters who was examined.
    case technician
    /// Reads exams, corrects and signs them.
    case reader
    /// Keeps accounts, the key, the retention and the copies.
    case administrator

    /// Whether a person with this role may do something.
    public func allows(_ right: ArchiveRight) -> Bool { right.roles.contains(self) }
}

/// Something that not everybody may do in an archive with accounts.
public enum ArchiveRight: String, Sendable, Hashable, Codable, CaseIterable {
    /// Take exams in, and newer documents of unsigned ones.
    case acquire
    /// Put a person's marks beside an unsigned exam.
    case mark
    /// Sign and amend exams.
    case sign
    /// Enter who a subject is.
    case identify
    /// See who a subject is.
    case seeIdentity
    /// Copy an exam out.
    case export
    /// Repeat or give up a delivery.
    case deliver
    /// Remove exams past their term.
    case purge
    /// Choose the key of the identities.
    case chooseKey
    /// Add, change and remove accounts.
    case keepAccounts

    /// Who may do it.
    public var roles: Set<ArchiveRole> {
        switch self {
        case .acquire, .identify: [.technician]
        case .mark: [.technician, .reader]
        case .sign: [.reader]
        case .seeIdentity: [.technician, .reader]
        case .export: [.reader, .administrator]
        case .deliver: [.technician, .reader, .administrator]
        case .purge, .chooseKey, .keepAccounts: [.administrator]
        }
    }

    /// What it is, as the end of "may not".
    var words: String {
        switch self {
        case .acquire: "take exams in"
        case .mark: "mark exams"
        case .sign: "sign or amend exams"
        case .identify: "enter who a subject is"
        case .seeIdentity: "see who a subject is"
        case .export: "export exams"
        case .deliver: "repeat or cancel deliveries"
        case .purge: "purge exams"
        case .chooseKey: "choose the key of the identities"
        case .keepAccounts: "change accounts"
        }
    }
}

/// A person's account in an archive.
public struct ArchiveAccount: Sendable, Hashable, Encodable {
    /// The account's name.
    public var name: String
    /// What the person does.
    public var role: ArchiveRole
    /// When the account was made.
    public var addedAt: ArchiveTime
    /// Signing in failed so often since it last succeeded.
    public var failedTries: Int
    /// Nobody signs in before this moment; `nil` where it is not locked.
    public var lockedUntil: ArchiveTime?
}
