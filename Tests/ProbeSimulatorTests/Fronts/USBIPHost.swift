import Foundation
import Testing

/// A host at the other end of a socket, which waits for what it reads.
struct USBIPHost {
    let descriptor: Int32

    /// Connects to a port of this computer.
    init(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        place.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        #expect(result == 0)
        limitWaiting()
    }

    /// Takes over a socket.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        limitWaiting()
    }

    /// A server that does not answer fails the test instead of holding it up.
    private func limitWaiting() {
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ text: String) {
        let bytes = hex(text)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// So many bytes, or fewer when the server is gone.
    func receive(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var piece = [UInt8](repeating: 0, count: count - bytes.count)
            let read = read(descriptor, &piece, piece.count)
            guard read > 0 else { break }
            bytes += piece.prefix(read)
        }
        return bytes
    }

    func leave() { close(descriptor) }
}
