internal import CCSVIAnalysis
internal import GRDB

/// A row of the table `exam` on its way in.
struct ExamRow {
    var examID: String
    var version: Int
    var subjectCode: String
    var intake: ExamIntake
    var act: ArchiveAct
    var amends: Int64?
    var reason: String?

    init(examID: String, version: Int, subjectCode: String, intake: ExamIntake, act: ArchiveAct) {
        self.examID = examID
        self.version = version
        self.subjectCode = subjectCode
        self.intake = intake
        self.act = act
    }

    /// What the exam's document says, in the columns' order.
    private var document: StatementArguments {
        let exam = intake.exam
        if let exam, intake.isWithheld {
            return [exam.startedAt, exam.isSimulated, ArchivedExam.withheld, nil, nil, nil, nil]
        }
        return [
            exam?.startedAt, exam?.isSimulated, exam?.assessment.verdict.rawValue, exam?.assessment.metCount,
            exam?.assessment.unknownCount, exam?.assessment.vhiss.low, exam?.assessment.vhiss.high,
        ]
    }

    /// Inserts the row; its id.
    func insert(folder: String, in db: Database) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO exam (
                    examID, version, state, subjectCode, folder, amends, amendmentReason, addedAtMs,
                    startedAt, isSimulated, verdict, criteriaMet, criteriaOpen, vhissLow, vhissHigh)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                examID, version, intake.state.rawValue, subjectCode, folder, amends, reason,
                act.at.millisecondsSince1970,
            ] + document)
        return db.lastInsertedRowID
    }

    /// Puts the document's values into the row of an unsigned exam.
    func update(_ id: Int64, folder: String, in db: Database) throws {
        try db.execute(
            sql: """
                UPDATE exam SET state = ?, folder = ?, startedAt = ?, isSimulated = ?, verdict = ?, criteriaMet = ?,
                    criteriaOpen = ?, vhissLow = ?, vhissHigh = ?
                WHERE id = ?
                """,
            arguments: [intake.state.rawValue, folder] + document + [id])
    }
}
