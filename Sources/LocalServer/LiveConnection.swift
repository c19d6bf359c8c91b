import NIOCore
import Synchronization

/// The desk's side of one live connection: what is offered from any thread is queued, and the event loop sends it.
final class LiveConnection: LiveListener {
    let id: UInt64
    let visitor: VisitorID
    private let channel: any Channel
    private let state: Mutex<State>

    private struct State {
        var queue: OutgoingQueue
        var socket: NIOLoopBound<LiveSocket>?
        var isCalled = false
        var isClosed = false

        /// Whether the event loop is to be called; not again while it is on its way.
        mutating func isToCall() -> Bool {
            guard !isCalled, socket != nil else { return false }
            isCalled = true
            return true
        }
    }

    init(id: UInt64, visitor: VisitorID, channel: any Channel, limits: ServerLimits) {
        self.id = id
        self.visitor = visitor
        self.channel = channel
        state = Mutex(State(queue: OutgoingQueue(limits: limits)))
    }

    var missedPieces: UInt64 { state.withLock { $0.queue.missedPieces } }

    /// Bytes that wait here: never more than the limits.
    var pendingBytes: Int { state.withLock { $0.queue.pieceBytes + $0.queue.eventBytes } }

    func offer(event: String) {
        let isToCall = state.withLock {
            guard !$0.isClosed else { return false }
            $0.queue.add(event: event)
            return $0.isToCall()
        }
        if isToCall { call() }
    }

    func offer(piece: [UInt8]) -> Bool {
        let (isKept, isToCall) = state.withLock {
            guard !$0.isClosed else { return (false, false) }
            return ($0.queue.add(piece: piece), $0.isToCall())
        }
        if isToCall { call() }
        return isKept
    }

    /// The event loop's side is there: what was offered before is sent now.
    func attach(_ socket: NIOLoopBound<LiveSocket>) {
        state.withLock { $0.socket = socket }
        socket.value.drain()
    }

    /// The next thing to send; from the event loop alone.
    func next() -> OutgoingQueue.Item? {
        state.withLock { $0.queue.next() }
    }

    var isOverrun: Bool { state.withLock { $0.queue.isOverrun } }

    /// Nothing is taken any more.
    func close() {
        state.withLock {
            $0.isClosed = true
            $0.socket = nil
            $0.queue.clear()
        }
    }

    private func call() {
        channel.eventLoop.execute {
            let socket = self.state.withLock {
                $0.isCalled = false
                return $0.socket
            }
            socket?.value.drain()
        }
    }
}
