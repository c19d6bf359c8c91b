import CCSVIAnalysis
import DopplerDSP
import Testing
import VHISSReport

@Suite("Hostile exams")
struct HostileInputTests {
    /// Texts that have broken layouts or files elsewhere.
    static let texts = [
        String(repeating: "W", count: 5000),
        String(repeating: "word ", count: 4000),
        String((UInt8(0)...31).map { Character(Unicode.Scalar($0)) }) + "\u{7F}\u{85}\u{2028}\u{2029}a\nb\tc",
        "\u{202E}reversed\u{202C} \u{2066}isolate\u{2069} \u{200B}\u{FEFF}\u{E000}\u{10FFFF}\u{FFFE}",
        "a" + String(repeating: "\u{0301}\u{0489}", count: 3000),
        "中文 한국어 العربية עברית हिन्दी ไทย ქართული ᠮᠣᠩᠭᠣᠯ 𐎀𐎁 😀👩‍👩‍👧‍👦🇩🇪 1️⃣",
        "\\(:)<<>>[]{}/%<script>&amp;]]><?xpacket end='w'?> endstream endobj",
        "", "   ", "%s%n%@", "<b>bold</b>",
    ]

    @Test("any text in every field gives a PDF")
    func neverRefused() throws {
        let exam = Self.exam(filledWith: Self.texts.joined())
        let pdf = try CriteriaReport.pdf(of: exam, spectrograms: [], createdAt: ExamFixture.createdAt)
        #expect(pdf.starts(with: Array("%PDF-1.4".utf8)))
    }

    @Test(
        "any text in every field gives a sound file with the mark on each page",
        .enabled(if: ExternalTool.qpdf.isInstalled, ExternalTool.qpdf.comment),
        .enabled(if: ExternalTool.pdftotext.isInstalled, ExternalTool.pdftotext.comment), arguments: texts.indices)
    func anyText(_ index: Int) throws {
        let exam = Self.exam(filledWith: Self.texts[index])
        let pdf = try CriteriaReport.pdf(of: exam, spectrograms: [], createdAt: ExamFixture.createdAt)
        let check = try ExternalTool.qpdf.run(["--check", "PDF"], on: pdf)
        #expect(check.status == 0, "\(check.output)")
        let pages = try ExternalTool.pages(of: pdf)
        #expect((2...6).contains(pages.count))
        #expect(pages.allSatisfy { $0.contains("SIMULATED") })
    }

    @Test("any text in every field keeps to PDF/A-1b", .enabled(if: Preflight.isInstalled, Preflight.comment))
    func preflight() throws {
        let exam = Self.exam(filledWith: [2, 3, 5, 6].map { Self.texts[$0] }.joined())
        let pdf = try CriteriaReport.pdf(of: exam, spectrograms: [], createdAt: ExamFixture.createdAt)
        let judgement = try Preflight.judge(pdf)
        #expect(judgement.contains("is a valid PDF/A-1b file"), "\(judgement)")
    }

    @Test(
        "a text that was cut is said to be cut",
        .enabled(if: ExternalTool.pdftotext.isInstalled, ExternalTool.pdftotext.comment))
    func cutsAreSaid() throws {
        var exam = ExamFixture.incomplete
        exam.subjectCode = String(repeating: "X", count: 500)
        let pdf = try CriteriaReport.pdf(of: exam, spectrograms: [], createdAt: ExamFixture.createdAt)
        let words = try ExternalTool.words(of: pdf)
        #expect(words.contains("\u{2026}"))
        #expect(words.contains("shortened (\u{2026})"))
        #expect(words.contains("Full text: exam.json"))
    }

    @Test(
        "a character that no font has is shown as unknown and counted",
        .enabled(if: ExternalTool.pdftotext.isInstalled, ExternalTool.pdftotext.comment))
    func unknownCharacters() throws {
        var exam = ExamFixture.incomplete
        exam.subjectCode = "P\u{1F6D8}\u{E0FFF}"
        let pdf = try CriteriaReport.pdf(of: exam, spectrograms: [], createdAt: ExamFixture.createdAt)
        #expect((try ExternalTool.words(of: pdf)).contains("P\u{FFFD}"))
    }

