import NIOCore
import NIOWebSocket

/// The event loop's side of one live connection (RFC 6455).
///
/// It sends what waits as fast as the browser takes it, answers pings, pings itself, and bounds what a browser may send:
/// the page sends nothing at all.
final class LiveSocket: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// Fragments of one message (project choice; the page sends none).
    private static let mostFragments = 64

    private let core: ServerCore
    private let connection: LiveConnection
    private var context: ChannelHandlerContext?
    private var opened: Task<Void, Never>?
    private var pings: Scheduled<Void>?
    private var hasHeard = true
    private var isClosing = false
    private var message: (bytes: Int, fragments: Int)?
    private var second = -Double.infinity
    private var framesInSecond = 0

    init(core: ServerCore, connection: LiveConnection) {
        self.core = core
        self.connection = connection
    }

    // MARK: - The connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let connection = connection
        opened = core.call { await $0.opened(connection) }
        connection.attach(NIOLoopBound(self, eventLoop: context.eventLoop))
        schedulePing(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        guard self.context != nil else { return }
        self.context = nil
        pings?.cancel()
        connection.close()
        core.closedLive()
        let (connection, opened) = (connection, opened)
        core.call {
            await opened?.value
            await $0.closed(connection)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? NIOWebSocketError else { return context.close(promise: nil) }
        end(error == .invalidFrameLength ? .messageTooLarge : .protocolError, context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The server ends.
        if event is ServerEnds { end(.goingAway, context) } else { context.fireUserInboundEventTriggered(event) }
    }

    // MARK: - To the browser

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        drain()
        context.fireChannelWritabilityChanged()
    }

    /// Sends what waits, as long as the channel takes it.
    func drain() {
        guard let context, !isClosing else { return }
        if connection.isOverrun {
            // There is no room for a farewell either.
            isClosing = true
            return context.close(promise: nil)
        }
        var hasWritten = false
        while context.channel.isWritable, let item = connection.next() {
            switch item {
            case .event(let text):
                write(.text, context.channel.allocator.buffer(string: text), context)
            case .piece(let bytes):
                write(.binary, context.channel.allocator.buffer(bytes: bytes), context)
            }
            hasWritten = true
        }
        if hasWritten { context.flush() }
    }

    private func write(_ opcode: WebSocketOpcode, _ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: bytes)), promise: nil)
    }

    private func schedulePing(_ context: ChannelHandlerContext) {
        let seconds = TimeAmount.nanoseconds(Int64(core.limits.pingSeconds * 1e9))
        pings = context.eventLoop.assumeIsolated().scheduleTask(in: seconds) { [weak self] in self?.ping() }
    }

    private func ping() {
        guard let context, !isClosing else { return }
        // Whoever answered nothing since the last ping is gone, or does not read.
        guard hasHeard else { return context.close(promise: nil) }
        guard core.touch(connection.visitor) else { return end(.policyViolation, context) }
        hasHeard = false
        write(.ping, ByteBuffer(), context)
        context.flush()
        schedulePing(context)
    }

    /// Says why, and ends the connection once that is sent, or a second later.
    private func end(_ code: WebSocketErrorCode, _ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        isClosing = true
        var bytes = context.channel.allocator.buffer(capacity: 2)
        bytes.write(webSocketErrorCode: code)
        let here = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: bytes)))
            .whenComplete { _ in here.value.close(mode: .output, promise: nil) }
        let seconds = TimeAmount.nanoseconds(Int64(core.limits.lingerSeconds * 1e9))
        pings?.cancel()
        pings = context.eventLoop.assumeIsolated().scheduleTask(in: seconds) { [weak self] in
            self?.context?.close(promise: nil)
        }
    }

    // MARK: - From the browser

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        let frame = unwrapInboundIn(data)
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return end(.protocolError, context)
        }
        guard isWithinRate() else { return end(.policyViolation, context) }
        hasHeard = true
        switch frame.opcode {
        case .ping: answer(frame, context)
        case .pong: break
        case .connectionClose: end(.normalClosure, context)
        case .text, .binary:
            guard message == nil else { return end(.protocolError, context) }
            if !frame.fin { message = (frame.length, 1) }
        case .continuation: continued(frame, context)
        default: end(.protocolError, context)
        }
    }

    /// Messages are read past: only their size counts.
    private func continued(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
        guard let begun = message else { return end(.protocolError, context) }
        let sum = (bytes: begun.bytes + frame.length, fragments: begun.fragments + 1)
        guard sum.bytes <= core.limits.clientMessageBytes, sum.fragments <= Self.mostFragments else {
            return end(.messageTooLarge, context)
        }
        message = frame.fin ? nil : sum
    }

    private func answer(_ ping: WebSocketFrame, _ context: ChannelHandlerContext) {
        // Whoever pings without reading gets no answers to pile up.
        guard context.channel.isWritable else { return }
        write(.pong, ping.unmaskedData, context)
        context.flush()
    }

    private func isWithinRate() -> Bool {
        let now = core.monotonicSeconds()
        if now - second >= 1 { (second, framesInSecond) = (now, 0) }
        framesInSecond += 1
        return framesInSecond <= core.limits.clientFramesPerSecond
    }
}

/// Told to every connection when the server ends.
struct ServerEnds: Sendable {}
