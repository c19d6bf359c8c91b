import Foundation
import OpenIGTLink

/// A client over a plain socket, which can be as slow and as wrong as a test needs.
final class TinyClient {
    private let handle: Int32
    private var reader = IGTLMessageReader(mostBodyBytes: 1 << 24)

    /// Connects to this computer.
    ///
    /// - Parameter receiveBufferBytes: how much the system takes for a client that does not read.
    init(_ port: UInt16, receiveBufferBytes: Int32? = nil) throws {
        handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBufferBytes {
            setsockopt(handle, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        // A test that waits for what never comes must end.
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port.bigEndian)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw NotConnected() }
    }

    struct NotConnected: Error {}

    deinit { close(handle) }

    /// Sends bytes; false where the server has closed.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(handle, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    func send(_ message: IGTLMessage, _ version: IGTLHeaderVersion = .one) throws { send(try message.encoded(version)) }

    /// The next message; `nil` when the server has closed, or said nothing for ten seconds.
    func receive() throws -> IGTLMessage? {
        while true {
            if let next = try reader.next() { return next.message }
            guard let bytes = receiveBytes() else { return nil }
            reader.append(bytes)
        }
    }

    /// What comes next; `nil` at the end.
    func receiveBytes() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(handle, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// Everything until the server closes.
    func receiveAll() throws -> [IGTLMessage] {
        var messages: [IGTLMessage] = []
        while let message = try receive() { messages.append(message) }
        return messages
    }
}

/// Waits until something is so, at most ten seconds.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<1000 {
        if condition() { return true }
        usleep(10_000)
    }
    return false
}

/// A server on a free port whose owner knows one parameter that can be set and one that cannot.
func makeServer(_ change: (inout IGTLServerSettings) -> Void = { _ in }) throws -> IGTLServer {
    var settings = IGTLServerSettings()
    settings.port = 0
    change(&settings)
    return try IGTLServer(settings) { command in
        let fixed = IGTLParameter("gateDepthMm", "45", isSettable: false)
        switch command {
        case .listParameters: return .parameters([IGTLParameter("prfHz", "5000", isSettable: true), fixed])
        case .getParameter("gateDepthMm"): return .parameters([fixed])
        case .setParameter("prfHz", let value): return .parameters([IGTLParameter("prfHz", value, isSettable: true)])
        case .setParameter("gateDepthMm", _): return .failure("gateDepthMm cannot be set: the source has one gate")
        default: return .failure("there is no such parameter")
        }
    }
}

extension IGTLServerCounts {
    /// Whether every message that was offered is accounted for, for each client and for all.
    var areWhole: Bool {
        offered == sent + lost + queued + unsent
            && clients.allSatisfy { $0.offered == $0.sent + $0.lost + $0.queued + $0.unsent }
    }
}
