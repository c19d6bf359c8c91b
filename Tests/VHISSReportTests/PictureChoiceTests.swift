import CCSVIAnalysis
import Testing
import VHISSReport

@Suite("Which spectrograms the report wants")
struct PictureChoiceTests {
    @Test("evidence of met criteria comes first, then reflux nearest to its threshold, then the rest")
    func order() {
        #expect(
            CriteriaReport.picturesWanted(for: ExamFixture.rich) == [
                "03-ijv.right.j1.supine", "11-ijv.right.j1.sitting", "04-vv.right.supine", "08-vv.left.supine",
                "02-ijv.right.j2.supine", "01-ijv.right.j3.supine",
            ])
    }

    @Test("criteria take turns")
    func turns() {
        var exam = ExamFixture.rich
        let ids = exam.recordings.map(\.recordingID)
        exam.assessment.criteria[0].evidence = ids[0..<5].map { Evidence(text: "", recordingID: $0) }
        exam.assessment.criteria[4].evidence = ids[10..<12].map { Evidence(text: "", recordingID: $0) }
        let wanted = CriteriaReport.picturesWanted(for: exam)
        #expect(wanted == [ids[0], ids[10], ids[1], ids[11], ids[2], ids[3]])
    }

    @Test("evidence of a criterion that is not met has no precedence")
    func onlyMet() {
        var exam = ExamFixture.rich
        exam.assessment.criteria[0].outcome = .notMet
        #expect(CriteriaReport.picturesWanted(for: exam).first == "04-vv.right.supine")
    }

    @Test("recordings that the exam does not have are not wanted")
    func unknownRecordings() {
        var exam = ExamFixture.rich
        exam.recordings = []
        #expect(CriteriaReport.picturesWanted(for: exam).isEmpty)
    }
}
