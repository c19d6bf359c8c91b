import CCSVIAnalysis
import FollowUp
import TestSupport
import Testing

@Suite("three exams and more")
struct ExamTrendTests {
    private static let times = [ExamFixture.january, ExamFixture.july, ExamFixture.december, "2027-06-01T09:00:00Z"]

    private func trend(_ areas: [Double?], _ method: AreaMethod = .ellipse) throws -> ExamTrend {
        try ExamTrend(
            zip(areas, Self.times).enumerated().map { index, pair in
                ExamFixture.exam(
                    "E\(index)", pair.1, areas: pair.0.map { [ExamFixture.area($0, method)] } ?? [])
            })
    }

    @Test(
        "a quantity rises or falls when it never turns and its ends differ by more than their error",
        arguments: [
            ([80.0, 60, 40], ExamTrend.Direction.falling), ([40, 60, 80], .rising), ([40, 80, 60], .noClearTrend),
            ([50, 50.1, 50.2], .noClearTrend), ([80, 60, 60], .falling),
        ])
    func direction(_ areas: [Double], _ direction: ExamTrend.Direction) throws {
        #expect(try trend(areas).lines.map(\.direction) == [direction])
    }

    @Test("where the error is not known no trend is claimed")
    func unknownError() throws {
        #expect(try trend([80, 60, 40], .entered).lines.map(\.direction) == [.errorNotKnown])
    }

    @Test("the slope is that of the line through the numbers by the real days")
    func slope() throws {
        // 183 - 1/24 and 355 days: a fall of 0.1 mm2 a day.
        let days = try trend([1, 1, 1]).days
        #expect(abs(days[1] - (183 - 1.0 / 24)) < 1e-9 && days[2] == 355)
        let line = try #require(trend(days.map { 80 - 0.1 * $0 }).lines.first)
        #expect(abs(try #require(line.slopePerYear) + 36.525) < 1e-9)
    }

    @Test("fewer than three numbers are no trend, and the reason is said")
    func few() throws {
        let line = try #require(trend([80, nil, 40]).lines.first)
        #expect(line.direction == nil && line.slopePerYear == nil)
        #expect(line.reason == "2 of 3 exams have a number")
        #expect(line.values.map(\.state) == [.measured, .notExamined, .measured])
        #expect(try trend([80, nil, 60, 40]).lines.first?.direction == .falling)
    }

    @Test("two exams are a comparison without lines")
    func two() throws {
        let both = try trend([80, 40])
        #expect(both.lines.isEmpty)
        #expect(both.comparisons.count == 1)
    }

    @Test("exams in any order give the same trend", arguments: UInt64(0)..<10)
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let exams = Self.times.enumerated().map { index, time in
            ExamFixture.exam(
                "E\(index)", time,
                observations: [ExamFixture.flow(velocityCmPerS: .random(in: 1...40, using: &generator))])
        }
        #expect(try ExamTrend(exams.shuffled(using: &generator)) == ExamTrend(exams))
    }

    @Test("numbers whose recordings cannot be compared are no trend")
    func obstacle() throws {
        var exams = Self.times.prefix(3).enumerated().map { index, time in
            ExamFixture.exam("E\(index)", time, observations: [ExamFixture.flow()])
        }
        exams[1].recordings[0].manoeuvre = .deepInspirations
        let line = try #require(ExamTrend(exams).lines.first { $0.quantity == .meanVelocity })
        #expect(line.direction == nil)
        #expect(line.reason == "the manoeuvre changed")
    }

    @Test(
        "moments are read from ISO 8601 and nothing else",
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0)), ("2000-03-01T00:00:00Z", 951_868_800),
            ("2024-02-29T23:59:59.25-02:30", 1_709_260_199), ("2026-01-31", 1_769_817_600),
            ("1969-12-31T23:59:59Z", -1),
        ])
    func moments(_ text: String, _ seconds: Int64) { #expect(ExamInstant(text)?.seconds == seconds) }

    @Test(
        "what is no moment is refused",
        arguments: [
            "", "2026", "2026-13-01", "2026-02-29", "2026-01-31T", "2026-01-31T10:15", "2026-01-31T10:15:00",
            "2026-01-31T24:15:00Z", "2026-01-31T10:15:00+0100", "2026-01-31T10:15:00.Z", "2026-01-31 10:15:00Z",
            "2026-01-31T10:15:00+01:00x", "0000-01-01", "2026-1a-01", "２０２６-01-01",
        ])
    func noMoment(_ text: String) { #expect(ExamInstant(text) == nil) }
}
