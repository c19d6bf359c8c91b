import ArgumentParser

/// Everything between the station and the clinic's record.
struct RecordVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Worklist in, documents out: DICOM, DICOMweb, HL7, FHIR.",
        subcommands: [
            RecordCheck.self,
            RecordWorklist.self,
            RecordOrderVerb.self,
            RecordSend.self,
            RecordDocumentsVerb.self,
            RecordConformance.self,
        ])
}