    @Test(
        "numbers that are none are printed as invalid and draw no picture",
        arguments: [Double.nan, .infinity, -.infinity, 1e308, -1e308, 0])
    func anyNumber(_ value: Double) throws {
        var exam = ExamFixture.rich
        for index in exam.recordings.indices {
            exam.recordings[index].scale.centreFrequencyHz = value
            exam.recordings[index].scale.insonationAngleDegrees = value
            exam.recordings[index].gateDepthMm = value
            exam.recordings[index].nyquistVelocityCmPerS = value
            exam.recordings[index].aliasedFraction = value
            exam.recordings[index].lostPulses = LostPulses(inProbe: .max, onLink: .max, atRing: .max)
            exam.recordings[index].pulses = .max
        }
        for index in exam.measurements.observations.indices {
            exam.measurements.observations[index].meanVelocityCmPerS = value
            exam.measurements.observations[index].refluxes = [
                RefluxEpisode(onsetSeconds: value, durationSeconds: value, breathsSeen: .min)
            ]
        }
        exam.assessment.metCount = .min
        exam.assessment.unknownCount = .max
        let spectrograms = ExamFixture.richSpectrograms.prefix(2).map { given in
            ReportSpectrogram(
                recordingID: given.recordingID, spectrogram: given.spectrogram,
                refluxes: [RefluxEpisode(onsetSeconds: value, durationSeconds: value, breathsSeen: nil)])
        }
        let pdf = try CriteriaReport.pdf(of: exam, spectrograms: spectrograms, createdAt: ExamFixture.createdAt)
        #expect(pdf.count > 10_000)
    }

    @Test(
        "a malformed spectrogram is named in its place",
        .enabled(if: ExternalTool.pdftotext.isInstalled, ExternalTool.pdftotext.comment),
        arguments: ["power", "prf", "hop", "length", "columns", "figures"])
    func malformed(_ what: String) throws {
        let id = try #require(CriteriaReport.picturesWanted(for: ExamFixture.rich).first)
        let recording = try #require(ExamFixture.rich.recordings.first { $0.recordingID == id })
        let sound = SyntheticSpectrogram(seconds: 1).spectrogram(for: recording)
        var settings = sound.settings
        var columns = sound.columns
        var power = sound.power
        switch what {
        case "power": power.removeLast()
        case "prf": settings.prfHz = .nan
        case "hop": settings.hopPulses = 0
        case "length": settings.fftLength = .max
        case "columns": (columns, power) = ([], [])
        default:
            for index in columns.indices {
                columns[index].centreSeconds = .nan
                columns[index].meanShiftHz = .infinity
                columns[index].noiseDb = .nan
            }
        }
        let spectrogram = Spectrogram(settings: settings, gate: 0, columns: columns, power: power)
        let pdf = try CriteriaReport.pdf(
            of: ExamFixture.rich,
            spectrograms: [ReportSpectrogram(recordingID: id, spectrogram: spectrogram, refluxes: [])],
            createdAt: ExamFixture.createdAt)
        let words = try ExternalTool.words(of: pdf)
        #expect(words.contains(["columns", "figures"].contains(what) ? "it has no columns" : "its power does not fit"))
    }

    private static func exam(filledWith text: String) -> Exam {
        var exam = ExamFixture.rich
        exam.examID = text
        exam.subjectCode = text
        exam.startedAt = text
        exam.software = text
        exam.sourceDescription = text
        exam.sourceSpecifier = text
        exam.outputDeclaration = text
        exam.algorithms = Array(repeating: text, count: 30)
        exam.limitations = Array(repeating: text, count: 30)
        exam.statement = Array(repeating: text, count: 30)
        exam.protocolReference = Reference(id: text, version: text, title: text, citation: text)
        exam.assessment.definition = exam.protocolReference
        exam.assessment.vhiss.table = exam.protocolReference
        for index in exam.assessment.vhiss.parts.indices {
            exam.assessment.vhiss.parts[index].name = text
            exam.assessment.vhiss.parts[index].counts = text
        }
        for index in exam.assessment.criteria.indices {
            exam.assessment.criteria[index].rule = text
            exam.assessment.criteria[index].source = text
            exam.assessment.criteria[index].projectChoices = Array(repeating: text, count: 20)
            exam.assessment.criteria[index].evidence = Array(repeating: Evidence(text: text, siteID: text), count: 20)
            exam.assessment.criteria[index].missing = Array(
                repeating: MissingItem(text: text, itemID: text, status: .notAssessable, reason: text), count: 20)
        }
        for index in exam.measurements.observations.indices {
            exam.measurements.observations[index].status = .notAssessable
            exam.measurements.observations[index].reason = text
        }
        for index in exam.recordings.indices {
            exam.recordings[index].recordingID = "\(index)" + text
            exam.recordings[index].sha256 = text
        }
        return exam
    }
}
