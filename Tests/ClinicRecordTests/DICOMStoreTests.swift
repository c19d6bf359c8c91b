import ClinicRecord
import Foundation
import TestSupport
import Testing

@Suite("sending DICOM objects")
struct DICOMStoreTests {
    private func peer(_ port: UInt16, _ title: String = "PEER", timeout: Int = 5, tls: TLSFiles? = nil) -> DICOMPeer {
        DICOMPeer(
            host: "127.0.0.1", port: port, calledTitle: title, callingTitle: "DOPPLER", timeoutSeconds: timeout,
            tls: tls)
    }

    @Test("an echo is answered by pynetdicom", .enabled(if: Needs.hasPython, Needs.python))
    func echo() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder)
            try peer(scp.port).echo()
            #expect(scp.events("association").first?.calling == "DOPPLER")
        }
    }

    @Test(
        "several objects of two kinds go in one association, byte for byte", .enabled(if: Needs.hasPython, Needs.python)
    )
    func store() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder)
            let objects = [
                TinyObject.make("1.2.3.1"), TinyObject.make("1.2.3.2", of: TinyObject.ultrasound),
                TinyObject.make("1.2.3.3", bytes: 300_000),
            ]
            let answers = peer(scp.port).store(objects)
            #expect(answers.map(\.error) == [nil, nil, nil])
            #expect(answers.map(\.sopInstanceUID) == ["1.2.3.1", "1.2.3.2", "1.2.3.3"])
            #expect(scp.events("association").count == 1)
            #expect(scp.events("store").map(\.id) == ["1.2.3.1", "1.2.3.2", "1.2.3.3"])
            let whole = FileManager.default.contents(atPath: folder + "/1.2.3.3.dataset").map { [UInt8]($0) }
            // The data set as it was in the file, behind the preamble and the meta information.
            #expect(whole.map { objects[2].suffix($0.count).elementsEqual($0) } == true)
            #expect((whole?.count ?? 0) > 300_000)
        }
    }

    @Test(
        "each status is told for its own object", .enabled(if: Needs.hasPython, Needs.python),
        arguments: [(0xA700, false), (0xA900, false), (0xC001, false), (0xB000, true), (0x0111, true), (0x0122, false)])
    func status(_ status: Int, _ isTaken: Bool) throws {
        try Needs.folder { folder in
            let plan = "ok,status:0x" + String(status, radix: 16) + ",ok"
            let scp = try Peer("peer_scp.py", in: folder, ["--plan", plan])
            let answers = peer(scp.port).store((1...3).map { TinyObject.make("1.2.3.\($0)") })
            #expect(answers[0].error == nil && answers[2].error == nil)
            guard !isTaken else { return #expect(answers[1].error == nil) }
            guard case .refused(_, _, let code) = answers[1].error else {
                Issue.record("\(String(describing: answers[1].error))")
                return
            }
            #expect(Int(code) == status)
        }
    }

    @Test("what an abort left without an answer is told as not sent", .enabled(if: Needs.hasPython, Needs.python))
    func abort() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder, ["--plan", "ok,abort"])
            let answers = peer(scp.port).store((1...3).map { TinyObject.make("1.2.3.\($0)") })
            #expect(answers[0].error == nil)
            for answer in answers[1...] {
                switch answer.error {
                case .aborted, .connectionLost: break
                default: Issue.record("\(String(describing: answer.error))")
                }
            }
        }
    }

    @Test("bytes that are no DICOM object do not keep the others back", .enabled(if: Needs.hasPython, Needs.python))
    func garbage() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder)
            let answers = peer(scp.port).store([Array("nothing".utf8), [], TinyObject.make("1.2.3.9")])
            #expect(answers[0].error == .badDocument(reason: "it is no DICOM object"))
            #expect(answers[1].error == .badDocument(reason: "it is no DICOM object"))
            #expect(answers[2].error == nil)
        }
    }

    @Test("an object of a class that the peer does not take is told so", .enabled(if: Needs.hasPython, Needs.python))
    func notOffered() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder, ["--without", "Encapsulated PDF"])
            let answers = peer(scp.port).store([
                TinyObject.make("1.2.3.1"), TinyObject.make("1.2.3.2", of: TinyObject.ultrasound),
            ])
            guard case .notOffered = answers[0].error else {
                Issue.record("\(String(describing: answers[0].error))")
                return
            }
            #expect(answers[1].error == nil)
        }
    }

    @Test("titles that nobody knows, and a full peer, are told apart", .enabled(if: Needs.hasPython, Needs.python))
    func rejections() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder, ["--only", "OTHER"])
            let unknown = failure { () throws(ClinicRecordError) in try peer(scp.port).echo() }
            #expect(
                unknown
                    == .rejected(
                        peer: peer(scp.port).description,
                        AssociationRejection(isTransient: false, cause: .callingTitleUnknown)))
            let wrong = failure { () throws(ClinicRecordError) in try peer(scp.port, "WRONG").echo() }
            #expect(
                wrong
                    == .rejected(
                        peer: peer(scp.port, "WRONG").description,
                        AssociationRejection(isTransient: false, cause: .calledTitleUnknown)))
        }
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder, ["--refuse", "1"])
            let full = failure { () throws(ClinicRecordError) in try peer(scp.port).echo() }
            #expect(
                full
                    == .rejected(
                        peer: peer(scp.port).description, AssociationRejection(isTransient: true, cause: .busy)))
            try peer(scp.port).echo()
        }
    }

    @Test("a port where nobody listens, and one where nobody answers, are told apart")
    func nobody() throws {
        let nobody = failure { () throws(ClinicRecordError) in try peer(Needs.freePort(), timeout: 1).echo() }
        guard case .notConnected(let name, _) = nobody else {
            Issue.record("\(String(describing: nobody))")
            return
        }
        #expect(name.contains("PEER at 127.0.0.1"))
        let silent = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(silent) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = Needs.freePort().bigEndian
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(silent, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(bound == 0 && listen(silent, 1) == 0)
        let port = UInt16(bigEndian: address.sin_port)
        let mute = failure { () throws(ClinicRecordError) in try peer(port, timeout: 1).echo() }
        #expect(mute == .timedOut(peer: peer(port).description, what: "the echo request", seconds: 1))
    }

    @Test(
        "over mutual TLS an object arrives; a stranger on either side is refused",
        .enabled(if: Needs.hasPython, Needs.python))
    func tls() throws {
        try Needs.folder { folder in
            let tls = try Needs.certificates(in: folder)
            let scp = try Peer(
                "peer_scp.py", in: folder,
                ["--certificate", tls + "/server.pem", "--key", tls + "/server.key", "--client-ca", tls + "/ca.pem"])
            let own = TLSFiles.Pair(certificate: tls + "/station.pem", key: tls + "/station.key")
            let known = TLSFiles(authority: tls + "/ca.pem", own: own)
            #expect(peer(scp.port, tls: known).store([TinyObject.make("1.2.3.1")]).map(\.error) == [nil])
            // We do not believe the peer.
            let distrust = TLSFiles(authority: tls + "/stranger-ca.pem", own: own)
            #expect(isTLS(peer(scp.port, tls: distrust)))
            // The peer does not believe us.
            let stranger = TLSFiles.Pair(certificate: tls + "/stranger.pem", key: tls + "/stranger.key")
            #expect(isRefused(peer(scp.port, tls: TLSFiles(authority: tls + "/ca.pem", own: stranger))))
            #expect(isRefused(peer(scp.port, tls: TLSFiles(authority: tls + "/ca.pem"))))
            // Without TLS at a port that speaks it.
            #expect(isRefused(peer(scp.port, timeout: 1)))
            let missing = TLSFiles(authority: tls + "/none.pem")
            #expect(
                throws: ClinicRecordError.tlsFile(peer: peer(scp.port, tls: missing).description, what: "authority")
            ) {
                try peer(scp.port, tls: missing).echo()
            }
            #expect(scp.events("store").count == 1)
        }
    }

    private func isTLS(_ peer: DICOMPeer) -> Bool {
        guard case .tlsFailed = failure({ () throws(ClinicRecordError) in try peer.echo() }) else { return false }
        return true
    }

    private func isRefused(_ peer: DICOMPeer) -> Bool {
        switch failure({ () throws(ClinicRecordError) in try peer.echo() }) {
        case .tlsFailed, .connectionLost, .aborted, .timedOut: return true
        case let other:
            Issue.record("\(String(describing: other))")
            return false
        }
    }
}
