import Foundation

/// A site's own protocol: a few lines of a built-in one under an id of its own.
enum SiteProtocol {
    /// Writes a protocol of the steps whose lines hold all of some words, each so many seconds long.
    ///
    /// - Returns: the file's path.
    static func write(
        in folder: String, from id: String = "neck-short", holding words: [String], seconds: Int = 6,
        restSeconds: Int = 120
    ) throws -> String {
        let text = try Program.run(["exam", "protocols", id, "--yaml"]).output
        var isStep = false
        var isArea = false
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if !line.hasPrefix(" ") && !line.hasPrefix("#") && !line.isEmpty {
                isStep = line == "steps:"
                isArea = line == "areas:"
            }
            if isStep, line.hasPrefix("  - {"), !words.allSatisfy(line.contains) { continue }
            if isArea, line.hasPrefix("  - "), line != "  - { side: right, level: j1, posture: supine }" { continue }
            lines.append(line)
        }
        let changed = lines.joined(separator: "\n")
            .replacing("id: \(id)\n", with: "id: our-clinic\n")
            .replacing(/seconds: \d+, least/, with: "seconds: \(seconds), least")
            .replacing(
                "findings: [breathingPhase, lumenDefects]",
                with: "findings: [breathingPhase, lumenDefects, leafletMotion]"
            )
            .replacing("restAfterPostureChangeSeconds: 120", with: "restAfterPostureChangeSeconds: \(restSeconds)")
        let path = folder + "/our-clinic.yaml"
        try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// The three levels of the right jugular vein, lying down.
    static let rightJugular = ["internalJugular", "side: right", "posture: supine"]
}
