import ExamArchive
import Foundation
import TestSupport
import Testing

/// An archive whose exams wait to be sent.
struct DeliveryRig {
    let path: String
    private var archive: String { path + "/archive" }
    private var key: String { path + "/key" }
    private var settings: String { path + "/record.yaml" }
    /// A few subjects have several exams each: their order is kept.
    private static let subjects = 7
    private static let act = ArchiveAct(by: "test", at: ArchiveTime(millisecondsSince1970: 1_769_854_500_000))

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

    /// Puts exams with small documents into an archive's outbox.
    init(in path: String, exams: Int) throws {
        self.path = path
        try Data((0..<32).map { UInt8($0) }).write(to: URL(fileURLWithPath: key))
        chmod(key, 0o600)
        let recordings = path + "/exam/recordings"
        try FileManager.default.createDirectory(atPath: recordings, withIntermediateDirectories: true)
        try Data("a".utf8).write(to: URL(fileURLWithPath: recordings + "/01.dbrec"))
        let archive = try Archive.make(at: archive, archiveID: "SOAK", act: Self.act)
        let secret = IdentitySecret.keyFile(path: key)
        for number in 0..<exams {
            let id = "EX-\(number)"
            try archive.add(
                path + "/exam", subjectCode: "S\(number % Self.subjects)", examID: id, reader: { _ in .unreadable },
                act: Self.act)
            try archive.enqueue(Self.documents(number), of: id, secret: secret, act: Self.act)
        }
    }

    private static func documents(_ number: Int) -> [NewDelivery] {
        let uids = (1...2).map { "2.25.\(number + 1).\($0)" }
        return [
            NewDelivery(
                destination: "archive", kind: "us-image", identifier: uids[0],
                bytes: TinyObject.make(uids[0], of: TinyObject.ultrasound)),
            NewDelivery(
                destination: "archive", kind: "encapsulated-pdf", identifier: uids[1], bytes: TinyObject.make(uids[1])),
            NewDelivery(
                destination: "ehr", kind: "oru-message", identifier: "M\(number)",
                bytes: TinyObject.message("M\(number)")),
            NewDelivery(
                destination: "fhir", kind: "fhir-bundle", identifier: "R\(number)",
                bytes: TinyObject.bundle("R\(number)")),
        ]
    }

    /// What `archive verify` says.
    func verify() throws -> Program.Result { try Program.run(["archive", "verify", archive]) }

    /// The command that sends.
    var sending: [String] {
        ["record", "send", archive, "--settings", settings, "--key-file", key, "--once", "--linger", "0"]
    }

    func send() throws -> Program.Result { try Program.run(sending) }

    func outbox(_ verb: String, _ arguments: [String]) throws -> Program.Result {
        try Program.run(["outbox", verb, archive] + arguments)
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
        #expect(resources.count == Set(server.events("transaction").compactMap(\.id)).count)
    }
}
