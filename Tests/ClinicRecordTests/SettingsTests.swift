import ClinicRecord
import Foundation
import RecordDocuments
import Testing

@Suite("the settings' file")
struct SettingsTests {
    private static let whole = """
        station:
          title: DOPPLER1
          name: Room 3
          institution: Clinic
          serial: S-1
          device-uid: 2.25.5
        worklist:
          host: ris.example
          port: 104
          title: WORKLIST
          default-character-set: ISO_IR 100
        listener:
          port: 11112
          tls: {authority: tls/ca.pem, certificate: tls/own.pem, key: tls/own.key}
        destinations:
          - name: archive
            kind: dicom
            host: pacs.example
            port: 104
            title: ARCHIVE
            documents: [structured-report, encapsulated-pdf]
            procedure-steps: true
            commitment: {wait-seconds: 2, patience-hours: 48}
            tls: {authority: /etc/ca.pem}
            retries: {first-seconds: 1, longest-seconds: 60, attempts: 5}
          - name: web
            kind: dicomweb
            on: false
            url: https://pacs.example/dicom-web
            tls: {authority: ca.pem}
            token-file: token
          - name: ehr
            kind: hl7
            host: ehr.example
            port: 2575
            message: {receiving-application: EHR, pdf-head: ["", AP, PDF, Base64]}
          - name: fhir
            kind: fhir
            url: http://127.0.0.1:8080/fhir
        """

    @Test("everything that stands there is read, and paths are the file's")
    func read() throws {
        let settings = try RecordSettings(yaml: Self.whole, file: "/etc/clinic/record.yaml")
        #expect(settings.station.stationAETitle == "DOPPLER1" && settings.station.deviceUID == "2.25.5")
        #expect(settings.worklist?.defaultCharacterSet == "ISO_IR 100" && settings.worklist?.asksForOwnTitle == true)
        #expect(settings.worklist?.peer.callingTitle == "DOPPLER1")
        #expect(settings.listener?.port == 11112 && settings.listener?.knownTitles == ["ARCHIVE"])
        #expect(settings.listener?.tls?.own?.key == "/etc/clinic/tls/own.key")
        #expect(settings.destinations.map(\.name) == ["archive", "web", "ehr", "fhir"])
        #expect(settings.destinations.map(\.isOn) == [true, false, true, true])
        guard case .dicom(let archive) = settings.destinations[0].service else {
            Issue.record("no DICOM")
            return
        }
        #expect(archive.tellsSteps && archive.commitment?.waitSeconds == 2 && archive.commitment?.patienceHours == 48)
        #expect(archive.peer.tls == TLSFiles(authority: "/etc/ca.pem"))
        #expect(settings.destinations[0].documents == [.structuredReport, .encapsulatedPDF])
        #expect(settings.destinations[0].retries == RetryPolicy(firstSeconds: 1, longestSeconds: 60, attempts: 5))
        guard case .dicomWeb(let web) = settings.destinations[1].service,
            case .hl7(_, let message) = settings.destinations[2].service
        else {
            Issue.record("other services")
            return
        }
        #expect(web.tokenFile == "/etc/clinic/token" && web.tls?.authority == "/etc/clinic/ca.pem")
        #expect(message.encapsulatedHead == ["", "AP", "PDF", "Base64"] && message.receivingApplication == "EHR")
        #expect(settings.destinations[3].documents == [.fhirBundle])
    }

    @Test(
        "what is wrong is told with its line and column",
        arguments: [
            ("  name: Room 3", "  nmae: Room 3", ":3:3: unknown key `nmae`"),
            ("port: 2575", "port: 70000", ":35:11: `port` must be a whole number from 1 to 65535"),
            ("title: DOPPLER1", "title: A-TITLE-OF-SEVENTEEN", ":2:3: `title` must be an AE title"),
            ("kind: fhir", "kind: telex", ":38:11: `kind` must be one of dicom, dicomweb, hl7, fhir"),
            ("documents: [structured-report, encapsulated-pdf]", "documents: [oru-message]", ":21:16: a destination"),
            ("url: http://127.0.0.1:8080/fhir", "url: https://127.0.0.1:8080/fhir", "must begin with http://"),
            ("url: http://127.0.0.1:8080/fhir", "url: http://me:word@host/fhir", "must not hold a password"),
            ("key: tls/own.key}", "on: true}", "`certificate` and `key` go together"),
            ("- name: ehr", "- name: web", "two destinations are called `web`"),
            ("procedure-steps: true", "procedure-steps: yes", "must be true or false"),
            ("title: ARCHIVE", "host2: x", "key `title` is missing"),
        ])
    func wrong(_ good: String, _ bad: String, _ told: String) throws {
        #expect(Self.whole.contains(good))
        let text = Self.whole.replacing(good, with: bad, maxReplacements: 1)
        let error = failure { () throws(ClinicRecordError) in _ = try RecordSettings(yaml: text, file: "record.yaml") }
        guard case .settings(let problems) = error else {
            Issue.record("\(bad) was read")
            return
        }
        #expect(problems.contains { $0.contains(told) }, "\(problems)")
    }

    @Test("a listener without a certificate of its own is told so")
    func listener() {
        let text = Self.whole.replacing(", certificate: tls/own.pem, key: tls/own.key", with: "")
        let error = failure { () throws(ClinicRecordError) in _ = try RecordSettings(yaml: text, file: "r") }
        #expect(error?.description.contains("a listener needs `certificate` and `key`") == true)
    }

    @Test("a file that is missing, too long or no text is told so")
    func files() throws {
        try Needs.folder { folder in
            for (name, bytes) in [
                ("none", nil), ("long", Data(repeating: 32, count: 300_000)), ("binary", Data([0xFF, 0xFE, 0x00])),
            ] {
                if let bytes { try bytes.write(to: URL(fileURLWithPath: folder + "/" + name)) }
                let error = failure { () throws(ClinicRecordError) in
                    _ = try RecordSettings(path: folder + "/" + name)
                }
                guard case .file = error else {
                    Issue.record("\(name): \(String(describing: error))")
                    continue
                }
            }
        }
    }
}
