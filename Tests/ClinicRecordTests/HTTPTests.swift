import ClinicRecord
import Foundation
import TestSupport
import Testing

@Suite("FHIR and STOW-RS")
struct HTTPTests {
    private func peer(_ port: UInt16, _ path: String, timeout: Int = 5, tls: TLSFiles? = nil, token: String? = nil)
        -> HTTPPeer
    {
        HTTPPeer(
            url: "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)\(path)", timeoutSeconds: timeout, tls: tls,
            tokenFile: token)
    }

    @Test("a transaction that is repeated makes no second resource", .enabled(if: Needs.hasPython, Needs.python))
    func transaction() throws {
        try Needs.folder { folder in
            let server = try Peer("http_peer.py", in: folder, ["--plan", "ok,after"])
            let fhir = peer(server.port, "/fhir")
            try fhir.checkFHIR()
            try fhir.transact(TinyObject.bundle("R1"))
            let lost = failure { () throws(ClinicRecordError) in try fhir.transact(TinyObject.bundle("R2")) }
            #expect(lost == .connectionLost(peer: fhir.description, what: "the transaction"))
            try fhir.transact(TinyObject.bundle("R2"))
            let kept = try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: folder + "/record.json")))
            #expect((kept as? [Any])?.count == 2)
            #expect(server.events("transaction").map(\.copies) == [1, 1, 2])
            #expect(server.events("transaction").allSatisfy { $0.differs == false })
        }
    }

    @Test(
        "each fault of a server is an error of its own kind", .enabled(if: Needs.hasPython, Needs.python),
        arguments: ["status:422", "status:503", "status:408", "timeout:3", "drop", "garbage", "status:301"])
    func faults(_ fault: String) throws {
        try Needs.folder { folder in
            let server = try Peer("http_peer.py", in: folder, ["--plan", fault])
            let fhir = peer(server.port, "/fhir", timeout: 1)
            let error = failure { () throws(ClinicRecordError) in try fhir.transact(TinyObject.bundle("R1")) }
            switch (fault, error) {
            case ("timeout:3", .timedOut), ("drop", .connectionLost), ("garbage", .badAnswer): break
            case (_, .http(_, let status)): #expect(fault == "status:\(status)")
            default: Issue.record("\(fault): \(String(describing: error))")
            }
        }
    }

    @Test("the token comes from a file that nobody else may read", .enabled(if: Needs.hasPython, Needs.python))
    func token() throws {
        try Needs.folder { folder in
            let server = try Peer("http_peer.py", in: folder, ["--token", "secret-1"])
            let file = folder + "/token"
            let fhir = peer(server.port, "/fhir", token: file)
            func attempt() -> ClinicRecordError? {
                failure { () throws(ClinicRecordError) in try fhir.transact(TinyObject.bundle("R1")) }
            }
            guard case .file = attempt() else {
                Issue.record("no file")
                return
            }
            try Data("secret-0\n".utf8).write(to: URL(fileURLWithPath: file))
            chmod(file, 0o644)
            #expect(
                attempt() == .file(path: file, reason: "others may read the token", remedy: "run `chmod 600` on it"))
            chmod(file, 0o600)
            #expect(attempt() == .http(peer: fhir.description, status: 401))
            try Data("secret-1\n".utf8).write(to: URL(fileURLWithPath: file))
            chmod(file, 0o600)
            #expect(attempt() == nil)
        }
    }

    @Test("objects are stored byte for byte, and each has its own answer", .enabled(if: Needs.hasPython, Needs.python))
    func stow() throws {
        try Needs.folder { folder in
            let server = try Peer("http_peer.py", in: folder, ["--plan", "ok,reject,status:409,status:503"])
            let web = peer(server.port, "/dicom-web")
            try web.checkDICOMweb()
            let objects = (1...3).map { (instanceUID: "1.2.3.\($0)", bytes: TinyObject.make("1.2.3.\($0)")) }
            let first = try web.store(objects, boundary: "2.25.1")
            #expect(first.count == 3 && first.values.allSatisfy { $0 == nil })
            let kept = FileManager.default.contents(atPath: folder + "/1.2.3.2.dcm").map { [UInt8]($0) }
            #expect(kept == objects[1].bytes)
            let second = try web.store(objects, boundary: "2.25.2")
            #expect(second["1.2.3.1"] == .some(nil) && second["1.2.3.3"] == .some(nil))
            #expect(second["1.2.3.2"] == .refused(peer: web.description, what: "the object", status: 0xA900))
            for status in [409, 503] {
                let error = failure { () throws(ClinicRecordError) in _ = try web.store(objects, boundary: "2.25.3") }
                #expect(error == .http(peer: web.description, status: status))
            }
        }
    }

    @Test("over mutual TLS a stranger on either side is refused", .enabled(if: Needs.hasPython, Needs.python))
    func tls() throws {
        try Needs.folder { folder in
            let tls = try Needs.certificates(in: folder)
            let server = try Peer(
                "http_peer.py", in: folder,
                ["--certificate", tls + "/server.pem", "--key", tls + "/server.key", "--client-ca", tls + "/ca.pem"])
            let own = TLSFiles.Pair(certificate: tls + "/station.pem", key: tls + "/station.key")
            func attempt(_ files: TLSFiles?) -> ClinicRecordError? {
                failure { () throws(ClinicRecordError) in
                    try peer(server.port, "/fhir", timeout: 2, tls: files).transact(TinyObject.bundle("R1"))
                }
            }
            #expect(attempt(TLSFiles(authority: tls + "/ca.pem", own: own)) == nil)
            guard case .tlsFailed = attempt(TLSFiles(authority: tls + "/stranger-ca.pem", own: own)) else {
                Issue.record("a stranger was believed")
                return
            }
            let stranger = TLSFiles.Pair(certificate: tls + "/stranger.pem", key: tls + "/stranger.key")
            #expect(attempt(TLSFiles(authority: tls + "/ca.pem", own: stranger)) != nil)
            #expect(attempt(TLSFiles(authority: tls + "/ca.pem")) != nil)
            #expect(server.events("transaction").count == 1)
            let renamed = try Peer(
                "http_peer.py", in: folder,
                [
                    "--certificate", tls + "/other-name.pem", "--key", tls + "/other-name.key", "--client-ca",
                    tls + "/ca.pem",
                ])
            let another = failure { () throws(ClinicRecordError) in
                try peer(renamed.port, "/fhir", timeout: 2, tls: TLSFiles(authority: tls + "/ca.pem", own: own))
                    .transact(TinyObject.bundle("R1"))
            }
            guard case .tlsFailed = another else {
                Issue.record("another name was let in: \(String(describing: another))")
                return
            }
        }
    }

    @Test(
        "Orthanc takes objects by C-STORE and by STOW-RS, and keeps them",
        .enabled(if: Needs.program("Orthanc"), Needs.comment("Orthanc", "orthanc orthanc-dicomweb")))
    func orthanc() throws {
        try Needs.folder { folder in
            let listening = Needs.freePort()
            let server = try Peer("orthanc.py", in: folder, ["--station", "DOPPLER", "--station-port", "\(listening)"])
            let port = try #require(UInt16(try String(contentsOfFile: folder + "/http-port", encoding: .utf8)))
            let dicom = DICOMPeer(host: "127.0.0.1", port: server.port, calledTitle: "ORTHANC", callingTitle: "DOPPLER")
            try dicom.echo()
            #expect(dicom.store([TinyObject.make("1.2.3.1"), TinyObject.make("1.2.3.1")]).map(\.error) == [nil, nil])
            let web = HTTPPeer(url: "http://127.0.0.1:\(port)/dicom-web")
            try web.checkDICOMweb()
            let answers = try web.store(
                [("1.2.3.1", TinyObject.make("1.2.3.1")), ("1.2.3.2", TinyObject.make("1.2.3.2"))], boundary: "2.25.5")
            #expect(answers.count == 2 && answers.values.allSatisfy { $0 == nil })
            let statistics = try Needs.page("http://127.0.0.1:\(port)/statistics")
            #expect(statistics.contains("\"CountInstances\" : 2"))
        }
    }
}
