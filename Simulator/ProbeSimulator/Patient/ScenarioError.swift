/// Why a simulated patient could not be had.
public enum ScenarioError: Error, Sendable, Hashable {
    /// No bundled scenario has this name.
    case unknownScenario(name: String, known: [String])
    /// The scenario's file cannot be read.
    case unreadable(file: String, problem: String)
    /// The file is not a scenario; each problem begins with `file:line:column`.
    case malformed(problems: [String])
    /// No exam has a site with this id.
    case unknownSite(id: String, scenario: String)
}

extension ScenarioError: CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    public var description: String {
        switch self {
        case .unknownScenario(let name, let known):
            "there is no scenario `\(name)`: use one of \(known.joined(separator: ", ")), or the path of a .yaml file"
        case .unreadable(let file, let problem):
            "\(file): \(problem): give the path of a scenario file that this user may read"
        case .malformed(let problems):
            problems.joined(separator: "\n")
        case .unknownSite(let id, let scenario):
            "scenario `\(scenario)` has no site `\(id)`: site ids look like ijv.left.j1.supine, vv.right.sitting "
                + "or bvr.left.transtemporal.supine"
        }
    }
}
