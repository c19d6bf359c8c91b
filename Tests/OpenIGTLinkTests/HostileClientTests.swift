import Foundation
import OpenIGTLink
import TestSupport
import Testing

@Suite("The OpenIGTLink server and hostile clients")
struct HostileClientTests {
    private let example = IGTLMessage("Marker", .string("still here"))

    /// A well-behaved client gets what is published, whatever another does.
    private func check(_ server: IGTLServer, _ client: TinyClient) throws {
        try server.publish(example)
        #expect(try client.receive() == example)
    }

    private func connect(_ server: IGTLServer) throws -> TinyClient {
        let before = server.counts.accepted
        let client = try TinyClient(server.port)
        #expect(eventually { server.counts.accepted > before })
        return client
    }

    private static func header(bodyBytes: UInt64) -> [UInt8] {
        var header = handMade("STRING", "", checksum: 0, [])
        header.replaceSubrange(
            42..<50, with: (0..<8).map { UInt8(truncatingIfNeeded: bodyBytes >> UInt64(56 - 8 * $0)) })
        return header
    }

    @Test(
        "a client that sends no OpenIGTLink is told why and closed, and counted by its fault",
        arguments: [
            (Array("GET / HTTP/1.1\r\n\r\n".utf8), IGTLClientEnd.malformed, IGTLStatus.Code.unknownInstruction),
            (handMade("STRING", "", checksum: 1, hex("0003 0000")), .wrongChecksum, .init(rawValue: 9)),
            (header(bodyBytes: 1 << 62), .tooLarge, .overflow),
            (handMade("SENSOR", "", checksum: 0, []), .malformed, .unknownInstruction),
        ])
    func fault(_ bytes: [UInt8], _ end: IGTLClientEnd, _ code: IGTLStatus.Code) throws {
        let server = try makeServer()
        let good = try connect(server)
        let bad = try connect(server)
        bad.send(bytes)
        guard case .status(let status) = try bad.receive()?.content else {
            Issue.record("no reason was told")
            return
        }
        #expect(status.code == code && !status.words.isEmpty)
        #expect(try bad.receive() == nil)
        #expect(eventually { server.counts.ended == [end: 1] })
        try check(server, good)
    }

    @Test("half a message that trickles for ever is given up", arguments: [true, false])
    func half(_ trickles: Bool) throws {
        let server = try makeServer { $0.messageSeconds = 0.3 }
        let good = try connect(server)
        let bad = try connect(server)
        let message = handMade("GET_STATUS", "", checksum: 0, [])
        bad.send(Array(message.prefix(3)))
        for byte in message.dropFirst(3).dropLast() where trickles && server.counts.ended.isEmpty {
            bad.send([byte])
            usleep(20_000)
        }
        #expect(eventually { server.counts.ended == [.halfMessage: 1] })
        try check(server, good)
    }

    @Test("whole messages with pauses between them are well, however long the pauses")
    func pauses() throws {
        let server = try makeServer { $0.messageSeconds = 0.2 }
        let client = try connect(server)
        for _ in 0..<3 {
            try client.send(IGTLMessage("", .get("STATUS")))
            #expect(try client.receive() != nil)
            usleep(400_000)
        }
        try check(server, client)
    }

    @Test("more connections than the limit are told busy, and there is room again when one leaves")
    func flood() throws {
        let server = try makeServer { $0.mostClients = 2 }
        let first = try connect(server)
        do {
            let second = try connect(server)
            for _ in 0..<100 {
                let refused = try TinyClient(server.port)
                guard case .status(let status) = try refused.receive()?.content else {
                    Issue.record("no reason was told")
                    return
                }
                #expect(status.code == .busy)
            }
            #expect(server.counts.refused == 100 && server.counts.accepted == 2)
            try check(server, first)
            #expect(try second.receive() == example)
        }
        #expect(eventually { server.counts.ended == [.closed: 1] })
        try check(server, try connect(server))
        #expect(try first.receive() == example)
    }

    @Test("a client that asks and never reads is not read either, and harms nobody")
    func asksOnly() throws {
        let server = try makeServer {
            $0.mostQueuedReplies = 4
            $0.stallSeconds = 0.5
        }
        try server.publish(
            IGTLMessage(
                "i", .image(IGTLImage(columns: 500, rows: 500, pixels: .uint8(Array(repeating: 1, count: 250_000))))))
        let good = try connect(server)
        let bad = try connect(server)
        let question = try IGTLMessage("", .get("IMAGE")).encoded()
        let questions = Array(repeatElement(question, count: 500).joined())
        bad.send(questions)
        try check(server, good)
        #expect(eventually { server.counts.ended == [.stalled: 1] }, "\(server.counts.ended)")
        try check(server, good)
        withExtendedLifetime(bad) {}
    }

    @Test("a flood of commands is answered in order, a few at a time")
    func manyCommands() throws {
        let server = try makeServer { $0.mostQueuedReplies = 4 }
        let client = try connect(server)
        let count = 300
        let all = try (0..<count).flatMap { index in
            try IGTLMessage("CMD_\(index)", .string("<GetParameter Name=\"gateDepthMm\"/>")).encoded()
        }
        client.send(all)
        for index in 0..<count { #expect(try client.receive()?.deviceName == "ACK_\(index)") }
        #expect(server.counts.commands == UInt64(count))
    }

    @Test("a command that takes long stops neither publishing nor other clients")
    func slowCommand() throws {
        let gate = DispatchSemaphore(value: 0)
        var settings = IGTLServerSettings()
        settings.port = 0
        let server = try IGTLServer(settings) { _ in
            gate.wait()
            return .parameters([])
        }
        let asker = try connect(server)
        let other = try connect(server)
        try asker.send(IGTLMessage("CMD_1", .string("<ListParameters/>")))
        #expect(eventually { server.counts.commands == 1 })
        try check(server, other)
        #expect(try asker.receive() == example)
        gate.signal()
        #expect(try asker.receive()?.deviceName == "ACK_1")
    }

    @Test("noise of any kind ends the noisy client alone", arguments: UInt64(0)..<40)
    func noise(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let server = try makeServer { $0.messageSeconds = 0.2 }
        let good = try connect(server)
        let bad = try connect(server)
        var source = RandomMessage(seed: seed)
        var bytes: [UInt8] = []
        for _ in 0..<5 { bytes += try source.next().encoded(.two) }
        for _ in 0..<5 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        bad.send(bytes)
        try check(server, good)
        let counts = server.end()
        #expect(counts.areWhole)
    }
}
