internal import Acquisition
public import CCSVIAnalysis
public import ProbeLink

/// The folder of an earlier exam, played again step by step.
public struct RecordedBedside: Bedside {
    /// Where the samples came from when they were recorded.
    public let origin: SourceOrigin
    private let folder: ExamFolder
    private let fileNames: [Key: String]
    private let entries: BedsideEntries
    /// The sessions of the exam that is played; `nil` for one of a version that did not keep them.
    public let recordedSessions: [SessionRecord]?

    private struct Key: Hashable {
        var siteID: String
        var take: Int
        var segment: Int
    }

    /// Reads what a folder holds.
    ///
    /// A recording that cannot be read is an error: nothing is passed over.
    public init(_ folder: ExamFolder) throws(ExamSessionError) {
        var fileNames: [Key: String] = [:]
        var origin: SourceOrigin?
        for name in try folder.recordingFileNames() {
            let recording = try Self.recording(folder.file(name))
            guard let siteID = recording.description.context.siteID else { continue }
            let context = recording.description.context
            fileNames[Key(siteID: siteID, take: context.take, segment: context.segment ?? 1)] = name
            // One simulated recording makes the whole exam simulated.
            if origin == nil || recording.description.origin.isSimulated { origin = recording.description.origin }
        }
        guard let origin else { throw .notAnExam(path: folder.path, reason: "it holds no recordings") }
        self.folder = folder
        self.fileNames = fileNames
        self.origin = origin
        entries = try folder.entries()
        recordedSessions = folder.holds(ExamProgress.fileName) ? try folder.progress().sessions : nil
    }

    /// Opens the recording of a site and take.
    public func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        if let probe = try held(planned) { return .held(probe) }
        if let reason = entries.notAssessable[planned.site.id] { return .notAssessable(reason: reason) }
        guard let entry = entries.steps?[planned.site.id] else { return .notExamined }
        switch entry.state {
        case .skipped: return .skipped(reason: entry.note ?? "")
        case .notVisualised: return .notVisualised(entry.notVisualised ?? .other, note: entry.note)
        case .notAssessable: return .notAssessable(reason: entry.note ?? "")
        case .recorded, .notDone: return .notExamined
        }
    }

    /// Goes on as the operator did: to the next take where there is one, else with the take that was chosen.
    public func review(_ review: TakeReview) -> TakeDecision {
        let key = Key(siteID: review.next.site.id, take: review.next.take, segment: 1)
        if fileNames[key] != nil { return .again }
        return .goOn(judging: entries.steps?[review.next.site.id]?.chosenTake)
    }

    /// Opens the recording's next segment, where there is one.
    public func holdAgain(
        at planned: PlannedRecording, after failure: SourceError?, stop: StopSignal
    ) throws(ExamSessionError) -> HeldProbe? { try held(planned) }

    private func held(_ planned: PlannedRecording) throws(ExamSessionError) -> HeldProbe? {
        let key = Key(siteID: planned.site.id, take: planned.take, segment: planned.segment)
        guard let name = fileNames[key] else { return nil }
        let recording = try Self.recording(folder.file(name))
        return HeldProbe(playing: recording)
    }

    /// The area that was entered.
    public func lumenArea(_ area: PlannedArea) -> LumenArea? { entries.area(area) }

    /// What was entered of the lumen.
    public func lumenFinding(_ place: LumenPlace) -> LumenFinding? { entries.finding(place) }

    /// There is nothing to let go of.
    public func finish() {}

    private static func recording(_ path: String) throws(ExamSessionError) -> Recording {
        do throws(RecordingError) { return try Recording(path: path) } catch { throw .recording(error) }
    }
}
