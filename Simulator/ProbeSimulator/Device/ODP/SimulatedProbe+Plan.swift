extension SimulatedProbe {
    /// Something that will happen at a stated time of a run.
    public struct PlannedIncident: Sendable, Hashable {
        /// When, nanoseconds since RUN 1.
        public var nanosecondsAfterRun: UInt64
        /// What.
        public var incident: Incident

        /// A plan from its parts.
        public init(nanosecondsAfterRun: UInt64, _ incident: Incident) {
            self.nanosecondsAfterRun = nanosecondsAfterRun
            self.incident = incident
        }
    }

    /// Lets things happen at their times in the run that is under way or begins next, each once.
    public mutating func plan(_ incidents: [PlannedIncident]) {
        plannedIncidents = incidents.sorted { $0.nanosecondsAfterRun < $1.nanosecondsAfterRun }
    }

    /// Reports what is due up to a time of the device's clock.
    mutating func reportPlanned(until nanoseconds: UInt64) {
        guard let start = run?.startNanoseconds else { return }
        while let next = plannedIncidents.first {
            let (due, overflows) = start.addingReportingOverflow(next.nanosecondsAfterRun)
            guard !overflows, due <= nanoseconds else { return }
            plannedIncidents.removeFirst()
            nowNanoseconds = max(nowNanoseconds, due)
            report(next.incident)
        }
    }
}
