import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// A web server for the browsers of this computer, and of others where it is encrypted: HTTP/1.1 and WebSocket within limits, and a door that only one-time
/// links open.
///
/// It serves the assets that it is given, by exact path, and leaves everything under `/api` to a ``WebDesk``. It opens no
/// file and reads no clock of its own but for deadlines.
public struct LocalServer: Sendable {
    private let settings: ServerSettings
    private let assets: [String: WebAsset]
    private let limits: ServerLimits
    private let monotonicSeconds: @Sendable () -> Double
    private let randomBytes: @Sendable (Int) -> [UInt8]

    /// A server that is not started yet.
    ///
    /// - Parameters:
    ///   - assets: by exact decoded path, such as `/` and `/assets/page.js`.
    ///   - monotonicSeconds: a clock that never goes back; its zero does not matter.
    ///   - randomBytes: that many bytes that nobody can guess.
    public init(
        settings: ServerSettings, assets: [String: WebAsset], limits: ServerLimits = ServerLimits(),
        monotonicSeconds: @escaping @Sendable () -> Double, randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.settings = settings
        self.assets = assets
        self.limits = limits
        self.monotonicSeconds = monotonicSeconds
        self.randomBytes = randomBytes
    }

    /// Listens and serves until ``RunningServer/shutDown()``.
    ///
    /// - Throws: ``LocalServerError``.
    public func start(desk: any WebDesk) async throws -> RunningServer {
        try settings.check()
        let encryption = try settings.encryption?.context()
        let core = ServerCore(
            limits: limits, assets: assets, desk: desk, monotonicSeconds: monotonicSeconds, randomBytes: randomBytes)
        // One thread: two cores also take samples and analyse them.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let channel = try await Self.bootstrap(core, group, encryption)
                .bind(host: settings.host, port: Int(settings.port)).get()
            let port = channel.localAddress?.port ?? Int(settings.port)
            core.reach = settings.reach(port: port)
            return RunningServer(core: core, group: group, channel: channel, name: settings.shownName, port: port)
        } catch {
            try await group.shutdownGracefully()
            throw explained(error)
        }
    }

    private func explained(_ error: any Error) -> LocalServerError {
        let (host, port) = (settings.host, settings.port)
        guard let error = error as? IOError else { return .cannotListen(host: host, port: port, why: "\(error)") }
        return switch error.errnoCode {
        case EADDRINUSE: .addressInUse(host: host, port: port)
        case EACCES, EPERM: .addressNotPermitted(host: host, port: port)
        default: .cannotListen(host: host, port: port, why: String(cString: strerror(error.errnoCode)))
        }
    }

    // MARK: - Connections

    /// Bytes that are read at once: what a request may be ahead of its limit.
    private static let readBytes = 16 * 1024
    /// Bytes that wait in the program and in the system for a browser that does not read: small, so that what it sees is new.
    private static let writeBytes = 256 * 1024

    private static func bootstrap(
        _ core: ServerCore, _ group: MultiThreadedEventLoopGroup, _ encryption: NIOSSLContext?
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_sndbuf), value: SocketOptionValue(writeBytes))
            .childChannelOption(.writeBufferWaterMark, value: .init(low: writeBytes / 4, high: writeBytes))
            .childChannelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: readBytes)
            )
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel, core, encryption) }
            }
    }

    private static func configure(
        _ channel: any Channel, _ core: ServerCore, _ encryption: NIOSSLContext?
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if let encryption { try pipeline.addHandler(NIOSSLServerHandler(context: encryption)) }
        guard core.open(channel) else {
            return try pipeline.addHandler(FullHouse(lingerSeconds: core.limits.lingerSeconds))
        }
        channel.closeFuture.whenComplete { _ in core.closed(channel) }
        let progress = ReadProgress()
        let gate = HeadGate(limits: core.limits, progress: progress)
        let encoder = HTTPResponseEncoder()
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldCount = core.limits.headerFields
        limits.maxHeaderFieldSize = core.limits.requestHeadBytes
        limits.maxHeaderListSize = core.limits.requestHeadBytes
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(
                leftOverBytesStrategy: .forwardBytes, informationalResponseStrategy: .drop, limitConfiguration: limits))
        let reader = RequestReader(core: core, progress: progress)
        let end = LastResort()
        try pipeline.addHandlers([gate, encoder, decoder, reader])
        try pipeline.addHandlers([
            HTTPServerUpgradeHandler(
                upgraders: [upgrader(core)], httpEncoder: encoder, extraHTTPHandlers: [gate, decoder, reader, end],
                upgradeCompletionHandler: { _ in }),
            end,
        ])
    }

    /// The upgrade to WebSocket of a request that the gate let through; it is asked again, which also names the visitor.
    private static func upgrader(_ core: ServerCore) -> NIOWebSocketServerUpgrader {
        NIOWebSocketServerUpgrader(
            maxFrameSize: core.limits.clientFrameBytes, automaticErrorHandling: false,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    guard case .live(let visitor) = try core.gate().examine(head), let id = core.openLive() else {
                        throw Refusal.tooManyConnections
                    }
                    let connection = LiveConnection(id: id, visitor: visitor, channel: channel, limits: core.limits)
                    try channel.pipeline.syncOperations.addHandler(LiveSocket(core: core, connection: connection))
                }
            })
    }
}

/// Closes the connection on whatever reaches the pipeline's end.
private final class LastResort: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.close(promise: nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
