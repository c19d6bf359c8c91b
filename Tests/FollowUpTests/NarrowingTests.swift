import CCSVIAnalysis
import FollowUp
import Testing

@Suite("jugular veins that become narrow")
struct NarrowingTests {
    private func compare(
        _ before: Double?, _ now: Double?, _ method: AreaMethod = .ellipse, treated: [String] = [],
        vein: Vein = .internalJugular, side: Side = .left
    ) throws -> ExamComparison {
        func areas(_ size: Double?) -> [LumenArea] { size.map { [ExamFixture.area($0, method)] } ?? [] }
        return try ExamComparison(
            ExamFixture.exam("A", ExamFixture.january, areas: areas(before)),
            ExamFixture.exam("B", ExamFixture.july, areas: areas(now)),
            history: treated.map { Intervention(date: $0, procedure: .angioplasty, vein: vein, side: side) })
    }

    @Test(
        "the rules hold at their published limits",
        arguments: [
            (80.0, 30.0, [Narrowing.Rule.belowArea, .halved]), (80, 40, [.halved]), (80, 40.1, []),
            (50, 30, [.belowArea]),
            (50, 30.1, []), (30, 29, []), (30, 15, [.halved]), (29, 60, []), (0, 0, []),
        ])
    func rules(_ before: Double, _ now: Double, _ rules: [Narrowing.Rule]) throws {
        let found = try compare(before, now).narrowings
        #expect(found.map(\.rules) == (rules.isEmpty ? [] : [rules]))
    }

    @Test("a fall within the error of the areas is no narrowing")
    func withinError() throws {
        // 30.5 and 29.9 mm2 by the automatic contour, 5 % each: a difference of 0.6 with an error of 2.1.
        #expect(try compare(30.5, 29.9, .automatic).narrowings.isEmpty)
        let entered = try compare(30.5, 29.9, .entered).narrowings
        #expect(entered.map(\.isBeyondError) == [nil])
    }

    @Test("it is a restenosis only after an intervention on that vein before the earlier exam")
    func kinds() throws {
        #expect(try compare(80, 20).narrowings.map(\.kind) == [.newNarrowing])
        #expect(try compare(80, 20, treated: ["2025-12-01"]).narrowings.map(\.kind) == [.restenosis])
        #expect(try compare(80, 20, treated: ["2026-03-01"]).narrowings.map(\.kind) == [.narrowAfterIntervention])
        #expect(try compare(80, 20, treated: ["2026-08-01"]).narrowings.map(\.kind) == [.newNarrowing])
        #expect(try compare(80, 20, treated: ["2025-12-01"], side: .right).narrowings.map(\.kind) == [.newNarrowing])
        #expect(try compare(80, 20, treated: ["2025-12-01"], vein: .azygos).narrowings.map(\.kind) == [.newNarrowing])
    }

    @Test("a vein that was narrow before an intervention and is narrow after it is flagged, and one that opened is not")
    func residual() throws {
        let still = try compare(20, 25, treated: ["2026-03-01"]).narrowings
        #expect(still.map(\.rules) == [[.stillBelowArea]])
        #expect(still.map(\.kind) == [.narrowAfterIntervention])
        #expect(try compare(20, 80, treated: ["2026-03-01"]).narrowings.isEmpty)
        #expect(try compare(nil, 25, treated: ["2026-03-01"]).narrowings.map(\.earlierMm2) == [nil])
    }

    @Test("where an area is missing nothing is said but that")
    func open() throws {
        let comparison = try compare(nil, 20)
        #expect(comparison.narrowings.isEmpty)
        #expect(comparison.narrowingsOpen.contains("left J1"))
        #expect(comparison.narrowingsOpen.count == 6)
        #expect(try compare(80, 20).narrowingsOpen.count == 5)
    }

    @Test("a history is read strictly, with file, line and column")
    func history() throws {
        let text = "date,procedure,vein,side,anticoagulant\n2026-03-01,stent,ijv,left,warfarin\n"
        let read = try Intervention.history(text, file: "h.csv")
        #expect(
            read == [
                Intervention(
                    date: "2026-03-01", procedure: .stent, vein: .internalJugular, side: .left,
                    anticoagulant: "warfarin")
            ])
        #expect {
            try Intervention.history(
                "date,procedure,vein,side\n2026-02-30,stent,ijv,left\n2026-02-20,magic,leg,up\n", file: "h.csv")
        } throws: { error in
            let lines = "\(error)".split(separator: "\n")
            return lines.count == 4 && lines[0].hasPrefix("h.csv:2:1: `date` is `2026-02-30`")
                && lines[1].hasPrefix("h.csv:3:12: `procedure` is `magic`")
                && lines[2].hasPrefix("h.csv:3:18: `vein` is `leg`") && lines[3].hasPrefix("h.csv:3:22: `side` is `up`")
        }
    }
}
