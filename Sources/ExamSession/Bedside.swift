public import Acquisition
public import CCSVIAnalysis
public import ProbeLink

/// What happens at the patient's side: who holds the probe, and what a person enters.
///
/// A technician at a terminal, the simulated patient and the folder of an earlier exam each are one.
public protocol Bedside: Sendable {
    /// Where the samples come from, known before the first step.
    var origin: SourceOrigin { get }

    /// Puts the probe to a site and opens the source there.
    ///
    /// - Returns: the source, or why the site is not recorded.
    func hold(at planned: PlannedRecording) async throws(ExamSessionError) -> Placement

    /// The area of a jugular lumen; `nil` when it was not looked at.
    func lumenArea(_ area: PlannedArea) async throws(ExamSessionError) -> LumenArea?

    /// Called once when every step is done, to let go of the probe.
    func finish() async
}

/// What came of putting the probe to a site.
public enum Placement: Sendable {
    /// The probe is there.
    case held(HeldProbe)
    /// The site was not looked at.
    case notExamined
    /// The site was tried and cannot be judged.
    case notAssessable(reason: String)
}

/// A source at a site.
public struct HeldProbe: Sendable {
    /// Where frames come from.
    public var source: any FrameSource
    /// Whether I and Q of this source are corrected for gain and phase differences.
    public var correctsIQ: Bool
    /// How it was recorded; `nil` while it is recorded for the first time.
    public var recordedContext: RecordingContext?

    /// A source at a site.
    public init(source: any FrameSource, correctsIQ: Bool, recordedContext: RecordingContext? = nil) {
        self.source = source
        self.correctsIQ = recordedContext?.correctsIQ ?? correctsIQ
        self.recordedContext = recordedContext
    }
}

/// What a person entered during an exam, beside the recordings: `bedside.json`.
struct BedsideEntries: Codable, Hashable {
    /// The measured areas.
    var lumenAreas: [LumenArea] = []
    /// Sites that were tried and cannot be judged, with the reason.
    var notAssessable: [String: String] = [:]

    static let fileName = "bedside.json"
}
