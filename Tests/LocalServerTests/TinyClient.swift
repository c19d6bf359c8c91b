import Glibc

/// A blocking TCP client with a deadline for everything it waits for.
final class TinyClient {
    private static let noSignal = Int32(MSG_NOSIGNAL)
    let socket: Int32
    private var pending: [UInt8] = []

    /// Connects; `receiveBytes` makes the system take little for us.
    init(port: Int, receiveBytes: Int32? = nil) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var bytes = receiveBytes {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(socket)
            throw ClientError.cannotConnect(errno)
        }
    }

    deinit { close(socket) }

    enum ClientError: Error {
        case cannotConnect(Int32)
        case malformed(String)
    }

    /// Sends all, or as much as the other side takes before it closes.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Self.noSignal)
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Says that nothing more comes.
    func finish() { shutdown(socket, Int32(SHUT_WR)) }

    /// Closes with a reset, as a browser does that crashed.
    func reset() {
        var lingers = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &lingers, socklen_t(MemoryLayout<linger>.size))
    }

    /// The next bytes, at most so many; `nil` when the other side closed or nothing came in time.
    func receive(upTo count: Int = 65536, seconds: Double = 60) -> [UInt8]? {
        if !pending.isEmpty {
            let bytes = Array(pending.prefix(count))
            pending.removeFirst(bytes.count)
            return bytes
        }
        return receiveFromSocket(upTo: count, seconds: seconds)
    }

    private func receiveFromSocket(upTo count: Int, seconds: Double) -> [UInt8]? {
        var poller = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&poller, 1, Int32(seconds * 1000)) > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = recv(socket, &bytes, count, 0)
        return got > 0 ? Array(bytes.prefix(got)) : nil
    }

    /// Exactly so many bytes, or `nil`.
    func exactly(_ count: Int, seconds: Double = 60) -> [UInt8]? {
        while pending.count < count {
            guard let more = receiveFromSocket(upTo: 65536, seconds: seconds) else { return nil }
            pending += more
        }
        let bytes = Array(pending.prefix(count))
        pending.removeFirst(count)
        return bytes
    }

    /// Everything until the other side closes; a test that gets here without a close waits in vain and sees `nil`.
    func untilClose(seconds: Double = 60) -> [UInt8]? {
        var all = pending
        pending = []
        while true {
            var poller = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, Int32(seconds * 1000)) > 0 else { return nil }
            var bytes = [UInt8](repeating: 0, count: 65536)
            let got = recv(socket, &bytes, bytes.count, 0)
            guard got > 0 else { return all }
            all += bytes.prefix(got)
        }
    }

    /// Whether the other side closes in time; what still comes is read past.
    func isClosed(seconds: Double = 60) -> Bool { untilClose(seconds: seconds) != nil }

    /// One answer of HTTP.
    struct Answer {
        var status: Int
        var fields: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// The next answer; without a body where it answers a HEAD.
    func answer(toHead: Bool = false, seconds: Double = 60) throws -> Answer {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let byte = exactly(1, seconds: seconds) else {
                throw ClientError.malformed("no answer, only \(String(decoding: head, as: UTF8.self).debugDescription)")
            }
            head += byte
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw ClientError.malformed(lines.first ?? "")
        }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            fields[line[..<colon].lowercased()] = String(line[colon...].dropFirst(2))
        }
        let length = toHead || status == 304 || status == 101 ? 0 : Int(fields["content-length"] ?? "") ?? 0
        guard let body = exactly(length, seconds: seconds) else { throw ClientError.malformed("half a body") }
        return Answer(status: status, fields: fields, body: body)
    }
}
