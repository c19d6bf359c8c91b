import CCSVIAnalysis
import Testing

@Suite("What is still missing to settle a verdict")
struct SettlingTests {
    private func assess(_ changes: [String], _ id: String = "zamboni-2009") throws -> Assessment {
        try Fixture.scorer(Fixture.definition(id)).assess(ExamVector(changes: changes).measurements())
    }

    @Test("a settled verdict asks for nothing")
    func settled() throws {
        #expect(try assess([]).settling == nil)
        #expect(try assess(["vv.left.* reflux 1 x2", "area.left.j1.supine 20"]).settling == nil)
        #expect(try assess(["gcv.* blocked"]).settling == nil)
    }

    @Test("one more step can decide, and what it can lead to")
    func oneStep() throws {
        let settling = try #require(
            try assess(["area.left.j1.supine 20", "vv.right.supine reflux 1 x2", "vv.right.sitting missing"]).settling)
        #expect(settling.steps.map(\.itemID) == ["vv.right.sitting"])
        #expect(settling.steps.first?.verdicts == [.positive, .negative])
        #expect(settling.sentence == "One more step can decide: right vertebral vein, sitting (positive or negative).")
    }

    @Test("any of several steps can make it positive; none alone makes it negative")
    func anyOf() throws {
        let settling = try #require(try assess(["vv.left.* reflux 1 x2", "bvr.left.* blocked"]).settling)
        #expect(
            settling.steps.map(\.itemID) == ["bvr.left.transtemporal.supine", "bvr.left.transtemporal.sitting"])
        #expect(settling.steps.allSatisfy { $0.verdicts == [.positive] })
        #expect(settling.sentence.hasPrefix("One more step can decide, any of: left basal vein of Rosenthal"))
    }

    @Test("many steps are all listed, and the sentence names the first")
    func many() throws {
        let settling = try #require(try assess(["vv.left.* reflux 1 x2", "bvr.* blocked", "icv.* blocked"]).settling)
        #expect(settling.steps.count == 8)
        #expect(settling.sentence.hasSuffix("(positive); or one of 4 more."))
    }

    @Test("where no single step can decide, that is said with what each criterion hangs on")
    func none() throws {
        let settling = try #require(try assess(["* missing"]).settling)
        #expect(settling.steps.isEmpty)
        #expect(settling.sentence.hasPrefix("No single step can decide; open are C1 on 16 steps, C2 on 12 steps"))
    }

    @Test("one area can settle two criteria")
    func twoCriteria() throws {
        let settling = try #require(try assess(["area.left.j2.supine missing"]).settling)
        #expect(settling.steps.map(\.itemID) == ["area.left.j2.supine"])
        #expect(settling.steps.first?.verdicts == [.positive, .negative])
        // With nothing in sitting no supine area is smaller: criterion 5 cannot be met any more.
        let bounded = try #require(
            try assess(["area.left.j2.supine missing", "area.left.j2.sitting 0"]).settling)
        #expect(bounded.steps.first?.verdicts == [.negative])
    }

    @Test("an uninspected lumen is a step where defects are scored")
    func lumen() throws {
        let changes = ["vv.left.* reflux 1 x2", "lumen.left.j2 missing"]
        #expect(try assess(changes).settling == nil)
        let settling = try #require(try assess(changes, "zivadinov-2013").settling)
        #expect(settling.steps.map(\.itemID) == ["lumen.left.j2"])
        #expect(settling.sentence.contains("lumen of the left internal jugular vein, J2, for defects"))
    }

    @Test(
        "each step that is named can decide, and what is not named cannot, under every definition", arguments: 0..<16)
    func soundness(_ seed: Int) throws {
        var random = RandomExam(seed: seed)
        let exam = try random.measurements()
        for scorer in try Fixture.scorers() {
            let before = try scorer.assess(exam)
            guard let settling = before.settling else {
                #expect(before.verdict == .positive || before.verdict == .negative)
                continue
            }
            let open = Dictionary(
                grouping: before.criteria.flatMap { finding in finding.missing.map { ($0, finding.criterion) } },
                by: \.0.itemID)
            for hanging in open.values {
                let item = hanging[0].0
                let named = settling.steps.first { $0.itemID == item.itemID }?.verdicts ?? []
                let reached = try Self.reached(exam, item, scorer, hanging.map(\.1))
                #expect(reached.isSubset(of: Set(named)), "\(item.itemID)")
                #expect(Set(named).isSubset(of: reached), "\(item.itemID)")
            }
        }
    }

    /// The settled verdicts that the item leads to in any of the ways in which it can turn out.
    private static func reached(
        _ exam: ExamMeasurements, _ item: MissingItem, _ scorer: CriteriaScorer, _ criteria: [Criterion]
    ) throws -> Set<Verdict> {
        var verdicts: Set<Verdict> = []
        for criterion in criteria {
            for isAbnormal in [true, false] {
                let verdict = try scorer.assess(exam.filled([item], isAbnormal, for: criterion)).verdict
                if verdict == .positive || verdict == .negative { verdicts.insert(verdict) }
            }
        }
        return verdicts
    }
}
