internal import LocalServer
internal import Synchronization

/// Hands events and pieces to every browser that may have them.
final class DeskFanOut: Sendable {
    private struct State {
        var listeners: [UInt64: Entry] = [:]
    }

    private struct Entry {
        var listener: any LiveListener
        /// Whether names and pictures may go there.
        var isAllowed: Bool
        /// Missed pieces that were told.
        var told: UInt64 = 0
    }

    private let state = Mutex(State())

    /// A browser listens from here on.
    func add(_ listener: any LiveListener, isAllowed: Bool) {
        state.withLock { $0.listeners[listener.id] = Entry(listener: listener, isAllowed: isAllowed) }
    }

    /// A browser does not listen any more.
    func remove(_ listener: any LiveListener) { state.withLock { _ = $0.listeners.removeValue(forKey: listener.id) } }

    /// Lets what is shown go to a visitor's browsers, or ends that.
    func allow(_ visitor: VisitorID, _ isAllowed: Bool) {
        state.withLock { state in
            for (id, entry) in state.listeners where entry.listener.visitor == visitor {
                state.listeners[id]?.isAllowed = isAllowed
            }
        }
    }

    /// Offers an event to everybody who may see it.
    func offer(_ event: String) {
        for listener in listeners({ $0.isAllowed }) { listener.offer(event: event) }
    }

    /// Offers an event to the browsers of one visitor, locked or not.
    func offer(_ event: String, to visitor: VisitorID) {
        for listener in listeners({ $0.listener.visitor == visitor }) { listener.offer(event: event) }
    }

    /// Offers everybody an event of their own.
    func offer(each event: (VisitorID) -> String) {
        for listener in listeners({ $0.isAllowed }) { listener.offer(event: event(listener.visitor)) }
    }

    /// Offers a piece to everybody who may see it.
    func offer(_ piece: [UInt8]) {
        for listener in listeners({ $0.isAllowed }) { listener.offer(piece: piece) }
    }

    /// Tells each browser how many pieces it has missed since it was last told.
    func tellMissed() {
        let missed = state.withLock { state in
            state.listeners.compactMap { id, entry -> (any LiveListener, UInt64)? in
                let count = entry.listener.missedPieces
                guard count > entry.told, entry.isAllowed else { return nil }
                state.listeners[id]?.told = count
                return (entry.listener, count - entry.told)
            }
        }
        for (listener, count) in missed { listener.offer(event: #"{"event":"missed","pieces":\#(count)}"#) }
    }

    /// Whether anybody looks.
    var hasListeners: Bool { state.withLock { !$0.listeners.isEmpty } }

    private func listeners(_ isWanted: (Entry) -> Bool) -> [any LiveListener] {
        state.withLock { state in state.listeners.values.filter(isWanted).map(\.listener) }
    }
}
