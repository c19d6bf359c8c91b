internal import Glibc

/// The few calls of the system that the server needs, each without waiting.
enum Sockets {
    /// What reading brought.
    enum Reading {
        case bytes(ArraySlice<UInt8>)
        case nothing
        case closed
        case failed
    }

    /// How many connections may wait to be taken.
    private static let backlog: Int32 = 16

    /// A socket that listens, and its port.
    static func listen(_ settings: IGTLServerSettings) throws(IGTLError) -> (socket: Int32, port: UInt16) {
        let failed = { (reason: String) in
            IGTLError.cannotListen(address: settings.address, port: settings.port, reason: reason)
        }
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(settings.address, "\(settings.port)", &hints, &found)
        guard code == 0, let address = found?.pointee else { throw failed("it is no numeric address") }
        defer { freeaddrinfo(found) }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(address.ai_family, kind, 0)
        guard socket >= 0 else { throw failed(reason()) }
        set(socket, SOL_SOCKET, SO_REUSEADDR)
        guard bind(socket, address.ai_addr, address.ai_addrlen) == 0, Glibc.listen(socket, backlog) == 0 else {
            let why = reason()
            close(socket)
            throw failed(why)
        }
        guard let name = name(of: socket, getsockname), let port = UInt16(name.port) else {
            close(socket)
            throw failed("its port is unknown")
        }
        return (socket, port)
    }

    /// A connection that waits; `nil` where none does.
    ///
    /// - Throws: `AcceptFailure` where one waits that cannot be taken now.
    static func accept(_ listener: Int32) throws(AcceptFailure) -> Int32? {
        let socket = Glibc.accept(listener, nil, nil)
        if socket >= 0 {
            _ = fcntl(socket, F_SETFL, O_NONBLOCK)
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            set(socket, Int32(IPPROTO_TCP), TCP_NODELAY)
            set(socket, SOL_SOCKET, SO_KEEPALIVE)
            return socket
        }
        switch errno {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: throw AcceptFailure()
        // Errors of the connection itself: the next may be well, and the next call asks.
        default: return nil
        }
    }

    /// No descriptor or no memory for a connection.
    struct AcceptFailure: Error {}

    /// The address and the port of the other side.
    static func peer(of socket: Int32) -> String {
        guard let name = name(of: socket, getpeername) else { return "unknown" }
        return name.host.contains(":") ? "[\(name.host)]:\(name.port)" : "\(name.host):\(name.port)"
    }

    static func read(_ socket: Int32, into buffer: inout [UInt8]) -> Reading {
        let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count > 0 { return .bytes(buffer[..<count]) }
        if count == 0 { return .closed }
        return errno == EAGAIN || errno == EINTR ? .nothing : .failed
    }

    /// Writes what fits now.
    ///
    /// - Returns: how much that was; `nil` where the connection is gone.
    static func write(_ socket: Int32, _ bytes: ArraySlice<UInt8>) -> Int? {
        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        let count = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, flags) }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// Closes a connection so that what was written still arrives: unread bytes would make the system cut it off.
    static func closeGently(_ socket: Int32, _ buffer: inout [UInt8]) {
        shutdown(socket, Int32(SHUT_WR))
        _ = read(socket, into: &buffer)
        close(socket)
    }

    static func reason() -> String { String(cString: strerror(errno)) }

    private static func set(_ socket: Int32, _ level: Int32, _ option: Int32) {
        var on: Int32 = 1
        setsockopt(socket, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private typealias Naming = (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32

    private static func name(of socket: Int32, _ naming: Naming) -> (host: String, port: String)? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard naming(socket, address, &size) == 0 else { return nil }
                var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
                var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
                let code = getnameinfo(
                    address, size, &host, socklen_t(host.count), &port, socklen_t(port.count),
                    Int32(NI_NUMERICHOST | NI_NUMERICSERV))
                return code == 0 ? (text(host), text(port)) : nil
            }
        }
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Wakes a thread out of `poll`, from any thread and without waiting.
struct Waker: Sendable {
    /// What `poll` looks at.
    let readable: Int32
    private let writable: Int32

    /// `nil` where the system gives no descriptors; `errno` says why.
    init?() {
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { return nil }
        readable = pair[0]
        writable = pair[1]
    }

    /// Where there is no room, the thread is woken already.
    func wake() { _ = Sockets.write(writable, [0]) }

    func calm() {
        var buffer = [UInt8](repeating: 0, count: 256)
        while case .bytes = Sockets.read(readable, into: &buffer) {}
    }

    func close() {
        Glibc.close(readable)
        Glibc.close(writable)
    }
}
