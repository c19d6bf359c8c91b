public import StrictYAML

/// Why profiles could not be used.
public enum ProfileError: Error, Sendable, Hashable {
    /// A profile that was asked for, or a bundled one, is not valid.
    case invalid(YAMLProblems)
    /// A file that was asked for, or the site's folder, could not be read.
    case notReadable(path: String, reason: String)
    /// No profile has this id.
    case unknownID(String, known: [String])
    /// The firmware that a profile names is not the file that is there.
    case firmware(path: String, what: String)
}

extension ProfileError: CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    public var description: String {
        switch self {
        case .invalid(let problems): problems.description
        case .notReadable(let path, let reason):
            "\(path): cannot read (\(reason)): check the name and the permissions"
        case .unknownID(let id, let known):
            "no device profile `\(id)`: known are \(known.joined(separator: ", "))"
        case .firmware(let path, let what):
            "\(path): the firmware \(what): put the right file there and its SHA-256 into the profile"
        }
    }
}

/// What was noteworthy while profiles were loaded, for the log.
public enum ProfileNotice: Sendable, Hashable {
    /// A later profile took the place of an earlier one with the same id.
    case replaced(id: String, earlier: ProfileOrigin, later: ProfileOrigin)
    /// A file of the site's folder was left out.
    case skipped(path: String, reason: String)
}

extension ProfileNotice: CustomStringConvertible {
    /// What happened, in words.
    public var description: String {
        switch self {
        case .replaced(let id, let earlier, let later): "profile \(id): \(later) replaces \(earlier)"
        case .skipped(let path, let reason): "\(path): skipped: \(reason)"
        }
    }
}

/// Where a profile was loaded from.
public enum ProfileOrigin: Sendable, Hashable {
    /// Part of the program.
    case bundled
    /// The site's folder.
    case site(path: String)
    /// A file that was named on its own.
    case file(path: String)
}

extension ProfileOrigin: CustomStringConvertible {
    /// The place, in words.
    public var description: String {
        switch self {
        case .bundled: "the bundled profile"
        case .site(let path): "the site's \(path)"
        case .file(let path): "the file \(path)"
        }
    }
}
