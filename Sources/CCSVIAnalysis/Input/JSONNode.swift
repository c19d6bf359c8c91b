/// A JSON value that knows its place.
indirect enum JSONNode: Sendable, Hashable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONNode])
    case object([String: JSONNode])

    /// What kind of value it is, in words.
    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

/// Collects what is wrong while JSON is read, so that one reading reports everything.
final class JSONLog {
    /// What was found so far.
    private(set) var problems: [MeasurementProblem] = []

    /// Notes a problem.
    func note(_ path: String, _ what: String, _ remedy: String) {
        problems.append(MeasurementProblem(path: path, what: what, remedy: remedy))
    }
}

/// Reads the keys of one JSON object; `null` reads as a key that does not stand.
struct JSONFields {
    /// Place of the object, for problems; empty at the top.
    let path: String
    private let log: JSONLog
    private var rest: [String: JSONNode]
    private var known: [String] = []

    /// Opens an object; anything else is noted and reads as empty.
    init(_ node: JSONNode, _ path: String, _ log: JSONLog) {
        self.path = path
        self.log = log
        if case .object(let fields) = node {
            rest = fields
        } else {
            rest = [:]
            log.note(path.isEmpty ? "(top)" : path, "expected an object, found \(node.kind)", "write { ... }")
        }
    }

    /// The place of one of the object's keys.
    func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Takes a key's value; `nil` where it does not stand or is `null`.
    mutating func take(_ key: String) -> JSONNode? {
        known.append(key)
        guard let node = rest.removeValue(forKey: key), node != .null else { return nil }
        return node
    }

    /// Takes a key's value and notes when it does not stand.
    mutating func require(_ key: String) -> JSONNode? {
        let node = take(key)
        if node == nil { log.note(place(key), "is missing", "add it") }
        return node
    }

    /// Notes every key that was not asked for.
    func finish() {
        for key in rest.keys.sorted() {
            log.note(place(key), "is not a known key", "remove it; known are \(known.sorted().joined(separator: ", "))")
        }
    }

    /// The items of a list with their places; none where it does not stand.
    mutating func list(_ key: String, isRequired: Bool = false) -> [(node: JSONNode, path: String)] {
        guard let node = isRequired ? require(key) : take(key) else { return [] }
        guard case .list(let items) = node else {
            wrong(key, "a list", node)
            return []
        }
        return items.enumerated().map { ($0.element, "\(place(key))[\($0.offset)]") }
    }

    /// A text where it stands.
    mutating func text(_ key: String) -> String? {
        guard let node = take(key) else { return nil }
        if case .text(let text) = node { return text }
        wrong(key, "a text", node)
        return nil
    }

    /// `true` or `false`, required.
    mutating func flag(_ key: String) -> Bool? {
        guard let node = require(key) else { return nil }
        if case .flag(let flag) = node { return flag }
        wrong(key, "true or false", node)
        return nil
    }

    /// `true` or `false` where it stands.
    mutating func optionalFlag(_ key: String) -> Bool? {
        guard let node = take(key) else { return nil }
        if case .flag(let flag) = node { return flag }
        wrong(key, "true or false", node)
        return nil
    }

    /// A text, required.
    mutating func requiredText(_ key: String) -> String? {
        guard let node = require(key) else { return nil }
        if case .text(let text) = node { return text }
        wrong(key, "a text", node)
        return nil
    }

    /// A number where it stands.
    mutating func number(_ key: String, isRequired: Bool = false) -> Double? {
        guard let node = isRequired ? require(key) : take(key) else { return nil }
        if case .number(let number) = node { return number }
        wrong(key, "a number", node)
        return nil
    }

    /// A whole number where it stands.
    mutating func count(_ key: String) -> Int? {
        guard let node = take(key) else { return nil }
        if case .number(let number) = node, let count = Int(exactly: number) { return count }
        wrong(key, "a whole number", node)
        return nil
    }

    /// A word of a closed list where it stands.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type, isRequired: Bool = false
    ) -> Choice? where Choice.RawValue == String {
        guard let node = isRequired ? require(key) : take(key) else { return nil }
        if case .text(let text) = node, let choice = Choice(rawValue: text) { return choice }
        let found = if case .text(let text) = node { "`\(text)`" } else { node.kind }
        let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        log.note(place(key), "\(found) is not possible here", "use one of \(allowed)")
        return nil
    }

    private func wrong(_ key: String, _ expected: String, _ node: JSONNode) {
        log.note(place(key), "expected \(expected), found \(node.kind)", "correct the value")
    }
}
