import NIOCore

/// Answers a connection for which there is no room, and ends it.
final class FullHouse: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let lingerSeconds: Double
    private var deadline: Scheduled<Void>?

    init(lingerSeconds: Double) { self.lingerSeconds = lingerSeconds }

    func channelActive(context: ChannelHandlerContext) {
        let refusal = Refusal.tooManyConnections
        let body = "\(refusal.what)\n\(refusal.next)\n"
        let answer = [
            "HTTP/1.1 503 Service Unavailable", "Content-Type: text/plain; charset=utf-8", "Retry-After: 5",
            "Content-Length: \(body.utf8.count)", "Connection: close", "", body,
        ].joined(separator: "\r\n")
        let here = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: answer))).whenComplete { _ in
            here.value.close(mode: .output, promise: nil)
        }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(lingerSeconds * 1e9))) {
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { deadline?.cancel() }

    /// What comes in is discarded, so that the answer arrives.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
