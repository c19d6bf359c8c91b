/// How a probe without framing sends its samples: for each pulse I, then Q, of one gate, and nothing else.
public struct UnframedIQFormat: Sendable, Hashable, Codable {
    /// Which byte of a sample comes first.
    public enum ByteOrder: String, Sendable, Codable, CaseIterable {
        /// The most significant.
        case bigEndian
        /// The least significant.
        case littleEndian
    }

    /// How many bits a sample has.
    public enum SampleWidth: Int, Sendable, Codable, CaseIterable {
        /// 16 bits, two's complement.
        case bits16 = 16
        /// 32 bits, two's complement.
        case bits32 = 32
    }

    /// Bits of I, and of Q.
    public var sampleWidth: SampleWidth
    /// Which byte of a sample comes first.
    public var byteOrder: ByteOrder

    /// A format from its fields.
    public init(sampleWidth: SampleWidth, byteOrder: ByteOrder) {
        self.sampleWidth = sampleWidth
        self.byteOrder = byteOrder
    }

    /// Bytes of one sample.
    var bytesPerSample: Int { sampleWidth.rawValue / 8 }

    /// Bytes of one pulse.
    var bytesPerPair: Int { 2 * bytesPerSample }

    /// How the samples are handed on.
    var frameFormat: SampleFormat {
        switch sampleWidth {
        case .bits16: .iqInt16
        case .bits32: .iqInt32
        }
    }

    /// The sample that begins at an offset.
    func sample(in bytes: RawSpan, at offset: Int) -> Int64 {
        switch (sampleWidth, byteOrder) {
        case (.bits16, .littleEndian): Int64(bytes.int16(at: offset))
        case (.bits16, .bigEndian): Int64(bytes.int16(at: offset).byteSwapped)
        case (.bits32, .littleEndian): Int64(Int32(bitPattern: bytes.uint32(at: offset)))
        case (.bits32, .bigEndian): Int64(Int32(bitPattern: bytes.uint32(at: offset).byteSwapped))
        }
    }
}
