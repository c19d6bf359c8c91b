import CCSVIAnalysis
import ExamSession
import VHISSReport

/// Writes the report of an exam beside it.
struct ReportWriter {
    let folder: ExamFolder
    static let fileName = "report.pdf"

    /// Writes `report.pdf` from `exam.json` and the recordings.
    ///
    /// - Returns: the report's path.
    func write() throws -> String {
        let exam = try openExam(folder)
        try examination { () throws(ExamSessionError) in
            var spectrograms: [ReportSpectrogram] = []
            for id in CriteriaReport.picturesWanted(for: exam) {
                guard let recording = exam.recordings.first(where: { $0.recordingID == id }) else { continue }
                let observation = exam.measurements.observations.first { $0.recordingID == id }
                spectrograms.append(
                    ReportSpectrogram(
                        recordingID: id, spectrogram: try folder.spectrogram(of: recording),
                        refluxes: observation?.refluxes ?? []))
            }
            let pdf: [UInt8]
            do throws(ReportError) {
                pdf = try CriteriaReport.pdf(of: exam, spectrograms: spectrograms, createdAt: exam.startedAt)
            } catch {
                throw ExamSessionError.unreadable(path: folder.path, reason: error.description)
            }
            try folder.write(bytes: pdf, as: Self.fileName)
        }
        return folder.file(Self.fileName)
    }
}
