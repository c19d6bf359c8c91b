import NIOCore
import NIOPosix

/// A server that listens.
public final class RunningServer: Sendable {
    private let core: ServerCore
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    /// The name in its links.
    private let name: String
    /// The port that is listened on.
    public let port: Int

    init(core: ServerCore, group: MultiThreadedEventLoopGroup, channel: any Channel, name: String, port: Int) {
        self.core = core
        self.group = group
        self.channel = channel
        self.name = name
        self.port = port
    }

    /// Where a browser finds it, such as `http://127.0.0.1:8080`; only a one-time link opens it.
    public var origin: String { "\(core.reach.scheme)://\(name):\(port)" }

    /// A link that lets one browser in, once, within the stated time.
    ///
    /// It is a secret: show it to who sits at the computer, and write it nowhere.
    public func makeLink() throws(LocalServerError) -> String { "\(origin)/enter?token=\(try core.makeLink())" }

    /// Forgets a browser: its cookie holds no longer, and its live connection ends with the next ping.
    public func forget(_ visitor: VisitorID) { core.forget(visitor) }

    /// Connections that are open.
    public var openConnections: Int { core.openConnections }

    /// Connections that were refused because too many were open.
    public var refusedConnections: UInt64 { core.refusedConnections }

    /// Ends every connection and returns when the desk has heard of the end of each.
    public func shutDown() async {
        let connections = core.end()
        await Self.done(channel.close())
        for connection in connections { connection.pipeline.fireUserInboundEventTriggered(ServerEnds()) }
        for connection in connections { await Self.done(connection.closeFuture) }
        await core.callsEnded()
        await withCheckedContinuation { continuation in
            group.shutdownGracefully { _ in continuation.resume() }
        }
    }

    /// Waits for a future, however it ends: what is closed already cannot be closed, and that is as good.
    private static func done(_ future: EventLoopFuture<Void>) async {
        await withCheckedContinuation { continuation in future.whenComplete { _ in continuation.resume() } }
    }
}
