import CCSVIAnalysis
import Foundation
import Testing
import VHISSReport

@Suite("What the report says", .enabled(if: ExternalTool.pdftotext.isInstalled, ExternalTool.pdftotext.comment))
struct ReportContentTests {
    @Test("the verdict line counts criteria and names the definition")
    func verdict() throws {
        let words = try MadeReports.richWords.get()
        #expect(words.contains("2 of 5 criteria met, 1 open: positive under zamboni-2009"))
        let other = try MadeReports.incompleteWords.get()
        #expect(other.contains("0 of 5 criteria met, 5 open: indeterminate under zamboni-2009"))
    }

    @Test("other countings of the verdict stand beside it")
    func otherReadings() throws {
        var exam = ExamFixture.incomplete
        exam.assessment.otherReadings = [
            VerdictReading(name: "borderline counted as negative", verdict: .negative),
            VerdictReading(name: "borderline left out", verdict: nil),
        ]
        let pdf = try CriteriaReport.pdf(of: exam, spectrograms: [], createdAt: ExamFixture.createdAt)
        let words = try ExternalTool.words(of: pdf)
        #expect(words.contains("With borderline counted as negative: negative."))
        #expect(words.contains("With borderline left out: this exam is left out."))
    }

    @Test("a simulated exam says so on every page")
    func simulatedMark() throws {
        let pages = try ExternalTool.pages(of: MadeReports.rich.get())
        #expect(pages.count == 3)
        #expect(pages.allSatisfy { $0.contains("SIMULATED") })
    }

    @Test("an exam of a real probe does not say simulated")
    func noMark() throws {
        #expect(!(try MadeReports.incompleteWords.get()).contains("SIMULATED"))
    }

    @Test("every page names the exam and its number")
    func furniture() throws {
        for (index, page) in try ExternalTool.pages(of: MadeReports.rich.get()).enumerated() {
            #expect(page.contains("page \(index + 1) of 3"))
            #expect(page.contains("ex-20260304-ccsvi-1"))
        }
    }

    @Test("nothing is shortened in a normal exam")
    func nothingShortened() throws {
        let words = try MadeReports.richWords.get()
        #expect(!words.contains("shortened"))
        #expect(!words.contains("\u{2026}"))
    }

    @Test(
        "every criterion is there with its rule, source, evidence and outcome in words",
        arguments: ExamFixture.rich.assessment.criteria)
    func criterion(_ finding: CriterionFinding) throws {
        // Lines may also break after a slash, so spaces do not count.
        func squeezed(_ text: String) -> String { text.filter { !$0.isWhitespace } }
        let words = squeezed(try MadeReports.richWords.get())
        #expect(words.contains(squeezed(finding.criterion.rawValue.uppercased() + finding.outcome.wordsForTest)))
        #expect(words.contains(squeezed(finding.rule)))
        #expect(words.contains(squeezed(finding.source)))
        for item in finding.evidence where item.durationSeconds == nil {
            #expect(words.contains(squeezed(item.text)))
        }
    }

    @Test("refluxes of a site are one line: how many, the longest, and what decides about the breaths")
    func refluxEvidence() throws {
        let words = try MadeReports.richWords.get()
        for posture in ["supine: 3 refluxes", "sitting: 3 refluxes"] {
            let line = "right internal jugular, J1, \(posture), longest 1.42 ±0.03 s, to 11.0 cm/s; at least 1.42 s"
            #expect(words.contains(line + " in 3 breaths ["))
        }
    }

    @Test("the map counts the refluxes of a site, and leaves out what the exam does not ask for")
    func mapOfRich() throws {
        let page = try #require(try ExternalTool.pages(of: MadeReports.rich.get()).first)
        let rows = page.split(separator: "\n").map(String.init)
        let right = try #require(rows.first { $0.contains("Right internal jugular, J1") })
        #expect(right.contains("1.42 ±0.03 ×3"))
        #expect(!right.contains("not examined"))
    }

    @Test(
        "the four outcomes read differently", arguments: ["met", "not met", "not examined", "not assessable"])
    func outcomes(_ outcome: String) throws {
        let both = try MadeReports.richWords.get() + MadeReports.incompleteWords.get()
        #expect(both.contains(outcome))
    }

