import Glibc

/// Tells systemd how a service is, over the socket that it names (sd_notify(3)): a few lines in a datagram.
public struct ServiceNotice: Sendable, Hashable {
    /// The socket's name; one in the abstract name space begins with `@`.
    public let socket: String
    /// How often systemd wants a sign of life, in seconds; `nil` where it wants none (sd_watchdog_enabled(3)).
    public let watchdogSeconds: Double?

    /// What systemd put into the environment; `nil` where the program was not started as a service of type `notify`.
    ///
    /// - Parameter processID: the watchdog waits for this process only.
    /// - Throws: ``LocalServerError/noticeAddress(_:)`` where the socket's name is none.
    public init?(environment: [String: String], processID: Int32) throws(LocalServerError) {
        guard let socket = environment["NOTIFY_SOCKET"] else { return nil }
        let first = socket.utf8.first
        // One byte is left for the end of the text (unix(7)).
        let most = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
        guard first == UInt8(ascii: "/") || first == UInt8(ascii: "@"), (2...most).contains(socket.utf8.count),
            !socket.utf8.contains(0)
        else { throw .noticeAddress(socket) }
        self.socket = socket
        let isForUs = environment["WATCHDOG_PID"].map { $0 == String(processID) } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { UInt64($0) } ?? 0
        watchdogSeconds = isForUs && microseconds > 0 ? Double(microseconds) / 1e6 : nil
    }

    /// The service is up: what waits for it may start.
    public func ready(status: String) throws(LocalServerError) { try send("READY=1\nSTATUS=\(Self.line(status))") }

    /// A sign of life; send one in less than half of ``watchdogSeconds``.
    public func alive() throws(LocalServerError) { try send("WATCHDOG=1") }

    /// One line that `systemctl status` shows.
    public func status(_ text: String) throws(LocalServerError) { try send("STATUS=\(Self.line(text))") }

    /// The service is ending.
    public func stopping() throws(LocalServerError) { try send("STOPPING=1") }

    /// A line feed would begin another assignment.
    private static func line(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }

    private func send(_ text: String) throws(LocalServerError) {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .noticeNotSent(socket: socket, why: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(socket.utf8)
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        // A name in the abstract space has no end but its length; a path may have its zero.
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? MemoryLayout<sa_family_t>.size
        let length = socklen_t(offset + name.count)
        let bytes = Array(text.utf8)
        let sent = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
        guard sent == bytes.count else { throw .noticeNotSent(socket: socket, why: String(cString: strerror(errno))) }
    }
}
