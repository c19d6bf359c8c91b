import CCSVIAnalysis
@testable import RecordDocuments
import TestSupport
import Testing

/// Hand-made vectors: what the standards write.
@Suite("Vectors")
struct VectorTests {
    @Test(
        "HL7 texts are escaped sign by sign",
        arguments: [
            ("plain", "plain"), ("a|b", "a\\F\\b"), ("a^b", "a\\S\\b"), ("a&b", "a\\T\\b"), ("a~b", "a\\R\\b"),
            ("a\\b", "a\\E\\b"), ("\\F\\", "\\E\\F\\E\\"), ("a\r\nb", "a\\X0D\\\\X0A\\b"), ("\t", "\\X09\\"),
            ("山|é", "山\\F\\é"), ("|^&~\\", "\\F\\\\S\\\\T\\\\R\\\\E\\"),
        ])
    func escapes(text: String, written: String) { #expect(HL7Message.escaped(text) == written) }

    @Test("An HL7 message is its segments, each ended by CR, without empty fields at their ends")
    func message() {
        let message = HL7Message(segments: [
            HL7Message.Segment(name: "MSH", fields: ["APP", "", HL7Message.Field(["ORU", "R01"]), ""]),
            HL7Message.Segment(
                name: "PID",
                fields: [
                    "", HL7Message.Field(repetitions: [["A", "B", ""], [HL7Message.Component(["", "x&", "y"])]]),
                ]),
        ])
        #expect(String(decoding: message.bytes, as: UTF8.self) == "MSH|^~\\&|APP||ORU^R01\rPID||A^B~&x\\T\\&y\r")
    }

    @Test(
        "Moments are written as each standard writes them",
        arguments: [
            (
                "2026-01-31T10:15:00+01:00", "20260131", "101500", "20260131101500+0100", "2026-01-31T10:15:00+01:00"
            ),
            (
                "2024-02-29T23:59:60.123456789Z", "20240229", "235960.123456", "20240229235960.1234+0000",
                "2024-02-29T23:59:60.123456Z"
            ),
            (
                "1999-12-31T00:00:00.5-11:30", "19991231", "000000.5", "19991231000000.5-1130",
                "1999-12-31T00:00:00.5-11:30"
            ),
        ])
    func moments(iso: String, date: String, time: String, hl7: String, fhir: String) throws {
        let read = try RecordTime(iso, "x")
        #expect([read.dicomDate, read.dicomTime, read.hl7, read.fhir] == [date, time, hl7, fhir])
    }

    @Test(
        "What is no moment is refused",
        arguments: [
            "", "2026-01-31", "2026-01-31T10:15+01:00", "2026-02-29T10:15:00Z", "2026-13-01T10:15:00Z",
            "2026-01-31T24:15:00Z", "2026-01-31T10:60:00Z", "2026-01-31T10:15:00", "2026-01-31T10:15:00+1:00",
            "2026-01-31T10:15:00.Z", "2026-01-31T10:15:00.1.2Z", "2026-01-31T10:15:00+01:00Z", "٢٠٢٦-01-31T10:15:00Z",
            "2026-01-31T10:15:00Z\n", "2026-01-31T1\u{301}0:15:00Z", "0000-01-31T10:15:00Z",
            "2026-01-31T10:15:00." + String(repeating: "1", count: 999) + "Z",
        ])
    func noMoment(text: String) {
        #expect(throws: RecordDocumentError.time(field: "x")) { try RecordTime(text, "x") }
    }

    @Test(
        "Numbers are written without loss",
        arguments: [
            (14.3, "14.3", "14.3", "14.3"), (0, "0", "0", "0"), (-0.0, "0", "0", "0"), (-5.5, "-5.5", "-5.5", "-5.5"),
            (1e-5, "1e-05", "1e-05", "0.00001"), (1.25e-5, "1.25e-05", "1.25e-05", "0.0000125"),
            (1e16, "1e+16", "1e+16", "10000000000000000"), (-2.5e17, "-2.5e+17", "-2.5e+17", "-250000000000000000"),
            (1.0 / 3, "0.3333333333333333", "0.33333333333333", "0.3333333333333333"),
            (-1.0 / 3, "-0.3333333333333333", "-0.3333333333333", "-0.3333333333333333"),
        ])
    func numbers(value: Double, text: String, dicom: String, plain: String) throws {
        let number = try RecordNumber(value, "x")
        #expect([number.text, number.dicom, number.plain] == [text, dicom, plain])
    }

    @Test(
        "Every number comes back, and no Decimal String is longer than 16 characters",
        arguments: 0..<300 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value = Double(bitPattern: generator.next())
        guard value.isFinite else { return }
        let number = try RecordNumber(value, "x")
        #expect(Double(number.text) == number.value && Double(number.plain) == number.value)
        #expect(!number.plain.contains("e") && number.dicom.utf8.count <= 16)
        #expect(number.needsFloatingPoint == (Double(number.dicom) != number.value))
    }

    @Test("Names are written as DICOM's component groups")
    func names() throws {
        #expect(try MadeContext.yamada.dicomText("x") == "Yamada^Tarou=山田^太郎=やまだ^たろう")
        #expect(try RecordPersonName(family: "Žižková", given: "").dicomText("x") == "Žižková")
        let phonetic = RecordPersonName(family: "", given: "", phonetic: RecordNameParts(family: "やまだ", given: ""))
        #expect(try phonetic.dicomText("x") == "==やまだ")
    }

    @Test("Conditions are escaped for the search and for the URL")
    func conditions() {
        #expect(
            FHIRParts.condition(system: "urn:oid:1.2", value: "a|b,c$d\\e&f=g h+山")
                == "identifier=urn:oid:1.2%7Ca%5C%7Cb%5C%2Cc%5C%24d%5C%5Ce%26f%3Dg%20h%2B%E5%B1%B1")
    }

