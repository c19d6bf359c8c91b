/// The device side of ODP 1.0: one probe, without threads, transport or clock of its own.
///
/// Whoever holds it moves its time with `advance`, sends it control transfers and asks its endpoints for
/// packets. Everything it sends depends on the signal source, the requests and the times of both alone, not on
/// the size of the steps in which its time is moved.
public struct SimulatedProbe: Sendable {
    /// The speed of the bus that the probe enumerated at; at full speed it refuses to stream.
    public typealias Speed = BusSpeed

    /// What the probe is doing; the first byte of STATUS.
    public enum State: UInt8, Sendable {
        /// Not streaming.
        case idle = 0
        /// Streaming.
        case running = 1
        /// Stopped by a fault until RESET.
        case fault = 2
    }

    /// Address of the bulk IN endpoint.
    public static let streamEndpoint: UInt8 = 0x81
    /// Address of the interrupt IN endpoint.
    public static let eventEndpoint: UInt8 = 0x82
    /// Bytes of the FIFO unless told otherwise: a tenth of a second at 512 gates and 20 kHz (project choice).
    public static let usualFifoBytes = 4_194_304
    /// Face temperature of a probe that nobody has warmed, hundredths of a degree C (project choice).
    private static let restingTemperatureCentiC: Int16 = 3000

    /// What the probe says it is.
    public let identity: DeviceIdentity
    /// The speed of its bus.
    public let speed: Speed
    /// What it is doing.
    public internal(set) var state = State.idle
    /// The settings in force; `nil` until a SET_ACQUISITION has succeeded.
    public internal(set) var settings: DeviceSettings?
    /// The device's clock, nanoseconds since it was made.
    public internal(set) var nowNanoseconds: UInt64 = 0
    /// What STATUS gives as the transducer's face temperature, hundredths of a degree C.
    public var faceTemperatureCentiC = SimulatedProbe.restingTemperatureCentiC

    var source: any SignalSource
    var nextSource: (any SignalSource)?
    var fifo: StreamFIFO
    var events = EventQueue()
    var faults = FaultBits()
    var keepAliveMilliseconds = SimulatedProbe.firstKeepAliveMilliseconds
    var keepAliveDeadline: UInt64?
    var run: StreamRun?
    var counts = StreamCounts()
    var configuration: UInt8 = 0
    var haltedEndpoints: Set<UInt8> = []
    var plannedIncidents: [PlannedIncident] = []

    /// Keep-alive time until the host sets one (ODP 1.0, KEEPALIVE).
    private static let firstKeepAliveMilliseconds: UInt16 = 1000

    /// A probe that has just been switched on: IDLE and disarmed.
    ///
    /// - Parameters:
    ///   - source: the body in front of the transducer.
    ///   - fifoBytes: bytes between the packets that the probe makes and the host's reads.
    public init(
        identity: DeviceIdentity, source: any SignalSource, speed: Speed = .high,
        fifoBytes: Int = SimulatedProbe.usualFifoBytes
    ) {
        self.identity = identity
        self.source = source
        self.speed = speed
        fifo = StreamFIFO(capacity: fifoBytes)
    }

    /// Whether transmission is allowed.
    public var isArmed: Bool { keepAliveDeadline != nil }

    /// Holds the probe somewhere else: from the next RUN 1 on, the signal comes from this source.
    public mutating func place(_ source: any SignalSource) { nextSource = source }

    /// A reset of the bus: not configured, no endpoint halted, and everything that RESET does.
    public mutating func resetBus() {
        configuration = 0
        haltedEndpoints.removeAll()
        reset()
    }

    /// Unplugs the probe and plugs it in again: as switched on, without settings.
    ///
    /// Its clock goes on.
    public mutating func cyclePower() {
        let clock = nowNanoseconds
        let next = nextSource
        self = SimulatedProbe(identity: identity, source: source, speed: speed, fifoBytes: fifo.capacity)
        nowNanoseconds = clock
        nextSource = next
    }

    /// Lets the device's clock go on.
    ///
    /// The work is proportional to the time; memory is bounded by the FIFO.
    public mutating func advance(byNanoseconds nanoseconds: UInt64) {
        let (sum, overflow) = nowNanoseconds.addingReportingOverflow(nanoseconds)
        let target = overflow ? UInt64.max : sum
        if let deadline = keepAliveDeadline, deadline <= target {
            reportPlanned(until: deadline)
            nowNanoseconds = max(nowNanoseconds, deadline)
            loseKeepAlive()
        }
        reportPlanned(until: target)
        nowNanoseconds = target
        makePackets()
    }

    /// Collects what the bulk endpoint has ready.
    ///
    /// - Parameter limit: room in the host's buffer, bytes; only whole USB packets are sent, so that it is
    ///   rounded down to a multiple of the packet size.
    public mutating func readStream(atMost limit: Int) -> StreamRead {
        guard !haltedEndpoints.contains(Self.streamEndpoint) else { return .stalled }
        return fifo.take(atMost: limit, packetSize: speed.bulkPacketBytes)
    }

    /// Collects the oldest event, 16 bytes, from the interrupt endpoint.
    public mutating func readEvent() -> StreamRead {
        guard !haltedEndpoints.contains(Self.eventEndpoint) else { return .stalled }
        guard let event = events.take() else { return .nothingYet }
        return .bytes(event, endsTransfer: true)
    }

    /// The pulse index that an event of this moment carries.
    var eventPulseIndex: UInt64 {
        guard let run else { return 0 }
        return run.clock.pulseIndex(at: nowNanoseconds - run.startNanoseconds)
    }
}
