internal import Acquisition
internal import CCSVIAnalysis
internal import ExamSession
internal import Foundation
internal import ProbeLink

/// The picture that an area was measured in, kept as a recording of one frame that any program of the project reads.
struct KeptPicture {
    /// The folder of these pictures within the exam's.
    static let folderName = "pictures"

    private let shown: ShownPicture
    private let area: PlannedArea
    private let folder: ExamFolder
    private let plan: ExamPlan

    init(_ shown: ShownPicture, of area: PlannedArea, in folder: ExamFolder, plan: ExamPlan) {
        self.shown = shown
        self.area = area
        self.folder = folder
        self.plan = plan
    }

    /// Writes the file under a name that is not in use.
    func write(origin: SourceOrigin) throws(RoomRefusal) -> AreaPicture {
        let parent = folder.file(Self.folderName)
        do throws(ExamSessionError) { try folder.makeFolder(Self.folderName) } catch { throw .exam(error) }
        var number = 1
        while FileManager.default.fileExists(atPath: "\(parent)/\(fileName(number))") { number += 1 }
        let path = "\(parent)/\(fileName(number))"
        do throws(RecordingError) {
            let writer = try RecordingWriter.create(path: path, description: description(origin))
            if let failure = try run(writer, origin) { throw failure }
            return AreaPicture(
                recordingFile: fileName(number), sha256: try RecordingFingerprint.sha256(ofFile: path), frame: 0,
                seconds: shown.picture.seconds, uncertaintyMm2: 0, isSimulated: origin.isSimulated ? true : nil)
        } catch {
            throw .exam(.recording(error))
        }
    }

    private func fileName(_ number: Int) -> String { "\(area.itemID)-\(number).dbrec" }

    private func run(
        _ writer: consuming RecordingWriter, _ origin: SourceOrigin
    ) throws(RecordingError) -> RecordingError? {
        var sink = NoSink()
        let run = AcquisitionRun(source: PictureSource(shown.picture, origin: origin), plannedPulses: nil)
        do throws(RingError) {
            return try run.run(recorder: writer, consumer: &sink, stop: StopSignal()).recordingFailure
        } catch {
            throw .notWritable(file: fileName(1), reason: error.description)
        }
    }

    private func description(_ origin: SourceOrigin) -> RecordingDescription {
        return RecordingDescription(
            software: plan.software, origin: origin, settings: shown.settings,
            context: RecordingContext(
                siteID: ExamSite(.internalJugular, area.side, level: area.level, area.posture).id))
    }
}
