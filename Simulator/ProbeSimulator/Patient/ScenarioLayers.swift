internal import StrictYAML

/// A scenario file and the files that it extends.
struct ScenarioLayers {
    /// Finds the file that an `extends` names: its text, the name for problems, and how to find what that one extends.
    struct Opening: Sendable {
        /// Opens by name.
        let open: @Sendable (String) throws(ScenarioError) -> (yaml: String, file: String)
    }

    /// Most files that extend one another in a row (project choice: a person must be able to follow them).
    static let deepest = 8
    /// Most files that a scenario stands on.
    static let mostFiles = 24
    /// What every file says for itself.
    private static let ownKeys: Set<String> = ["schema", "scenario", "description", "extends"]

    /// The files' contents, those that others extend first, each once.
    private(set) var files: [YAMLValue] = []
    private var names: Set<String> = []

    /// Reads the files that a scenario extends.
    ///
    /// - Parameter name: what another file would call it.
    /// - Throws: a circle, too long a chain or a file that cannot be had, at the `extends`; or that file's own problems.
    init(_ root: YAMLValue, name: String, _ opening: Opening) throws(YAMLProblems) {
        try add(root, path: [name], opening)
    }

    private mutating func add(_ file: YAMLValue, path: [String], _ opening: Opening) throws(YAMLProblems) {
        names.insert(path[path.count - 1])
        for extended in try file.extended() {
            func problem(_ what: String) -> YAMLProblems { extended.value.problem(what) }
            let next = extended.name
            guard !path.contains(next) else {
                throw problem("`extends` runs in a circle: \((path + [next]).joined(separator: " -> "))")
            }
            guard path.count < Self.deepest else {
                throw problem("more than \(Self.deepest) files extend one another in a row")
            }
            guard !names.contains(next) else { continue }
            guard names.count < Self.mostFiles else { throw problem("stands on more than \(Self.mostFiles) files") }
            let text: (yaml: String, file: String)
            do throws(ScenarioError) { text = try opening.open(next) } catch { throw problem(error.description) }
            try add(YAMLValue.parse(text.yaml, file: text.file), path: path + [next], opening)
        }
        files.append(file)
    }

    /// All files as one: what a later file says stands, mappings are joined key by key.
    var joined: YAMLValue {
        files.dropFirst().reduce(files[0]) { parent, child in child.joined(over: parent.without(Self.ownKeys)) }
    }

    /// What each file says under a key, in the order of the files.
    func values(_ key: String) -> [YAMLValue] { files.compactMap { $0.entry(key)?.value } }
}

extension YAMLValue {
    /// A mapping's entry.
    fileprivate func entry(_ name: String) -> Entry? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.name == name }
    }

    fileprivate func problem(_ what: String) -> YAMLProblems {
        YAMLProblems([YAMLProblem(file: file, line: line, column: column, what: what)])
    }

    /// The names under `extends`: one, or a list of which a later one's word counts more.
    fileprivate func extended() throws(YAMLProblems) -> [(name: String, value: YAMLValue)] {
        guard let value = entry("extends")?.value else { return [] }
        var found: [(name: String, value: YAMLValue)] = []
        let items: [YAMLValue]
        if case .list(let list) = value.content { items = list } else { items = [value] }
        for item in items {
            guard let name = item.text, !name.isEmpty else {
                throw item.problem(
                    "`extends` must be the name of a bundled scenario or of a .yaml file beside this one, or a list "
                        + "of such names")
            }
            found.append((name, item))
        }
        return found
    }

    fileprivate func without(_ names: Set<String>) -> YAMLValue {
        guard case .mapping(let entries) = content else { return self }
        var value = self
        value.content = .mapping(entries.filter { !names.contains($0.name) })
        return value
    }

    /// This value with what another one has besides; each part keeps its place.
    fileprivate func joined(over parent: YAMLValue) -> YAMLValue {
        guard case .mapping(let own) = content, case .mapping(let others) = parent.content else { return self }
        var joined = others
        for entry in own {
            if let index = joined.firstIndex(where: { $0.name == entry.name }) {
                let value = entry.value.joined(over: joined[index].value)
                joined[index] = entry
                joined[index].value = value
            } else {
                joined.append(entry)
            }
        }
        var value = self
        value.content = .mapping(joined)
        return value
    }
}
