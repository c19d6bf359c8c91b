import RecordDocuments
import TestSupport

/// What stands beside an exam, made up.
enum MadeContext {
    /// The smallest report that is a PDF, with an odd number of bytes.
    static let pdf: [UInt8] = {
        let text = """
            %PDF-1.4
            1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
            2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
            3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj
            trailer<</Root 1 0 R>>
            %%EOF

            """
        let bytes = Array(text.utf8)
        return bytes.count % 2 == 1 ? bytes : bytes + [0x0A]
    }()

    static func identifiers(seed: UInt64) throws -> RecordIdentifiers {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<RecordIdentifiers.randomByteCount).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        return try RecordIdentifiers(randomBytes: bytes)
    }

    /// A name in three scripts.
    static let yamada = RecordPersonName(
        family: "Yamada", given: "Tarou", ideographic: RecordNameParts(family: "山田", given: "太郎"),
        phonetic: RecordNameParts(family: "やまだ", given: "たろう"))

    static let station = RecordStation(
        manufacturer: "DopplerBridge project", model: "DopplerBridge", serial: "SN-0001",
        softwareVersion: "DopplerBridge 0.1.0", institution: "Klinik für Venen", stationAETitle: "VEINDOPPLER",
        stationName: "DOPPLER1", deviceUID: "2.25.302715343173552632081655083390629982406")

    /// A whole context.
    static func context(seed: UInt64 = 1, isAmendment: Bool = false, isVerified: Bool = true) throws -> RecordContext {
        RecordContext(
            subject: RecordSubject(
                name: yamada, patientID: "PID-0001", issuer: "CLINIC", birthDate: "1961-04-30", sex: .female),
            order: RecordOrder(
                studyInstanceUID: "2.25.91890729097524070993540012643642426751", accessionNumber: "ACC0001",
                requestedProcedureID: "RP1", requestedProcedureDescription: "Duplex of the neck veins",
                scheduledStepID: "SPS1", scheduledStepDescription: "Neck veins",
                referringPhysician: RecordPersonName(family: "Žižková", given: "Rita"), placerOrderNumber: "PL-7",
                fillerOrderNumber: "FI-9"),
            identifiers: try identifiers(seed: seed), station: station,
            operatorName: RecordPersonName(family: "Müller", given: "Sam"), createdAt: "2026-03-04T12:30:00+01:00",
            predecessor: isAmendment ? try identifiers(seed: seed &+ 1_000_000) : nil,
            verification: isVerified
                ? RecordVerification(
                    observer: RecordPersonName(family: "Leser", given: "Lea"), organisation: "Klinik für Venen",
                    at: "2026-03-04T12:00:00+01:00") : nil, namesPerformedStep: true)
    }
}
