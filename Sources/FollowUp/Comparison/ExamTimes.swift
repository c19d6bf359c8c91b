internal import CCSVIAnalysis

/// Exams of one subject in the order of their starts.
struct ExamTimes {
    /// An exam with its start.
    struct Timed {
        var exam: Exam
        var instant: ExamInstant
    }

    /// The exams, the earliest first.
    let ordered: [Timed]

    init(_ exams: [Exam]) throws(FollowUpError) {
        guard exams.count > 1 else { throw .tooFewExams(exams.count) }
        let codes = Set(exams.map(\.subjectCode)).sorted()
        guard codes.count == 1 else { throw .differentSubjects(codes) }
        var timed: [Timed] = []
        var ids: Set<String> = []
        for exam in exams {
            guard ids.insert(exam.examID).inserted else { throw .sameExam(exam.examID) }
            guard let instant = ExamInstant(exam.startedAt) else {
                throw .timeUnreadable(examID: exam.examID, text: exam.startedAt)
            }
            timed.append(Timed(exam: exam, instant: instant))
        }
        timed.sort { $0.instant < $1.instant }
        for (one, next) in zip(timed, timed.dropFirst()) where one.instant == next.instant {
            throw .sameTime(one.exam.examID, next.exam.examID)
        }
        ordered = timed
    }
}
