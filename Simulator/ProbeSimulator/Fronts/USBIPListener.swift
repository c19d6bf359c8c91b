internal import Glibc

/// Waits for USB/IP hosts on this computer's own address alone, 127.0.0.1: USB/IP knows no passwords.
public struct USBIPListener: ~Copyable, Sendable {
    /// The port of USB/IP (IANA).
    public static let usualPort: UInt16 = 3240
    /// Hosts that may wait to be let in (project choice).
    private static let backlog: Int32 = 8

    let descriptor: Int32
    /// The port that hosts connect to.
    public let port: UInt16

    /// Listens on a port; 0 takes one that is free.
    ///
    /// - Throws: `system` when the port is taken or may not be used.
    public init(port: UInt16 = USBIPListener.usualPort) throws(USBIPError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw .system(code: errno, doing: "making a socket") }
        do throws(USBIPError) {
            self.port = try Self.listen(descriptor, port: port)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// A host that waits; `nil` when none does.
    func accept() -> Int32? {
        let host = Glibc.accept(descriptor, nil, nil)
        return host >= 0 ? host : nil
    }

    private static func listen(_ descriptor: Int32, port: UInt16) throws(USBIPError) -> UInt16 {
        var isOn: Int32 = 1
        _ = setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        place.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && Glibc.listen(descriptor, backlog) == 0
                    && getsockname(descriptor, address, &size) == 0
                    && fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 && fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
            }
        }
        guard isListening else { throw .system(code: errno, doing: "listening on 127.0.0.1 port \(port)") }
        return UInt16(bigEndian: place.sin_port)
    }
}
