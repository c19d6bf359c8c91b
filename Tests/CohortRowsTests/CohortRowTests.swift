import CCSVIAnalysis
import CohortRows
import Foundation
import TestSupport
import Testing

@Suite("Rows of a cohort")
struct CohortRowTests {
    @Test("an exam becomes the line that was worked out by hand")
    func lineByHand() throws {
        let line = try CohortRow(CohortFixture.exam()).line
        let sha = CohortFixture.sha256
        #expect(
            line.hasPrefix(
                "{\"exam\":\"EX-1\",\"subject\":\"S001\",\"startedAt\":\"2026-01-31T10:15:00+01:00\",\"isSimulated\":true,"
                    + "\"isBlinded\":false,\"protocol\":\"standard\",\"protocolVersion\":\"2\",\"recordings\":0,"
                    + "\"recordedSeconds\":0.0,\"examSHA256\":\"\(sha)\",\"recordingsSHA256\":\"\(sha)\","
                    + "\"algorithms\":\"reflux 1; scoring 2\",\"analysis\":\"same\",\"failure\":null,\"changedValues\":0,"
                    + "\"definition\":\"zamboni-2009\",\"definitionVersion\":\"1\",\"c1\":\"notExamined\","))
        #expect(line.contains(",\"zamboni_2009_verdict\":\"indeterminate\",\"zamboni_2009_criteriaMet\":0,"))
        #expect(line.hasSuffix(",\"ctevd_2011_vhissLow\":0,\"ctevd_2011_vhissHigh\":16}\n"))
    }

    @Test("every definition has every criterion, as another reader sees it")
    func otherReader() throws {
        let line = try CohortRow(CohortFixture.exam(limitMm2: 12)).line
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        for definition in ["", "zamboni_2009_", "mayer_2011_", "zivadinov_2013_", "brave_dreams_2012_", "ctevd_2011_"] {
            for column in ["c1", "c2", "c3", "c4", "c5", "verdict"] {
                #expect(object[definition + column] is String, "\(definition)\(column)")
            }
            #expect(object[definition + "c3"] as? String == "met")
        }
    }

    @Test("an exam that failed has its reason and no result")
    func failed() throws {
        let row = try CohortRow(CohortFixture.failed())
        #expect(row.analysis == .failed)
        #expect(row.line.contains("\"analysis\":\"failed\",\"failure\":\"recordingMissing\",\"changedValues\":null,"))
        #expect(row.line.contains("\"verdict\":null,\"criteriaMet\":null,"))
        #expect(try CohortFixture.row(row.line) == row)
    }

    @Test(
        "a line read is the row that was written, whatever the subject's code holds",
        arguments: ["S001", "", "Gräfin, \"J\"", "\\", "a\\\"b", "日本"])
    func roundTrip(subject: String) throws {
        let row = try CohortRow(CohortFixture.exam(subject: subject))
        #expect(try CohortFixture.row(row.line) == row)
        let object = try JSONSerialization.jsonObject(with: Data(row.line.utf8)) as? [String: Any]
        #expect(object?["subject"] as? String == subject)
    }

    @Test("CSV quotes what needs it, and an empty text is not a missing one")
    func csv() throws {
        #expect(try CohortRow(CohortFixture.exam(subject: "a,\"b\"")).csvLine.hasPrefix("EX-1,\"a,\"\"b\"\"\",2026-"))
        #expect(try CohortRow(CohortFixture.exam(subject: "")).csvLine.hasPrefix("EX-1,\"\",2026-"))
        #expect(try CohortRow(CohortFixture.failed()).csvLine.contains(",failed,recordingMissing,,zamboni-2009,"))
    }

    @Test(
        "an id or a code that may not stand in a row is refused",
        arguments: ["", "EX\n1", "Ü", String(repeating: "x", count: 129)])
    func badIDs(id: String) throws {
        let exam = try CohortFixture.exam(id)
        #expect(throws: CohortRowError.self) { try CohortRow(exam) }
    }

    @Test(
        "any other spelling of a row is refused with file and line",
        arguments: [
            ("\"isSimulated\":true", "\"isSimulated\":1"), ("\"recordings\":0", "\"recordings\":00"),
            ("\"recordings\":0", "\"recordings\":-1"), ("\"recordedSeconds\":0.0", "\"recordedSeconds\":0"),
            ("\"recordedSeconds\":0.0", "\"recordedSeconds\":nan"), ("\"exam\":\"EX-1\"", "\"exam\":null"),
            ("\"analysis\":\"same\"", "\"analysis\":\"fine\""), ("\"subject\"", "\"Subject\""),
            ("{\"exam\"", "{ \"exam\""), ("S001", "S\\u0030"), ("}", "} "), ("}", ""),
        ])
    func otherSpellings(was: String, now: String) throws {
        let line = try CohortRow(CohortFixture.exam()).line
        let changed = line.replacingOccurrences(of: was, with: now)
        #expect(changed != line)
        let error = try #require(throws: CohortRowError.self) { try CohortFixture.row(changed) }
        #expect(error.description.hasPrefix("rows.jsonl:3: "))
    }

    @Test("damaged and cut lines never end the program, and none is read as a row", arguments: UInt64(0)..<20)
    func damaged(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let good = Array(try CohortRow(CohortFixture.exam()).line.utf8.dropLast())
        for _ in 0..<50 {
            var bytes = good
            if Bool.random(using: &generator) {
                bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
            } else {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            // A changed letter of a free text is another row; it is never the same one.
            let row: CohortRow
            do { row = try CohortRow(line: bytes, at: CohortFixture.place) } catch { continue }
            #expect(Array(row.line.utf8.dropLast()) == bytes)
        }
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: CohortRow.longestLineBytes + 1)
        #expect(throws: CohortRowError.self) { try CohortRow(line: long, at: CohortFixture.place) }
    }

    @Test("two results of an exam differ in the columns that changed")
    func differences() throws {
        let wide = try CohortRow(CohortFixture.exam())
        let narrow = try CohortRow(CohortFixture.exam(limitMm2: 12))
        let columns = wide.differences(from: narrow).map(\.column)
        #expect(columns.contains("c3") && columns.contains("mayer_2011_c3") && !columns.contains("c1"))
        #expect(wide.differences(from: wide).isEmpty)
        let first = try #require(wide.differences(from: narrow).first)
        #expect(first.description == "c3 \"notExamined\" and \"met\"")
    }

    @Test("the dictionary tells of every column, once, in order")
    func dictionary() throws {
        let lines = MergedTable.dictionaryCSV.split(separator: "\r\n").dropFirst()
        let told = lines.map { String($0.split(separator: ",", omittingEmptySubsequences: false)[1]) }
        #expect(told.joined(separator: ",") + "\r\n" == MergedTable.csvHeader)
        #expect(Set(told).count == told.count)
        #expect(lines.contains { $0.hasPrefix("exams,mayer_2011_c1,word,,met notMet notExamined notAssessable,") })
        #expect(lines.contains { $0.hasPrefix("exams,recordedSeconds,number,s,,") })
    }
}
