internal import Glibc

/// A stream socket that never makes its caller wait; closed when it is no longer held.
final class USBIPSocket {
    /// Room of the kernel's buffers, bytes (project choice: a quarter of a second of the fastest stream).
    private static let bufferBytes: Int32 = 4 << 20
    /// Most bytes taken at once (project choice).
    private static let readBytes = 1 << 18

    let descriptor: Int32
    private var unsent: [UInt8] = []
    private var sentBytes = 0

    /// Takes over a descriptor.
    init(_ descriptor: Int32) throws(USBIPError) {
        self.descriptor = descriptor
        guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw .system(code: errno, doing: "preparing a socket")
        }
        var room = Self.bufferBytes
        // A smaller buffer is slower and nothing else.
        _ = setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<Int32>.size))
        var isOn: Int32 = 1
        // Fails on a socket that is not TCP, where nothing is delayed.
        _ = setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Bytes that wait to be sent.
    var unsentBytes: Int { unsent.count - sentBytes }

    /// What has arrived; `nil` when the peer is gone, empty when there is nothing yet.
    func receive() -> [UInt8]? {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.readBytes) { buffer, count in
            let read = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            code = read < 0 ? errno : read == 0 ? ECONNRESET : 0
            count = max(0, read)
        }
        if code == 0 { return bytes }
        return code == EAGAIN || code == EINTR ? [] : nil
    }

    /// Sends as much as the socket takes; the rest waits for the next time.
    ///
    /// - Returns: `false` when the peer is gone.
    func send(_ bytes: [UInt8]) -> Bool {
        if sentBytes == unsent.count {
            unsent = bytes
            sentBytes = 0
        } else {
            unsent += bytes
        }
        while unsentBytes > 0 {
            let count = unsent.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress?.advanced(by: sentBytes), buffer.count - sentBytes,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
            sentBytes += count
        }
        return true
    }
}
