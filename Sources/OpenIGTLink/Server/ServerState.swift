/// What stands behind the hub's lock.
struct ServerState: Sendable {
    var clients: [UInt64: ClientState] = [:]
    /// The newest message of each type and device, the newest last.
    var latest: [Published] = []
    var commands: [CommandRequest] = []
    var drainDeadline: ContinuousClock.Instant?
    /// Whether the network thread was woken and did not look yet.
    var isWoken = false
    var acceptFailures: UInt64 = 0
    var refusedCommands: UInt64 = 0
    var ignored: UInt64 = 0

    private var published: UInt64 = 0
    private var accepted: UInt64 = 0
    private var refused: UInt64 = 0
    private var performed: UInt64 = 0
    private var endReasons: [IGTLClientEnd: UInt64] = [:]
    /// The sums of the clients that are gone, and the last of them.
    private var gone = IGTLServerCounts()
    private var past: [IGTLClientCounts] = []

    /// How many of those that are gone, and of the newest messages, are kept (project choices).
    private static let mostPast = 64
    private static let mostLatest = 64

    mutating func publish(_ message: Published, _ settings: IGTLServerSettings) {
        published += 1
        // The keys in an array of their own: they would hold the table, and every change would copy it with its queues.
        for id in Array(clients.keys) { clients[id]?.offer(message, settings) }
        latest.removeAll { $0.typeName == message.typeName && $0.deviceName == message.deviceName }
        latest.append(message)
        if latest.count > Self.mostLatest { latest.removeFirst() }
    }

    /// Whether the caller has to wake the network thread.
    mutating func claimWake() -> Bool {
        defer { isWoken = true }
        return !isWoken
    }

    mutating func admit(_ address: String, most: Int) -> UInt64? {
        guard clients.count < most, drainDeadline == nil else {
            refused += 1
            return nil
        }
        accepted += 1
        clients[accepted] = ClientState(IGTLClientCounts(id: accepted, address: address))
        return accepted
    }

    mutating func end(_ id: UInt64, _ reason: IGTLClientEnd) {
        guard let client = clients.removeValue(forKey: id) else { return }
        commands.removeAll { $0.client == id }
        var counts = client.allCounts
        counts.unsent = counts.queued
        counts.queued = 0
        counts.end = reason
        gone.add(counts)
        endReasons[reason, default: 0] += 1
        past.append(counts)
        if past.count > Self.mostPast { past.removeFirst() }
    }

    mutating func takeCommand() -> CommandRequest? {
        guard !commands.isEmpty else { return nil }
        let request = commands.removeFirst()
        performed += 1
        clients[request.client]?.counts.commands += 1
        return request
    }

    var allCounts: IGTLServerCounts {
        var counts = gone
        let present = clients.values.map(\.allCounts).sorted { $0.id < $1.id }
        for client in present { counts.add(client) }
        counts.published = published
        counts.accepted = accepted
        counts.refused = refused
        counts.acceptFailures = acceptFailures
        counts.commands = performed
        counts.refusedCommands = refusedCommands
        counts.ignored = ignored
        counts.ended = endReasons
        counts.clients = past + present
        return counts
    }
}

extension IGTLServerCounts {
    /// Adds a client's sums.
    fileprivate mutating func add(_ client: IGTLClientCounts) {
        offered += client.offered
        sent += client.sent
        lost += client.lost
        queued += client.queued
        unsent += client.unsent
    }
}

/// One client's part of it.
struct ClientState: Sendable {
    var counts: IGTLClientCounts
    var replies: [ServerReply] = []
    var pendingCommands = 0
    private var queue = MessageQueue()
    /// How many published messages are being written.
    private var writing: UInt64 = 0
    /// The loss that the client was told of.
    private var toldLost: UInt64 = 0

    init(_ counts: IGTLClientCounts) { self.counts = counts }

    mutating func offer(_ message: Published, _ settings: IGTLServerSettings) {
        counts.offered += 1
        counts.lost += UInt64(
            queue.add(message, mostMessages: settings.mostQueuedMessages, mostBytes: settings.mostQueuedBytes))
    }

    var hasOutgoing: Bool { !replies.isEmpty || queue.count > 0 }

    /// How much is written at a time, bytes (project choice): many small messages go with one call of the system.
    private static let bytesOfBatch = 64 << 10

    /// What goes next, in order; empty where nothing waits.
    mutating func takeOutgoing() -> [Outgoing] {
        var batch: [Outgoing] = []
        var bytes = 0
        while bytes < Self.bytesOfBatch, let next = takeNext() {
            batch.append(next)
            bytes += next.bytes
        }
        return batch
    }

    /// Answers first; a loss is told together with the message that comes after the gap.
    private mutating func takeNext() -> Outgoing? {
        let version = counts.headerVersion
        if !replies.isEmpty {
            return Outgoing(what: .reply(replies.removeFirst()), version: version, lost: counts.lost)
        }
        guard let message = queue.take() else { return nil }
        writing += 1
        let tellsLoss = counts.lost > toldLost
        toldLost = counts.lost
        return Outgoing(
            what: .published(message, tellsLoss: tellsLoss), version: version, lost: counts.lost)
    }

    mutating func publishedWereSent(_ count: UInt64) {
        writing -= count
        counts.sent += count
    }

    var allCounts: IGTLClientCounts {
        var all = counts
        all.queued = UInt64(queue.count) + writing
        return all
    }
}
