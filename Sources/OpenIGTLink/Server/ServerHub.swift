internal import Dispatch
internal import Synchronization

/// What publisher, network thread and command thread of a server share.
///
/// The lock is held for moments only, and never while something is encoded, written or performed.
final class ServerHub: Sendable {
    let settings: IGTLServerSettings
    private let waker: Waker
    private let state = Mutex(ServerState())
    private let commandsWaiting = DispatchSemaphore(value: 0)

    init(_ settings: IGTLServerSettings, waker: Waker) {
        self.settings = settings
        self.waker = waker
    }

    // MARK: The publisher

    func publish(_ message: Published) {
        let wakes = state.withLock { state in
            state.publish(message, settings)
            return !state.clients.isEmpty && state.claimWake()
        }
        if wakes { waker.wake() }
    }

    var counts: IGTLServerCounts { state.withLock { $0.allCounts } }

    func beginEnding(drainUntil deadline: ContinuousClock.Instant) {
        state.withLock { $0.drainDeadline = $0.drainDeadline ?? deadline }
        commandsWaiting.signal()
        waker.wake()
    }

    // MARK: The network thread

    /// `nil` while the server serves.
    var drainDeadline: ContinuousClock.Instant? { state.withLock { $0.drainDeadline } }

    func wasWoken() { state.withLock { $0.isWoken = false } }

    /// A number for a new client; `nil` where there are clients enough.
    func admit(_ address: String) -> UInt64? { state.withLock { $0.admit(address, most: settings.mostClients) } }

    func acceptFailed() { state.withLock { $0.acceptFailures += 1 } }

    func ended(_ id: UInt64, _ reason: IGTLClientEnd) { state.withLock { $0.end(id, reason) } }

    func takeOutgoing(_ id: UInt64) -> [Outgoing] { state.withLock { $0.clients[id]?.takeOutgoing() ?? [] } }

    func wereSent(_ count: UInt64, to id: UInt64) { state.withLock { $0.clients[id]?.publishedWereSent(count) } }

    func hasOutgoing(_ id: UInt64) -> Bool { state.withLock { $0.clients[id]?.hasOutgoing ?? false } }

    /// Whether the client may ask for more: what it asked for is answered but for so many.
    func mayAsk(_ id: UInt64) -> Bool {
        state.withLock { state in
            guard let client = state.clients[id], state.drainDeadline == nil else { return false }
            return client.replies.count + client.pendingCommands < settings.mostQueuedReplies
        }
    }

    func speaks(_ id: UInt64, _ version: IGTLHeaderVersion) {
        guard version == .two else { return }
        state.withLock { $0.clients[id]?.counts.headerVersion = .two }
    }

    func reply(_ message: IGTLMessage, to id: UInt64) {
        state.withLock { $0.clients[id]?.replies.append(.message(message)) }
    }

    func refuseCommand(_ message: IGTLMessage, to id: UInt64) {
        state.withLock {
            $0.refusedCommands += 1
            $0.clients[id]?.replies.append(.message(message))
        }
    }

    func ignored() { state.withLock { $0.ignored += 1 } }

    /// Answers with the newest message of a type; false where none was published.
    func replyLatest(type: String, deviceName: String, to id: UInt64) -> Bool {
        state.withLock { state in
            let latest = state.latest.last {
                $0.typeName == type && (deviceName.isEmpty || $0.deviceName == deviceName)
            }
            guard let latest else { return false }
            state.clients[id]?.replies.append(.published(latest))
            return true
        }
    }

    var clientCount: Int { state.withLock { $0.clients.count } }

    func submit(_ request: CommandRequest) {
        state.withLock { state in
            state.clients[request.client]?.pendingCommands += 1
            state.commands.append(request)
        }
        commandsWaiting.signal()
    }

    // MARK: The command thread

    /// Waits for a command; `nil` when the server ends.
    func nextCommand() -> CommandRequest? {
        while true {
            commandsWaiting.wait()
            let (request, isEnding) = state.withLock { state -> (CommandRequest?, Bool) in
                guard state.drainDeadline == nil else { return (nil, true) }
                return (state.takeCommand(), false)
            }
            if isEnding { return nil }
            // A signal without a command: its client is gone.
            if let request { return request }
        }
    }

    func answer(_ request: CommandRequest, _ message: IGTLMessage) {
        state.withLock { state in
            state.clients[request.client]?.pendingCommands -= 1
            state.clients[request.client]?.replies.append(.message(message))
        }
        waker.wake()
    }
}

/// What goes to a client next.
struct Outgoing: Sendable {
    enum What: Sendable {
        case reply(ServerReply)
        case published(Published, tellsLoss: Bool)
    }

    var what: What
    var version: IGTLHeaderVersion
    /// How many messages the client lost so far.
    var lost: UInt64

    /// How large it is, about.
    var bytes: Int {
        switch what {
        case .published(let message, _), .reply(.published(let message)): message.versionOne.count
        case .reply(.message): MessageLayout.headerBytes
        }
    }
}

/// What a client is answered.
enum ServerReply: Sendable {
    case message(IGTLMessage)
    case published(Published)
}
