import CCSVIAnalysis
import DopplerDSP
import FollowUp
import TestSupport
import Testing

@Suite("two exams beside each other")
struct ExamComparisonTests {
    /// The comparison of two exams, by their observations and areas.
    private func compare(
        _ before: [VeinObservation] = [], _ now: [VeinObservation] = [], areas: ([LumenArea], [LumenArea]) = ([], []),
        history: [Intervention] = []
    ) throws -> ExamComparison {
        try ExamComparison(
            ExamFixture.exam("A", ExamFixture.january, observations: before, areas: areas.0),
            ExamFixture.exam("B", ExamFixture.july, observations: now, areas: areas.1), history: history)
    }

    /// The step of a quantity.
    private func step(_ comparison: ExamComparison, _ quantity: FollowUpQuantity) throws -> ExamComparison.Step {
        try #require(comparison.steps.first { $0.quantity == quantity })
    }

    @Test(
        "a velocity's error is the chain's limits and 5 degrees of the angle together",
        arguments: [
            // 10 cm/s: 3 % bias, 1.96 x 5 % spread, and 18.3, 5.7 or 0.4 % by the angle; the square root of the sum of
            // squares, and of two alike that times the square root of 2.
            (60.0, 2.9675), (30, 1.6600), (0.0, 1.4504),
        ])
    func velocityBand(_ angle: Double, _ band: Double) throws {
        var exams = [("A", ExamFixture.january), ("B", ExamFixture.july)].map {
            ExamFixture.exam($0.0, $0.1, observations: [ExamFixture.flow()])
        }
        for index in 0...1 { exams[index].recordings = [ExamFixture.recording(angleDegrees: angle)] }
        let difference = try step(ExamComparison(exams[0], exams[1]), .meanVelocity).difference
        #expect(abs(try #require(difference.errorBand) - band) < 0.0005)
        #expect(difference.state == .withinError)
    }

    @Test("a difference is beyond its error only when it is larger")
    func beyond() throws {
        let small = try compare([ExamFixture.flow()], [ExamFixture.flow(velocityCmPerS: 12.9)])
        #expect(try step(small, .meanVelocity).difference.state == .withinError)
        let large = try compare([ExamFixture.flow()], [ExamFixture.flow(velocityCmPerS: 15)])
        #expect(try step(large, .meanVelocity).difference.state == .beyondError)
        #expect(try step(large, .meanVelocity).difference.change == 5)
    }

    @Test("an entered velocity and an entered area have a difference whose error is not known")
    func entered() throws {
        let velocity = try compare(
            [ExamFixture.flow(isRecorded: false)], [ExamFixture.flow(velocityCmPerS: 30, isRecorded: false)])
        #expect(try step(velocity, .meanVelocity).difference.state == .errorNotKnown)
        let area = try compare(areas: ([ExamFixture.area(60, .entered)], [ExamFixture.area(50, .entered)]))
        #expect(try step(area, .lumenArea).difference.state == .errorNotKnown)
        let mixed = try compare(areas: ([ExamFixture.area(60, .trace)], [ExamFixture.area(50, .automatic)]))
        #expect(try step(mixed, .lumenArea).remarks == ["the area was found by trace, then by automatic"])
    }

    @Test("reflux that appears, disappears, stays away and lasts longer are different things")
    func reflux() throws {
        func state(_ before: [Double], _ now: [Double]) throws -> StepDifference.State {
            try step(
                compare([ExamFixture.flow(refluxSeconds: before)], [ExamFixture.flow(refluxSeconds: now)]),
                .longestReflux
            ).difference.state
        }
        #expect(try state([], [1]) == .appeared)
        #expect(try state([1], []) == .disappeared)
        #expect(try state([], []) == .stillNone)
        #expect(try state([0.5, 1], [1.01, 0.3]) == .withinError)
        #expect(try state([1], [1.05]) == .beyondError)
    }

    @Test("reflux under Valsalva is not compared with spontaneous reflux")
    func valsalva() throws {
        var forced = ExamFixture.flow()
        forced.refluxes = [RefluxEpisode(durationSeconds: 3, manoeuvre: .valsalva, breathsSeen: nil)]
        #expect(try step(compare([ExamFixture.flow()], [forced]), .longestReflux).difference.state == .stillNone)
    }

    @Test("what was not examined, not assessable or not measured is not comparable, and it is said where and why")
    func notComparable() throws {
        let hidden = VeinObservation(site: ExamFixture.site, status: .notAssessable, reason: "no bone window")
        var notTaken = ExamFixture.flow()
        notTaken.meanVelocityCmPerS = nil
        let undocumented = VeinObservation(site: ExamFixture.site, status: .examined, flow: .absent)
        let cases: [([VeinObservation], String)] = [
            ([], "not examined in the later exam"), ([hidden], "not assessable in the later exam: no bone window"),
            ([notTaken], "not measured in the later exam"),
            (
                [undocumented],
                "not assessable in the later exam: no flow was detected, and the three conditions are not recorded"
            ),
        ]
        for (now, reason) in cases {
            let found = try step(compare([ExamFixture.flow()], now), .meanVelocity)
            #expect(found.difference.state == .notComparable)
            #expect(found.difference.reason == reason)
            #expect(found.difference.change == nil)
        }
        let other = try step(compare([], [ExamFixture.flow()]), .meanVelocity)
        #expect(other.difference.reason == "not examined in the earlier exam")
    }

