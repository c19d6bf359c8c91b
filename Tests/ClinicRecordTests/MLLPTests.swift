import ClinicRecord
import Foundation
import TestSupport
import Testing

@Suite("HL7 messages over MLLP")
struct MLLPTests {
    private func peer(_ port: UInt16, timeout: Int = 5, tls: TLSFiles? = nil, host: String = "127.0.0.1") -> MLLPPeer {
        MLLPPeer(host: host, port: port, timeoutSeconds: timeout, tls: tls)
    }

    @Test("messages go over one connection and are each acknowledged", .enabled(if: Needs.hasPython, Needs.python))
    func send() throws {
        try Needs.folder { folder in
            let receiver = try Peer("mllp_receiver.py", in: folder, ["--plan", "ok,two,ok"])
            let connection = MLLPConnection(peer(receiver.port))
            for id in ["M1", "M2", "M3"] { try connection.send(TinyObject.message(id), messageID: id) }
            #expect(receiver.events("message").map(\.id) == ["M1", "M2", "M3"])
            #expect(receiver.events("message").allSatisfy { $0.problems == [] })
            let kept = FileManager.default.contents(atPath: folder + "/M2.hl7").map { [UInt8]($0) }
            #expect(kept == TinyObject.message("M2"))
        }
    }

    @Test("a long message goes whole", .enabled(if: Needs.hasPython, Needs.python))
    func long() throws {
        try Needs.folder { folder in
            let receiver = try Peer("mllp_receiver.py", in: folder)
            let long =
                TinyObject.message("M1")
                + Array(("OBX|2|ED|PDF||" + String(repeating: "QUJD", count: 500_000) + "\r").utf8)
            try MLLPConnection(peer(receiver.port, timeout: 30)).send(long, messageID: "M1")
            #expect(FileManager.default.contents(atPath: folder + "/M1.hl7")?.count == long.count)
        }
    }

    @Test(
        "each fault is an error, and the next message goes over a new connection",
        .enabled(if: Needs.hasPython, Needs.python),
        arguments: ["AE", "AR", "silence", "half", "wrong-id", "garbage", "drop", "after", "trickle"])
    func fault(_ fault: String) throws {
        try Needs.folder { folder in
            let receiver = try Peer("mllp_receiver.py", in: folder, ["--plan", fault])
            let connection = MLLPConnection(peer(receiver.port, timeout: 1))
            let error = failure { () throws(ClinicRecordError) in
                try connection.send(TinyObject.message("M1"), messageID: "M1")
            }
            switch (fault, error) {
            case ("AE", .notAcknowledged(_, "AE", ", error 101")), ("AR", .notAcknowledged(_, "AR", ", error 200")),
                ("silence", .timedOut), ("trickle", .timedOut), ("half", .connectionLost), ("wrong-id", .badAnswer),
                ("garbage", .badAnswer),
                ("drop", .connectionLost), ("after", .connectionLost):
                break
            default: Issue.record("\(fault): \(String(describing: error))")
            }
            try connection.send(TinyObject.message("M1"), messageID: "M1")
            #expect(receiver.events("message").last?.differs == false)
        }
    }

    @Test("a connection that was closed while it was idle is opened anew", .enabled(if: Needs.hasPython, Needs.python))
    func idle() throws {
        try Needs.folder { folder in
            let receiver = try Peer("mllp_receiver.py", in: folder)
            let connection = MLLPConnection(peer(receiver.port))
            try connection.send(TinyObject.message("M1"), messageID: "M1")
            receiver.stop()
            let again = try Peer("mllp_receiver.py", in: folder, port: receiver.port)
            try connection.send(TinyObject.message("M2"), messageID: "M2")
            #expect(again.events("message").map(\.id) == ["M1", "M2"])
        }
    }

    @Test(
        "over mutual TLS a message arrives; a stranger on either side, and another name, are refused",
        .enabled(if: Needs.hasPython, Needs.python))
    func tls() throws {
        try Needs.folder { folder in
            let tls = try Needs.certificates(in: folder)
            let own = TLSFiles.Pair(certificate: tls + "/station.pem", key: tls + "/station.key")
            func server(_ name: String) throws -> Peer {
                try Peer(
                    "mllp_receiver.py", in: folder,
                    [
                        "--certificate", "\(tls)/\(name).pem", "--key", "\(tls)/\(name).key", "--client-ca",
                        tls + "/ca.pem",
                    ])
            }
            func attempt(_ port: UInt16, _ files: TLSFiles?) -> ClinicRecordError? {
                failure { () throws(ClinicRecordError) in
                    try MLLPConnection(peer(port, timeout: 2, tls: files)).send(
                        TinyObject.message("M1"), messageID: "M1")
                }
            }
            let known = TLSFiles(authority: tls + "/ca.pem", own: own)
            let receiver = try server("server")
            #expect(attempt(receiver.port, known) == nil)
            let stranger = TLSFiles.Pair(certificate: tls + "/stranger.pem", key: tls + "/stranger.key")
            let others: [TLSFiles?] = [
                TLSFiles(authority: tls + "/stranger-ca.pem", own: own),
                TLSFiles(authority: tls + "/ca.pem", own: stranger), TLSFiles(authority: tls + "/ca.pem"), nil,
            ]
            for files in others { #expect(attempt(receiver.port, files) != nil) }
            let renamed = try server("other-name")
            guard case .tlsFailed = attempt(renamed.port, known) else {
                Issue.record("another name was let in")
                return
            }
            #expect(receiver.events("message").count == 1)
        }
    }

    @Test("a mark of MLLP in a message is found before it is sent")
    func marks() {
        let error = failure { () throws(ClinicRecordError) in
            try MLLPConnection(peer(1)).send([0x0B] + TinyObject.message("M1"), messageID: "M1")
        }
        #expect(error == .badDocument(reason: "a mark of MLLP stands in it"))
    }

    @Test("acknowledgements are read by hand-made bytes, and rubbish is none")
    func acknowledgement() {
        let read = { (text: String) in Acknowledgement(Array(text.utf8)) }
        #expect(read("MSH|^~\\&|A\rMSA|AA|M1\r")?.messageID == "M1")
        #expect(read("MSH#^~\\&#A\rMSA#AE#M1\rERR###103^x\r")?.errorCode == "103")
        #expect(read("MSH|^~\\&|A\nMSA|AR|M1|Patient Smith unknown\n")?.errorCode == nil)
        for rubbish in ["", "MSH", "MSH|", "MSA|AA|M1", "MSH|^~\\&\rMSA|AA", "\u{0}\u{0}"] {
            #expect(read(rubbish) == nil, "\(rubbish)")
        }
    }
}
