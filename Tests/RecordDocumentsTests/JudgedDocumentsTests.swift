import CCSVIAnalysis
import Foundation
import RecordDocuments
import Testing

/// What independent readers say of whole documents.
@Suite("Judged documents")
struct JudgedDocumentsTests {
    /// An exam's documents of some kinds, and the files that the judges need.
    private struct Made {
        let folder: ScratchFolder
        let documents: [RecordDocument]
        let exam: String
        let pdf: String

        init(
            _ kinds: Set<RecordDocumentKind>, seed: UInt64, isSimulated: Bool = true, isAmendment: Bool = false,
            isVerified: Bool = true, change: (inout RecordContext) -> Void = { _ in }, text: String = "dressing"
        ) throws {
            let exam = try MadeExam.exam(seed: seed, isSimulated: isSimulated) { _ in text }
            var context = try MadeContext.context(seed: seed, isAmendment: isAmendment, isVerified: isVerified)
            change(&context)
            folder = try ScratchFolder()
            documents = try RecordDocuments.make(
                kinds, of: exam, pdf: MadeContext.pdf, spectrograms: MadeExam.spectrograms(of: exam), context: context)
            self.exam = try folder.write(Array(try JSONEncoder().encode(exam)), as: "exam.json")
            pdf = try folder.write(MadeContext.pdf, as: "report.pdf")
        }

        func write(_ kind: RecordDocumentKind) throws -> String {
            let document = try #require(documents.first { $0.kind == kind })
            return try folder.write(document.bytes, as: kind.rawValue)
        }

        func expectation(_ values: [String: String]) throws -> String {
            try folder.write(Array(try JSONEncoder().encode(values)), as: "expected.json")
        }
    }

    @Test(
        "fhir.resources accepts transactions and code system with bindings, references and numbers",
        .enabled(if: Judge.script("check_fhir.py").isInstalled, Judge.script("check_fhir.py").comment))
    func fhir() throws {
        let all = try (0..<3 as Range<UInt64>).map { seed in
            try Made(
                [.fhirBundle], seed: seed, isSimulated: seed != 1, isAmendment: seed == 1, isVerified: seed != 2,
                text: "a \"quoted\"\r\n|^&~\\ text \u{1F600} עברית")
        }
        let codes = try all[0].folder.write(try RecordCodeSystem.json(), as: "codes.json")
        let files = try all.flatMap { [try $0.write(.fhirBundle), $0.exam, $0.pdf] } + [codes, "-", "-"]
        let judged = try Judge.script("check_fhir.py").run(files)
        #expect(judged.status == 0, "\(judged.output)")
        #expect(judged.output.contains("the code system holds"))
    }

    @Test(
        "python-hl7 and hl7apy read messages, their numbers, PDFs and every sign in their texts",
        .enabled(if: Judge.script("check_oru.py").isInstalled, Judge.script("check_oru.py").comment))
    func message() throws {
        let text = "a \"quoted\"\r\n|^&~\\ text \\F\\ \u{1F600} עברית 山田"
        var files: [String] = []
        var kept: [Made] = []
        for (seed, status) in [(0, "F"), (1, "C"), (2, "P")] as [(UInt64, String)] {
            let made = try Made(
                [.observationMessage], seed: seed, isSimulated: seed != 2, isAmendment: status == "C",
                isVerified: status != "P",
                change: { context in
                    context.subject.patientID = "P|1&2~3"
                    context.subject.name.family = "O'Brien & | ~ Söhne"
                }, text: text)
            let expected = try made.expectation([
                "patientID": "P|1&2~3", "family": "O'Brien & | ~ Söhne", "status": status, "text": text,
            ])
            files += [try made.write(.observationMessage), made.exam, made.pdf, expected]
            kept.append(made)
        }
        let judged = try Judge.script("check_oru.py").run(files)
        #expect(judged.status == 0, "\(judged.output)")
        #expect(judged.output.contains("observations hold"))
        withExtendedLifetime(kept) {}
    }

    @Test(
        "Orthanc stores the objects as one study and gives the PDF's bytes back",
        .enabled(if: Judge.script("check_orthanc.py").isInstalled, Judge.script("check_orthanc.py").comment))
    func orthanc() throws {
        let made = try Made(Set(RecordDocumentKind.allCases.filter(\.isDICOM)), seed: 1)
        let study = try MadeContext.context().order.studyInstanceUID
        let expected = try made.expectation(["study": study, "name": "Yamada^Tarou=山田^太郎=やまだ^たろう"])
        let files = try made.documents.enumerated().map { try made.folder.write($1.bytes, as: "\($0).dcm") }
        let judged = try Judge.script("check_orthanc.py").run([made.folder.path, made.pdf, expected] + files)
        #expect(judged.status == 0, "\(judged.output)")
        if judged.output.contains("skipped: ") { print(judged.output) }
    }
}
