/// What one frame of a probe holds.
public enum FrameKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Quadrature samples: for each pulse, for each gate, I and Q.
    case iq = 1
    /// Lines of a B-mode picture.
    case bMode = 2
    /// ECG and respiration.
    case physiology = 4
}

/// How the samples of a frame are stored, little-endian.
public enum SampleFormat: UInt8, Sendable, BitwiseCopyable {
    /// I and Q, 16 bits each, full scale 32,767.
    case iqInt16 = 1
    /// I and Q, 32 bits each, full scale 2,147,483,647.
    case iqInt32 = 2
    /// The payload of an ODP B-mode packet.
    case odpBMode = 3
    /// The payload of an ODP physiology packet.
    case odpPhysiology = 4

    /// Bytes of one I/Q pair; `nil` where samples are not I/Q.
    public var bytesPerIQPair: Int? {
        switch self {
        case .iqInt16: 4
        case .iqInt32: 8
        case .odpBMode, .odpPhysiology: nil
        }
    }
}

/// What a probe says of one frame.
public struct FrameFlags: OptionSet, Sendable, Hashable, BitwiseCopyable {
    /// The bits as on the ODP wire.
    public let rawValue: UInt8

    /// Flags from their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The probe had to drop packets before this one.
    public static let discontinuity = FrameFlags(rawValue: 1)
    /// The transmitter was on during every pulse of the frame.
    public static let transmitting = FrameFlags(rawValue: 2)
    /// The analogue-to-digital converter clipped.
    public static let clipped = FrameFlags(rawValue: 4)
    /// The first of its kind since the start.
    public static let first = FrameFlags(rawValue: 8)
}

/// What stands before the samples of one decoded and checked frame.
public struct FrameHeader: Sendable, Hashable, BitwiseCopyable {
    /// What the payload is.
    public var kind: FrameKind
    /// How it is stored.
    public var format: SampleFormat
    /// What the probe says of it.
    public var flags: FrameFlags
    /// Counted per kind from 0 at the start, wraps.
    public var sequence: UInt32
    /// Index since the start of the first sample's pulse; for B-mode and physiology the last pulse not after it.
    public var pulseIndex: UInt64
    /// Gates, lines or channels; at least 1.
    public var items: UInt16
    /// Pulses or samples; at least 1.
    public var records: UInt16

    /// A header from its fields.
    public init(
        kind: FrameKind, format: SampleFormat, flags: FrameFlags, sequence: UInt32, pulseIndex: UInt64,
        items: UInt16, records: UInt16
    ) {
        self.kind = kind
        self.format = format
        self.flags = flags
        self.sequence = sequence
        self.pulseIndex = pulseIndex
        self.items = items
        self.records = records
    }
}

/// Takes decoded frames and the marks of what is missing between them, in the order of time.
public protocol FrameSink: ~Copyable {
    /// Takes one frame; the payload is only lent.
    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan)

    /// Takes the mark of a loss, before the frame that follows it.
    mutating func lost(_ loss: StreamLoss)

    /// Takes one probe event.
    mutating func event(_ event: ProbeEvent)

    /// Whether a frame with so many payload bytes would be kept.
    func hasRoom(forBytes count: Int) -> Bool
}

/// Where samples were lost.
public enum LossPlace: String, Sendable, Codable, CaseIterable {
    /// In the probe, which said so.
    case probe
    /// On the way from the probe: damaged or missing packets.
    case link
    /// At the ring, because a reader was too slow.
    case ring
}

/// Samples that are missing, at their place in time.
public struct StreamLoss: Sendable, Hashable, Codable {
    /// Which kind of frame is missing.
    public var kind: FrameKind
    /// Where it was lost.
    public var place: LossPlace
    /// Index since the start of the first missing pulse.
    public var firstPulse: UInt64
    /// How many pulses are missing; 0 for kinds that are not counted in pulses.
    public var pulses: UInt64
    /// How many packets are missing by their sequence numbers.
    public var packets: UInt64

    /// A mark from its fields.
    public init(kind: FrameKind, place: LossPlace, firstPulse: UInt64, pulses: UInt64, packets: UInt64) {
        self.kind = kind
        self.place = place
        self.firstPulse = firstPulse
        self.pulses = pulses
        self.packets = packets
    }
}

extension FrameKind: Codable {}

/// What a probe reports beside its samples (ODP 1.0, "Events").
public struct ProbeEvent: Sendable, Hashable {
    /// 1 button, 2 foot switch, 3 temperature warning, 4 disarmed by the probe, 5 fault.
    public var code: UInt8
    /// Button or switch number (bit 7: released), or the fault's bit number.
    public var value: UInt8
    /// Counter since RESET, wraps; a gap shows dropped events.
    public var counter: UInt16
    /// Pulse index at the event; 0 when not running.
    public var pulseIndex: UInt64

    /// An event from its fields.
    public init(code: UInt8, value: UInt8, counter: UInt16, pulseIndex: UInt64) {
        self.code = code
        self.value = value
        self.counter = counter
        self.pulseIndex = pulseIndex
    }
}
