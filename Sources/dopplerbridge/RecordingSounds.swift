import Acquisition
import CCSVIAnalysis
import ExamSession
import Foundation
import RecordDocuments
import SampleFiles

/// Writes the sound of recordings as DICOM objects: of one exam's folder, or of a single recording.
///
/// The same recording gives the same bytes under the same UIDs, so that a receiver keeps one copy.
struct RecordingSounds {
    /// The subject's code; `nil` = nobody knows it here.
    let subjectCode: String?
    private let exam: Exam?
    /// When it was recorded, ISO 8601.
    private let startedAt: String

    /// - Parameters:
    ///   - source: a recording, or an exam's folder, whose exam knows subject and time.
    ///   - subjectCode: wins over the exam's.
    ///   - recordedAt: when a single recording was made, ISO 8601: it does not say so itself, and an object must.
    /// - Throws: `Failure` where neither an exam nor `recordedAt` tells the time.
    init(of source: String, subjectCode: String?, recordedAt: String?) throws {
        var exam: Exam?
        if !source.hasSuffix(".dbrec") {
            exam = try examination { () throws(ExamSessionError) in
                let folder = try ExamFolder(existing: source)
                return folder.holds(ExamFolder.examFileName) ? try folder.exam() : nil
            }
        }
        guard let startedAt = exam?.startedAt ?? recordedAt else {
            throw Failure(
                .usage, "\(source): no exam tells when it was recorded, and a DICOM object must: give --recorded-at")
        }
        self.exam = exam
        self.startedAt = startedAt
        self.subjectCode = subjectCode ?? exam?.subjectCode
    }

    /// Writes one object for each gate.
    ///
    /// - Parameters:
    ///   - path: the recording's file.
    ///   - number: of the recording among those that are written, from 1.
    ///   - stem: the path without ending.
    /// - Returns: the paths of what was written.
    func write(
        _ samples: RecordedSamples, sha256: String, of path: String, number: Int, to stem: String
    ) throws -> [String] {
        var written: [String] = []
        for gate in 0..<samples.gates {
            let split = DirectionalSplit(samples, gate: gate)
            let sound = DopplerSound(
                towards: split.towards, away: split.away, rateHz: samples.prfHz,
                gaps: samples.gaps.map { DopplerSound.Gap(firstSample: $0.firstPulse, samples: $0.pulses) },
                isSimulated: samples.isSimulated,
                recording: (samples.fileName as NSString).deletingPathExtension, gate: gate, seriesNumber: number,
                subjectCode: subjectCode, startedAt: startedAt,
                station: RecordStation(
                    manufacturer: "DopplerBridge project", model: "DopplerBridge", serial: "none",
                    softwareVersion: DopplerBridge.software, deviceUID: ""),
                identifiers: DopplerSound.Identifiers(
                    study: try Self.uid("study", exam.map { [$0.subjectCode, $0.examID, $0.startedAt] } ?? [sha256]),
                    series: try Self.uid("series", [sha256]),
                    instance: try Self.uid("instance", [sha256, "\(gate)", subjectCode ?? "", startedAt]),
                    timeBase: try Self.uid("time base", [sha256])))
            let file = stem + (samples.gates == 1 ? "" : ".gate\(gate)") + ".sound.dcm"
            let bytes: [UInt8]
            do throws(RecordDocumentError) { bytes = try sound.dicomFile() } catch {
                throw Failure(.usage, "\(path): \(error.description)")
            }
            do throws(SampleFileError) { try SampleExport.write(bytes, to: file) } catch { throw Failure(error) }
            written.append(file)
        }
        return written
    }

    /// A UID of words, the same for the same ones.
    private static func uid(_ what: String, _ words: [String]) throws -> String {
        let text = (["DopplerBridge sound", what] + words).joined(separator: "\n")
        guard let digest = RecordingFingerprint.sha512(of: Array(text.utf8)) else {
            throw Failure(.data, "no UID can be made: this GLib has no SHA-512")
        }
        let digits = Array(digest.utf8)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        return try documenting { () throws(RecordDocumentError) in try RecordIdentifiers.uid(ofDigest: bytes) }
    }
}