    @Test(
        "thresholds and figures have their units",
        arguments: [
            "0.88 s", "0.5 s", "30 mm²", "reflux, s", "mean, cm/s", "area, mm²", "PRF, Hz", "f0, MHz", "gate depth, mm",
            "wall filter, Hz (cm/s)", "scale, ±cm/s", "gain, dB", "c, m/s", "128 / 128", "50 (1.7)",
        ])
    func units(_ text: String) throws {
        #expect((try MadeReports.richWords.get()).contains(text))
    }

    @Test("the severity score is an interval beside its raw counts and its provenance")
    func severity() throws {
        let words = try MadeReports.richWords.get()
        #expect(words.contains("VHISS 4 to 6"))
        #expect(words.contains("Unverified scoring table, not comparable with published values."))
        #expect(words.contains("Table segments-v1, version 1"))
        #expect(words.contains("The points of the published table are not known."))
    }

    @Test("the whole statement is printed", arguments: [true, false])
    func statement(isRich: Bool) throws {
        let words = try (isRich ? MadeReports.richWords : MadeReports.incompleteWords).get()
        for sentence in ExamFixture.statement { #expect(words.contains(sentence)) }
    }

    @Test("the word diagnosis stands in the exam's own statement only")
    func noDiagnosis() throws {
        let words = try MadeReports.richWords.get().lowercased()
        let inStatement = ExamFixture.statement.joined().lowercased().components(separatedBy: "diagnos").count
        #expect(words.components(separatedBy: "diagnos").count == inStatement)
    }

    @Test("losses are printed by place, and the output declaration as it is")
    func lossesAndOutput() throws {
        let words = try MadeReports.richWords.get()
        #expect(words.contains("lost in the probe 0, on the link 1400, at the ring 0"))
        #expect(words.contains("MI and TI: not available: no acoustic output"))
    }

    @Test("each picture's recording has the start of its hash, the reflux durations and the normal direction")
    func pictures() throws {
        let words = try MadeReports.richWords.get()
        for id in CriteriaReport.picturesWanted(for: ExamFixture.rich) {
            let recording = try #require(ExamFixture.rich.recordings.first { $0.recordingID == id })
            #expect(words.contains(id))
            #expect(words.contains(String(recording.sha256.prefix(12))))
        }
        #expect(words.contains("1.42 s"))
        #expect(words.contains("normal flow: towards"))
    }

    @Test("not examined, not assessable and absent are told apart in the map")
    func mapOfIncomplete() throws {
        let pages = try ExternalTool.pages(of: MadeReports.incomplete.get())
        let page = try #require(pages.first)
        let rows = page.split(separator: "\n").map(String.init)
        let left = try #require(rows.first { $0.contains("Left internal jugular, J2") })
        #expect(left.contains("not assessable: dressing over the vein"))
        #expect(left.contains("not examined"))
        let right = try #require(rows.first { $0.contains("Right vertebral vein") })
        #expect(right.contains("not assessable: no flow, conditions unmet"))
        #expect(!right.contains("absent"))
        let richPage = try #require(try ExternalTool.pages(of: MadeReports.rich.get()).first)
        #expect(
            richPage.split(separator: "\n").contains { $0.contains("Left vertebral vein") && $0.contains("absent") })
    }

    @Test("a wanted spectrogram that is not given is named in its place")
    func missingSpectrogram() throws {
        let pdf = try CriteriaReport.pdf(of: ExamFixture.rich, spectrograms: [], createdAt: ExamFixture.createdAt)
        let words = try ExternalTool.words(of: pdf)
        #expect(words.components(separatedBy: "the spectrogram of this recording was not given").count == 7)
    }

    @Test("the text of the reports is the golden one", arguments: ["rich", "incomplete"])
    func golden(_ name: String) throws {
        let pdf = try (name == "rich" ? MadeReports.rich : MadeReports.incomplete).get()
        let text = try ExternalTool.pages(of: pdf).joined(separator: "\u{0C}\n")
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(text == golden, "run with UPDATE_GOLDEN=1 and review the difference")
    }
}

extension CriterionOutcome {
    /// The words that the report must use.
    fileprivate var wordsForTest: String {
        switch self {
        case .met: "met"
        case .notMet: "not met"
        case .notExamined: "not examined"
        case .notAssessable: "not assessable"
        }
    }
}
