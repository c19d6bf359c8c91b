import Foundation
import Testing

@Suite("cohort simulate as its own process")
struct CohortSimulateTests {
    @Test("an exam without an operator's error finds what was drawn, and a picture and the exams are kept")
    func drawnAndFound() throws {
        try Program.inTemporaryFolder { folder in
            let arguments = [
                "cohort", "simulate", "--cases", "6", "--controls", "4", "--seed", "3", "--json", "--keep",
                folder + "/kept", "--output", folder + "/picture.png",
            ]
            let run = try Program.run(arguments)
            #expect(run.status == 0, "\(run.errors)")
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
            let recovery = try #require(document["recovery"] as? [[String: Any]])
            #expect(recovery.count == 5)
            for criterion in recovery {
                #expect(criterion["drawn"] as? Int == criterion["found"] as? Int, "\(criterion)")
                #expect(criterion["foundWithout"] as? Int == 0 && criterion["open"] as? Int == 0, "\(criterion)")
            }
            #expect(recovery.contains { ($0["drawn"] as? Int ?? 0) > 0 })
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/picture.png")).starts(with: [0x89, 0x50]))
            let people = try String(contentsOfFile: folder + "/kept/drawn.csv", encoding: .utf8)
            #expect(people.split(separator: "\n").count == 11)
            let again = try Program.run(["exam", "reanalyse", folder + "/kept", "--rows", folder + "/rows.jsonl"])
            #expect(again.output.contains("10 of 10 exams: 10 analysed (10 the same)"), "\(again.output)")
        }
    }

    @Test(
        "wrong options end with 2",
        arguments: [
            (["--cases", "0"], "--cases must be"), (["--operator-error", "angle"], "angle"),
            (["--operator-error", "gate:99"], "gate:99"), (["--prevalences", "mine"], "zamboni-2009"),
            (["--reflux-cutoff-seconds", "0"], "must be 0.05 to 10"),
        ])
    func usage(_ given: [String], _ words: String) throws {
        let run = try Program.run(["cohort", "simulate"] + given)
        #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
    }
}
