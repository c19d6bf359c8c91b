/// A value of a YAML file with its place: a scalar as it was written, a list or a mapping.
///
/// Anchors, aliases, tags, merge keys, duplicate keys and several documents in a file are refused: what a
/// person reads in the file is what the program reads.
public struct YAMLValue: Sendable, Hashable {
    /// What stands there.
    public enum Content: Sendable, Hashable {
        /// Text as written, without quotes.
        case scalar(String)
        /// The items of a list.
        case list([YAMLValue])
        /// Keys, each with its own place, and values, in the order of the file.
        case mapping([Entry])
    }

    /// One key of a mapping with its value.
    public struct Entry: Sendable, Hashable {
        /// The key; its content is a scalar.
        public var key: YAMLValue
        /// The key's text.
        public var name: String
        /// The value.
        public var value: YAMLValue
    }

    /// The file's name as it was given.
    public var file: String
    /// Line, from 1.
    public var line: Int
    /// Column, from 1.
    public var column: Int
    /// What stands there.
    public var content: Content

    /// The scalar's text; `nil` for lists and mappings.
    public var text: String? {
        guard case .scalar(let text) = content else { return nil }
        return text
    }

    /// What kind of value it is, in words.
    var kind: String {
        switch content {
        case .scalar: "a single value"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
