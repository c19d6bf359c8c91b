/// Reads the keys of one mapping; every problem goes to the log, and what was not read is unknown.
///
/// A reader asks for each key that it knows, then calls `finish`. It uses what it read only after
/// `YAMLLog.throwIfAny` has passed: until then `nil` may stand for a value that could not be read.
public struct YAMLMap {
    /// The mapping itself, for its place.
    public let value: YAMLValue
    private let log: YAMLLog
    private var rest: [String: YAMLValue] = [:]
    private var known: [String] = []

    /// Opens a mapping; anything else is noted and reads as empty.
    public init(_ value: YAMLValue, log: YAMLLog) {
        self.value = value
        self.log = log
        guard case .mapping(let entries) = value.content else {
            log.note("expected a mapping of keys to values, found \(value.kind)", at: value)
            return
        }
        for entry in entries { rest[entry.name] = entry.value }
    }

    /// The keys that were not asked for yet, in no order.
    public var remainingKeys: [String] { Array(rest.keys) }

    /// Takes a key's value; `nil` where it does not stand.
    public mutating func take(_ key: String) -> YAMLValue? {
        known.append(key)
        return rest.removeValue(forKey: key)
    }

    /// Takes a key's value and notes when it does not stand.
    public mutating func require(_ key: String) -> YAMLValue? {
        let found = take(key)
        if found == nil { log.note("key `\(key)` is missing", at: value) }
        return found
    }

    /// Notes every key that was not asked for.
    public func finish() {
        guard case .mapping(let entries) = value.content else { return }
        for entry in entries where rest[entry.name] != nil {
            let allowed = known.sorted().joined(separator: ", ")
            log.note("unknown key `\(entry.name)`: allowed are \(allowed)", at: entry.key)
        }
    }

    /// A required text that is not empty.
    public mutating func string(_ key: String) -> String? { require(key).flatMap { $0.string(key, log) } }

    /// A text where it stands.
    public mutating func optionalString(_ key: String) -> String? { take(key).flatMap { $0.string(key, log) } }

    /// A required whole number; `0x` hexadecimal is understood.
    public mutating func int(_ key: String, in range: ClosedRange<Int>) -> Int? {
        require(key).flatMap { $0.int(key, in: range, log) }
    }

    /// A whole number where it stands.
    public mutating func optionalInt(_ key: String, in range: ClosedRange<Int>) -> Int? {
        take(key).flatMap { $0.int(key, in: range, log) }
    }

    /// A required finite number.
    public mutating func double(_ key: String, in range: ClosedRange<Double>) -> Double? {
        require(key).flatMap { $0.double(key, in: range, log) }
    }

    /// A finite number where it stands.
    public mutating func optionalDouble(_ key: String, in range: ClosedRange<Double>) -> Double? {
        take(key).flatMap { $0.double(key, in: range, log) }
    }

    /// A required `true` or `false`.
    public mutating func bool(_ key: String) -> Bool? { require(key).flatMap { $0.bool(key, log) } }

    /// `true` or `false` where it stands.
    public mutating func optionalBool(_ key: String) -> Bool? { take(key).flatMap { $0.bool(key, log) } }

    /// A required word of a closed list.
    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        require(key).flatMap { $0.choice(key, of: type, log) }
    }

    /// A word of a closed list where it stands.
    public mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        take(key).flatMap { $0.choice(key, of: type, log) }
    }

    /// A required mapping.
    public mutating func map(_ key: String) -> YAMLMap? { require(key).map { YAMLMap($0, log: log) } }

    /// A mapping where it stands.
    public mutating func optionalMap(_ key: String) -> YAMLMap? { take(key).map { YAMLMap($0, log: log) } }

    /// The items of a required list.
    public mutating func list(_ key: String) -> [YAMLValue] { require(key).map { $0.items(key, log) } ?? [] }

    /// The items of a list; none where it does not stand.
    public mutating func optionalList(_ key: String) -> [YAMLValue] { take(key).map { $0.items(key, log) } ?? [] }
}

extension YAMLValue {
    /// The text of a scalar that is not empty.
    public func string(_ name: String, _ log: YAMLLog) -> String? {
        guard let text, !text.isEmpty else {
            log.note("`\(name)` must be a text, found \(text == nil ? kind : "nothing")", at: self)
            return nil
        }
        return text
    }

    /// A whole number within a range.
    public func int(_ name: String, in range: ClosedRange<Int>, _ log: YAMLLog) -> Int? {
        let digits = text?.replacing("_", with: "") ?? ""
        let number = digits.hasPrefix("0x") ? Int(digits.dropFirst(2), radix: 16) : Int(digits)
        guard let number, range.contains(number) else {
            let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            log.note("`\(name)` must be \(allowed), found \(text ?? kind)", at: self)
            return nil
        }
        return number
    }

    /// A finite number within a range.
    public func double(_ name: String, in range: ClosedRange<Double>, _ log: YAMLLog) -> Double? {
        guard let text, let number = Double(text), number.isFinite, range.contains(number) else {
            let allowed = "a number from \(range.lowerBound) to \(range.upperBound)"
            log.note("`\(name)` must be \(allowed), found \(self.text ?? kind)", at: self)
            return nil
        }
        return number
    }

    /// `true` or `false`, nothing else.
    public func bool(_ name: String, _ log: YAMLLog) -> Bool? {
        guard let text, let flag = Bool(text) else {
            log.note("`\(name)` must be true or false, found \(self.text ?? kind)", at: self)
            return nil
        }
        return flag
    }

    /// A word of a closed list.
    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type, _ log: YAMLLog
    ) -> Choice? where Choice.RawValue == String {
        guard let text, let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            log.note("`\(name)` must be one of \(allowed), found \(self.text ?? kind)", at: self)
            return nil
        }
        return choice
    }

    /// The items of a list.
    public func items(_ name: String, _ log: YAMLLog) -> [YAMLValue] {
        guard case .list(let items) = content else {
            log.note("`\(name)` must be a list, found \(kind)", at: self)
            return []
        }
        return items
    }
}
