import ArgumentParser
import ClinicRecord

/// Tries every destination of a settings' file.
struct RecordCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Try every destination, and say what is wrong where.",
        discussion: """
            DICOM systems are asked for an echo, DICOMweb and FHIR services for what they are, HL7 receivers for a \
            connection: nothing is stored anywhere. Exit code 1 when something does not answer as it should.
            """)

    @Argument(help: "The settings' file.")
    var settings: String

    @Flag(help: "Print one JSON document.")
    var json = false

    /// What was found, as one document.
    struct Document: Encodable {
        var schema = "dopplerbridge-record-check-1"
        var findings: [Finding]
    }

    /// What one system said.
    struct Finding: Encodable {
        var name: String
        var isReady: Bool
        var words: String

        init(_ check: ConnectionCheck) {
            name = check.name
            isReady = check.error == nil
            words = check.error?.description ?? "\(check.peer): ready"
        }
    }

    func run() async throws {
        let console = Console()
        let settings = try RecordSettings.read(self.settings)
        var findings: [Finding] = []
        for check in await settings.check() { findings.append(Finding(check)) }
        if json {
            try console.json(Document(findings: findings))
        } else {
            for finding in findings { console.result("\(finding.name): \(finding.words)") }
            if findings.isEmpty { console.result("Nothing is switched on in these settings.") }
        }
        guard findings.allSatisfy(\.isReady) else { throw Failure(.incomplete, "") }
    }
}
