internal import CCSVIAnalysis

extension ExamCourse {
    /// The recordings of takes that are not whole: nothing is judged by them.
    var incompleteRecordingIDs: Set<String> {
        Set(steps.flatMap(\.takes).filter { !$0.isComplete }.flatMap(\.recordingIDs))
    }

    /// The same course with the takes as an analysis sees them now.
    func analysedAgain(_ found: [String: ExamReanalysis.Analysed], plan: ExamProtocol) -> ExamCourse {
        var course = self
        for index in course.steps.indices {
            let site = course.steps[index].site
            let leastDb = plan.steps.first { $0.site == site }?.leastSignalDb
            course.steps[index].takes = course.steps[index].takes.map { $0.analysedAgain(found, leastDb: leastDb) }
        }
        return course
    }
}

extension TakeRecord {
    /// The same take with the figures of an analysis.
    fileprivate func analysedAgain(
        _ found: [String: ExamReanalysis.Analysed], leastDb: Double?
    ) -> TakeRecord {
        var take = self
        // The recordings of the step itself; the low-flow check has a take number of its own.
        let own = recordingIDs.compactMap { found[$0] }.filter { $0.recording.take == self.take }
        guard let last = own.last else { return take }
        take.signalDb = last.recording.signalToNoiseDb
        guard isComplete else { return take }
        if let now = observation?.recordingID.flatMap({ found[$0] }) { take.observation = now.finding.observation }
        let isMeasured = last.finding.observation.flow == .present
        take.reachesLeastSignal = isMeasured ? take.signalDb.flatMap { signal in leastDb.map { signal >= $0 } } : nil
        return take
    }
}
