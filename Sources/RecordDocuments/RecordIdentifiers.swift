/// Every identifier of one version of an exam: made once, stored by the caller, the same on every repetition.
public struct RecordIdentifiers: Sendable, Hashable, Codable {
    /// The most pictures of one exam that can be sent (project choice).
    public static let mostImages = 24
    /// How many random bytes the identifiers of one version are made of.
    public static let randomByteCount = uuidBytes * (fixedUIDs + mostImages)

    /// SOP Instance UID of the structured report.
    public var structuredReport: String
    /// Its series.
    public var structuredReportSeries: String
    /// SOP Instance UID of the encapsulated PDF.
    public var encapsulatedPDF: String
    /// Its series.
    public var encapsulatedPDFSeries: String
    /// Series of the pictures of left veins.
    public var leftImageSeries: String
    /// Series of the pictures of right veins.
    public var rightImageSeries: String
    /// Series of the pictures of veins in the midline.
    public var unpairedImageSeries: String
    /// SOP Instance UIDs of the pictures, in their order.
    public var images: [String]
    /// SOP Instance UID of the performed procedure step.
    public var performedStep: String
    /// Performed Procedure Step ID, at most 16 characters.
    public var performedStepID: String
    /// Study ID, at most 16 characters.
    public var studyID: String
    /// MSH-10 of the observation message, 20 characters.
    public var messageControlID: String
    /// The FHIR report's UUID, lower case with hyphens.
    public var fhirReport: String

    private static let uuidBytes = 16
    private static let fixedUIDs = 11

    /// Identifiers from random bytes; the same bytes give the same identifiers.
    ///
    /// - Parameter randomBytes: `randomByteCount` of them, from a generator that suits keys.
    /// - Throws: `RecordDocumentError.identifier` when there are not so many bytes, or two identifiers came out alike.
    public init(randomBytes: [UInt8]) throws(RecordDocumentError) {
        guard randomBytes.count == Self.randomByteCount else {
            throw .identifier(field: "random bytes", what: "\(randomBytes.count) instead of \(Self.randomByteCount)")
        }
        let numbers = (0..<Self.fixedUIDs + Self.mostImages).map { index in
            Self.uuid(randomBytes[index * Self.uuidBytes..<(index + 1) * Self.uuidBytes])
        }
        guard Set(numbers).count == numbers.count else {
            throw .identifier(field: "random bytes", what: "two identifiers would be alike")
        }
        let uids = numbers.map { "2.25.\($0)" }
        structuredReport = uids[0]
        structuredReportSeries = uids[1]
        encapsulatedPDF = uids[2]
        encapsulatedPDFSeries = uids[3]
        leftImageSeries = uids[4]
        rightImageSeries = uids[5]
        unpairedImageSeries = uids[6]
        performedStep = uids[7]
        performedStepID = "P" + Self.letters(numbers[8], count: 15)
        studyID = "S" + Self.letters(numbers[8] >> 80, count: 9)
        messageControlID = Self.letters(numbers[9], count: 20)
        fhirReport = Self.uuidText(numbers[10])
        images = Array(uids[Self.fixedUIDs...])
    }

    /// A version 4 UUID (RFC 9562, 5.4) as a number.
    private static func uuid(_ bytes: ArraySlice<UInt8>) -> UInt128 {
        var number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        number = number & ~(UInt128(0xF) << 76) | UInt128(4) << 76
        return number & ~(UInt128(3) << 62) | UInt128(2) << 62
    }

    /// The lowest bits in letters and digits that are not mixed up (RFC 4648's base 32, capitals).
    private static func letters(_ number: UInt128, count: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        return String((0..<count).map { alphabet[Int(truncatingIfNeeded: number >> (5 * UInt128($0)) & 31)] })
    }

    private static func uuidText(_ number: UInt128) -> String {
        let digits = String(number, radix: 16)
        let padded = Array(String(repeating: "0", count: 32 - digits.count) + digits)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(padded[$0]) }.joined(separator: "-")
    }
}

extension RecordIdentifiers {
    /// Checks identifiers that came from outside.
    ///
    /// - Throws: the first that is none.
    public func validate() throws(RecordDocumentError) {
        let uids = [
            ("structuredReport", structuredReport), ("structuredReportSeries", structuredReportSeries),
            ("encapsulatedPDF", encapsulatedPDF), ("encapsulatedPDFSeries", encapsulatedPDFSeries),
            ("leftImageSeries", leftImageSeries), ("rightImageSeries", rightImageSeries),
            ("unpairedImageSeries", unpairedImageSeries), ("performedStep", performedStep),
        ]
        let all = uids + images.enumerated().map { ("images[\($0.offset)]", $0.element) }
        for (field, uid) in all { try Self.validate(uid: uid, field) }
        guard Set(all.map(\.1)).count == all.count else {
            throw .identifier(field: "UIDs", what: "two are alike")
        }
        for (field, text, atMost) in [
            ("performedStepID", performedStepID, 16), ("studyID", studyID, 16),
            ("messageControlID", messageControlID, 20),
        ] {
            let isPlain = text.utf8.allSatisfy { (65...90).contains($0) || (48...57).contains($0) }
            guard (1...atMost).contains(text.utf8.count), isPlain else {
                throw .identifier(field: field, what: "not 1 to \(atMost) capitals and digits")
            }
        }
        let groups = fhirReport.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12],
            groups.joined().utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { throw .identifier(field: "fhirReport", what: "not a UUID in lower case") }
    }

    /// Checks a UID (PS3.5 9.1).
    ///
    /// - Throws: `RecordDocumentError.identifier` when it is none.
    static func validate(uid: String, _ field: String) throws(RecordDocumentError) {
        let parts = uid.split(separator: ".", omittingEmptySubsequences: false)
        let isUID =
            parts.count > 1
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
                    && (part.count == 1 || part.first != "0")
            }
        guard (1...RecordText.longString).contains(uid.utf8.count), isUID else {
            throw .identifier(field: field, what: "not a UID of digits and dots, 64 at most")
        }
    }
}
