internal import Glibc

/// The network thread: waits for what happens on any connection, and never for one of them.
final class NetworkLoop {
    private let hub: ServerHub
    private var listener: Int32?
    private let waker: Waker
    private var connections: [ClientConnection] = []
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    /// Until when no connection is taken, after there was no descriptor for one.
    private var acceptPause: ContinuousClock.Instant?

    /// How many connections are taken before the clients have their turn (project choice).
    private static let acceptsOfTurn = 16
    private static let pauseOfAccept = Duration.milliseconds(100)

    init(_ hub: ServerHub, listener: Int32, waker: Waker) {
        self.hub = hub
        self.listener = listener
        self.waker = waker
    }

    /// Serves until the server ends, then closes everything.
    func run() {
        while serveOnce() {}
        for connection in connections { connection.close(.serverEnded, &buffer) }
        closeListener()
    }

    private func closeListener() {
        if let listener { close(listener) }
        listener = nil
    }

    /// One round; false when the server has ended.
    private func serveOnce() -> Bool {
        let now = ContinuousClock.now
        let drainDeadline = hub.drainDeadline
        if drainDeadline != nil { closeListener() }
        for connection in connections {
            // In this order: what is written makes room for answers, and messages that were read before may wait for it.
            connection.write()
            connection.takeMessages(now)
            connection.checkDeadlines(now)
        }
        sweep()
        if let drainDeadline, now >= drainDeadline || !connections.contains(where: \.wantsOutput) { return false }
        takeEvents(until: earliest(drainDeadline), now)
        return true
    }

    private func sweep() {
        for connection in connections {
            if let end = connection.end { connection.close(end, &buffer) }
        }
        connections.removeAll { $0.end != nil }
    }

    private func earliest(_ drainDeadline: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
        (connections.map(\.deadline) + [drainDeadline, acceptPause]).compactMap { $0 }.min()
    }

    /// Waits for input, room, a new connection or the publisher, and takes what came.
    private func takeEvents(until deadline: ContinuousClock.Instant?, _ now: ContinuousClock.Instant) {
        var places = [pollfd(fd: waker.readable, events: Int16(POLLIN), revents: 0)]
        if let acceptPause, now >= acceptPause { self.acceptPause = nil }
        // A negative descriptor is passed over.
        places.append(pollfd(fd: acceptPause == nil ? listener ?? -1 : -1, events: Int16(POLLIN), revents: 0))
        for connection in connections {
            let input = connection.wantsInput ? POLLIN : 0
            let output = connection.wantsOutput ? POLLOUT : 0
            places.append(pollfd(fd: connection.socket, events: Int16(input | output), revents: 0))
        }
        let milliseconds = deadline.map { deadline in
            Int32(clamping: Int64((now.duration(to: deadline) / .milliseconds(1)).rounded(.up)))
        }
        guard poll(&places, nfds_t(places.count), milliseconds.map { max(0, $0) } ?? -1) > 0 else { return }
        if places[0].revents != 0 {
            // In this order: a waker's byte that comes after the flag is down must not be taken away.
            waker.calm()
            hub.wasWoken()
        }
        for (connection, place) in zip(connections, places.dropFirst(2)) {
            if place.revents & Int16(POLLIN) != 0 {
                connection.read(&buffer)
            } else if place.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 {
                connection.wasCutOff()
            }
        }
        if places[1].revents != 0 { accept() }
    }

    private func accept() {
        guard let listener else { return }
        do throws(Sockets.AcceptFailure) {
            for _ in 0..<Self.acceptsOfTurn {
                guard let socket = try Sockets.accept(listener) else { return }
                if let id = hub.admit(Sockets.peer(of: socket)) {
                    connections.append(ClientConnection(id, socket, hub))
                } else {
                    refuse(socket)
                }
            }
        } catch {
            hub.acceptFailed()
            acceptPause = ContinuousClock.now.advanced(by: Self.pauseOfAccept)
        }
    }

    /// Says that there are clients enough.
    private func refuse(_ socket: Int32) {
        let words = "\(hub.settings.mostClients) clients are connected, which is the limit; try again later"
        do throws(IGTLError) {
            _ = Sockets.write(socket, try ClientDesk.status(.busy, words, hub.settings).encoded()[...])
        } catch {
            // It is counted in any case; only the words are missing.
        }
        Sockets.closeGently(socket, &buffer)
    }
}
