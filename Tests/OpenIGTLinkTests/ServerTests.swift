import Foundation
import OpenIGTLink
import Testing

@Suite("The OpenIGTLink server")
struct ServerTests {
    private let example = IGTLMessage("Marker", at: IGTLTime(rawValue: 7), .string("breath in"))

    private func connect(_ server: IGTLServer, clients: UInt64 = 1, receiveBufferBytes: Int32? = nil) throws
        -> TinyClient
    {
        let client = try TinyClient(server.port, receiveBufferBytes: receiveBufferBytes)
        #expect(eventually { server.counts.accepted >= clients })
        return client
    }

    @Test("every client gets every message, byte for byte as it was encoded")
    func publish() throws {
        let server = try makeServer()
        let clients = [try connect(server), try connect(server, clients: 2)]
        for example in HandMadeMessage.all { try server.publish(example.message) }
        for client in clients {
            for example in HandMadeMessage.all { #expect(try client.receive() == example.message) }
        }
        let counts = server.end()
        #expect(counts.published == UInt64(HandMadeMessage.all.count))
        #expect(counts.sent == 2 * counts.published && counts.lost == 0 && counts.areWhole)
        #expect(counts.ended == [.serverEnded: 2])
        #expect(try clients[0].receive() == nil)
    }

    @Test("a message that does not fit is refused, and no client gets it")
    func refuseMessage() throws {
        let server = try makeServer()
        let client = try connect(server)
        let wrong = IGTLMessage("a name of more than twenty", .string(""))
        let error = failure { () throws(IGTLError) in try server.publish(wrong) }
        #expect(error == .badName(field: "device name", limitCharacters: 20))
        let pairs = [IGTLMetadata](repeating: IGTLMetadata("a", "b"), count: 255)
        guard
            case .tooLarge = failure({ () throws(IGTLError) in
                try server.publish(IGTLMessage("m", .string(""), metadata: pairs))
            })
        else {
            Issue.record("255 pairs and the loss were taken")
            return
        }
        try server.publish(example)
        #expect(try client.receive() == example)
        #expect(server.counts.published == 1)
    }

    @Test("the server says where it listens, and why it cannot")
    func listen() throws {
        let server = try makeServer()
        #expect(server.port != 0)
        for (address, port) in [("127.0.0.1", server.port), ("no address", 0), ("192.0.2.1", 0)] {
            let error = failure { () throws(IGTLError) in
                var settings = IGTLServerSettings()
                (settings.address, settings.port) = (address, port)
                _ = try IGTLServer(settings) { _ in .failure("") }
            }
            guard case .cannotListen(address, port, let reason) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }

    @Test("a client that reads slowly loses whole messages and is told how many, where they are missing")
    func slowClient() throws {
        let server = try makeServer {
            $0.mostQueuedMessages = 20
        }
        let slow = try connect(server, receiveBufferBytes: 4096)
        let filler = String(repeating: "x", count: 40_000)
        let all = 600
        for index in 0..<all {
            try server.publish(IGTLMessage("n", .string("\(index) \(filler)")))
            #expect(server.counts.areWhole)
        }
        #expect(server.counts.clients.first { $0.id == 1 }.map { $0.lost > 0 } == true)
        let ending = Thread { server.end(drainSeconds: 10) }
        ending.start()
        try checkSlow(try slow.receiveAll(), all)
        #expect(eventually { server.counts.ended == [.serverEnded: 1] })
        #expect(server.counts.areWhole)
    }

    /// Each message's index is what was read before it and what was told as lost.
    private func checkSlow(_ messages: [IGTLMessage], _ all: Int) throws {
        var read = 0
        var lost = 0
        for message in messages {
            switch message.content {
            case .status(let status):
                #expect(status.code == .overflow && status.name == "LOST")
                #expect(Int(status.subcode) > lost)
                lost = Int(status.subcode)
            case .string(let text):
                #expect(text.prefix { $0 != " " } == "\(read + lost)")
                read += 1
            default: Issue.record("\(message)")
            }
        }
        #expect(read + lost == all)
        #expect(lost > 0 && read > 0)
    }

    @Test("publishing to a client that never reads goes on, and the client is closed after a while")
    func stalled() throws {
        let server = try makeServer {
            $0.stallSeconds = 0.3
            $0.mostQueuedBytes = 1 << 20
        }
        let client = try connect(server, receiveBufferBytes: 4096)
        let message = IGTLMessage(
            "i", .image(IGTLImage(columns: 500, rows: 500, pixels: .uint8(Array(repeating: 1, count: 250_000)))))
        for _ in 0..<100 { try server.publish(message) }
        #expect(server.counts.published == 100)
        #expect(eventually { server.counts.ended == [.stalled: 1] })
        let counts = server.counts
        #expect(counts.areWhole && counts.lost > 0 && counts.unsent > 0 && counts.clients.first?.end == .stalled)
        withExtendedLifetime(client) {}
    }

    @Test("a client that speaks version 2 is answered in it, with metadata and the sum of its loss")
    func versionTwo() throws {
        let server = try makeServer()
        let client = try connect(server)
        try client.send(IGTLMessage("", .get("STATUS")), .two)
        guard case .status(let status) = try client.receive()?.content else {
            Issue.record("no status")
            return
        }
        #expect(status == IGTLStatus(.ok, "serving 1 clients"))
        var message = example
        message.metadata = [IGTLMetadata("unit", "none")]
        message.messageID = 77
        try server.publish(message)
        message.metadata.append(IGTLMetadata("lost", "0"))
        #expect(try client.receive() == message)
        #expect(server.counts.clients.first?.headerVersion == .two)
    }

    @Test("what is asked for with GET is the newest of its type and device")
    func get() throws {
        let server = try makeServer()
        let older = IGTLMessage("a", .sensor(IGTLSensor([1], unit: .hertz)))
        let newer = IGTLMessage("a", .sensor(IGTLSensor([2], unit: .hertz)))
        let other = IGTLMessage("b", .sensor(IGTLSensor([3], unit: .hertz)))
        for message in [older, newer, other] { try server.publish(message) }
        let client = try connect(server)
        let answers: [(IGTLMessage, IGTLContent)] = [
            (IGTLMessage("a", .get("SENSOR")), newer.content), (IGTLMessage("", .get("SENSOR")), other.content),
            (
                IGTLMessage("c", .get("SENSOR")),
                .status(IGTLStatus(.notFound, "no SENSOR of this device was published so far"))
            ),
            (IGTLMessage("", .get("POINT")), .status(IGTLStatus(.unknownInstruction, "GET_POINT is not known here"))),
        ]
        for (question, answer) in answers {
            try client.send(question)
            #expect(try client.receive()?.content == answer)
        }
        try client.send(IGTLMessage("", .get("CAPABIL")))
        guard case .capability(let types) = try client.receive()?.content else {
            Issue.record("no capability")
            return
        }
        #expect(types.contains("NDARRAY") && types.contains("COMMAND"))
    }

    @Test("commands are performed one after the other and answered to their asker alone")
    func commands() throws {
        let server = try makeServer()
        let client = try connect(server)
        let other = try connect(server, clients: 2)
        let set = "<Command Name=\"SetParameter\"><Parameter Name=\"prfHz\" Value=\"4000\"/></Command>"
        try client.send(IGTLMessage("d", .command(IGTLCommandText(id: 5, name: "SetParameter", text: set))), .two)
        let reply = IGTLCommandText(
            id: 5, name: "SetParameter",
            text: "<CommandReply Name=\"SetParameter\" Status=\"SUCCESS\">"
                + "<Parameter Name=\"prfHz\" Value=\"4000\" Settable=\"true\"/></CommandReply>")
        #expect(try client.receive() == IGTLMessage("d", .commandReply(reply)))
        try client.send(IGTLMessage("CMD_12", .string("<SetParameter Name=\"gateDepthMm\" Value=\"9\"/>")))
        let failure =
            "<CommandReply Name=\"SetParameter\" Status=\"FAIL\" "
            + "Message=\"gateDepthMm cannot be set: the source has one gate\"/>"
        #expect(try client.receive() == IGTLMessage("ACK_12", .string(failure)))
        try client.send(IGTLMessage("CMD_13", .string("rm -rf")))
        guard case .string(let words) = try client.receive()?.content else {
            Issue.record("no answer")
            return
        }
        #expect(
            words
                == "<CommandReply Name=\"Command\" Status=\"FAIL\" Message=\"the command is not as expected at byte 0: &lt;\"/>"
        )
        try server.publish(example)
        #expect(try other.receive() == example)
        #expect(server.counts.commands == 2 && server.counts.refusedCommands == 1)
        #expect(server.counts.clients.map(\.commands) == [2, 0])
    }

    @Test("ending waits for the threads, lets clients read what waits, and can be repeated")
    func end() throws {
        let server = try makeServer()
        let client = try connect(server)
        for _ in 0..<100 { try server.publish(example) }
        let counts = server.end(drainSeconds: 10)
        #expect(counts.sent == 100 && counts.unsent == 0)
        #expect(try client.receiveAll().count == 100)
        #expect(server.end() == counts)
        try server.publish(example)
        #expect(server.counts.offered == 100 && server.counts.published == 101)
        #expect(throws: TinyClient.NotConnected.self) { try TinyClient(server.port) }
    }
}
