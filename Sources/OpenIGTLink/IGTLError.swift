/// Why a message could not be made or read, or the server not started.
public enum IGTLError: Error, Sendable, Hashable {
    /// A device's, type's or status's name that the header has no room or no characters for.
    case badName(field: String, limitCharacters: Int)
    /// More than the wire has room for.
    case tooLarge(what: String, count: Int, limit: Int)
    /// Sizes that do not fit the values, or a spacing that is none.
    case badShape(what: String, reason: String)
    /// A content that is only read.
    case cannotEncode(type: String, reason: String)
    /// A header of neither version 1 nor 2.
    case unknownVersion(UInt16)
    /// A body that is larger than the reader takes.
    case bodyTooLarge(bytes: UInt64, limitBytes: Int)
    /// A body that is not what was sent.
    case wrongChecksum(stated: UInt64, computed: UInt64)
    /// A message whose fields do not fit each other.
    case malformed(type: String, reason: String)
    /// The server could not listen.
    case cannotListen(address: String, port: UInt16, reason: String)
}

extension IGTLError: CustomStringConvertible {
    /// What is wrong, and what to do next.
    public var description: String {
        switch self {
        case .badName(let field, let limit):
            "the \(field) of an OpenIGTLink message must be printable ASCII of at most \(limit) characters: shorten it"
        case .tooLarge(let what, let count, let limit):
            "\(what): \(count) are too many for one OpenIGTLink message (\(limit) at most): send it in parts"
        case .badShape(let what, let reason): "\(what) cannot be sent by OpenIGTLink: \(reason)"
        case .cannotEncode(let type, let reason): "a message \(type) cannot be sent: \(reason)"
        case .unknownVersion(let version):
            "an OpenIGTLink header of version \(version) came; 1 and 2 are known: is the peer an OpenIGTLink client?"
        case .bodyTooLarge(let bytes, let limit):
            "a message of \(bytes) bytes came; at most \(limit) are taken: send commands and strings only"
        case .wrongChecksum(let stated, let computed):
            "a message's checksum says \(String(stated, radix: 16)), its bytes \(String(computed, radix: 16)): "
                + "it was damaged, or its sender does not compute CRC-64"
        case .malformed(let type, let reason): "a message \(type) is malformed: \(reason)"
        case .cannotListen(let address, let port, let reason):
            "OpenIGTLink cannot listen on \(address) port \(port): \(reason); choose another port or address"
        }
    }
}
