internal import Acquisition
internal import CCSVIAnalysis
internal import Foundation
internal import ProbeLink

/// The recordings that earlier sessions of an exam left, found by their names.
///
/// They are only read: not a byte of them is changed.
struct KeptRecordings: Sendable {
    /// Why a recording without its closing block is not whole.
    static let cutOff = "the program or the power failed during the recording"

    private let folder: ExamFolder
    private let names: Set<String>

    /// The recordings in a folder; none in a new one.
    init(_ folder: ExamFolder) throws(ExamSessionError) {
        self.folder = folder
        names = Set(try folder.recordingFileNames())
    }

    /// Whether a recording stands there already.
    func holds(_ planned: PlannedRecording) -> Bool {
        names.contains(ExamFolder.recordingFileName(planned.recordingID))
    }

    /// What is known of a recording before it is analysed.
    struct Kept {
        /// Where it is played from; `nil` where nothing of it can be read.
        var probe: HeldProbe?
        /// Why nothing can be read.
        var problem: String?
        /// What it is of.
        var context: RecordingContext?
    }

    /// Opens a recording.
    func open(_ planned: PlannedRecording) -> Kept {
        do throws(RecordingError) {
            let recording = try Recording(path: folder.recording(planned.recordingID))
            return Kept(probe: HeldProbe(playing: recording), context: recording.description.context)
        } catch {
            return Kept(problem: error.description)
        }
    }
}

extension HeldProbe {
    /// A recording that is played as if its probe were there.
    init(playing recording: Recording) {
        self.init(
            source: ReplaySource(recording), correctsIQ: false, recordedContext: recording.description.context,
            recordedEnd: recording.closing.map(\.endedEarlyBecause) ?? KeptRecordings.cutOff)
    }
}
