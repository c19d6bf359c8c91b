import CCSVIAnalysis
import DopplerDSP
import Foundation
@testable import RecordDocuments
import TestSupport
import Testing

/// What is carried is carried whole, and what is not is refused with a reason that holds none of it.
@Suite("Hostile texts and figures")
struct HostileDocumentsTests {
    private static let textKinds: Set<RecordDocumentKind> = [.structuredReport, .fhirBundle, .observationMessage]

    /// Whether bytes hold a text.
    private static func holds(_ bytes: [UInt8], _ text: String) -> Bool {
        Data(bytes).range(of: Data(text.utf8)) != nil
    }

    @Test(
        "An exam's texts stand whole in every document, whatever signs they are of", arguments: 0..<8 as Range<UInt64>)
    func carried(seed: UInt64) throws {
        var texts: [String] = []
        let exam = try MadeExam.exam(seed: seed) { generator in
            texts.append(HostileText.printable(&generator))
            return texts[texts.count - 1]
        }
        let documents = try RecordDocuments.make(
            Self.textKinds, of: exam, pdf: MadeContext.pdf, spectrograms: [],
            context: try MadeContext.context(seed: seed))
        #expect(documents.count == 3 && !texts.isEmpty)
        let fhir = try #require(documents.first { $0.kind == .fhirBundle })
        let strings = Self.strings(try JSONSerialization.jsonObject(with: Data(fhir.bytes)))
        for text in texts {
            for document in documents {
                let isHeld =
                    switch document.kind {
                    case .fhirBundle: strings.contains { $0.utf8.elementsEqual(text.utf8) || $0.contains(text) }
                    case .observationMessage: Self.holds(document.bytes, HL7Message.escaped(text))
                    default: Self.holds(document.bytes, text)
                    }
                #expect(isHeld, "\(document.kind.rawValue): \(text.debugDescription)")
            }
        }
    }

    /// Every text of a JSON value.
    private static func strings(_ value: Any) -> [String] {
        switch value {
        case let text as String: [text]
        case let list as [Any]: list.flatMap(strings)
        case let fields as [String: Any]: fields.values.flatMap(strings)
        default: []
        }
    }

