/// A command on its way to the owner, and where its answer goes.
struct CommandRequest: Sendable {
    var client: UInt64
    var command: IGTLCommand
    var address: ReplyAddress
}

/// How an answer to a command is sent.
enum ReplyAddress: Sendable {
    /// As `RTS_COMMAND` with the asker's number, name and device.
    case command(id: UInt32, name: String, deviceName: String)
    /// As `STRING` to this device.
    case string(deviceName: String)

    /// The answer as a message; one that does not fit the wire becomes a failure that does.
    func message(_ reply: IGTLReply, name: String) -> IGTLMessage {
        let message = makeMessage(CommandText.reply(reply, to: name))
        do {
            _ = try message.encoded(.two)
            return message
        } catch {
            return makeMessage(CommandText.reply(.failure("the answer cannot be sent: \(error)"), to: name))
        }
    }

    private func makeMessage(_ text: String) -> IGTLMessage {
        switch self {
        case .command(let id, let name, let deviceName):
            IGTLMessage(deviceName, .commandReply(IGTLCommandText(id: id, name: name, text: text)))
        case .string(let deviceName): IGTLMessage(deviceName, .string(text))
        }
    }
}

/// What is done with a message that a client sent.
struct ClientDesk: Sendable {
    let hub: ServerHub

    /// PLUS's names for commands in a STRING and their answers (`vtkPlusCommand`).
    private static let commandPrefix = "CMD_"
    private static let answerPrefix = "ACK_"
    private static let capabilities = [
        "CAPABILITY", "COMMAND", "GET_CAPABIL", "GET_IMAGE", "GET_NDARRAY", "GET_SENSOR", "GET_STATUS", "GET_STRING",
        "IMAGE", "NDARRAY", "RTS_COMMAND", "SENSOR", "STATUS", "STRING",
    ]

    func take(_ message: IGTLMessage, from client: UInt64) {
        switch message.content {
        case .command(let text):
            // A name that fills its field to the end has no room for the zero in the answer.
            let name = text.name.utf8.count < MessageLayout.commandNameBytes ? text.name : ""
            perform(text.text, client, .command(id: text.id, name: name, deviceName: message.deviceName))
        case .string(let text) where message.deviceName.hasPrefix(Self.commandPrefix):
            let number = message.deviceName.dropFirst(Self.commandPrefix.count)
            perform(text, client, .string(deviceName: Self.answerPrefix + number))
        case .get(let type): answer(get: type, deviceName: message.deviceName, client)
        case .other(let type, _) where type.hasPrefix("STT_") || type.hasPrefix("STP_"):
            reply(
                .unknownInstruction, "\(type) is not known here: everything is sent to every client unasked", client)
        default: hub.ignored()
        }
    }

    private func perform(_ text: String, _ client: UInt64, _ address: ReplyAddress) {
        do throws(CommandProblem) {
            hub.submit(CommandRequest(client: client, command: try CommandText.command(text), address: address))
        } catch {
            hub.refuseCommand(address.message(.failure("\(error)"), name: "Command"), to: client)
        }
    }

    private func answer(get type: String, deviceName: String, _ client: UInt64) {
        // The header has room for 8 characters after GET_.
        if type == "CAPABIL" {
            hub.reply(IGTLMessage(hub.settings.deviceName, .capability(Self.capabilities)), to: client)
        } else if hub.replyLatest(type: type, deviceName: deviceName, to: client) {
            return
        } else if type == "STATUS" {
            reply(.ok, "serving \(hub.clientCount) clients", client)
        } else if Self.capabilities.contains("GET_\(type)") {
            reply(.notFound, "no \(type) of this device was published so far", client)
        } else {
            reply(.unknownInstruction, "GET_\(type) is not known here", client)
        }
    }

    private func reply(_ code: IGTLStatus.Code, _ words: String, _ client: UInt64) {
        hub.reply(Self.status(code, words, hub.settings), to: client)
    }

    /// A status of the server's own.
    static func status(
        _ code: IGTLStatus.Code, subcode: Int64 = 0, name: String = "", _ words: String, _ settings: IGTLServerSettings
    ) -> IGTLMessage {
        IGTLMessage(settings.deviceName, .status(IGTLStatus(code, subcode: subcode, name: name, words)))
    }
}
