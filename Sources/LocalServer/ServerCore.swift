import NIOCore
import Synchronization

/// What all connections of one server share.
final class ServerCore: Sendable {
    let limits: ServerLimits
    let assets: [String: WebAsset]
    let desk: any WebDesk
    let monotonicSeconds: @Sendable () -> Double
    let randomBytes: @Sendable (Int) -> [UInt8]
    private let state: Mutex<State>

    private struct State {
        var reach: RequestGate.Reach?
        var doorkeeper: Doorkeeper
        var connections: [ObjectIdentifier: Connection] = [:]
        var lastConnection: UInt64 = 0
        var refusedConnections: UInt64 = 0
        var liveConnections = 0
        var lastListener: UInt64 = 0
        var calls: [UInt64: Task<Void, Never>] = [:]
        var lastCall: UInt64 = 0
        var isEnding = false
    }

    private struct Connection {
        var channel: any Channel
        /// The order in which they came.
        var number: UInt64
        /// Nobody has shown a cookie of ours on it.
        var isStranger = true
    }

    init(
        limits: ServerLimits, assets: [String: WebAsset], desk: any WebDesk,
        monotonicSeconds: @escaping @Sendable () -> Double, randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.limits = limits
        self.assets = assets
        self.desk = desk
        self.monotonicSeconds = monotonicSeconds
        self.randomBytes = randomBytes
        state = Mutex(State(doorkeeper: Doorkeeper(limits: limits)))
    }

    /// How the server is reached; empty until it listens, and then nothing is served.
    var reach: RequestGate.Reach {
        get { state.withLock { $0.reach } ?? .init(scheme: "http", authorities: [], cookieName: "") }
        set { state.withLock { $0.reach = newValue } }
    }

    /// The gate for the next request.
    func gate() -> RequestGate {
        RequestGate(
            reach: reach, limits: limits, hasAsset: { self.assets[$0] != nil },
            visitor: { cookies in
                self.state.withLock {
                    $0.doorkeeper.visitor(showing: cookies, atSeconds: self.monotonicSeconds())
                }
            })
    }

    // MARK: - Who may come in

    func makeLink() throws(LocalServerError) -> String {
        let random = randomBytes(Doorkeeper.secretBytes)
        let now = monotonicSeconds()
        return try state.withLock { state throws(LocalServerError) in
            try state.doorkeeper.makeLink(atSeconds: now, random: random)
        }
    }

    /// The cookie of a browser that comes by a link; `nil` where the link does not hold.
    func enter(_ token: String) throws(LocalServerError) -> String? {
        let random = randomBytes(Doorkeeper.secretBytes)
        let now = monotonicSeconds()
        return try state.withLock { state throws(LocalServerError) in
            guard state.doorkeeper.takeLink(token, atSeconds: now) else { return nil }
            return try state.doorkeeper.admit(atSeconds: now, random: random)
        }
    }

    /// Whether this visitor is still known; that it is connected counts as use.
    func touch(_ visitor: VisitorID) -> Bool {
        let now = monotonicSeconds()
        return state.withLock { $0.doorkeeper.touch(visitor, atSeconds: now) }
    }

    func forget(_ visitor: VisitorID) { state.withLock { $0.doorkeeper.forget(visitor) } }

    // MARK: - Connections

    /// Counts a connection in.
    ///
    /// Where there is no room, the one of those that nobody has shown a cookie on gives way that has been there longest:
    /// however many strangers connect, the console's own browsers get in.
    ///
    /// - Returns: whether there is room for it.
    func open(_ channel: any Channel) -> Bool {
        let (isRoom, ended) = state.withLock { state -> (Bool, (any Channel)?) in
            guard !state.isEnding else { return (false, nil) }
            var ended: Connection?
            if state.connections.count >= limits.connections {
                state.refusedConnections += 1
                ended = state.connections.values.filter(\.isStranger).min { $0.number < $1.number }
                guard let ended else { return (false, nil) }
                state.connections.removeValue(forKey: ObjectIdentifier(ended.channel))
            }
            state.lastConnection += 1
            state.connections[ObjectIdentifier(channel)] = Connection(channel: channel, number: state.lastConnection)
            return (true, ended?.channel)
        }
        ended?.close(promise: nil)
        return isRoom
    }

    /// A cookie of ours was shown on this connection: it gives way to no other.
    func isKnown(_ channel: any Channel) {
        state.withLock { $0.connections[ObjectIdentifier(channel)]?.isStranger = false }
    }

    func closed(_ channel: any Channel) {
        state.withLock { _ = $0.connections.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    var openConnections: Int { state.withLock { $0.connections.count } }

    var refusedConnections: UInt64 { state.withLock { $0.refusedConnections } }

    /// Whether one more live connection may open.
    var hasRoomForLive: Bool { state.withLock { $0.liveConnections < limits.liveConnections } }

    /// The number of a new live connection, or `nil` where there are too many.
    func openLive() -> UInt64? {
        state.withLock {
            guard $0.liveConnections < limits.liveConnections else { return nil }
            $0.liveConnections += 1
            $0.lastListener += 1
            return $0.lastListener
        }
    }

    func closedLive() { state.withLock { $0.liveConnections -= 1 } }

    /// Lets nobody in any more; the connections that are open.
    func end() -> [any Channel] {
        state.withLock {
            $0.isEnding = true
            return $0.connections.values.map(\.channel)
        }
    }

    // MARK: - Calls of the desk

    /// Calls the desk; the server ends only after the call has.
    @discardableResult
    func call(_ body: @escaping @Sendable (any WebDesk) async -> Void) -> Task<Void, Never> {
        state.withLock { state in
            state.lastCall += 1
            let number = state.lastCall
            let task = Task {
                await body(self.desk)
                self.state.withLock { _ = $0.calls.removeValue(forKey: number) }
            }
            state.calls[number] = task
            return task
        }
    }

    /// Waits until no call of the desk runs; the answers that nobody waits for were cancelled with their connections.
    func callsEnded() async {
        while let task = state.withLock({ $0.calls.values.first }) { await task.value }
    }
}
