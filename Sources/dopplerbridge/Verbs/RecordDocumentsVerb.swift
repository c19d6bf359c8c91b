import ArgumentParser
import CCSVIAnalysis
import CohortStatistics
import ExamSession
import Foundation
import RecordDocuments

/// Writes an exam's documents for the clinic's record into a folder, to look at.
struct RecordDocumentsVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "documents", abstract: "Write an exam's documents for the clinic's record into a folder.",
        discussion: """
            Nothing is sent and nothing is kept: each run has identifiers of its own, unless --seed fixes them for a test. \
            Kinds: \(RecordDocumentKind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @Argument(help: "The exam's folder.")
    var folder: String

    @Option(help: "The folder that they are written into; it is made where there is none.")
    var into: String

    @Option(help: "A file of JSON with who was examined; without it the subject's code stands for the name.")
    var subject: String?

    @Option(help: "Which documents, with commas between them; all without it.")
    var kinds: String?

    @Option(help: "Fixes the identifiers, for tests: never for what is sent.")
    var seed: UInt64?

    func run() throws {
        let wanted = try wantedKinds()
        let source = try examination { () throws(ExamSessionError) in try ExamFolder(existing: folder) }
        let material = try ExamDocuments(source)
        let context = try context(of: material.exam)
        let documents = try documenting { () throws(RecordDocumentError) in
            try RecordDocuments.make(
                wanted, of: material.exam, pdf: material.pdf, spectrograms: material.spectrograms, context: context)
        }
        do {
            try FileManager.default.createDirectory(atPath: into, withIntermediateDirectories: true)
            var pictures = 0
            for document in documents {
                if document.kind == .usImage { pictures += 1 }
                let path = "\(into)/\(Self.fileName(document.kind, number: pictures))"
                try Data(document.bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
                Console().result("\(path): \(document.identifier)")
            }
        } catch {
            throw Failure(.storage, "\(into): cannot be written: check the name, the space and the permissions")
        }
    }

    private func wantedKinds() throws -> Set<RecordDocumentKind> {
        guard let kinds else { return Set(RecordDocumentKind.allCases) }
        return Set(
            try kinds.split(separator: ",").map { word in
                guard let kind = RecordDocumentKind(rawValue: String(word)) else {
                    let known = RecordDocumentKind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Failure(.usage, "--kinds \(word): no such kind: give some of \(known)")
                }
                return kind
            })
    }

    private static func fileName(_ kind: RecordDocumentKind, number: Int) -> String {
        switch kind {
        case .usImage: "us-image-\(number).dcm"
        case .structuredReport: "structured-report.dcm"
        case .encapsulatedPDF: "report-pdf.dcm"
        case .fhirBundle: "transaction.fhir.json"
        case .observationMessage: "observation.hl7"
        }
    }

    private func context(of exam: Exam) throws -> RecordContext {
        let code = RecordPersonName(family: exam.subjectCode, given: "")
        let who = try subject.map(SubjectFile.subject) ?? RecordSubject(name: code, patientID: exam.subjectCode)
        return try documenting { () throws(RecordDocumentError) in
            let study = try RecordIdentifiers(randomBytes: randomBytes(part: 0)).structuredReport
            let device = try RecordIdentifiers(randomBytes: randomBytes(part: 1)).structuredReport
            return RecordContext(
                subject: who, order: RecordOrder(studyInstanceUID: study),
                identifiers: try RecordIdentifiers(randomBytes: randomBytes(part: 2)),
                station: RecordStation(
                    manufacturer: "DopplerBridge project", model: "DopplerBridge", serial: "none",
                    softwareVersion: DopplerBridge.software, deviceUID: device),
                createdAt: exam.startedAt)
        }
    }

    /// Bytes for identifiers: of the seed where there is one, otherwise of new UUIDs.
    private func randomBytes(part: UInt64) -> [UInt8] {
        let count = RecordIdentifiers.randomByteCount
        guard let seed else {
            var bytes: [UInt8] = []
            while bytes.count < count { bytes += withUnsafeBytes(of: UUID().uuid) { Array($0) } }
            return Array(bytes.prefix(count))
        }
        var numbers = SeededNumbers(seed: seed &+ part &* 0x9E37_79B9)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: numbers.next()) }
    }
}
