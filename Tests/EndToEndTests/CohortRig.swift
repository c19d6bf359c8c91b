import Foundation
import TestSupport

/// A folder of many small exams: a few simulated ones under many ids, their recordings by hard links.
struct CohortRig {
    let path: String
    /// The folder that holds the exams.
    var exams: String { path + "/exams" }

    /// Makes the exams for a test, and removes everything afterwards.
    static func with(_ count: Int, _ body: (CohortRig) throws -> Void) throws {
        try Program.inTemporaryFolder { folder in
            let rig = CohortRig(path: folder)
            let protocolFile = try SiteProtocol.write(
                in: folder, holding: ["vertebral", "posture: supine"], seconds: 3)
            let originals = try ["healthy", "only-c4", "only-c1"].map { scenario in
                let exam = folder + "/" + scenario
                _ = try Program.run(
                    [
                        "exam", "run", "--probe", "sim:" + scenario, "--protocol", protocolFile, "--output", exam,
                        "--exam-id", "ORIGINAL",
                    ])
                return exam
            }
            for number in 0..<count {
                try rig.copy(originals[number % originals.count], as: "EX-\(number)", into: rig.exams + "/e\(number)")
            }
            try body(rig)
        }
    }

    /// Copies an exam under another id.
    func copy(_ exam: String, as id: String, into folder: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder + "/recordings", withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: exam + "/recordings") {
            try files.linkItem(atPath: exam + "/recordings/" + name, toPath: folder + "/recordings/" + name)
        }
        try files.copyItem(atPath: exam + "/protocol.yaml", toPath: folder + "/protocol.yaml")
        let text = try String(contentsOfFile: exam + "/exam.json", encoding: .utf8)
        try Data(text.replacing("\"ORIGINAL\"", with: "\"\(id)\"").utf8)
            .write(to: URL(fileURLWithPath: folder + "/exam.json"))
    }

    /// What one part is run with.
    func arguments(_ shard: String, rows: String) -> [String] {
        ["exam", "reanalyse", exams, "--shard", shard, "--rows", rows]
    }

    /// The bytes of the table of some rows.
    func table(_ rows: [String], _ name: String) throws -> [String: Data] {
        let folder = path + "/" + name
        let run = try Program.run(["cohort", "merge"] + rows + ["--output", folder])
        guard run.status == 0 else { throw Failed(words: run.errors) }
        return Dictionary(
            uniqueKeysWithValues: try FileManager.default.contentsOfDirectory(atPath: folder).map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)))
            })
    }

    /// A merge that did not come to its end.
    struct Failed: Error { var words: String }
}
