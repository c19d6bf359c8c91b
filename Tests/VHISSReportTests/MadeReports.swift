import VHISSReport

/// The fixtures' reports, made once.
enum MadeReports {
    static let rich = Result { () throws(ReportError) in
        try CriteriaReport.pdf(
            of: ExamFixture.rich, spectrograms: ExamFixture.richSpectrograms, createdAt: ExamFixture.createdAt)
    }

    /// The words of the rich report, and of the incomplete one; empty when they could not be made or read.
    static let richWords = Result { try ExternalTool.words(of: rich.get()) }
    static let incompleteWords = Result { try ExternalTool.words(of: incomplete.get()) }

    static let incomplete = Result { () throws(ReportError) in
        try CriteriaReport.pdf(of: ExamFixture.incomplete, spectrograms: [], createdAt: ExamFixture.createdAt)
    }
}
