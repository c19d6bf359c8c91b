internal import Acquisition
public import CCSVIAnalysis
internal import Foundation
public import ProbeLink

/// The folder of an earlier exam, played again step by step.
public struct RecordedBedside: Bedside {
    /// Where the samples came from when they were recorded.
    public let origin: SourceOrigin
    private let folder: ExamFolder
    private let fileNames: [Key: String]
    private let entries: BedsideEntries

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
        entries =
            FileManager.default.fileExists(atPath: folder.file(BedsideEntries.fileName))
            ? try folder.read(BedsideEntries.self, from: BedsideEntries.fileName) : BedsideEntries()
    }

    /// Opens the recording of a site and take.
    public func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        if let reason = entries.notAssessable[planned.site.id] { return .notAssessable(reason: reason) }
        guard let probe = try held(planned) else { return .notExamined }
        return .held(probe)
    }

    /// Opens the recording's next segment, where there is one.
    public func holdAgain(
        at planned: PlannedRecording, after failure: SourceError?, stop: StopSignal
    ) throws(ExamSessionError) -> HeldProbe? { try held(planned) }

    private func held(_ planned: PlannedRecording) throws(ExamSessionError) -> HeldProbe? {
        let key = Key(siteID: planned.site.id, take: planned.take, segment: planned.segment)
        guard let name = fileNames[key] else { return nil }
        let recording = try Self.recording(folder.file(name))
        return HeldProbe(
            source: ReplaySource(recording), correctsIQ: false, recordedContext: recording.description.context,
            recordedEnd: recording.closing?.endedEarlyBecause)
    }

    /// The area that was entered.
    public func lumenArea(_ area: PlannedArea) -> LumenArea? {
        entries.lumenAreas.first { $0.side == area.side && $0.level == area.level && $0.posture == area.posture }
    }

    /// What was entered of the lumen.
    public func lumenFinding(_ place: LumenPlace) -> LumenFinding? {
        guard let inspection = entries.lumenInspections?.first(where: { $0.place == place }) else { return nil }
        let defects = (entries.lumenDefects ?? []).filter { $0.side == place.side && $0.level == place.level }
        return LumenFinding(inspection: inspection, defects: defects)
    }

    /// There is nothing to let go of.
    public func finish() {}

    private static func recording(_ path: String) throws(ExamSessionError) -> Recording {
        do throws(RecordingError) { return try Recording(path: path) } catch { throw .recording(error) }
    }
}
