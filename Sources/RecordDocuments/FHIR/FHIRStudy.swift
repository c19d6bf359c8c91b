import CCSVIAnalysis

/// The series of an exam's objects, as an ImagingStudy lists them.
enum FHIRStudy {
    /// One series.
    struct Series {
        /// How many objects it has.
        var instances: Int
        /// The series as FHIR.
        var json: JSONValue
    }

    /// The series of the pictures, then the structured report's and the PDF's.
    static func series(_ pictures: [RecordPicture], _ identifiers: RecordIdentifiers) -> [Series] {
        var series: [Series] = []
        var seen: Set<String> = []
        for first in pictures where seen.insert(first.seriesUID).inserted {
            let own = pictures.filter { $0.seriesUID == first.seriesUID }
            let instances = own.map { picture in
                instance(
                    picture.instanceUID, RecordSOPClass.ultrasoundImage, number: picture.instanceNumber,
                    title: picture.recording.site.name)
            }
            series.append(
                one(first.seriesUID, number: first.seriesNumber, ("US", "Ultrasound"), instances))
        }
        series.append(
            one(
                identifiers.structuredReportSeries, number: StructuredReportObject.seriesNumber,
                ("SR", "Structured Report Document"),
                [
                    instance(
                        identifiers.structuredReport, RecordSOPClass.comprehensiveSR, number: 1, title: "Measurements")
                ]))
        series.append(
            one(
                identifiers.encapsulatedPDFSeries, number: EncapsulatedPDFObject.seriesNumber, ("DOC", "Document"),
                [instance(identifiers.encapsulatedPDF, RecordSOPClass.encapsulatedPDF, number: 1, title: "Report")]))
        return series
    }

    private static func one(
        _ uid: String, number: Int, _ modality: (code: String, meaning: String), _ instances: [JSONValue]
    ) -> Series {
        let code = RecordCode(system: CodingSystem.dicom.rawValue, code: modality.code, meaning: modality.meaning)
        return Series(
            instances: instances.count,
            json: [
                "uid": .text(uid), "number": .number("\(number)"), "modality": FHIRParts.coding(code),
                "numberOfInstances": .number("\(instances.count)"), "instance": .list(instances),
            ])
    }

    private static func instance(_ uid: String, _ sopClass: String, number: Int, title: String) -> JSONValue {
        [
            "uid": .text(uid),
            "sopClass": ["system": "urn:ietf:rfc:3986", "code": .text("urn:oid:\(sopClass)")],
            "number": .number("\(number)"), "title": .text(title),
        ]
    }
}
