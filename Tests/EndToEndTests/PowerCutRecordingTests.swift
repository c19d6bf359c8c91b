import Acquisition
import Foundation
import TestSupport
import Testing

@Suite("an exam whose computer loses its power")
struct PowerCutRecordingTests {
    /// Power cuts at places by chance, the first behind everything.
    private static let cuts: UInt64 = 200
    /// Of these so many exams are gone on with: it takes longer.
    private static let continued: UInt64 = 8

    /// What stood in the exam's folder after each step that was told as done, by the line that told it.
    private static func told(_ records: ArraySlice<DiskRecord>) -> Int {
        let text = records.filter { $0.kind == .told }.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
        return text.split(separator: "\n").count { $0.hasPrefix("[") }
    }

    @Test("every recording whose step was told as done is whole, and the exam goes on")
    func powerCut() throws {
        try Program.inTemporaryFolder { folder in
            guard let library = try PreloadedLibrary.build("record", in: folder) else {
                return print("skipped: no C compiler")
            }
            let root = folder + "/disk"
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            let file = try SiteProtocol.write(in: folder, holding: SiteProtocol.rightJugular, seconds: 4)
            let empty = try LossyDisk(root)
            let log = folder + "/log"
            let run = try Program.run(
                ["exam", "run", "--probe", "sim:healthy", "--protocol", file, "--output", root + "/exam"],
                through: "export LD_PRELOAD='\(library)' WATCH_FOLDER='\(root)' WATCH_LOG='\(log)';")
            #expect(run.status == 1, "a criterion is open: \(run.errors)")
            let records = try DiskRecord.read(log)
            #expect(records.count > 50 && Self.told(records[...]) == 3)
            let names = try FileManager.default.contentsOfDirectory(atPath: root + "/exam/recordings").sorted()
            #expect(names.count == 3)
            let exam = try Data(contentsOf: URL(fileURLWithPath: root + "/exam/exam.json"))
            var random = SeededGenerator(seed: 3)
            for seed in 0..<Self.cuts {
                let count = seed == 0 ? records.count : Int.random(in: 0...records.count, using: &random)
                let left = folder + "/left"
                try empty.cut(after: count, of: records, seed: seed, to: left)
                let done = Self.told(records.prefix(count))
                for name in names.prefix(done) {
                    let recording = try Recording(path: left + "/exam/recordings/" + name)
                    #expect(recording.isWhole, "seed \(seed), after \(count) of \(records.count) calls: \(name)")
                }
                if seed == 0 { #expect(try Data(contentsOf: URL(fileURLWithPath: left + "/exam/exam.json")) == exam) }
                if done > 0, seed < Self.continued { try expectGoesOn(left + "/exam", done: done, "seed \(seed)") }
                try FileManager.default.removeItem(atPath: left)
            }
        }
    }

    /// The exam ends as one that was not interrupted: every step with a whole take.
    private func expectGoesOn(_ exam: String, done: Int, _ place: String) throws {
        let run = try Program.run(["exam", "run", "--continue", "--output", exam])
        // Finished already: what was cut off came after its end.
        guard run.status != 5 else { return #expect(done == 3, "\(place): \(run.errors)") }
        #expect(run.status == 1, "\(place): \(run.errors)")
        let again = try Program.run(["exam", "reanalyse", exam])
        #expect(again.output.contains("byte for byte"), "\(place): \(again.output)\(again.errors)")
    }
}
