extension ProbeEvent {
    /// Bytes of one event (ODP 1.0, "Events").
    public static let odpByteCount = 16

    /// The event code of a fault (ODP 1.0, "Events").
    static let faultCode: UInt8 = 5

    /// Reads one event at an offset; its reserved bytes may hold anything.
    ///
    /// - Returns: `nil` when fewer than 16 bytes are there.
    public init?(odp bytes: RawSpan, at offset: Int = 0) {
        guard offset >= 0, bytes.byteCount >= Self.odpByteCount, offset <= bytes.byteCount - Self.odpByteCount else {
            return nil
        }
        self.init(
            code: bytes.uint8(at: offset), value: bytes.uint8(at: offset + 1),
            counter: bytes.uint16(at: offset + 2), pulseIndex: bytes.uint64(at: offset + 8))
    }

    /// Whether the probe says that its stream has ended by a fault.
    var endsStream: Bool {
        code == Self.faultCode && value < 32
            && !ODPStatus.Faults(rawValue: 1 << UInt32(value)).isDisjoint(with: .ending)
    }
}
