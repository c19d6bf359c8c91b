internal import Glibc
internal import Synchronization

/// An OpenIGTLink server on threads of its own: everything published goes to every client, and a command comes back.
///
/// `publish` never waits for a client: what a client does not read in time is lost to it as whole messages, the oldest first,
/// is counted and is told to it where the gap is: by a `STATUS` (code `.overflow`, name `LOST`, the sum so far as subcode)
/// right before the next message, and in header version 2 as metadata `lost` of every message. A client is spoken to in
/// header version 1 until it sends a message of version 2.
public final class IGTLServer: Sendable {
    /// Where it listens.
    public let port: UInt16

    private let hub: ServerHub
    private let waker: Waker
    private let threads: Mutex<Threads?>

    private struct Threads: Sendable {
        var network: OwnThread
        var commands: OwnThread
    }

    /// Listens at once.
    ///
    /// - Parameters:
    ///   - settings: where, and the limits.
    ///   - perform: what a command does. Called on a thread of the server, one command after the other, while publishing
    ///     goes on; it must return, and must not call `end`.
    /// - Throws: `.cannotListen`; `.badName` of the settings' device name.
    public init(
        _ settings: IGTLServerSettings = IGTLServerSettings(),
        perform: @escaping @Sendable (IGTLCommand) -> IGTLReply
    ) throws(IGTLError) {
        _ = try IGTLMessage(settings.deviceName, .string("")).encoded()
        let (listener, port) = try Sockets.listen(settings)
        let failed = { (reason: String) in
            IGTLError.cannotListen(address: settings.address, port: port, reason: reason)
        }
        guard let waker = Waker() else {
            let reason = Sockets.reason()
            close(listener)
            throw failed(reason)
        }
        let hub = ServerHub(settings, waker: waker)
        guard let commands = OwnThread({ IGTLServer.performCommands(hub, perform) }) else {
            close(listener)
            waker.close()
            throw failed("the system gives no thread")
        }
        let network = OwnThread { NetworkLoop(hub, listener: listener, waker: waker).run() }
        guard let network else {
            hub.beginEnding(drainUntil: .now)
            commands.join()
            close(listener)
            waker.close()
            throw failed("the system gives no thread")
        }
        self.port = port
        self.hub = hub
        self.waker = waker
        threads = Mutex(Threads(network: network, commands: commands))
    }

    deinit {
        end()
        waker.close()
    }

    private static func performCommands(
        _ hub: ServerHub, _ perform: @Sendable (IGTLCommand) -> IGTLReply
    ) {
        while let request = hub.nextCommand() {
            let reply = perform(request.command)
            hub.answer(request, request.address.message(reply, name: CommandText.name(request.command)))
        }
    }

    /// Offers a message to every client, never waits for one, and keeps it to answer `GET_` and its type.
    ///
    /// - Throws: when the message does not fit the protocol; then no client gets it, and it is not counted.
    public func publish(_ message: IGTLMessage) throws(IGTLError) { hub.publish(try Published(message)) }

    /// What was done so far.
    public var counts: IGTLServerCounts { hub.counts }

    /// Takes no more, gives clients some time to read what waits for them, closes all, and ends the threads.
    ///
    /// It also waits for a command that is being performed. What is published afterwards goes to nobody; a second call
    /// changes nothing.
    ///
    /// - Parameter drainSeconds: how long clients may go on reading; it ends earlier when nothing waits.
    /// - Returns: the counts, final but for `published`.
    @discardableResult
    public func end(drainSeconds: Double = 0) -> IGTLServerCounts {
        hub.beginEnding(drainUntil: .now.advanced(by: .bounded(seconds: drainSeconds)))
        threads.withLock { threads in
            threads?.commands.join()
            threads?.network.join()
            threads = nil
        }
        return hub.counts
    }
}
