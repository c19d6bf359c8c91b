/// Makes the packets of the stream and keeps their sequence numbers (ODP 1.0, "Packet header").
struct PacketWriter: Sendable {
    /// The packet types that this probe sends.
    enum Kind: UInt8, CaseIterable {
        case iq = 1
        case bMode = 2
        case physiology = 4
    }

    /// Bits of the flags byte.
    enum Flag {
        static let discontinuity: UInt8 = 1
        static let transmitting: UInt8 = 2
        static let clipped: UInt8 = 4
        static let first: UInt8 = 8
    }

    /// What stands in a header beside sequence and checksum.
    struct Description {
        var kind: Kind
        /// Transmitting and clipped.
        var flags: UInt8
        var pulseIndex: UInt64
        var items: UInt16
        var records: UInt16
    }

    private struct Track {
        var sequence: UInt32 = 0
        var isFirst = true
        var hasGap = false
    }

    /// Bytes of a header.
    static let headerBytes = 32
    /// The longest payload, bytes.
    static let longestPayloadBytes = 65_536
    private static let magic: [UInt8] = Array("ODPS".utf8)

    private var iq = Track()
    private var bMode = Track()
    private var physiology = Track()

    init() {}

    /// A writer in the middle of a stream, whose next packets carry this sequence number.
    init(sequence: UInt32) {
        iq = Track(sequence: sequence, isFirst: false)
        bMode = iq
        physiology = iq
    }

    /// The little-endian bytes of samples, and whether one of them is at an end of its range.
    static func payload(of samples: [Int16]) -> (bytes: [UInt8], isClipped: Bool) {
        // Without branches, so that the compiler does many samples at once.
        var atEnd: UInt16 = 0
        for sample in samples { atEnd |= (sample == .max ? 1 : 0) | (sample == .min ? 1 : 0) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 2 * samples.count) { buffer, count in
            let places = UnsafeMutableRawBufferPointer(buffer)
            for (index, sample) in samples.enumerated() {
                places.storeBytes(of: sample.littleEndian, toByteOffset: 2 * index, as: Int16.self)
            }
            count = 2 * samples.count
        }
        return (bytes, atEnd != 0)
    }

    /// The bytes of the next packet of its type; `note(_:dropped:)` must follow.
    func packet(_ description: Description, payload: [UInt8]) -> [UInt8] {
        let track = self[description.kind]
        var flags = description.flags
        if track.hasGap { flags |= Flag.discontinuity }
        if track.isFirst { flags |= Flag.first }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerBytes + payload.count)
        bytes += Self.magic
        bytes += [description.kind.rawValue, flags]
        bytes.appendLittleEndian(UInt16(Self.headerBytes))
        bytes.appendLittleEndian(UInt32(payload.count))
        bytes.appendLittleEndian(track.sequence)
        bytes.appendLittleEndian(description.pulseIndex)
        bytes.appendLittleEndian(description.items)
        bytes.appendLittleEndian(description.records)
        var crc = Castagnoli()
        crc.update(bytes)
        crc.update(payload)
        bytes.appendLittleEndian(crc.checksum)
        bytes += payload
        return bytes
    }

    /// Uses up the sequence number of the packet just made; after a drop the next of its type says so.
    mutating func note(_ kind: Kind, dropped: Bool) {
        self[kind] = Track(sequence: self[kind].sequence &+ 1, isFirst: false, hasGap: dropped)
    }

    private subscript(kind: Kind) -> Track {
        get {
            switch kind {
            case .iq: iq
            case .bMode: bMode
            case .physiology: physiology
            }
        }
        set {
            switch kind {
            case .iq: iq = newValue
            case .bMode: bMode = newValue
            case .physiology: physiology = newValue
            }
        }
    }
}
