import Foundation
import TestSupport
import Testing

/// An archive whose signed exams wait to be sent.
struct DeliveryRig {
    let rig: ArchiveRig
    private var key: String { rig.path + "/key" }
    private var settings: String { rig.path + "/record.yaml" }
    /// A few subjects have several exams each: their order is kept.
    private static let subjects = 7

    /// One delivery as `outbox list --json` prints it.
    struct Delivery: Decodable {
        var id: Int
        var destination: String
        var kind: String
        var identifier: String
        var sha256: String
        var state: String
        var lastError: String?
    }

    init(_ rig: ArchiveRig) throws {
        self.rig = rig
        try Data((0..<32).map { UInt8($0) }).write(to: URL(fileURLWithPath: key))
        chmod(key, 0o600)
        try write(ports: (9, 9, 9))
        for number in 0..<Self.subjects {
            let identity = """
                {"familyName": "Świątek", "givenName": "Łucja \(number)", "patientID": "P-\(number)", "birthDate": \
                "1961-04-30", "sex": "female", "issuer": "CLINIC"}
                """
            let file = rig.path + "/identity.json"
            try Data(identity.utf8).write(to: URL(fileURLWithPath: file))
            let stored = try rig.run("identity", ["set", "S\(number)"], key: key, from: file)
            #expect(stored.status == 0, "\(stored.errors)")
        }
    }

    /// Puts exams into the archive and signs them, with their documents for the outbox.
    func sign(exams: Int) throws {
        let whole = try #require(FileManager.default.contents(atPath: rig.exam + "/exam.json"))
        let parsed = try JSONSerialization.jsonObject(with: whole) as? [String: Any]
        var document = try #require(parsed)
        for number in 0..<exams {
            document["examID"] = "EX-\(number)"
            document["subjectCode"] = "S\(number % Self.subjects)"
            try JSONSerialization.data(withJSONObject: document).write(
                to: URL(fileURLWithPath: rig.exam + "/exam.json"))
            let added = try rig.run("add", [rig.exam])
            let signed = try rig.run("sign", ["EX-\(number)", "--settings", settings, "--key-file", key])
            try #require(added.status == 0 && signed.status == 0, "\(added.errors)\(signed.errors)")
        }
    }

    /// The command that sends.
    var sending: [String] {
        ["record", "send", rig.archive, "--settings", settings, "--key-file", key, "--once", "--linger", "0"]
    }

    func send() throws -> Program.Result { try Program.run(sending) }

    func outbox(_ verb: String, _ arguments: [String]) throws -> Program.Result {
        try Program.run(["outbox", verb, rig.archive] + arguments)
    }

    /// The whole outbox.
    func deliveries() throws -> [Delivery] {
        struct Document: Decodable { var deliveries: [Delivery] }
        let listed = try outbox("list", ["--json"])
        return try JSONDecoder().decode(Document.self, from: Data(listed.output.utf8)).deliveries
    }

    /// The settings for these peers.
    func writeSettings(_ peers: FaultyPeers) throws {
        try write(ports: (peers.archive.port, peers.receiver.port, peers.server.port))
    }

    private func write(ports: (UInt16, UInt16, UInt16)) throws {
        let retries = "retries: {first-seconds: 0.02, longest-seconds: 0.1, attempts: 50}"
        let text = """
            station: {title: DOPPLER, serial: S-1, device-uid: 2.25.5}
            destinations:
              - {name: archive, kind: dicom, host: 127.0.0.1, port: \(ports.0), title: PEER, \(retries)}
              - {name: ehr, kind: hl7, host: 127.0.0.1, port: \(ports.1), timeout-seconds: 10, \(retries)}
              - {name: fhir, kind: fhir, url: "http://127.0.0.1:\(ports.2)/fhir", \(retries)}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: settings))
    }
}

extension ArchiveRig {
    fileprivate func run(
        _ verb: String, _ arguments: [String], key: String, from file: String
    ) throws -> Program.Result {
        try Program.run(["archive", verb, arguments[0], archive, arguments[1], "--from", file, "--key-file", key])
    }
}

/// An archive, an HL7 receiver and a FHIR server with faults.
struct FaultyPeers {
    let archive: Peer
    let receiver: Peer
    let server: Peer

    init(in folder: String, faults share: Double) throws {
        let plan = { (faults: String, seed: Int) in
            ["--fault-share", "\(share)", "--faults", faults, "--seed", "\(seed)"]
        }
        archive = try Peer(
            "peer_scp.py", in: folder + "/pacs", plan("abort,after,status:0xA700,status:0xA900,delay:0.2", 1))
        receiver = try Peer("mllp_receiver.py", in: folder + "/ehr", plan("AE,half,wrong-id,garbage,drop,after", 2))
        server = try Peer("http_peer.py", in: folder + "/fhir", plan("status:503,status:422,drop,after,garbage", 3))
    }

    /// How many documents were received so far, repetitions included.
    var received: Int {
        archive.events("store").count + receiver.events("message").count + server.events("transaction").count
    }

    /// Whether exactly those arrived that are said to be delivered, or may have before they were shown to a person, each
    /// always with the same bytes.
    func check(delivered: [DeliveryRig.Delivery], of all: [DeliveryRig.Delivery]) throws {
        for (name, peer, kind) in [
            ("archive", archive, "store"), ("ehr", receiver, "message"), ("fhir", server, "transaction"),
        ] {
            let events = peer.events(kind)
            #expect(events.allSatisfy { $0.differs == false }, "\(name): other bytes under the same identifier")
            let known = Set(events.compactMap(\.id))
            let sent = Set(delivered.filter { $0.destination == name }.map(\.identifier))
            let possible = Set(all.filter { $0.destination == name }.map(\.identifier))
            #expect(sent.isSubset(of: known), "\(name): lost \(sent.subtracting(known).count)")
            #expect(known.isSubset(of: possible), "\(name): \(known.subtracting(possible).count) too many")
        }
        // The repetitions made nothing twice.
        let record = try Data(contentsOf: URL(fileURLWithPath: server.directory + "/record.json"))
        let resources = try JSONSerialization.jsonObject(with: record) as? [[String: Any]] ?? []
        let reports = resources.filter { $0["resourceType"] as? String == "DiagnosticReport" }
        #expect(reports.count == Set(server.events("transaction").compactMap(\.id)).count)
    }
}