    @Test("Any texts either become documents or are refused by the field's name", arguments: 0..<30 as Range<UInt64>)
    func carriedOrRefused(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 7777)
        let exam = try MadeExam.exam(seed: seed) { seed % 4 == 0 ? HostileText.any(&$0) : "plain" }
        var context = try MadeContext.context(seed: seed)
        let family = HostileText.any(&generator), patientID = HostileText.any(&generator)
        context.subject.name.family = family
        if Bool.random(using: &generator) { context.subject.patientID = patientID }
        if Bool.random(using: &generator) { context.order.accessionNumber = HostileText.any(&generator) }
        if Bool.random(using: &generator) { context.station.institution = HostileText.any(&generator) }
        if Bool.random(using: &generator) { context.message.sendingFacility = HostileText.any(&generator) }
        do throws(RecordDocumentError) {
            let documents = try RecordDocuments.make(
                Set(RecordDocumentKind.allCases), of: exam, pdf: MadeContext.pdf, spectrograms: [], context: context)
            let report = documents.first { $0.kind == .structuredReport }?.bytes ?? []
            let isHeld = Self.holds(report, family) && Self.holds(report, context.subject.patientID)
            #expect(isHeld)
        } catch {
            switch error {
            case .text, .tooLong: break
            default: Issue.record("\(error)")
            }
            #expect(!error.description.contains(family) && !error.description.contains(patientID))
        }
    }

    @Test(
        "A name that DICOM cannot carry is refused, never cut",
        arguments: ["a^b", "a=b", "a\\b", "a\u{0}", "a\nb", String(repeating: "山", count: 60)])
    func names(family: String) throws {
        let exam = try MadeExam.exam(seed: 1)
        for kind in RecordDocumentKind.allCases where kind != .usImage {
            var context = try MadeContext.context()
            context.subject.name = RecordPersonName(family: family, given: "Tarou")
            #expect(throws: RecordDocumentError.self) {
                try RecordDocuments.make([kind], of: exam, pdf: MadeContext.pdf, spectrograms: [], context: context)
            }
        }
    }

    @Test("A name of 64 characters of any script is carried whole")
    func longestName() throws {
        let exam = try MadeExam.exam(seed: 1)
        var context = try MadeContext.context()
        let family = String(repeating: "山", count: 64)
        context.subject.name = RecordPersonName(family: family, given: "")
        let documents = try RecordDocuments.make(
            Set(RecordDocumentKind.allCases), of: exam, pdf: MadeContext.pdf, spectrograms: [], context: context)
        for document in documents {
            let isHeld = Self.holds(document.bytes, family)
            #expect(isHeld, "\(document.kind.rawValue)")
        }
    }

    @Test("A figure that is no number is refused", arguments: [Double.nan, .infinity, -.infinity])
    func figures(value: Double) throws {
        var exam = try MadeExam.exam(seed: 1)
        exam.measurements.volumeFlows[0].mlPerMin = value
        #expect(throws: RecordDocumentError.number(field: "volumeFlow")) {
            try RecordDocuments.make(
                [.structuredReport], of: exam, pdf: MadeContext.pdf, spectrograms: [], context: MadeContext.context())
        }
    }

    @Test("What is no PDF is refused")
    func notAPDF() throws {
        let exam = try MadeExam.exam(seed: 1)
        #expect(throws: RecordDocumentError.notAPDF) {
            try RecordDocuments.make(
                [.encapsulatedPDF], of: exam, pdf: [], spectrograms: [], context: MadeContext.context())
        }
    }

    @Test("An impossible spectrogram is refused", arguments: 0..<9)
    func spectrograms(fault: Int) throws {
        var exam = try MadeExam.exam(seed: 2)
        var given = try #require(MadeExam.spectrograms(of: exam, count: 1).first)
        let place = try #require(exam.recordings.firstIndex { $0.recordingID == given.recordingID })
        var settings = given.spectrogram.settings
        switch fault {
        case 0: given.spectrogram.power.removeLast()
        case 1: given.spectrogram = Spectrogram(settings: settings, gate: 0, columns: [], power: [])
        case 2: for index in given.spectrogram.columns.indices { given.spectrogram.columns[index].centreSeconds = .nan }
        case 3: given.spectrogram.columns[0].centreSeconds = 1e300
        case 4: settings.prfHz = .nan
        case 5: settings.hopPulses = 0
        case 6: exam.recordings[place].scale.insonationAngleDegrees = 90
        case 7: exam.recordings[place].scale.centreFrequencyHz = 0
        default: given.recordingID = "none"
        }
        if (4...5).contains(fault) {
            given.spectrogram = Spectrogram(
                settings: settings, gate: 0, columns: given.spectrogram.columns, power: given.spectrogram.power)
        }
        #expect {
            try RecordDocuments.make(
                [.usImage], of: exam, pdf: MadeContext.pdf, spectrograms: [given], context: MadeContext.context())
        } throws: { error in
            if case RecordDocumentError.spectrogram = error { true } else { false }
        }
    }

    @Test(
        "A spectrogram of no power, and one of infinite power, become pictures",
        arguments: [Float.nan, 0, .infinity, -1])
    func strangePower(value: Float) throws {
        let exam = try MadeExam.exam(seed: 2)
        var given = try #require(MadeExam.spectrograms(of: exam, count: 1).first)
        for index in given.spectrogram.power.indices { given.spectrogram.power[index] = value }
        let image = try SpectrumImage(given, scale: exam.recordings[0].scale)
        #expect(image.rgb.count == image.width * image.height * 3)
    }
}
