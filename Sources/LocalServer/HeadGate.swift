import NIOCore

/// How far the reading of a request has come: shared by the gate before the parser and the reader behind it.
final class ReadProgress {
    enum Phase {
        /// Before the end of a header.
        case head
        /// Between the end of a header and the end of its body.
        case body
        /// Nothing is read any more: input is discarded.
        case discarding
    }

    var phase = Phase.head
    var bytes = 0
    /// Called at a header's first byte.
    var began: () -> Void = {}
}

/// Lets no more bytes through to the parser than a request may have.
final class HeadGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limits: ServerLimits
    private let progress: ReadProgress

    init(limits: ServerLimits, progress: ReadProgress) {
        self.limits = limits
        self.progress = progress
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        while bytes.readableBytes > 0 {
            let before = progress.phase
            guard let room = room(), let piece = bytes.readSlice(length: min(room, bytes.readableBytes)) else { return }
            guard room > 0 else {
                progress.phase = .discarding
                context.fireErrorCaught(before == .head ? Refusal.headTooLarge : Refusal.bodyTooLarge)
                return
            }
            if before == .head, progress.bytes == 0 { progress.began() }
            progress.bytes += piece.readableBytes
            context.fireChannelRead(wrapInboundOut(piece))
        }
    }

    /// How many bytes may still come in this phase; `nil` where they are discarded.
    private func room() -> Int? {
        switch progress.phase {
        case .head: limits.requestHeadBytes - progress.bytes
        // Chunks of one byte take six for each.
        case .body: limits.bodyBytes * 6 + limits.requestHeadBytes - progress.bytes
        case .discarding: nil
        }
    }
}
