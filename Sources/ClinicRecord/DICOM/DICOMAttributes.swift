internal import CDICOM

/// Attributes of a data set by their paths: `00400100[0].00080060`, tags in hexadecimal and items counted from 0.
///
/// The order stays, so that the same step gives the same bytes.
public struct DICOMAttributes: Sendable, Hashable {
    /// Paths and values.
    public private(set) var entries: [Entry] = []

    /// One attribute.
    public struct Entry: Sendable, Hashable, Codable {
        /// Where it stands.
        public var path: String
        /// Its value as text.
        public var value: String
    }

    /// No attribute.
    public init() {}

    /// Adds attributes, empty ones included.
    mutating func add(_ pairs: KeyValuePairs<String, String?>) {
        for (path, value) in pairs { entries.append(Entry(path: path, value: value ?? "")) }
    }

    /// The value at a path without the spaces around it; `nil` where nothing stands.
    func text(_ path: String) -> String? {
        guard let value = entries.first(where: { $0.path == path })?.value else { return nil }
        let padding: (Character) -> Bool = { $0 == " " || $0 == "\0" }
        let start = value.drop(while: padding)
        let end = start.lastIndex { !padding($0) }
        return end.map { String(start[...$0]) }
    }

    /// The attributes as C gives them.
    init(_ list: UnsafePointer<cdicom_attribute>?, _ count: Int) {
        for entry in UnsafeBufferPointer(start: list, count: list == nil ? 0 : count) {
            guard let path = entry.path, let value = entry.value else { continue }
            entries.append(Entry(path: String(cString: path), value: String(cString: value)))
        }
    }

    /// The attributes as C wants them, for as long as the texts live.
    func list(_ texts: CTexts) -> [cdicom_attribute] {
        entries.map { cdicom_attribute(path: texts.add($0.path), value: texts.add($0.value)) }
    }
}
