import CCSVIAnalysis
import DopplerDSP
import Foundation
import RecordDocuments
import Testing

@Suite("DICOM objects")
struct DICOMObjectTests {
    private static let dicomKinds = Set(RecordDocumentKind.allCases.filter(\.isDICOM))

    private static func documents(
        seed: UInt64, isAmendment: Bool = false, isVerified: Bool = true
    ) throws -> [RecordDocument] {
        let exam = try MadeExam.exam(seed: seed)
        return try RecordDocuments.make(
            dicomKinds, of: exam, pdf: MadeContext.pdf, spectrograms: MadeExam.spectrograms(of: exam, count: 12),
            context: try MadeContext.context(seed: seed, isAmendment: isAmendment, isVerified: isVerified))
    }

    @Test("The same exam gives the same bytes", arguments: 0..<3 as Range<UInt64>)
    func deterministic(seed: UInt64) throws {
        #expect(try Self.documents(seed: seed) == Self.documents(seed: seed))
    }

    @Test("Every object is a file of PS3.10 that holds its identifier and the name in three scripts")
    func files() throws {
        for document in try Self.documents(seed: 3) {
            #expect(Array(document.bytes[128..<132]) == Array("DICM".utf8))
            let data = Data(document.bytes)
            #expect(data.range(of: Data(document.identifier.utf8)) != nil)
            #expect(data.range(of: Data("Yamada^Tarou=山田^太郎=やまだ^たろう".utf8)) != nil)
            #expect(data.range(of: Data("SIMULATED".utf8)) != nil)
        }
    }

    @Test(
        "dciodvfy finds no error", .enabled(if: Judge.dciodvfy.isInstalled, Judge.dciodvfy.comment),
        arguments: 0..<4 as Range<UInt64>)
    func dciodvfy(seed: UInt64) throws {
        let folder = try ScratchFolder()
        for (index, document) in try Self.documents(
            seed: seed, isAmendment: seed % 2 == 1, isVerified: seed < 2
        ).enumerated() {
            let file = try folder.write(document.bytes, as: "\(index).dcm")
            let judged = try Judge.dciodvfy.run(["-new", file])
            let errors = judged.output.split(separator: "\n").filter { $0.hasPrefix("Error") }
            #expect(errors.isEmpty, "\(document.kind.rawValue): \(errors.joined(separator: "; "))")
            #expect(judged.output.contains(Self.iod(document.kind)), "\(judged.output)")
        }
    }

    @Test(
        "pydicom and highdicom read reports back with every number and unit",
        .enabled(if: Judge.script("check_sr.py").isInstalled, Judge.script("check_sr.py").comment))
    func readBack() throws {
        let folder = try ScratchFolder()
        var files: [String] = []
        for seed in 0..<4 as Range<UInt64> {
            let exam = try MadeExam.exam(seed: seed, isSimulated: seed % 2 == 0)
            let documents = try RecordDocuments.make(
                [.structuredReport], of: exam, pdf: MadeContext.pdf, spectrograms: MadeExam.spectrograms(of: exam),
                context: try MadeContext.context(seed: seed))
            files.append(try folder.write(try #require(documents.first).bytes, as: "\(seed).dcm"))
            files.append(try folder.write(Array(try JSONEncoder().encode(exam)), as: "\(seed).json"))
        }
        let judged = try Judge.script("check_sr.py").run(files)
        #expect(judged.status == 0, "\(judged.output)")
        #expect(judged.output.contains("numbers agree"))
    }

    @Test(
        "pydicom reads velocity and time out of the picture by its calibrated region",
        .enabled(if: Judge.script("check_us.py").isInstalled, Judge.script("check_us.py").comment))
    func calibrated() throws {
        let exam = try MadeExam.exam(seed: 5)
        let documents = try RecordDocuments.make(
            [.usImage], of: exam, pdf: MadeContext.pdf, spectrograms: MadeExam.spectrograms(of: exam, count: 1),
            context: try MadeContext.context())
        let folder = try ScratchFolder()
        let image = try folder.write(try #require(documents.first).bytes, as: "us.dcm")
        // The tone lies 16 bins of 31.25 Hz above zero; samples are missing from column 20 to 23.
        let scale = exam.recordings[0].scale
        let velocity = scale.velocityCmPerS(ofShiftHz: 500)
        let judged = try Judge.script("check_us.py").run([image, "\(velocity)", "20", "24", "0.032", "0.016"])
        #expect(judged.status == 0, "\(judged.output)")
    }

    @Test("An amendment names the version that it takes the place of, a first version none")
    func amendments() throws {
        let exam = try MadeExam.exam(seed: 1)
        for isAmendment in [true, false] {
            let context = try MadeContext.context(isAmendment: isAmendment)
            let earlier = try MadeContext.identifiers(seed: 1_000_001)
            for document in try RecordDocuments.make(
                [.structuredReport, .fhirBundle], of: exam, pdf: MadeContext.pdf, spectrograms: [], context: context)
            {
                let name = document.kind == .fhirBundle ? earlier.fhirReport : earlier.structuredReport
                let isNamed = Data(document.bytes).range(of: Data(name.utf8)) != nil
                #expect(isNamed == isAmendment, "\(document.kind.rawValue)")
            }
        }
    }

    private static func iod(_ kind: RecordDocumentKind) -> String {
        switch kind {
        case .usImage: "USImage"
        case .structuredReport: "ComprehensiveSR"
        default: "EncapsulatedPDF"
        }
    }
}
