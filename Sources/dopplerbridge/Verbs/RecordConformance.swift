import ArgumentParser
import ClinicRecord
import RecordDocuments

/// Prints the conformance statement.
struct RecordConformance: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance", abstract: "Print the conformance statement: DICOM, HL7 and FHIR.",
        discussion: "It is made of the tables that the program works with; CONFORMANCE.md is its output.")

    func run() throws {
        let text = try documenting { () throws(RecordDocumentError) in
            try ConformanceStatement.whole(network: NetworkConformance.text)
        }
        Console().result(String(text.dropLast()))
    }
}