    @Test("JSON keeps the order of its keys and escapes control characters")
    func json() {
        let value: JSONValue = ["b": "x\"\\\n\u{1}山", "a": [.number("1.5"), .flag(true)], "empty": [], "none": nil]
        #expect(String(decoding: value.bytes, as: UTF8.self) == "{\"b\":\"x\\\"\\\\\\u000a\\u0001山\",\"a\":[1.5,true]}")
    }
}

@Suite("Identifiers")
struct IdentifierTests {
    @Test("The same bytes give the same identifiers, other bytes none of them", arguments: 0..<20 as Range<UInt64>)
    func made(seed: UInt64) throws {
        let one = try MadeContext.identifiers(seed: seed), other = try MadeContext.identifiers(seed: seed &+ 1)
        #expect(try one == MadeContext.identifiers(seed: seed))
        #expect(Set(one.images + [one.structuredReport]).isDisjoint(with: other.images + [other.structuredReport]))
        #expect(one.messageControlID != other.messageControlID && one.fhirReport != other.fhirReport)
        try one.validate()
    }

    @Test("A UID is 2.25 and the decimal of a version 4 UUID")
    func vector() throws {
        var bytes = [UInt8](repeating: 0, count: RecordIdentifiers.randomByteCount)
        for index in stride(from: 0, to: bytes.count, by: 16) { bytes[index] = UInt8(index / 16 + 1) }
        let identifiers = try RecordIdentifiers(randomBytes: bytes)
        // 01000000-0000-4000-8000-000000000000
        #expect(identifiers.structuredReport == "2.25.1329227995785218113582082754428796928")
        #expect(identifiers.fhirReport == "0b000000-0000-4000-8000-000000000000")
    }

    @Test("Too few bytes, and bytes that repeat, are refused", arguments: [0, 1, RecordIdentifiers.randomByteCount])
    func refused(count: Int) {
        #expect(throws: RecordDocumentError.self) {
            try RecordIdentifiers(randomBytes: [UInt8](repeating: 7, count: count))
        }
    }

    @Test("Identifiers from outside are examined", arguments: 0..<8)
    func validated(fault: Int) throws {
        var identifiers = try MadeContext.identifiers(seed: 1)
        switch fault {
        case 0: identifiers.structuredReport = "1..2"
        case 1: identifiers.images[3] = "1.02"
        case 2: identifiers.performedStep = String(repeating: "1.", count: 32) + "1"
        case 3: identifiers.images[1] = identifiers.images[0]
        case 4: identifiers.messageControlID = "a|b"
        case 5: identifiers.studyID = "12345678901234567"
        case 6: identifiers.fhirReport = "../Patient"
        default: identifiers.encapsulatedPDF = ""
        }
        #expect(throws: RecordDocumentError.self) { try identifiers.validate() }
    }
}
