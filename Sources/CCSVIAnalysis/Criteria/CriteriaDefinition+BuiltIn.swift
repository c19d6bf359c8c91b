internal import StrictYAML

extension CriteriaDefinition {
    /// The ids of the published definitions that are built in, `zamboni-2009` first.
    public static let builtInIDs = [
        "zamboni-2009", "mayer-2011", "zivadinov-2013", "brave-dreams-2012", "ctevd-2011",
    ]

    /// The definition that is scored unless another is asked for: `zamboni-2009`.
    ///
    /// - Throws: what is wrong in the embedded file, which only a damaged build has.
    public static func zamboni2009() throws(AnalysisError) -> CriteriaDefinition {
        try parse(zamboni2009Text, file: "Definitions/zamboni-2009.yaml")
    }

    /// The file of `zamboni-2009`, for a site that wants to begin its own from it.
    public static var zamboni2009Text: String { String(decoding: PackageResources.zamboni_2009_yaml, as: UTF8.self) }

    /// The file of a built-in definition; `nil` for an id that is not built in.
    public static func builtInText(_ id: String) -> String? {
        let bytes: [UInt8]? =
            switch id {
            case "zamboni-2009": PackageResources.zamboni_2009_yaml
            case "mayer-2011": PackageResources.mayer_2011_yaml
            case "zivadinov-2013": PackageResources.zivadinov_2013_yaml
            case "brave-dreams-2012": PackageResources.brave_dreams_2012_yaml
            case "ctevd-2011": PackageResources.ctevd_2011_yaml
            default: nil
            }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A built-in definition; `nil` for an id that is not built in.
    ///
    /// - Throws: what is wrong in the embedded file, which only a damaged build has.
    public static func builtIn(_ id: String) throws(AnalysisError) -> CriteriaDefinition? {
        guard let text = builtInText(id) else { return nil }
        return try parse(text, file: "Definitions/\(id).yaml")
    }

    /// Every built-in definition, in the order of `builtInIDs`.
    ///
    /// - Throws: what is wrong in an embedded file, which only a damaged build has.
    public static func allBuiltIn() throws(AnalysisError) -> [CriteriaDefinition] {
        var all: [CriteriaDefinition] = []
        for id in builtInIDs {
            if let definition = try builtIn(id) { all.append(definition) }
        }
        return all
    }

    /// Reads a site's own file, which must not call itself by the id of a published definition that it changes.
    ///
    /// - Throws: everything that is wrong with it, each at its line and column.
    public static func parseSite(_ text: String, file: String) throws(AnalysisError) -> CriteriaDefinition {
        let definition = try parse(text, file: file)
        let id = definition.reference.id
        guard let published = try builtIn(id), published != definition else { return definition }
        let what =
            "`id` is that of a published definition, and the file differs from it: choose an id of your own, "
            + "such as \(id)-site"
        do {
            let log = YAMLLog()
            var map = YAMLMap(try YAMLValue.parse(text, file: file), log: log)
            if let place = map.take("id") { log.note(what, at: place) }
            try log.throwIfAny()
        } catch {
            throw .notReadable(error)
        }
        return definition
    }
}
