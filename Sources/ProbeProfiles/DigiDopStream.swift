public import ProbeLink

/// What the published sources of the DigiDop leave open, so that it stands in the profile.
public struct DigiDopStream: Sendable, Hashable {
    /// The longest time that the probe's settings hold, clock ticks (16 bits, published host program).
    public static let greatestTicks = 65_535

    /// Which byte of a sample comes first, or that it is to be found from the stream.
    public var byteOrder: DigiDopByteOrder
    /// The clock in whose ticks the probe counts every time, Hz.
    public var clockHz: Int

    /// A stream from its fields.
    public init(byteOrder: DigiDopByteOrder, clockHz: Int) {
        self.byteOrder = byteOrder
        self.clockHz = clockHz
    }
}
