import Foundation

/// An archive of the program, with the folder of one exam, for tests with real processes.
struct ArchiveRig {
    let path: String

    var archive: String { path + "/archive" }
    var exam: String { path + "/EX-1" }

    /// A real exam's folder, run once, without the recordings that its document names: small, so that hundreds of runs
    /// are short.
    private static let made: (document: Data, report: Data)? = {
        // Sound: without the exam every test that needs it fails at its first line.
        let whole = try? Program.temporaryFolder()
        guard let whole else { return nil }
        defer { try? FileManager.default.removeItem(atPath: whole) }
        let run = try? Program.run([
            "exam", "run", "--probe", "sim:incomplete", "--output", whole + "/exam", "--exam-id", "EX-1", "--subject",
            "S001", "--report",
        ])
        guard run?.status == 1, let bytes = FileManager.default.contents(atPath: whole + "/exam/exam.json"),
            var document = try? JSONSerialization.jsonObject(with: bytes) as? [String: Any],
            let report = FileManager.default.contents(atPath: whole + "/exam/report.pdf")
        else { return nil }
        document["recordings"] = [Any]()
        return (try? JSONSerialization.data(withJSONObject: document)).map { ($0, report) }
    }()

    /// Runs a test with an empty archive and an exam's folder.
    static func with(_ body: (ArchiveRig) throws -> Void) throws {
        guard let made else { throw CocoaError(.fileReadUnknown) }
        try Program.inTemporaryFolder { folder in
            let rig = ArchiveRig(path: folder)
            let recordings = rig.exam + "/recordings"
            try FileManager.default.createDirectory(atPath: recordings, withIntermediateDirectories: true)
            try made.document.write(to: URL(fileURLWithPath: rig.exam + "/exam.json"))
            try made.report.write(to: URL(fileURLWithPath: rig.exam + "/report.pdf"))
            for name in ["01", "02", "03"] {
                try Data(repeating: 7, count: 20_000).write(to: URL(fileURLWithPath: recordings + "/\(name).dbrec"))
            }
            _ = try rig.run("init")
            try body(rig)
        }
    }

    /// Runs `archive VERB` on the archive.
    func run(_ verb: String, _ arguments: [String] = [], through prefix: String = "") throws -> Program.Result {
        try Program.run(["archive", verb, archive] + arguments, through: prefix)
    }

    /// Runs a shell script with mounts of its own; `nil` where nothing may be mounted.
    func mounted(_ script: String) throws -> String? {
        let whole = """
            mkdir "$1/disk" && mount -t tmpfs -o size=1m none "$1/disk" || exit 99
            \(script)
            """
        let run = try Program.tool("/usr/bin/unshare", ["-m", "bash", "-c", whole, Program.path, path])
        guard run.status != 99, !run.output.hasPrefix("unshare:") else { return nil }
        return run.output
    }
}
