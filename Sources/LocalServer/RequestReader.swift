import NIOCore
import NIOHTTP1

/// Serves the requests of one connection, one after the other, each within its deadlines.
///
/// It stands between the parser and the upgrade to WebSocket, which only requests reach that it let through: a refused
/// upgrade never comes to NIO's own handler, which would pass on an end without its head.
final class RequestReader: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// Waiting for a request, or in the middle of its header.
        case idle
        /// Reading a body for the desk.
        case reading(HTTPRequestHead, RequestGate.Verdict)
        /// Answering: nothing is read meanwhile.
        case answering
        /// The request goes to the upgrade.
        case upgrading
        /// The last answer was sent; input is discarded.
        case refused
    }

    private let core: ServerCore
    private let progress: ReadProgress
    private var state = State.idle
    private var body: [UInt8] = []
    private var waiting: CircularBuffer<HTTPServerRequestPart> = []
    private var deadline: Scheduled<Void>?
    private var task: Task<Void, Never>?
    private var isReadWanted = false
    private var refusalBehind: Refusal?

    init(core: ServerCore, progress: ReadProgress) {
        self.core = core
        self.progress = progress
    }

    // MARK: - The connection

    func channelActive(context: ChannelHandlerContext) {
        // Who says nothing at all gets no answer: a browser connects in advance, a scanner never speaks.
        arm(core.limits.headSeconds, context) { $1.close(promise: nil) }
        progress.began = { [unowned self] in
            guard case .idle = self.state else { return }
            self.arm(self.core.limits.headSeconds, context) { $0.refuse(.tooSlow, nil, $1) }
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        disarm()
        task?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        disarm()
        progress.began = {}
    }

    /// While an answer is made nothing is read: who sends many requests at once waits, at the cost of one buffer.
    func read(context: ChannelHandlerContext) {
        if case .answering = state { isReadWanted = true } else { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerEnds { context.close(promise: nil) } else { context.fireUserInboundEventTriggered(event) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let refusal: Refusal? =
            switch error {
            case let refusal as Refusal: refusal
            case HTTPParserError.invalidMethod: .noSuchMethod
            case HTTPParserError.headerOverflow: .headTooLarge
            case HTTPParserError.invalidEOFState: nil
            case is HTTPParserError: .notHTTP
            default: nil
            }
        guard let refusal else { return context.close(promise: nil) }
        if case .answering = state {
            // It came behind a request that is still answered.
            progress.phase = .discarding
            refusalBehind = refusal
        } else {
            refuse(refusal, nil, context)
        }
    }

    // MARK: - The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard progress.phase != .discarding else { return }
        switch part {
        case .head: (progress.phase, progress.bytes) = (.body, 0)
        case .body: break
        case .end: (progress.phase, progress.bytes) = (.head, 0)
        }
        if case .answering = state { waiting.append(part) } else { take(part, context) }
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (state, part) {
        case (.idle, .head(let head)): begin(head, context)
        case (.reading(let head, let verdict), .body(let bytes)):
            guard body.count + bytes.readableBytes <= core.limits.bodyBytes else {
                return refuse(.bodyTooLarge, head, context)
            }
            body.append(contentsOf: bytes.readableBytesView)
            state = .reading(head, verdict)
        case (.reading(let head, let verdict), .end): serve(head, verdict, context)
        case (.upgrading, _): context.fireChannelRead(wrapInboundOut(part))
        case (.idle, _), (.reading, .head), (.answering, _), (.refused, _): break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        do throws(Refusal) {
            let verdict = try core.gate().examine(head)
            if verdict.isOfVisitor { core.isKnown(context.channel) }
            if case .live = verdict {
                guard core.hasRoomForLive else { throw Refusal.tooManyConnections }
                state = .upgrading
                disarm()
                context.fireChannelRead(wrapInboundOut(.head(head)))
                return
            }
            body = []
            state = .reading(head, verdict)
            arm(core.limits.bodySeconds, context) { $0.refuse(.tooSlow, head, $1) }
        } catch {
            refuse(error, head, context)
        }
    }

    private func serve(_ head: HTTPRequestHead, _ verdict: RequestGate.Verdict, _ context: ChannelHandlerContext) {
        state = .answering
        disarm()
        let writer = AnswerWriter(head: head, scheme: core.reach.scheme)
        switch verdict {
        case .enter(let token, let visitor): enter(token, visitor, writer, context)
        case .asset(let path):
            guard let asset = core.assets[path] else { return refuse(.noSuchPage, head, context) }
            send(writer, writer.parts(asset), context)
        case .desk(let method, let target, let visitor):
            ask(
                WebRequest(method: method, path: target.path, query: target.query, body: body, visitor: visitor),
                writer, context)
        case .live: break
        }
        body = []
    }

    private func enter(
        _ token: String, _ visitor: VisitorID?, _ writer: AnswerWriter, _ context: ChannelHandlerContext
    ) {
        do throws(LocalServerError) {
            if let cookie = try core.enter(token) {
                let name = core.reach.cookieName
                send(writer, writer.parts(admitting: "\(name)=\(cookie)"), context)
            } else if visitor != nil {
                // The page that this browser opened with the link is loaded again.
                send(writer, writer.parts(admitting: nil), context)
            } else {
                let refusal = Refusal(
                    403, "This link was used already, or is too old.",
                    next: "Ask the console for a new link: each opens one browser, within a few minutes.")
                send(writer, writer.parts(refusal.answer(asJSON: false)), context)
            }
        } catch {
            let refusal = Refusal(503, "\(error)", next: "Then start the console again.")
            send(writer, writer.parts(refusal.answer(asJSON: false)), context)
        }
    }

    private func ask(_ request: WebRequest, _ writer: AnswerWriter, _ context: ChannelHandlerContext) {
        let loop = context.eventLoop
        let here = NIOLoopBound((reader: self, context: context), eventLoop: loop)
        task = core.call { desk in
            let answer = await desk.answer(request)
            loop.execute {
                let (reader, context) = here.value
                guard case .answering = reader.state, reader.task != nil else { return }
                reader.task = nil
                reader.send(writer, writer.parts(answer), context)
            }
        }
        arm(core.limits.answerSeconds, context) { reader, context in
            reader.task?.cancel()
            reader.task = nil
            reader.refuse(.noAnswerInTime, writer.head, context)
        }
    }

    // MARK: - The answer

    private func send(_ writer: AnswerWriter, _ parts: AnswerWriter.Parts, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let keepsAlive = writer.keepsAlive
        arm(core.limits.sendSeconds, context) { $1.close(promise: nil) }
        let here = NIOLoopBound((reader: self, context: context), eventLoop: context.eventLoop)
        writer.write(parts, to: context).whenComplete { result in
            let (reader, context) = here.value
            if case .success = result, keepsAlive { reader.next(context) } else { reader.linger(context) }
        }
    }

    private func next(_ context: ChannelHandlerContext) {
        guard case .answering = state else { return }
        state = .idle
        arm(progress.bytes > 0 ? core.limits.headSeconds : core.limits.idleSeconds, context) { $1.close(promise: nil) }
        while case .idle = state, let part = waiting.popFirst() { takeWaiting(part, context) }
        guard case .idle = state else { return readWanted(context) }
        if let refusalBehind { return refuse(refusalBehind, nil, context) }
        readWanted(context)
    }

    private func readWanted(_ context: ChannelHandlerContext) {
        if case .answering = state { return }
        guard isReadWanted else { return }
        isReadWanted = false
        context.read()
    }

    /// Takes a request that came while another was answered, as far as it is there.
    private func takeWaiting(_ first: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        take(first, context)
        while true {
            switch state {
            case .reading, .upgrading:
                guard let part = waiting.popFirst() else { return }
                take(part, context)
            case .idle, .answering, .refused: return
            }
        }
    }

    /// Answers with a refusal, once, and ends the connection.
    private func refuse(_ refusal: Refusal, _ head: HTTPRequestHead?, _ context: ChannelHandlerContext) {
        if case .refused = state { return }
        state = .refused
        progress.phase = .discarding
        waiting.removeAll()
        body = []
        disarm()
        task?.cancel()
        task = nil
        guard context.channel.isActive else { return }
        arm(core.limits.sendSeconds, context) { $1.close(promise: nil) }
        let writer = AnswerWriter(head: head, scheme: core.reach.scheme, closes: true)
        let isForPage = head.map { $0.uri.hasPrefix("/\(RequestGate.deskSegment)/") } ?? false
        let here = NIOLoopBound((reader: self, context: context), eventLoop: context.eventLoop)
        writer.write(writer.parts(refusal.answer(asJSON: isForPage), field: refusal.field), to: context).whenComplete {
            _ in
            here.value.reader.linger(here.value.context)
        }
        readWanted(context)
    }

    /// Ends the connection so that what was sent arrives: what still comes in is discarded for a while, since closing on
    /// unread bytes would reset the connection.
    private func linger(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        state = .refused
        progress.phase = .discarding
        context.close(mode: .output, promise: nil)
        arm(core.limits.lingerSeconds, context) { $1.close(promise: nil) }
        context.read()
    }

    // MARK: - Deadlines

    private func arm(
        _ seconds: Double, _ context: ChannelHandlerContext,
        then act: @escaping (RequestReader, ChannelHandlerContext) -> Void
    ) {
        disarm()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(seconds * 1e9))) {
            [weak self] in
            guard let self, context.channel.isActive else { return }
            act(self, context)
        }
    }

    private func disarm() {
        deadline?.cancel()
        deadline = nil
    }
}