    @Test("flow that is shown to be absent has disappeared")
    func absent() throws {
        let gone = VeinObservation(
            site: ExamFixture.site, status: .examined, flow: .absent,
            absence: AbsenceConditions(lowWallFilter: true, lowVelocityScale: true, deepInspirations: true))
        let comparison = try compare([ExamFixture.flow()], [gone])
        #expect(try step(comparison, .meanVelocity).difference.state == .disappeared)
        #expect(try step(comparison, .longestReflux).difference.state == .notComparable)
    }

    @Test("settings that changed are marked with both values")
    func settings() throws {
        let before = ExamFixture.exam("A", ExamFixture.january, observations: [ExamFixture.flow()])
        var now = ExamFixture.exam("B", ExamFixture.july, observations: [ExamFixture.flow()])
        now.recordings[0].gateDepthMm = 17
        now.recordings[0].spectral.wallFilterCutoffHz = 50
        let changed = try step(ExamComparison(before, now), .meanVelocity)
        #expect(changed.changedSettings.map(\.name) == ["gate depth, mm", "wall filter, Hz"])
        #expect(changed.changedSettings.map(\.earlier) == ["15.0", "100.0"])
        #expect(changed.changedSettings.map(\.later) == ["17.0", "50.0"])
        #expect(changed.difference.state == .withinError)
    }

