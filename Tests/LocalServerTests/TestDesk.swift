import LocalServer
import Synchronization

/// A desk that says what it was asked, and keeps who listens.
final class TestDesk: WebDesk {
    struct State {
        var requests: [WebRequest] = []
        var listeners: [UInt64: any LiveListener] = [:]
        var order: [String] = []
    }

    private let state = Mutex(State())

    func answer(_ request: WebRequest) async -> WebAnswer {
        state.withLock { $0.requests.append(request) }
        switch request.path.last {
        case "large":
            return WebAnswer(
                status: 200, contentType: "application/octet-stream", body: [UInt8](repeating: 7, count: 8 << 20))
        case "never":
            await forever()
            return WebAnswer(status: 200, contentType: "text/plain", body: [])
        case "odd": return WebAnswer(status: 99, contentType: "text/plain\r\nX-Evil: 1", body: [])
        case "other":
            return WebAnswer(
                status: 405, contentType: "application/json", body: [],
                allowedMethods: ["GET", "HEAD", "X\r\nX-Evil: 1"])
        case "report":
            return WebAnswer(
                status: 200, contentType: "application/pdf", body: [1, 2, 3], fileName: "re\"po\r\nrt.pdf")
        default:
            let query = request.query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
            let text =
                "\(request.method) \(request.path.joined(separator: "|")) \(query) \(request.body.count) "
                + "visitor \(request.visitor.number)"
            return WebAnswer(status: 200, contentType: "text/plain", body: Array(text.utf8))
        }
    }

    /// Until the task is cancelled.
    private func forever() async {
        while !Task.isCancelled {
            guard (try? await Task.sleep(for: .seconds(3600))) != nil else { break }
        }
        state.withLock { $0.order.append("cancelled") }
    }

    func opened(_ listener: any LiveListener) async {
        state.withLock {
            $0.listeners[listener.id] = listener
            $0.order.append("opened \(listener.id)")
        }
        listener.offer(event: "{\"event\": \"hello\", \"id\": \(listener.id)}")
    }

    func closed(_ listener: any LiveListener) async {
        state.withLock {
            $0.listeners[listener.id] = nil
            $0.order.append("closed \(listener.id)")
        }
    }

    var requests: [WebRequest] { state.withLock { $0.requests } }
    var order: [String] { state.withLock { $0.order } }
    var listeners: [any LiveListener] { state.withLock { $0.listeners.values.sorted { $0.id < $1.id } } }

    /// Waits until this was noted, at most a minute: other suites may hold up the threads on which desks answer.
    func waits(for event: String) -> Bool {
        for _ in 0..<6000 {
            if order.contains(event) { return true }
            TinySocket.wait(milliseconds: 10)
        }
        return false
    }
}
