internal import StrictYAML

/// Reads one section of a YAML file whose keys are parameters: `{ value, source, projectChoice }`.
///
/// What cannot be read is noted in the log and stands in for by a fallback, which is never used: the log throws first.
struct ParameterReader {
    /// The section's keys.
    var map: YAMLMap
    private let log: YAMLLog

    /// A reader of a mapping.
    init(_ map: YAMLMap, log: YAMLLog) {
        self.map = map
        self.log = log
    }

    /// A required section.
    mutating func section(_ key: String) -> ParameterReader {
        ParameterReader(map.map(key) ?? YAMLMap(empty, log: log), log: log)
    }

    /// The keys that every file of this module begins with.
    mutating func reference(schema: Int, citationKey: String) -> Reference {
        _ = map.int("schema", in: schema...schema)
        return Reference(
            id: map.string("id") ?? "", version: map.string("version") ?? "", title: map.string("title") ?? "",
            citation: map.string(citationKey) ?? "")
    }

    /// A number within a range.
    mutating func double(_ key: String, in range: ClosedRange<Double>) -> Parameter<Double> {
        parameter(key, fallback: range.lowerBound) { $0.double(key, in: range, $1) }
    }

    /// A whole number within a range.
    mutating func int(_ key: String, in range: ClosedRange<Int>) -> Parameter<Int> {
        parameter(key, fallback: range.lowerBound) { $0.int(key, in: range, $1) }
    }

    /// `true` or `false`.
    mutating func bool(_ key: String) -> Parameter<Bool> {
        parameter(key, fallback: false) { $0.bool(key, $1) }
    }

    /// A word of a closed list.
    mutating func choice<Choice: RawRepresentable & CaseIterable & Sendable & Hashable>(
        _ key: String, fallback: Choice, excluding excluded: [Choice] = []
    ) -> Parameter<Choice> where Choice.RawValue == String {
        parameter(key, fallback: fallback) { Self.choice(key, $0, excluding: excluded, $1) }
    }

    /// A list of words of a closed list, each at most once.
    mutating func choices<Choice: RawRepresentable & CaseIterable & Sendable & Hashable>(
        _ key: String, excluding excluded: [Choice] = [], mayBeEmpty: Bool = false
    ) -> Parameter<[Choice]> where Choice.RawValue == String {
        parameter(key, fallback: []) { value, log in
            let choices = value.items(key, log).compactMap { Self.choice(key, $0, excluding: excluded, log) }
            if Set(choices).count != choices.count { log.note("`\(key)` names something twice", at: value) }
            if choices.isEmpty, !mayBeEmpty { log.note("`\(key)` must name at least one", at: value) }
            return choices
        }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ key: String, _ value: YAMLValue, excluding excluded: [Choice], _ log: YAMLLog
    ) -> Choice? where Choice.RawValue == String {
        guard let choice = value.choice(key, of: Choice.self, log) else { return nil }
        guard !excluded.contains(choice) else {
            let allowed = Choice.allCases.filter { !excluded.contains($0) }.map(\.rawValue).joined(separator: ", ")
            log.note("`\(key)` cannot be \(choice.rawValue) here: allowed are \(allowed)", at: value)
            return nil
        }
        return choice
    }

    private mutating func parameter<Value>(
        _ key: String, fallback: Value, read: (YAMLValue, YAMLLog) -> Value?
    ) -> Parameter<Value> {
        guard var fields = map.map(key) else { return Parameter(fallback, source: "", projectChoice: true) }
        let value = fields.require("value").flatMap { read($0, log) }
        let parameter = Parameter(
            value ?? fallback, source: fields.string("source") ?? "",
            projectChoice: fields.bool("projectChoice") ?? true)
        fields.finish()
        return parameter
    }

    /// Stands in for a section that is missing, so that its keys are still asked for.
    private var empty: YAMLValue {
        var value = map.value
        value.content = .mapping([])
        return value
    }
}
