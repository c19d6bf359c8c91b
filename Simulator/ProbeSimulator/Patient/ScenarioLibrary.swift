internal import BundledScenarios
internal import Foundation

/// The scenarios that come with the program, and those in files.
public enum ScenarioLibrary {
    /// Names of the bundled scenarios, sorted.
    public static var names: [String] { BundledScenarios.files.map(\.name).sorted() }

    /// A scenario by the name of a bundled one, or by the path of a `.yaml` file.
    ///
    /// - Throws: when there is none, or when its file is not a scenario, with every problem at its place.
    public static func scenario(named name: String) throws(ScenarioError) -> Scenario {
        if let yaml = bundledText(name) {
            return try Scenario(yaml: yaml, file: "\(name).yaml", name: name, bundled)
        }
        guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
            throw .unknownScenario(name: name, known: names)
        }
        return try scenario(atPath: name)
    }

    private static func bundledText(_ name: String) -> String? {
        BundledScenarios.files.first { $0.name == name }.map { String(decoding: $0.yaml, as: UTF8.self) }
    }

    /// Finds the bundled scenarios for `extends`.
    static let bundled = ScenarioLayers.Opening {
        (name: String) throws(ScenarioError) -> (yaml: String, file: String) in
        guard let yaml = bundledText(name) else { throw .unknownScenario(name: name, known: names) }
        return (yaml, "\(name).yaml")
    }

    /// Finds bundled scenarios and the files in a folder for `extends`; a path into another folder is refused.
    private static func files(in folder: URL) -> ScenarioLayers.Opening {
        ScenarioLayers.Opening { (name: String) throws(ScenarioError) -> (yaml: String, file: String) in
            guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { return try bundled.open(name) }
            guard !name.contains("/") else {
                throw .unreadable(file: name, problem: "lies in another folder: only a file beside this one is read")
            }
            let path = folder.appending(path: name).path
            return (try text(atPath: path), path)
        }
    }

    /// Longest file that is read, bytes (project choice: that of every YAML file of the program).
    private static let mostBytes = 262_144

    /// A scenario from a file, which may extend bundled ones and files beside it.
    public static func scenario(atPath path: String) throws(ScenarioError) -> Scenario {
        let url = URL(filePath: path)
        return try Scenario(
            yaml: text(atPath: path), file: path, name: url.lastPathComponent,
            files(in: url.deletingLastPathComponent()))
    }

    private static func text(atPath path: String) throws(ScenarioError) -> String {
        let bytes: Data
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let url = URL(filePath: path).resolvingSymlinksInPath()
            let kind = try FileManager.default.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType
            guard attributes[.type] != nil, kind == .typeRegular else {
                throw ScenarioError.unreadable(file: path, problem: "is not a file")
            }
            let handle = try FileHandle(forReadingFrom: url)
            bytes = try handle.read(upToCount: mostBytes + 1) ?? Data()
            try handle.close()
        } catch let error as ScenarioError {
            throw error
        } catch {
            throw .unreadable(file: path, problem: "cannot be read (\(error.localizedDescription))")
        }
        guard bytes.count <= mostBytes else {
            throw .unreadable(file: path, problem: "is longer than \(mostBytes) bytes")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
