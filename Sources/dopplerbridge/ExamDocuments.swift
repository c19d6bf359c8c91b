import CCSVIAnalysis
import ExamSession
import Foundation
import RecordDocuments
import VHISSReport

/// What the documents of an exam's folder are made of: the exam, its report and the pictures that the report shows.
struct ExamDocuments {
    let exam: Exam
    let pdf: [UInt8]
    let spectrograms: [RecordSpectrogram]

    /// Reads an exam's folder and makes its report anew.
    init(_ folder: ExamFolder) throws {
        let exam = try openExam(folder)
        var shown: [ReportSpectrogram] = []
        try examination { () throws(ExamSessionError) in
            for id in CriteriaReport.picturesWanted(for: exam) {
                guard let recording = exam.recordings.first(where: { $0.recordingID == id }) else { continue }
                let observation = exam.measurements.observations.first { $0.recordingID == id }
                shown.append(
                    ReportSpectrogram(
                        recordingID: id, spectrogram: try folder.spectrogram(of: recording),
                        refluxes: observation?.refluxes ?? []))
            }
        }
        do throws(ReportError) {
            pdf = try CriteriaReport.pdf(of: exam, spectrograms: shown, createdAt: exam.startedAt)
        } catch {
            throw Failure(.data, "\(folder.path): \(error.description)")
        }
        self.exam = exam
        spectrograms = shown.map { RecordSpectrogram(recordingID: $0.recordingID, spectrogram: $0.spectrogram) }
    }
}

/// Who is examined, as a file of JSON tells: `{"name": {"family": "...", "given": "..."}, "patientID": "..."}`.
struct SubjectFile: Decodable {
    let name: RecordPersonName
    let patientID: String
    let issuer: String?
    let birthDate: String?
    let sex: RecordSex?

    /// Reads a file; what is wrong with it is told without repeating it.
    static func subject(_ path: String) throws -> RecordSubject {
        let text = try readText(path)
        do {
            let file = try JSONDecoder().decode(SubjectFile.self, from: Data(text.utf8))
            return RecordSubject(
                name: file.name, patientID: file.patientID, issuer: file.issuer, birthDate: file.birthDate,
                sex: file.sex)
        } catch {
            throw Failure(
                .data, "\(path): not a subject: give JSON with name (family, given) and patientID")
        }
    }
}
