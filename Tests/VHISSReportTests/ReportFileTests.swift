import CCSVIAnalysis
import Foundation
import Testing
import VHISSReport

@Suite("The report as a file")
struct ReportFileTests {
    @Test("the same exam gives the same bytes")
    func deterministic() throws {
        let again = try CriteriaReport.pdf(
            of: ExamFixture.incomplete, spectrograms: [], createdAt: ExamFixture.createdAt)
        #expect(try MadeReports.incomplete.get() == again)
        let pictures = ExamFixture.richSpectrograms
        let rich = try CriteriaReport.pdf(
            of: ExamFixture.rich, spectrograms: pictures.reversed(), createdAt: ExamFixture.createdAt)
        #expect(try MadeReports.rich.get() == rich)
    }

    @Test("another time of creation gives other bytes")
    func timeMatters() throws {
        let other = try CriteriaReport.pdf(
            of: ExamFixture.incomplete, spectrograms: [], createdAt: "2026-03-04T12:30:01+01:00")
        #expect(try MadeReports.incomplete.get() != other)
    }

    @Test(
        "a time that is not ISO 8601 with offset is refused",
        arguments: [
            "", "2026-03-04", "2026-03-04T12:30:00", "2026-13-04T12:30:00Z", "2026-03-04T12:30:00+0100",
            "2026-03-04T24:30:00Z", "2026-03-04T12:30:00.Z", "2026-03-04T12:30:00Zx", "٢٠٢٦-03-04T12:30:00Z",
        ])
    func refusesTimes(_ text: String) {
        #expect(throws: ReportError.self) {
            try CriteriaReport.pdf(of: ExamFixture.incomplete, spectrograms: [], createdAt: text)
        }
    }

    @Test(
        "qpdf finds nothing to complain about", .enabled(if: ExternalTool.qpdf.isInstalled, ExternalTool.qpdf.comment),
        arguments: [true, false])
    func qpdfCheck(isRich: Bool) throws {
        let pdf = try (isRich ? MadeReports.rich : MadeReports.incomplete).get()
        let result = try ExternalTool.qpdf.run(["--check", "PDF"], on: pdf)
        #expect(result.status == 0, "\(result.output)")
        #expect(!result.output.contains("WARNING"))
    }

    @Test(
        "PDFBox finds it a valid PDF/A-1b", .enabled(if: Preflight.isInstalled, Preflight.comment),
        arguments: [true, false])
    func preflight(isRich: Bool) throws {
        let judgement = try Preflight.judge((isRich ? MadeReports.rich : MadeReports.incomplete).get())
        #expect(judgement.contains("is a valid PDF/A-1b file"), "\(judgement)")
    }

    @Test(
        "pdfinfo sees three tagged A4 pages",
        .enabled(if: ExternalTool.pdfinfo.isInstalled, ExternalTool.pdfinfo.comment)
    )
    func information() throws {
        let output = try ExternalTool.pdfinfo.run(["-isodates", "PDF"], on: MadeReports.rich.get()).output
        let lines = output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.contains("Tagged: yes"))
        #expect(lines.contains("Pages: 3"))
        #expect(lines.contains("PDF version: 1.4"))
        #expect(lines.contains("Title: SIMULATED. Cerebrospinal venous Doppler: criteria report"))
        #expect(lines.contains { $0.hasPrefix("Page size: 595.276 x 841.89") })
    }

    @Test(
        "figures have their text, and header cells their scope",
        .enabled(if: ExternalTool.qpdf.isInstalled, ExternalTool.qpdf.comment))
    func structure() throws {
        let output = try ExternalTool.qpdf.run(["--json=2", "--json-key=qpdf", "PDF"], on: MadeReports.rich.get())
            .output
        #expect(output.components(separatedBy: "\"/Alt\": \"u:Spectrogram of the ").count == 7)
        #expect(
            output.contains("\"/Alt\": \"u:Spectrogram of the right internal jugular vein, J1, supine, quiet breathing")
        )
        #expect(output.contains("reflux of 1.42 s from 5.20 s"))
        #expect(output.contains("\"/Scope\": \"/Column\""))
        #expect(output.contains("\"/Scope\": \"/Row\""))
        #expect(output.contains("\"/Lang\": \"u:en-GB\""))
        #expect(!output.contains("/Transparency"))
    }

    @Test(
        "a report that needs more room gets more pages",
        .enabled(if: ExternalTool.pdftotext.isInstalled, ExternalTool.pdftotext.comment))
    func moreRoom() throws {
        var exam = ExamFixture.rich
        exam.measurements.observations += Side.allCases.flatMap { side in
            Vein.allCases.filter(\.isIntracranial).flatMap { vein in
                AcousticWindow.allCases.map { window in
                    VeinObservation(
                        site: ExamSite(vein, side, window: window, .supine), status: .notAssessable, reason: "no window"
                    )
                }
            }
        }
        let pdf = try CriteriaReport.pdf(of: exam, spectrograms: [], createdAt: ExamFixture.createdAt)
        let pages = try ExternalTool.pages(of: pdf)
        #expect(pages.count > 2)
        #expect(pages.allSatisfy { $0.contains("SIMULATED") && $0.contains("of \(pages.count)") })
        #expect(pages.dropLast().last?.contains("vein, level") == true || pages[1].contains("vein, level"))
    }
}
