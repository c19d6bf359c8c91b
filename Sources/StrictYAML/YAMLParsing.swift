internal import Yams

extension YAMLValue {
    /// The longest file that is read, bytes (project choice: a hundred times the largest profile).
    public static let maximumBytes = 262_144
    /// The deepest nesting that is read (project choice: far beyond any profile; the parser recurses).
    public static let maximumDepth = 32

    /// Reads one YAML document.
    ///
    /// - Parameter file: the name that problems are reported under.
    /// - Throws: what is wrong, at its line and column.
    public static func parse(_ text: String, file: String) throws(YAMLProblems) -> YAMLValue {
        func problem(_ line: Int, _ column: Int, _ what: String) -> YAMLProblems {
            YAMLProblems([YAMLProblem(file: file, line: line, column: column, what: what)])
        }
        guard text.utf8.count <= maximumBytes else {
            throw problem(1, 1, "the file is longer than \(maximumBytes) bytes: this is not a file of this program")
        }
        if let line = lineOfDeepNesting(text) {
            throw problem(line, 1, "nested deeper than \(maximumDepth) levels")
        }
        let root: Node?
        let parser: Parser
        do {
            parser = try Parser(yaml: text)
            root = try parser.singleRoot()
        } catch let error as YamlError {
            throw YAMLProblems([YAMLProblem(error, file: file)])
        } catch {
            throw problem(1, 1, "\(error)")
        }
        guard let root else { throw problem(1, 1, "the file is empty") }
        // Anchors are held weakly by the nodes and strongly by the parser.
        let log = YAMLLog()
        let value = withExtendedLifetime(parser) { YAMLValue(root, file: file, depth: 0, log: log) }
        try log.throwIfAny()
        return value
    }

    /// The line at which brackets or list marks nest too deeply for a recursive parser.
    private static func lineOfDeepNesting(_ text: String) -> Int? {
        var brackets = 0
        var line = 1
        var marks = 0
        var atStart = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                marks = 0
                atStart = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): if atStart { marks += 1 }
            case UInt8(ascii: " "), UInt8(ascii: "\t"): break
            default: atStart = false
            }
            if brackets > maximumDepth || marks > maximumDepth { return line }
        }
        return nil
    }

    private init(_ node: Node, file: String, depth: Int, log: YAMLLog) {
        let mark = node.mark
        self.init(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1, content: .scalar(""))
        guard depth <= Self.maximumDepth else {
            log.note("nested deeper than \(Self.maximumDepth) levels", at: self)
            return
        }
        if node.anchor != nil {
            log.note("anchors (&name) and aliases (*name) are not allowed: repeat the value", at: self)
        }
        switch node {
        case .scalar(let scalar):
            content = .scalar(scalar.string)
        case .sequence(let sequence):
            content = .list(sequence.map { YAMLValue($0, file: file, depth: depth + 1, log: log) })
        case .mapping(let mapping):
            content = .mapping(Self.entries(of: mapping, file: file, depth: depth, log: log))
        case .alias:
            log.note("aliases (*name) are not allowed: repeat the value", at: self)
        }
        if !Self.plainTags.contains(node.tag.description) {
            log.note("tags (\(node.tag.description)) are not allowed", at: self)
        }
    }

    /// The tags that a plain value gets without being told.
    private static let plainTags: Set<String> = [
        "", "!", "?", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:float", "tag:yaml.org,2002:int",
        "tag:yaml.org,2002:map", "tag:yaml.org,2002:null", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:str",
        "tag:yaml.org,2002:timestamp",
    ]

    private static func entries(of mapping: Node.Mapping, file: String, depth: Int, log: YAMLLog) -> [Entry] {
        var names: Set<String> = []
        return mapping.compactMap { pair in
            let key = YAMLValue(pair.key, file: file, depth: depth + 1, log: log)
            guard let name = key.text else {
                log.note("a key must be a single word", at: key)
                return nil
            }
            if !names.insert(name).inserted { log.note("key `\(name)` stands here twice", at: key) }
            return Entry(key: key, name: name, value: YAMLValue(pair.value, file: file, depth: depth + 1, log: log))
        }
    }
}

extension YAMLProblem {
    fileprivate init(_ error: YamlError, file: String) {
        switch error {
        case .scanner(_, let what, let mark, _), .parser(_, let what, let mark, _), .composer(_, let what, let mark, _):
            self.init(file: file, line: mark.line, column: mark.column, what: "not valid YAML: \(what)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "\($0)" }.joined(separator: ", ")
            self.init(
                file: file, line: context.mark.line, column: context.mark.column,
                what: "key `\(names)` stands here twice")
        default:
            self.init(file: file, line: 1, column: 1, what: "not valid YAML: \(error)")
        }
    }
}
