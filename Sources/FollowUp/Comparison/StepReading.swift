internal import CCSVIAnalysis
internal import DopplerDSP

/// What one exam says of all steps, by the steps' ids.
struct StepReading {
    /// A site with its observation and its recording.
    struct Site {
        var observation: VeinObservation
        var recording: VeinRecording?
        /// Observations of this site in the exam; the last one that was examined is taken.
        var count: Int
    }

    /// The sites by their ids.
    private(set) var sites: [String: Site] = [:]
    /// The areas by their ids.
    private(set) var areas: [String: LumenArea] = [:]
    /// The sites' ids in the order of the exam.
    private(set) var siteOrder: [String] = []
    /// The areas' ids in the order of the exam.
    private(set) var areaOrder: [String] = []

    /// Flow.
    let flow: FlowReading

    init(_ exam: Exam) {
        flow = FlowReading(exam.assessment.beside.flow)
        var recordings: [String: VeinRecording] = [:]
        for recording in exam.recordings { recordings[recording.recordingID] = recording }
        for observation in exam.measurements.observations {
            let id = observation.site.id
            let known = sites[id]
            if known == nil { siteOrder.append(id) }
            let isBetter = known.map { $0.observation.status != .examined || observation.status == .examined } ?? true
            let kept = isBetter ? observation : known?.observation ?? observation
            sites[id] = Site(
                observation: kept, recording: kept.recordingID.flatMap { recordings[$0] },
                count: (known?.count ?? 0) + 1)
        }
        for area in exam.measurements.lumenAreas {
            let id = Self.id(of: area)
            if areas[id] == nil { areaOrder.append(id) }
            areas[id] = area
        }
    }

    /// `area.left.j2.sitting`.
    static func id(of area: LumenArea) -> String {
        "area.\(area.side.rawValue).\(area.level.rawValue).\(area.posture.rawValue)"
    }

    /// The mean velocity at a site.
    func velocity(_ id: String) -> StepValue {
        value(id) { site in
            guard let velocity = site.observation.meanVelocityCmPerS else { return .notMeasured }
            return .measured(
                velocity,
                errorBand: ErrorBand.velocity(velocity, angleDegrees: site.recording?.scale.insonationAngleDegrees))
        }
    }

    /// The longest reflux at a site; reflux under Valsalva does not count, as it does not count for criterion 1.
    func reflux(_ id: String) -> StepValue {
        value(id) { site in
            let spontaneous = site.observation.refluxes.filter { $0.manoeuvre != .valsalva }
            guard let longest = spontaneous.max(by: { $0.durationSeconds < $1.durationSeconds }) else {
                return .nothingFound
            }
            return .measured(
                longest.durationSeconds, errorBand: ErrorBand.reflux(longest, isRecorded: site.recording != nil))
        }
    }

    /// The area at a level in a posture.
    func area(_ id: String) -> StepValue {
        guard let area = areas[id] else { return .notExamined }
        switch area.status {
        case .notExamined: return .notExamined
        case .notAssessable: return .notAssessable(area.reason)
        case .examined:
            guard let size = area.areaMm2 else { return .notMeasured }
            return .measured(size, errorBand: ErrorBand.area(size, area.method))
        }
    }

    private func value(_ id: String, _ present: (Site) -> StepValue) -> StepValue {
        guard let site = sites[id] else { return .notExamined }
        switch site.observation.status {
        case .notExamined: return .notExamined
        case .notAssessable: return .notAssessable(site.observation.reason)
        case .examined: break
        }
        switch site.observation.flow {
        case .present: return present(site)
        case .absent:
            guard site.observation.absence?.allHold == true else {
                return .notAssessable("no flow was detected, and the three conditions are not recorded")
            }
            return .flowAbsent
        case nil: return .notMeasured
        }
    }
}
