/// A wrong statement in a descriptor that a device answers.
public enum DescriptorLie: Sendable, Hashable {
    /// `wTotalLength` of the configuration.
    case totalLength(UInt16)
    /// `bLength` of the descriptor that begins at this offset of the configuration.
    case length(atOffset: Int, UInt8)
    /// `bNumEndpoints` of every setting of an interface.
    case endpointCount(interface: UInt8, UInt8)
    /// `wMaxPacketSize` of an endpoint in every setting.
    case packetBytes(endpoint: UInt8, UInt16)
    /// The answer for this type of descriptor ends after so many bytes.
    case cutOff(kind: UInt8, bytes: Int)

    /// The type of descriptor that it is about (USB 2.0, table 9-5).
    var kind: UInt8 {
        guard case .cutOff(let kind, _) = self else { return DescriptorBytes.Kind.configuration }
        return kind
    }

    /// Turns the true bytes into what is told.
    func told(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        switch self {
        case .totalLength(let value): Self.put(value, at: 2, in: &bytes)
        case .length(let offset, let value):
            if bytes.indices.contains(offset) { bytes[offset] = value }
        case .endpointCount(let interface, let value):
            for offset in Self.offsets(of: DescriptorBytes.Kind.interface, in: bytes)
            where offset + 4 < bytes.count && bytes[offset + 2] == interface {
                bytes[offset + 4] = value
            }
        case .packetBytes(let endpoint, let value):
            for offset in Self.offsets(of: DescriptorBytes.Kind.endpoint, in: bytes)
            where offset + 5 < bytes.count && bytes[offset + 2] == endpoint {
                Self.put(value, at: offset + 4, in: &bytes)
            }
        case .cutOff(_, let count): bytes = Array(bytes.prefix(max(0, count)))
        }
        return bytes
    }

    private static func put(_ value: UInt16, at offset: Int, in bytes: inout [UInt8]) {
        guard bytes.count >= offset + 2 else { return }
        bytes[offset] = UInt8(value & 0xFF)
        bytes[offset + 1] = UInt8(value >> 8)
    }

    private static func offsets(of kind: UInt8, in bytes: [UInt8]) -> [Int] {
        var found: [Int] = []
        var offset = 0
        while offset + 1 < bytes.count, bytes[offset] > 1 {
            if bytes[offset + 1] == kind { found.append(offset) }
            offset += Int(bytes[offset])
        }
        return found
    }
}
