import DopplerQA
import Foundation
import Testing

@Suite("The record of quality assurance")
struct QARecordTests {
    static let day = 86_400.0
    static let first = Date(timeIntervalSince1970: 1_767_225_600)  // 2026-01-01

    private func record(daysLater: Double, failed: Bool = false, isFull: Bool = true) -> QARecord {
        let state = failed ? "failed" : "passed"
        let json = Data(
            """
            {"clause": "area", "heading": "h", "limit": "l", "state": "\(state)", "figures": [], "scenes": 1}
            """.utf8)
        let results = (try? JSONDecoder().decode(ClauseResult.self, from: json)).map { [$0] } ?? []
        return QARecord(
            date: Self.first.addingTimeInterval(daysLater * Self.day), software: "s", chain: "c", truth: .testObject,
            seed: 1, isFull: isFull, results: results)
    }

    @Test("is read back as it was written")
    func roundTrip() throws {
        var history = QAHistory()
        history.add(record(daysLater: 0))
        #expect(try QAHistory(json: history.json()) == history)
    }

    @Test("warns when there is none, when the last failed, and when it is older than six months")
    func warnings() {
        var history = QAHistory()
        #expect(history.statement(now: Self.first).isWarning)
        history.add(record(daysLater: 0))
        // Six months from 1 January 2026 end on 1 July, 181 days later.
        #expect(!history.statement(now: Self.first.addingTimeInterval(181 * Self.day)).isWarning)
        #expect(history.statement(now: Self.first.addingTimeInterval(181 * Self.day + 1)).isWarning)
        #expect(history.statement(now: Self.first.addingTimeInterval(Self.day)).line.contains("2026-01-01"))
        history.add(record(daysLater: 2, failed: true))
        #expect(history.statement(now: Self.first.addingTimeInterval(3 * Self.day)).isWarning)
    }

    @Test("does not take a shortened run for the dated one")
    func shortened() {
        var history = QAHistory()
        history.add(record(daysLater: 0, isFull: false))
        #expect(history.statement(now: Self.first).line.contains("never run in full"))
        history.add(record(daysLater: 1))
        for day in 2..<QAHistory.mostRuns + 3 { history.add(record(daysLater: Double(day), isFull: false)) }
        #expect(history.runs.count == QAHistory.mostRuns)
        #expect(history.statement(now: Self.first.addingTimeInterval(9 * Self.day)).line.contains("2026-01-02"))
    }

    @Test("drops the oldest runs")
    func bounded() {
        var history = QAHistory()
        for day in 0..<QAHistory.mostRuns + 3 { history.add(record(daysLater: Double(day))) }
        #expect(history.runs.count == QAHistory.mostRuns)
        #expect(history.runs.first?.date == Self.first.addingTimeInterval(3 * Self.day))
    }

    @Test("refuses bytes that are not a record", arguments: ["", "{}", "[1]", "{\"schema\":\"other\",\"runs\":[]}"])
    func hostile(text: String) {
        #expect(throws: QAError.self) { try QAHistory(json: Data(text.utf8)) }
    }
}
