import CCSVIAnalysis
import Testing

@Suite("CriteriaScorer")
struct CriteriaScorerTests {
    static let vectors =
        (try? ExamVector.rows(String(decoding: PackageResources.definitions_md, as: UTF8.self))) ?? []

    @Test("the table holds at least two hundred exams, each with its own name and under every definition once")
    func vectorFile() throws {
        let rows = try ExamVector.rows(String(decoding: PackageResources.definitions_md, as: UTF8.self))
        let exams = Dictionary(grouping: rows, by: \.name)
        #expect(exams.count >= 200)
        for (name, rows) in exams {
            #expect(rows.flatMap(\.definitionIDs).sorted() == CriteriaDefinition.builtInIDs.sorted(), "\(name)")
            #expect(Set(rows.map(\.changes)).count == 1, "\(name) stands for two exams")
        }
    }

    @Test("each hand-made exam gets the outcomes, the verdict and the score of its row", arguments: vectors)
    func vector(_ row: ExamVector) throws {
        let exam = try row.measurements()
        for id in row.definitionIDs {
            let assessment = try Fixture.scorer(Fixture.definition(id)).assess(exam)
            #expect(assessment.criteria.map(\.outcome) == row.outcomes, "\(id)")
            #expect(assessment.verdict == row.verdict, "\(id)")
            #expect(assessment.vhiss.low == row.low, "\(id)")
            #expect(assessment.vhiss.high == row.high, "\(id)")
            #expect(assessment.vhiss.value == (row.low == row.high ? row.low : nil), "\(id)")
            let readings = assessment.otherReadings.map(\.verdict)
            let isOpen = row.verdict == .borderline
            #expect(
                readings == (id == "ctevd-2011" ? [isOpen ? .negative : row.verdict, isOpen ? nil : row.verdict] : []))
        }
    }

    @Test("an open criterion lists what it hangs on and nothing else")
    func missingItems() throws {
        let row = ExamVector(
            changes: ["vv.left.supine reflux 1 x2", "vv.left.sitting blocked", "ijv.left.j1.supine missing"])
        let finding = try Fixture.scorer().assess(row.measurements()).criteria[0]
        #expect(finding.outcome == .notAssessable)
        #expect(finding.missing.map(\.itemID) == ["vv.left.sitting"])
        #expect(finding.missing.first?.reason == "no window")
    }

    @Test("a reflux without recorded breathing says so as the reason")
    func breathingReason() throws {
        let row = ExamVector(
            changes: ["vv.left.* reflux 1 x?"])
        let finding = try Fixture.scorer().assess(row.measurements()).criteria[0]
        #expect(finding.missing.count == 2)
        #expect(finding.missing.allSatisfy { $0.reason?.contains("breathing was not recorded") == true })
    }

    @Test("the evidence of a reflux holds its place, time, breaths, manoeuvre, confidence and recording")
    func refluxEvidence() throws {
        var exam = try Fixture.normalExam()
        let index = try #require(exam.observations.firstIndex { $0.site.id == "ijv.left.j2.supine" })
        exam.observations[index].recordingID = "09"
        exam.observations[index].refluxes = [
            RefluxEpisode(
                onsetSeconds: 2.5, durationSeconds: 1.25, durationUncertaintySeconds: 0.02, peakVelocityCmPerS: 11,
                breathsSeen: 3, breathsRecorded: 5, confidence: 0.9)
        ]
        let evidence = try #require(Fixture.scorer().assess(exam).criteria[0].evidence.first)
        #expect(
            evidence.text
                == "left internal jugular vein, J2, supine: reflux 1.250 s (+/- 0.020 s), to 11.0 cm/s, quiet breathing, "
                + "confidence 0.90: at least this long in 3 of 5 breaths")
        #expect(evidence.siteID == "ijv.left.j2.supine" && evidence.recordingID == "09")
        #expect(evidence.onsetSeconds == 2.5 && evidence.durationSeconds == 1.25)
        #expect(evidence.manoeuvre == .quietBreathing && evidence.confidence == 0.9)
        #expect(evidence.breathsSeen == 3 && evidence.breathsRecorded == 5)
    }

    @Test("the evidence of an area holds its method, its phase of breathing and the ratio to the adjacent level")
    func areaEvidence() throws {
        var exam = try ExamVector(changes: ["area.left.j2.supine 40", "area.right.j1.supine 20"]).measurements()
        for index in exam.lumenAreas.indices where exam.lumenAreas[index].itemID == "area.left.j2.supine" {
            exam.lumenAreas[index].method = .ellipse
            exam.lumenAreas[index].breathingPhase = .endExpiration
        }
        let texts = try Fixture.scorer().assess(exam).criteria[2].evidence.map(\.text)
        #expect(
            texts.contains(
                "area of the left internal jugular vein, J2, supine: 40 mm² (ellipse, end of expiration), 50 % less than "
                    + "the next lower level"))
        #expect(
            texts.contains(
                "area of the right internal jugular vein, J1, supine: 20 mm² (entered), 75 % less than the next higher "
                    + "level"))
    }

    @Test("a finding at a level that is not planned counts")
    func unplannedLevel() throws {
        var exam = try Fixture.normalExam()
        exam.lumenAreas.append(LumenArea(side: .left, level: .j1, posture: .sitting, areaMm2: 3))
        exam.observations.append(
            VeinObservation(
                site: ExamSite(.basalRosenthal, .left, window: .occipital, .supine), status: .examined, flow: .present,
                refluxes: [RefluxEpisode(durationSeconds: 0.7, breathsSeen: nil)]))
        let outcomes = try Fixture.scorer().assess(exam).criteria.map(\.outcome)
        #expect(outcomes == [.notMet, .met, .notMet, .notMet, .notMet])
    }

    @Test("a definition that asks for all planned steps keeps `not met` open for a single missing level")
    func allPlannedSteps() throws {
        var definition = try Fixture.definition()
        definition.notMetNeeds.value = .allPlannedSteps
        let scorer = try Fixture.scorer(definition)
        var exam = try Fixture.normalExam()
        exam.observations.removeAll { $0.site.id == "ijv.left.j3.sitting" }
        let outcomes = try scorer.assess(exam).criteria.map(\.outcome)
        #expect(outcomes == [.notExamined, .notMet, .notMet, .notExamined, .notMet])
    }

    @Test("the mixed rule of criterion 4 counts absence in one posture with reflux in the other")
    func mixedAbsence() throws {
        var definition = try Fixture.definition()
        definition.c4.postures.value = .bothOrRefluxInOther
        let scorer = try Fixture.scorer(definition)
        func outcome(_ changes: [String]) throws -> CriterionOutcome {
            let row = ExamVector(changes: changes)
            return try scorer.assess(row.measurements()).criteria[3].outcome
        }
        let absent = "vv.right.supine absent filter scale breaths"
        #expect(try outcome([absent, "vv.right.sitting reflux 1 x2"]) == .met)
        #expect(try outcome([absent, "vv.right.sitting reflux 0.8 x2"]) == .notMet)
        #expect(try outcome([absent, "vv.right.sitting reflux 1 x?"]) == .notAssessable)
        #expect(try outcome([absent, "vv.left.sitting reflux 1 x2"]) == .notMet)
    }

    @Test("either posture is enough where the definition says so")
    func eitherPosture() throws {
        var definition = try Fixture.definition()
        definition.c1.postures.value = .either
        let scorer = try Fixture.scorer(definition)
        let row = ExamVector(
            changes: ["vv.right.sitting reflux 1 x2"])
        #expect(try scorer.assess(row.measurements()).criteria[0].outcome == .met)
    }

    @Test("a strict area limit leaves the limit itself out, and a scored defect is enough")
    func stenosisVariants() throws {
        var definition = try Fixture.definition()
        definition.c3.areaComparison.value = .below
        definition.c3.scoredDefects.value = [.septum]
        let scorer = try Fixture.scorer(definition)
        let row = ExamVector(
            changes: ["area.left.j1.supine 30"])
        var exam = try row.measurements()
        #expect(try scorer.assess(exam).criteria[2].outcome == .notMet)
        exam.lumenDefects = [LumenDefect(side: .left, level: .j1, kind: .annulus)]
        #expect(try scorer.assess(exam).criteria[2].outcome == .notMet)
        exam.lumenDefects = [LumenDefect(side: .left, level: .j1, kind: .septum)]
        #expect(try scorer.assess(exam).criteria[2].outcome == .met)
    }

    @Test("an area reduction counts only where the definition scores it")
    func areaReduction() throws {
        var definition = try Fixture.definition()
        let row = ExamVector(
            changes: ["area.left.j2.supine 40"])
        let exam = try row.measurements()
        func outcome() throws -> CriterionOutcome {
            try Fixture.scorer(definition).assess(exam).criteria[2].outcome
        }
        #expect(try outcome() == .notMet)
        definition.c3.scoresAreaReduction.value = true
        #expect(try outcome() == .met)
    }

    @Test("borderline is read in two more ways where the source does")
    func borderlineReadings() throws {
        var definition = try Fixture.definition()
        let row = ExamVector(
            changes: ["vv.left.* reflux 1 x2", "gcv.* blocked"])
        let exam = try row.measurements()
        #expect(try Fixture.scorer().assess(exam).otherReadings.isEmpty)
        definition.readsBorderlineTwice.value = true
        let scorer = try Fixture.scorer(definition)
        #expect(try scorer.assess(exam).otherReadings.map(\.verdict) == [.negative, nil])
    }

    @Test("the verdict follows from the criteria met and open alone", arguments: 0...5)
    func verdictRule(_ metCount: Int) {
        for unknownCount in 0...(5 - metCount) {
            let verdict = Verdict(metCount: metCount, unknownCount: unknownCount)
            switch verdict {
            case .positive: #expect(metCount >= 2)
            case .negative: #expect(metCount + unknownCount < 2)
            case .borderline: #expect(metCount == 1 && unknownCount >= 1)
            case .indeterminate: #expect(metCount == 0 && unknownCount >= 2)
            }
        }
    }

    @Test("the score changes in percent only between numbers of one definition above zero")
    func percentChange() throws {
        func assessment(_ changes: [String]) throws -> Assessment {
            let row = ExamVector(changes: changes)
            return try Fixture.scorer().assess(row.measurements())
        }
        let none = try assessment([])
        let four = try assessment(["bvr.* reflux 1 x1"])
        let one = try assessment(["bvr.left.*.supine reflux 1 x1"])
        let open = try assessment(["bvr.* blocked"])
        #expect(one.vhissReductionPercent(from: four) == 75)
        #expect(one.vhissReductionPercent(from: none) == nil)
        #expect(open.vhissReductionPercent(from: four) == nil)
        var other = four
        other.definition.version = "2"
        #expect(one.vhissReductionPercent(from: other) == nil)
    }
}
