internal import StrictYAML

extension ExamProtocol {
    /// The ids of the protocols that are built in, `standard` first.
    public static let builtInIDs = ["standard", "buffalo-45min", "neck-short", "azygos-extended", "research-repeat"]

    /// The protocol that is followed unless another is asked for: `standard`.
    ///
    /// - Throws: what is wrong in the embedded file, which only a damaged build has.
    public static func standard() throws(AnalysisError) -> ExamProtocol {
        try parse(standardText, file: "Protocols/standard.yaml")
    }

    /// The file of `standard`, for a site that wants to begin its own from it.
    public static var standardText: String { String(decoding: PackageResources.standard_yaml, as: UTF8.self) }

    /// The file of a built-in protocol; `nil` for an id that is not built in.
    public static func builtInText(_ id: String) -> String? {
        let bytes: [UInt8]? =
            switch id {
            case "standard": PackageResources.standard_yaml
            case "buffalo-45min": PackageResources.buffalo_45min_yaml
            case "neck-short": PackageResources.neck_short_yaml
            case "azygos-extended": PackageResources.azygos_extended_yaml
            case "research-repeat": PackageResources.research_repeat_yaml
            default: nil
            }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A built-in protocol; `nil` for an id that is not built in.
    ///
    /// - Throws: what is wrong in the embedded file, which only a damaged build has.
    public static func builtIn(_ id: String) throws(AnalysisError) -> ExamProtocol? {
        guard let text = builtInText(id) else { return nil }
        return try parse(text, file: "Protocols/\(id).yaml")
    }

    /// Every built-in protocol, in the order of `builtInIDs`.
    ///
    /// - Throws: what is wrong in an embedded file, which only a damaged build has.
    public static func allBuiltIn() throws(AnalysisError) -> [ExamProtocol] {
        var all: [ExamProtocol] = []
        for id in builtInIDs {
            if let plan = try builtIn(id) { all.append(plan) }
        }
        return all
    }

    /// Reads a site's own file, which must not call itself by the id of a built-in protocol that it changes.
    ///
    /// - Throws: everything that is wrong with it, each at its line and column.
    public static func parseSite(_ text: String, file: String) throws(AnalysisError) -> ExamProtocol {
        let plan = try parse(text, file: file)
        let id = plan.reference.id
        guard let builtIn = try builtIn(id), builtIn != plan else { return plan }
        do {
            let log = YAMLLog()
            var map = YAMLMap(try YAMLValue.parse(text, file: file), log: log)
            if let place = map.take("id") {
                log.note(
                    "`id` is that of a built-in protocol, and the file differs from it: choose an id of your own, such as "
                        + "\(id)-site", at: place)
            }
            try log.throwIfAny()
        } catch {
            throw .notReadable(error)
        }
        return plan
    }
}