    @Test("another manoeuvre, another normal direction and a missing correction of the angle are not comparable")
    func differentRecordings() throws {
        let before = ExamFixture.exam("A", ExamFixture.january, observations: [ExamFixture.flow()])
        func reason(_ change: (inout VeinRecording) -> Void) throws -> String? {
            var now = ExamFixture.exam("B", ExamFixture.july, observations: [ExamFixture.flow()])
            change(&now.recordings[0])
            return try step(ExamComparison(before, now), .meanVelocity).difference.reason
        }
        #expect(try reason { $0.manoeuvre = .deepInspirations } == "the manoeuvre changed")
        #expect(try reason { $0.normalDirection = .towards } == "the normal direction was stated differently")
        #expect(
            try reason { $0.scale.insonationAngleDegrees = 0 }
                == "one of the velocities is without correction of the angle")
        #expect(try reason { _ in } == nil)
    }

    @Test("nothing of a simulated exam is compared with a real one")
    func simulated() throws {
        let before = ExamFixture.exam(
            "A", ExamFixture.january, observations: [ExamFixture.flow()], areas: [ExamFixture.area(80)])
        var now = ExamFixture.exam(
            "B", ExamFixture.july, observations: [ExamFixture.flow()], areas: [ExamFixture.area(20)])
        now.isSimulated = true
        let comparison = try ExamComparison(before, now)
        #expect(comparison.steps.allSatisfy { $0.difference.reason == "one exam is simulated" })
        #expect(comparison.narrowings.isEmpty)
        #expect(comparison.changes.contains { $0.contains("nothing is compared") })
    }

    @Test(
        "the real interval is given with its window",
        arguments: [
            ("2026-01-11T09:00:00+01:00", 1.0, FollowUpWindow.none), ("2026-06-11T10:00:00+02:00", 152, .none),
            ("2026-06-12T09:00:00+01:00", 153, .sixMonths), ("2026-07-12T08:00:00Z", 183, .sixMonths),
            ("2026-12-11T09:00:00+01:00", 335, .twelveMonths), ("2027-01-10T09:00:00+01:00", 365, .twelveMonths),
            ("2027-02-20T09:00:00+01:00", 406, .none),
        ])
    func window(_ time: String, _ days: Double, _ window: FollowUpWindow) throws {
        let comparison = try ExamComparison(
            ExamFixture.exam("B", time), ExamFixture.exam("A", ExamFixture.january))
        #expect(comparison.earlier.examID == "A")
        #expect(abs(comparison.intervalDays - days) < 0.001)
        #expect(comparison.window == window)
    }

    @Test("exams of two subjects, one exam twice, one moment and no time are refused")
    func refused() throws {
        let one = ExamFixture.exam("A", ExamFixture.january)
        var other = ExamFixture.exam("B", ExamFixture.july)
        #expect(throws: FollowUpError.sameExam("A")) { try ExamComparison(one, one) }
        other.startedAt = "2026-01-10T08:00:00Z"
        #expect(throws: FollowUpError.sameTime("A", "B")) { try ExamComparison(one, other) }
        other.startedAt = "yesterday"
        #expect(throws: FollowUpError.timeUnreadable(examID: "B", text: "yesterday")) {
            try ExamComparison(one, other)
        }
        other.subjectCode = "S-2"
        #expect(throws: FollowUpError.differentSubjects(["S-1", "S-2"])) { try ExamComparison(one, other) }
        #expect(throws: FollowUpError.tooFewExams(1)) { try ExamTrend([one]) }
    }

    @Test("a score changes in percent only between numbers of one table and definition, from a baseline above 0")
    func severity() throws {
        func change(
            _ before: ClosedRange<Int>, _ now: ClosedRange<Int>, _ edit: (inout Exam) -> Void = { _ in }
        ) throws -> SeverityChange {
            var later = ExamFixture.exam("B", ExamFixture.july, vhiss: now)
            edit(&later)
            return try ExamComparison(ExamFixture.exam("A", ExamFixture.january, vhiss: before), later).severity
        }
        #expect(try change(8...8, 2...2).reductionPercent == 75)
        #expect(try change(8...8, 2...2).reason == nil)
        #expect(try change(4...4, 6...6).reductionPercent == -50)
        #expect(
            try !ExamComparison(ExamFixture.exam("A", ExamFixture.january), ExamFixture.exam("B", ExamFixture.july))
                .later.tableIsVerified)
        let none = [
            (try change(0...0, 2...2), "the earlier score is 0"),
            (try change(2...4, 2...2), "a score is an interval, because cells are unknown"),
            (
                try change(4...4, 2...2) { $0.assessment.vhiss.table.version = "2" },
                "the exams were scored by different tables"
            ),
            (
                try change(4...4, 2...2) { $0.assessment.definition.id = "other" },
                "the exams were scored by different definitions"
            ),
        ]
        for (change, reason) in none {
            #expect(change.reductionPercent == nil)
            #expect(change.reason == reason)
        }
    }

    @Test("a criterion that is open, or scored by another definition, is not compared")
    func criteria() throws {
        let before = ExamFixture.exam("A", ExamFixture.january)
        var now = ExamFixture.exam("B", ExamFixture.july)
        now.assessment.criteria[0].outcome = .met
        now.assessment.criteria[1].outcome = .notAssessable
        let changes = try ExamComparison(before, now).criteria
        #expect(changes[0].notComparable == nil && changes[0].later == .met)
        #expect(changes[1].notComparable == "open in the later exam")
        now.assessment.definition.version = "2"
        #expect(try ExamComparison(before, now).criteria.allSatisfy { $0.notComparable == "different definitions" })
    }

    @Test("algorithms that changed are said")
    func algorithms() throws {
        let before = ExamFixture.exam("A", ExamFixture.january)
        var now = ExamFixture.exam("B", ExamFixture.july)
        now.algorithms = ["one 2", "two 1"]
        #expect(
            try ExamComparison(before, now).changes.contains { $0.hasPrefix("Algorithms changed: one 1, then one 2.") })
        #expect(try ExamComparison(before, ExamFixture.exam("B", ExamFixture.july)).changes.isEmpty)
    }

    @Test("a step that was repeated counts once, by the last take that was examined")
    func repeated() throws {
        let failed = VeinObservation(site: ExamFixture.site, status: .notAssessable, reason: "moved")
        let comparison = try compare(
            [ExamFixture.flow()], [ExamFixture.flow(velocityCmPerS: 30), ExamFixture.flow(velocityCmPerS: 11), failed])
        let found = try step(comparison, .meanVelocity)
        #expect(found.later.value == 11)
        #expect(found.remarks == ["examined 3 times in the later exam: the last one counts"])
    }

    @Test("hostile numbers do no harm", arguments: [Double.nan, .infinity, -.infinity, 1e308, -1e308, 0])
    func hostile(_ value: Double) throws {
        let comparison = try compare(
            [ExamFixture.flow(velocityCmPerS: value, refluxSeconds: [value])],
            [ExamFixture.flow(velocityCmPerS: 1, refluxSeconds: [1])],
            areas: ([ExamFixture.area(value)], [ExamFixture.area(1)]))
        for step in comparison.steps where !value.isFinite { #expect(step.difference.state == .notComparable) }
        #expect(comparison.steps.count == 3)
    }

    @Test("exams given the other way round compare the same", arguments: UInt64(0)..<20)
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        func exam(_ id: String, _ time: String) -> Exam {
            let velocity = Double.random(in: -5...40, using: &generator)
            return ExamFixture.exam(
                id, time,
                observations: Bool.random(using: &generator) ? [ExamFixture.flow(velocityCmPerS: velocity)] : [],
                areas: [ExamFixture.area(.random(in: 5...150, using: &generator))])
        }
        let (one, other) = (exam("A", ExamFixture.january), exam("B", ExamFixture.july))
        #expect(try ExamComparison(one, other) == ExamComparison(other, one))
        let same = try ExamComparison(
            one,
            ExamFixture.exam(
                "C", ExamFixture.july, observations: one.measurements.observations, areas: one.measurements.lumenAreas))
        for step in same.steps where step.earlier.value != nil { #expect(step.difference.state == .withinError) }
        #expect(same.narrowings.isEmpty)
    }
}
