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
        if let bundled = BundledScenarios.files.first(where: { $0.name == name }) {
            return try Scenario(yaml: String(decoding: bundled.yaml, as: UTF8.self), file: "\(name).yaml")
        }
        guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
            throw .unknownScenario(name: name, known: names)
        }
        return try scenario(atPath: name)
    }

    /// Longest file that is read, bytes (project choice: that of every YAML file of the program).
    private static let mostBytes = 262_144

    /// A scenario from a file.
    public static func scenario(atPath path: String) throws(ScenarioError) -> Scenario {
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
        return try Scenario(yaml: String(decoding: bytes, as: UTF8.self), file: path)
    }
}
