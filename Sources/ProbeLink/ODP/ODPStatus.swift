/// The state of a probe (ODP 1.0, STATUS, 32 bytes).
public struct ODPStatus: Sendable, Hashable {
    /// Bytes of STATUS.
    public static let byteCount = 32

    /// What a probe is doing.
    public enum State: UInt8, Sendable {
        /// Not streaming.
        case idle = 0
        /// Streaming.
        case running = 1
        /// Stopped by itself; only RESET leaves this state.
        case fault = 2
    }

    /// What went wrong since RESET.
    public struct Faults: OptionSet, Sendable, Hashable {
        /// The bits as in ODP STATUS.
        public let rawValue: UInt32

        /// Faults from their bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// The transducer became too warm: disarmed, state FAULT.
        public static let overTemperature = Faults(rawValue: 1 << 0)
        /// The host was silent for too long: disarmed.
        public static let keepAliveLost = Faults(rawValue: 1 << 1)
        /// The supply failed: disarmed, state FAULT.
        public static let supply = Faults(rawValue: 1 << 2)
        /// The host read too slowly: packets were dropped.
        public static let fifoOverrun = Faults(rawValue: 1 << 3)

        /// Those that end the stream.
        public static let ending: Faults = [.overTemperature, .supply]
    }

    /// What the probe is doing.
    public var state: State
    /// Whether transmission is allowed.
    public var isArmed: Bool
    /// Temperature of the transducer's face, hundredths of a degree Celsius.
    public var faceTemperatureCentiCelsius: Int16
    /// Time of transmission since RESET, ms.
    public var transmittingTimeMs: UInt32
    /// Packets that the probe had to drop since RUN.
    public var droppedPackets: UInt32
    /// What went wrong since RESET.
    public var faults: Faults
    /// Pulse periods since RUN up to the last packet made, transmitting or not.
    public var pulsePeriods: UInt64
    /// The most that lay in the probe's FIFO since RUN, bytes.
    public var fifoHighWaterBytes: UInt32

    /// Reads STATUS.
    ///
    /// - Throws: `protocolViolation` when there are not exactly 32 bytes, or the state or `armed` is none that there is.
    public init(_ bytes: RawSpan) throws(TransportError) {
        guard bytes.byteCount == Self.byteCount else {
            throw .protocolViolation(what: "STATUS has \(bytes.byteCount) bytes instead of \(Self.byteCount)")
        }
        guard let state = State(rawValue: bytes.uint8(at: 0)) else {
            throw .protocolViolation(what: "STATUS tells the unknown state \(bytes.uint8(at: 0))")
        }
        guard bytes.uint8(at: 1) <= 1 else {
            throw .protocolViolation(what: "STATUS tells \(bytes.uint8(at: 1)) for armed, which is 0 or 1")
        }
        self.state = state
        isArmed = bytes.uint8(at: 1) == 1
        faceTemperatureCentiCelsius = bytes.int16(at: 2)
        transmittingTimeMs = bytes.uint32(at: 4)
        droppedPackets = bytes.uint32(at: 8)
        faults = Faults(rawValue: bytes.uint32(at: 12))
        pulsePeriods = bytes.uint64(at: 16)
        fifoHighWaterBytes = bytes.uint32(at: 24)
    }
}
