import Foundation
import Testing

@Suite("an area measured in a picture goes into an exam")
struct MeasuredAreaTests {
    private static let calipers = ["--ellipse=-5,15,5,15,0,11,0,19"]

    /// A picture of a site and an exam beside it.
    private func made(in folder: String) throws -> (picture: String, exam: String) {
        let (picture, exam) = (folder + "/neck.dbrec", folder + "/exam")
        let acquired = try Program.run([
            "acquire", "--probe", "sim:healthy", "--b-mode", "--site", "ijv.left.j2.supine", "--seconds", "1",
            "--output",
            picture,
        ])
        #expect(acquired.status == 0, "\(acquired.errors)")
        let run = try Program.run(["exam", "run", "--probe", "sim:healthy", "--output", exam])
        #expect(run.status == 0, "\(run.errors)")
        return (picture, exam)
    }

    private func areas(_ exam: String, _ name: String) throws -> [[String: Any]] {
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: exam + "/" + name)))
        let object = try #require(document as? [String: Any])
        let measurements = name == "exam.json" ? object["measurements"] as? [String: Any] : object
        return try #require(measurements?["lumenAreas"] as? [[String: Any]])
    }

    @Test("it is scored with its provenance, the value before stays listed, and the exam is still valid")
    func entered() throws {
        try Program.inTemporaryFolder { folder in
            let (picture, exam) = try made(in: folder)
            let run = try Program.run(
                ["image", picture, "--into", exam, "--phase", "endExpiration"] + Self.calipers)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errors.contains("superseded"))
            for name in ["exam.json", "bedside.json"] {
                let area = try #require(
                    try areas(exam, name).first {
                        $0["side"] as? String == "left" && $0["level"] as? String == "j2"
                            && $0["posture"] as? String == "supine"
                    })
                #expect(area["method"] as? String == "ellipse")
                let source = try #require(area["picture"] as? [String: Any])
                #expect(source["recordingFile"] as? String == "neck.dbrec")
                #expect(source["frame"] as? Int == 0)
                #expect(source["isSimulated"] as? Bool == true)
                let before = try #require(area["superseded"] as? [[String: Any]])
                #expect(before.count == 1)
                #expect(before.first?["method"] as? String == "entered")
            }
            let scored = try Program.run(["exam", "score", exam])
            #expect(scored.output.contains("mm² (ellipse, end of expiration)"))
            let shown = try Program.run(["exam", "show", exam])
            #expect(shown.output.contains("area, left J2 supine: "))
            if Python.hasJSONSchema {
                #expect(try Python.problems(of: exam + "/exam.json", under: "exam.schema.json") == "")
            }
            let again = try Program.run(["exam", "reanalyse", exam])
            #expect(again.status == 0, "\(again.errors)\(again.output)")
        }
    }

    @Test("a picture of another place is refused, and the exam stays as it is")
    func otherPlace() throws {
        try Program.inTemporaryFolder { folder in
            let (picture, exam) = try made(in: folder)
            let before = try Data(contentsOf: URL(fileURLWithPath: exam + "/exam.json"))
            let run = try Program.run(
                ["image", picture, "--into", exam, "--site", "ijv.right.j2"] + Self.calipers)
            #expect(run.status == 2)
            #expect(run.errors.contains("the recording is of ijv.left.j2.supine, not of ijv.right.j2.supine"))
            let other = try Program.run(
                ["image", picture, "--into", exam, "--definition", "mayer-2011"] + Self.calipers)
            #expect(other.status != 0)
            let nothing = try Program.run(["image", picture, "--into", exam])
            #expect(nothing.status == 1)
            #expect(try Data(contentsOf: URL(fileURLWithPath: exam + "/exam.json")) == before)
        }
    }

    @Test("the comparison of definitions and the follow-up follow their published schemas")
    func schemas() throws {
        guard Python.hasJSONSchema else { return }
        try Program.inTemporaryFolder { folder in
            let exams = [("a", "sim:healthy-septum"), ("b", "sim:ccsvi")].map { (folder + "/" + $0.0, $0.1) }
            for (path, probe) in exams {
                _ = try Program.run([
                    "exam", "run", "--probe", probe, "--subject", "S", "--exam-id", path, "--output", path,
                ])
                try setStart(of: path, path.hasSuffix("a") ? "2026-01-10T09:00:00Z" : "2026-07-10T09:00:00Z")
            }
            for (arguments, schema, module) in [
                (
                    ["exam", "score", exams[0].0, "--definition", "all", "--json"], "definition-comparison",
                    "CCSVIAnalysis"
                ),
                (["exam", "compare", exams[0].0, exams[1].0, "--json"], "follow-up", "FollowUp"),
            ] {
                let run = try Program.run(arguments)
                let document = folder + "/document.json"
                try Data(run.output.utf8).write(to: URL(fileURLWithPath: document))
                #expect(try Python.problems(of: document, under: "\(schema).schema.json", in: module) == "")
            }
            let printed = try Program.run(["exam", "compare", "--schema"])
            #expect(printed.output.contains("dopplerbridge-follow-up-1"))
        }
    }

    /// Sets an exam's start, so that two made in one second are apart.
    private func setStart(of exam: String, _ start: String) throws {
        let url = URL(fileURLWithPath: exam + "/exam.json")
        var document = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        document["startedAt"] = start
        try JSONSerialization.data(withJSONObject: document).write(to: url)
    }
}
