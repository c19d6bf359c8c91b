/// A published message, encoded once for all clients, who share it.
final class Published: Sendable {
    /// Its header and metadata, without its content.
    private let head: IGTLMessage
    /// The whole message in header version 1.
    let versionOne: [UInt8]

    init(_ message: IGTLMessage) throws(IGTLError) {
        versionOne = try message.encoded(.one)
        // Metadata beyond the limits is refused here and not where a client gets it; the longest sum stands for any.
        var head = message
        head.content = .other(type: message.content.typeName, bytes: versionOne.count - MessageLayout.headerBytes)
        self.head = head
        _ = try head.framed([], .two, metadata: Self.told(.max, beside: message.metadata))
    }

    var typeName: String { head.content.typeName }
    var deviceName: String { head.deviceName }

    /// The bytes for a client.
    ///
    /// - Parameter lost: how many messages it lost so far.
    func bytes(_ version: IGTLHeaderVersion, lost: UInt64) throws(IGTLError) -> [UInt8] {
        switch version {
        case .one: versionOne
        case .two:
            try head.framed(
                versionOne[MessageLayout.headerBytes...], .two, metadata: Self.told(lost, beside: head.metadata))
        }
    }

    private static func told(_ lost: UInt64, beside metadata: [IGTLMetadata]) -> [IGTLMetadata] {
        metadata + [IGTLMetadata("lost", "\(lost)")]
    }
}

/// What waits for one client: the oldest go first, to the client or out of the way.
struct MessageQueue: Sendable {
    private var messages: [Published?] = []
    private var head = 0
    private(set) var bytes = 0

    var count: Int { messages.count - head }

    /// Adds one, and drops the oldest beyond the limits; the new one is always kept.
    ///
    /// - Returns: how many were dropped.
    mutating func add(_ message: Published, mostMessages: Int, mostBytes: Int) -> Int {
        messages.append(message)
        bytes += message.versionOne.count
        var dropped = 0
        while count > 1, count > mostMessages || bytes > mostBytes {
            _ = take()
            dropped += 1
        }
        return dropped
    }

    mutating func take() -> Published? {
        guard head < messages.count, let message = messages[head] else { return nil }
        messages[head] = nil
        head += 1
        bytes -= message.versionOne.count
        // Half of the places are empty: close up, in amortised constant time.
        if head * 2 >= messages.count {
            messages.removeSubrange(..<head)
            head = 0
        }
        return message
    }
}
