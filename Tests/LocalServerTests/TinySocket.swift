import Glibc

/// Frames of WebSocket by hand (RFC 6455, section 5.2).
enum TinySocket {
    /// A frame as a client sends it.
    static func frame(
        _ opcode: UInt8, _ payload: [UInt8] = [], isLast: Bool = true, isMasked: Bool = true, reserved: UInt8 = 0
    ) -> [UInt8] {
        let mask: [UInt8] = [0x12, 0x34, 0x56, 0x78]
        var bytes: [UInt8] = [(isLast ? 0x80 : 0) | reserved << 4 | opcode]
        let flag: UInt8 = isMasked ? 0x80 : 0
        if payload.count < 126 {
            bytes.append(flag | UInt8(payload.count))
        } else {
            bytes += [flag | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        guard isMasked else { return bytes + payload }
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    /// The beginning of a binary frame that announces so many bytes.
    static func announcing(_ length: UInt64) -> [UInt8] {
        [0x82, 0xFF] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + [1, 2, 3, 4]
    }

    /// One frame as the server sends it.
    struct Frame: Equatable {
        var opcode: UInt8
        var payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        /// The code of a close.
        var code: Int? { opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
    }

    /// The next frame, or `nil`.
    static func next(from client: TinyClient, seconds: Double = 60) -> Frame? {
        guard let head = client.exactly(2, seconds: seconds) else { return nil }
        var length = Int(head[1] & 0x7F)
        if length >= 126 {
            guard let more = client.exactly(length == 126 ? 2 : 8, seconds: seconds) else { return nil }
            length = more.reduce(0) { $0 << 8 | Int($1) }
        }
        guard head[1] & 0x80 == 0, let payload = client.exactly(length, seconds: seconds) else { return nil }
        return Frame(opcode: head[0] & 0x0F, payload: payload)
    }

    /// The next frame of this kind, pings between passed over.
    static func next(_ opcode: UInt8, from client: TinyClient, seconds: Double = 60) -> Frame? {
        while let frame = next(from: client, seconds: seconds) {
            if frame.opcode == opcode { return frame }
        }
        return nil
    }

    static func wait(milliseconds: UInt32) { usleep(milliseconds * 1000) }
}
