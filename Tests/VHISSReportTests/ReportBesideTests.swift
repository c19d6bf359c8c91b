import CCSVIAnalysis
import Foundation
import Testing
import VHISSReport

@Suite(
    "What the report says beside the criteria",
    .enabled(if: ExternalTool.pdftotext.isInstalled, ExternalTool.pdftotext.comment))
struct ReportBesideTests {
    /// Lines may also break after a slash, so blanks do not count.
    private func squeezed(_ text: String) -> String { text.filter { !$0.isWhitespace } }

    @Test("what can still settle the verdict stands under it, in the words of the assessment")
    func settling() throws {
        let sentence = try #require(ExamFixture.incomplete.assessment.settling?.sentence)
        #expect(try MadeReports.incompleteWords.get().contains(sentence))
    }

    @Test("every warning stands with its source and says that it blocks nothing", arguments: ExamFixture.richWarnings)
    func warnings(_ warning: PlausibilityWarning) throws {
        let words = try MadeReports.richWords.get()
        #expect(squeezed(words).contains(squeezed(warning.words)))
        #expect(words.contains("they block nothing and change no result"))
    }

    @Test("the exam stands under every definition, with what changes and why")
    func definitions() throws {
        let words = try MadeReports.richWords.get()
        for result in ExamFixture.richDefinitions.results { #expect(words.contains(result.definition.id)) }
        for line in ExamFixture.richDefinitions.changeWords { #expect(squeezed(words).contains(squeezed(line))) }
        #expect(words.contains("met \u{25B2}"))
    }

    @Test("the azygos vein stands with its recording and onset")
    func azygos() throws {
        let words = squeezed(try MadeReports.richWords.get())
        for item in ExamFixture.richBeside.azygos { #expect(words.contains(squeezed(item.text))) }
        #expect(words.contains("[29-azv.right.intercostal.sitting,at1.20s]"))
    }

    @Test("another modality stands with date, report number, source, ultrasound and agreement")
    func modalities() throws {
        #expect(ExamFixture.richBeside.modalities.count == 2)
        // The cells of a row stand line by line beside each other, so each line of a cell is looked for.
        let page = try #require(try ExternalTool.pages(of: MadeReports.rich.get()).dropFirst().first)
        for part in [
            "Left internal jugular vein, J3", "MR venography", "narrowing of 62 %", "2026-02-04, report MR-2211",
            "stenosis not found", "differ", "not comparable", "normal: no sign of stasis",
        ] {
            #expect(page.contains(part))
        }
    }

    @Test("flow stands with totals, cut-offs and citations, and what is missing is named")
    func flow() throws {
        let words = squeezed(try MadeReports.richWords.get())
        for measure in ExamFixture.richBeside.flow.measures {
            #expect(words.contains(squeezed(measure.cutOff)))
            #expect(words.contains(squeezed(measure.citation)))
        }
        #expect(words.contains(squeezed("not known, missing: left vertebral vein and right vertebral vein, sitting")))
    }

    @Test("the lumen stands as a coded list, and what was not looked at is named")
    func lumen() throws {
        let words = squeezed(try MadeReports.richWords.get())
        for line in ExamFixture.rich.measurements.lumenLines { #expect(words.contains(squeezed(line.dropped))) }
        #expect(words.contains(squeezed("Not looked at for defects: right J2, left J2, left J3")))
    }

    @Test("a measured area stands with its picture, and the value before it stays listed")
    func measuredArea() throws {
        let words = squeezed(try MadeReports.richWords.get())
        #expect(words.contains(squeezed("62.4 mm² (ellipse, end of expiration), frame 12 at 0.48 s of neck.dbrec")))
        #expect(words.contains(squeezed("superseded 2026-03-04T11:00:00+01:00: 58 mm² (entered)")))
    }

    @Test("nothing is printed for what does not exist")
    func nothingBeside() throws {
        let words = try MadeReports.incompleteWords.get()
        for heading in [
            "Plausibility warnings", BesideFindings.title, "The same exam under every published definition",
        ] {
            #expect(!words.contains(heading))
        }
    }
}

extension String {
    /// Without its first letter, which the report writes in upper case.
    fileprivate var dropped: String { String(dropFirst()) }
}
