internal import CCurl
internal import Glibc

/// A connection to an HL7 receiver: one message after the other, each answered before the next; used by one thread.
///
/// The receiver may close it while it is idle: the next message opens it anew.
public final class MLLPConnection {
    private let peer: MLLPPeer
    private var handle: CurlHandle?
    private var socket: Int32 = -1
    /// When the message that is being sent must be answered.
    private var deadline = ContinuousClock.Instant.now

    private static let start: UInt8 = 0x0B
    private static let end: [UInt8] = [0x1C, 0x0D]
    /// The longest answer that is read, bytes (project choice).
    private static let longestAnswer = 1 << 20
    private static let pieceBytes = 16384

    /// A connection that is not open yet.
    public init(_ peer: MLLPPeer) { self.peer = peer }

    /// Sends a message and waits for its answer.
    ///
    /// - Parameters:
    ///   - message: with CR between segments, without the marks of MLLP.
    ///   - messageID: its MSH-10.
    /// - Throws: nothing where it was taken; after every error the connection is closed.
    public func send(_ message: [UInt8], messageID: String) throws(ClinicRecordError) {
        guard !message.contains(Self.start), !message.contains(Self.end[0]) else {
            throw .badDocument(reason: "a mark of MLLP stands in it")
        }
        do throws(ClinicRecordError) {
            let handle = try opened()
            deadline = .now.advanced(by: .seconds(peer.timeoutSeconds))
            try write([Self.start] + message + Self.end, handle)
            let answer = try read(handle)
            guard let acknowledgement = Acknowledgement(answer) else {
                throw .badAnswer(peer: peer.description, reason: "no acknowledgement")
            }
            guard acknowledgement.messageID == messageID else {
                throw .badAnswer(peer: peer.description, reason: "it acknowledges another message")
            }
            switch acknowledgement.code {
            case "AA", "CA": return
            case "AE", "CE", "AR", "CR":
                let reason = acknowledgement.errorCode.map { ", error \($0)" } ?? ""
                throw .notAcknowledged(peer: peer.description, code: acknowledgement.code, reason: reason)
            default: throw .badAnswer(peer: peer.description, reason: "MSA-1 is none of table 0008")
            }
        } catch {
            close()
            throw error
        }
    }

    /// Opens the connection, if only to see that there is one.
    public func open() throws(ClinicRecordError) { _ = try opened() }

    /// Closes it.
    public func close() {
        handle = nil
        socket = -1
    }

    private func opened() throws(ClinicRecordError) -> CurlHandle {
        if let handle, isStillOpen() { return handle }
        close()
        let scheme = peer.tls == nil ? "http" : "https"
        let host = peer.host.contains(":") ? "[\(peer.host)]" : peer.host
        let new = try CurlHandle(
            peer: peer.description, url: "\(scheme)://\(host):\(peer.port)", timeoutSeconds: peer.timeoutSeconds,
            tls: peer.tls)
        // The connection with its TLS and nothing of HTTP.
        try new.set(CURLOPT_CONNECT_ONLY, 1)
        try new.set(CURLOPT_SSL_ENABLE_ALPN, 0)
        try new.set(CURLOPT_TCP_KEEPALIVE, 1)
        try new.check(
            curl_easy_perform(new.pointer), seconds: peer.timeoutSeconds, during: "the connection")
        try new.check(ccurl_get_socket(new.pointer, &socket))
        handle = new
        return new
    }

    /// Whether nothing came while nothing was asked: an end, or bytes that belong to no message.
    private func isStillOpen() -> Bool {
        var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return socket >= 0 && poll(&waiting, 1, 0) == 0
    }

    private func write(_ bytes: [UInt8], _ handle: CurlHandle) throws(ClinicRecordError) {
        var done = 0
        while done < bytes.count {
            var sent = 0
            let code = bytes[done...].withUnsafeBytes {
                curl_easy_send(handle.pointer, $0.baseAddress, $0.count, &sent)
            }
            done += sent
            if code == CURLE_AGAIN {
                try wait(Int16(POLLOUT), "the message")
            } else {
                try handle.check(code, seconds: peer.timeoutSeconds, during: "the message")
            }
        }
    }

    /// The bytes between the marks, which must all be there in time, however they trickle.
    private func read(_ handle: CurlHandle) throws(ClinicRecordError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        while true {
            guard ContinuousClock.Instant.now < deadline else {
                throw .timedOut(peer: peer.description, what: "the message", seconds: peer.timeoutSeconds)
            }
            var count = 0
            let code = curl_easy_recv(handle.pointer, &piece, piece.count, &count)
            if code == CURLE_AGAIN {
                try wait(Int16(POLLIN), "the message")
                continue
            }
            try handle.check(code, seconds: peer.timeoutSeconds, during: "the message")
            guard count > 0 else {
                throw .connectionLost(peer: peer.description, what: "the message, before its answer")
            }
            bytes += piece[..<count]
            guard bytes.first == Self.start else { throw .badAnswer(peer: peer.description, reason: "no MLLP") }
            if let place = bytes.firstIndex(of: Self.end[0]), place + 1 < bytes.count {
                return Array(bytes[1..<place])
            }
            guard bytes.count <= Self.longestAnswer else {
                throw .badAnswer(peer: peer.description, reason: "longer than anything that belongs here")
            }
        }
    }

    private func wait(_ events: Int16, _ what: String) throws(ClinicRecordError) {
        var waiting = pollfd(fd: socket, events: events, revents: 0)
        let left = ContinuousClock.Instant.now.duration(to: deadline) / .milliseconds(1)
        guard left > 0, poll(&waiting, 1, Int32(clamping: Int64(left.rounded(.up)))) != 0 else {
            throw .timedOut(peer: peer.description, what: what, seconds: peer.timeoutSeconds)
        }
    }
}
