public import ProbeLink

/// What differs between builds of the USD3.0 firmware, so that it stands in the profile.
public struct USD3Stream: Sendable, Hashable {
    /// Which byte of a sample comes first.
    public enum ByteOrder: String, Sendable, Hashable, CaseIterable {
        /// The most significant.
        case big
        /// The least significant.
        case little
    }

    /// The widths of a sample that a profile may name, bits.
    public static let sampleWidthsBits = [16, 32]
    /// The clock frequencies that are believed, Hz (project choice: outside is a slip of units).
    public static let plausibleClockHz = 1_000_000...1_000_000_000
    /// The longest time that the probe's registers hold, clock ticks (16 bits, published firmware).
    public static let greatestTicks = 65_535

    /// Bits of I, and of Q: 16 or 32.
    public var sampleBits: Int
    /// Which byte of a sample comes first.
    public var byteOrder: ByteOrder
    /// The clock in whose ticks the probe counts every time, Hz.
    public var clockHz: Int

    /// A stream from its fields.
    public init(sampleBits: Int, byteOrder: ByteOrder, clockHz: Int) {
        self.sampleBits = sampleBits
        self.byteOrder = byteOrder
        self.clockHz = clockHz
    }

    /// The same, as the decoder takes it.
    public var iqFormat: UnframedIQFormat {
        UnframedIQFormat(
            sampleWidth: sampleBits == 16 ? .bits16 : .bits32, byteOrder: byteOrder == .big ? .bigEndian : .littleEndian
        )
    }
}
