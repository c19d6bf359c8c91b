import Foundation

/// The last run of each fuzzer, as `.ci/fuzz` wrote it down.
struct FuzzSummary: Codable {
    struct Reader: Codable {
        var seconds: Int
        var executions: Int
        var edges: Int
        var findings: Int
    }

    var readers: [String: Reader]

    /// Reads the summary; `nil` where no fuzzer has been run here.
    static func read() -> FuzzSummary? {
        guard let bytes = FileManager.default.contents(atPath: "out/fuzz/summary.json") else { return nil }
        do {
            return FuzzSummary(readers: try JSONDecoder().decode([String: Reader].self, from: bytes))
        } catch {
            return nil
        }
    }
}
