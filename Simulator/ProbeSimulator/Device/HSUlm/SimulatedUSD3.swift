/// The device side of the USD3.0 of the Hochschule Ulm: one gate, bare I and Q in bulk, no framing and no counter.
///
/// What its published sources leave open is a project choice: values that it cannot do are refused, its FIFO drops
/// whole pulses, and nothing in the stream tells of it.
public struct SimulatedUSD3: SimulatedDevice {
    /// What differs between builds of the firmware.
    public struct Options: Sendable, Hashable {
        /// Bytes of I and of Q: 4, or 2 in the debug build.
        public enum SampleWidth: Sendable, Hashable, CaseIterable {
            /// 16 bits.
            case bits16
            /// 32 bits.
            case bits32
        }

        /// Bits of I and of Q.
        public var sampleWidth = SampleWidth.bits32
        /// Which byte goes first.
        public var byteOrder = SampleByteOrder.mostSignificantFirst
        /// Bytes between the demodulator and the bus.
        public var fifoBytes = 65_536
        /// How often a short packet hands on what there is, milliseconds; 0 = only whole packets, until the stop.
        public var flushMilliseconds: UInt64 = 20

        /// The build in the field, as far as is known: 32 bits, most significant byte first.
        public init() {}
    }

    /// Most pulses that are made at once.
    private static let chunkPulses: UInt64 = 4096
    private static let nanosecondsPerMillisecond: UInt64 = 1_000_000
    /// The serial number in the published descriptors.
    public static let usualSerialNumber = "IMM:2015-001"

    /// Product and serial number.
    public let label: String
    /// The speed of its bus.
    public let speed: BusSpeed
    /// Builds of the firmware.
    public let options: Options
    /// The device's clock, nanoseconds.
    public private(set) var nowNanoseconds: UInt64 = 0
    /// Pulses that found no room in the FIFO since the start; the stream does not tell.
    public private(set) var droppedPulses: UInt64 = 0
    /// Pulses since the start, dropped ones among them.
    public private(set) var pulses: UInt64 = 0

    private let serialNumber: String
    private var requests: StandardRequests
    private var registers = USD3Registers()
    private var fifo: StreamFIFO
    private var source: any SignalSource
    private var nextSource: (any SignalSource)?
    private var run: (clock: PulseClock, startNanoseconds: UInt64)?
    private var nextFlushNanoseconds = UInt64.max

    /// A probe that has just been switched on.
    public init(
        serialNumber: String = usualSerialNumber, source: any SignalSource, speed: BusSpeed = .high,
        options: Options = Options()
    ) {
        label = "Ultrasonic Doppler \(serialNumber)"
        self.serialNumber = serialNumber
        self.source = source
        self.speed = speed
        self.options = options
        requests = StandardRequests(USD3Descriptors.description(serialNumber: serialNumber), speed: speed)
        fifo = StreamFIFO(capacity: options.fifoBytes)
    }

    /// The first bulk IN endpoint.
    public var streamEndpoint: UInt8 { USD3Descriptors.streamEndpoint }
    /// Whether mode 1 is on.
    public var isStreaming: Bool { run != nil }
    /// Whether the transmitter is on.
    public var isTransmitting: Bool { registers.transmits }

    /// Answers one control transfer: the vendor requests of the published firmware and the standard ones.
    public mutating func control(_ setup: USBSetup, out: [UInt8]) -> ControlAnswer {
        guard !StandardRequests.covers(setup) else {
            let (answer, change) = requests.answer(setup)
            if change == .configured { switchOff() }
            return answer
        }
        switch setup.requestType {
        case USBSetup.vendorOut where setup.length == 0 && out.isEmpty: return carryOut(setup) ? .acknowledge : .stall
        case USBSetup.vendorIn:
            guard let bytes = data(setup) else { return .stall }
            return .bytes(Array(bytes.prefix(Int(setup.length))))
        default: return .stall
        }
    }

    /// Collects from a bulk endpoint; the second one never has anything.
    public mutating func read(endpoint: UInt8, atMost limit: Int) -> StreamRead {
        guard requests.has(endpoint: endpoint), !requests.isHalted(endpoint) else { return .stalled }
        guard endpoint == streamEndpoint else { return .nothingYet }
        return fifo.take(atMost: limit, packetSize: speed.bulkPacketBytes)
    }

    /// Lets the device's clock go on.
    public mutating func advance(byNanoseconds nanoseconds: UInt64) {
        let (sum, overflow) = nowNanoseconds.addingReportingOverflow(nanoseconds)
        let target = overflow ? .max : sum
        while nextFlushNanoseconds <= target {
            nowNanoseconds = max(nowNanoseconds, nextFlushNanoseconds)
            makePulses()
            fifo.endTransfer()
            nextFlushNanoseconds = flush(after: nextFlushNanoseconds)
        }
        nowNanoseconds = target
        makePulses()
    }

    /// Holds the probe somewhere else from the next start on.
    public mutating func place(_ source: any SignalSource) { nextSource = source }

    /// A reset of the bus.
    public mutating func resetBus() {
        requests.reset()
        switchOff()
    }

    /// Unplugs it and plugs it in again.
    public mutating func cyclePower() {
        let clock = nowNanoseconds
        let next = nextSource
        self = SimulatedUSD3(serialNumber: serialNumber, source: source, speed: speed, options: options)
        nowNanoseconds = clock
        nextSource = next
    }
}

extension SimulatedUSD3 {
    /// `bRequest` of the IN requests (published firmware).
    private enum Question {
        static let ping: UInt8 = 0
        static let coreClock: UInt8 = 1
        static let manufacturer: UInt8 = 2
        static let version: UInt8 = 3
    }

    /// Clock of the LPC4337's core, Hz (data sheet: at most 204 MHz).
    private static let coreClockHz: UInt32 = 204_000_000

    private func data(_ setup: USBSetup) -> [UInt8]? {
        switch (setup.request, setup.index) {
        // Project choice: a ping is answered with one byte of 0.
        case (Question.ping, 0): return [0]
        case (Question.coreClock, 0):
            var bytes: [UInt8] = []
            bytes.appendLittleEndian(Self.coreClockHz)
            return bytes
        case (Question.manufacturer, 0): return Array("HS-Ulm.de".utf8)
        case (Question.version, 0): return Array("0.1.2alpha".utf8)
        case (USD3Descriptors.systemCode, USD3Descriptors.compatibleIDIndex): return USD3Descriptors.compatibleID
        default: return nil
        }
    }

    private mutating func carryOut(_ setup: USBSetup) -> Bool {
        makePulses()
        switch (setup.request, setup.value) {
        case (USD3Registers.Code.reset, _): switchOff()
        case (USD3Registers.Code.mode, 0): stop()
        case (USD3Registers.Code.mode, 1): return start()
        default: return registers.set(setup.request, to: setup.value)
        }
        return true
    }

    /// Back to the state after power-on.
    private mutating func switchOff() {
        run = nil
        nextFlushNanoseconds = .max
        registers = USD3Registers()
        fifo.clear()
    }

    private mutating func stop() {
        run = nil
        nextFlushNanoseconds = .max
        fifo.endTransfer()
    }

    private mutating func start() -> Bool {
        guard run == nil else { return true }
        guard let settings = registers.settings else { return false }
        if let nextSource { source = nextSource }
        nextSource = nil
        fifo.clear()
        droppedPulses = 0
        pulses = 0
        source.begin(settings)
        run = (PulseClock(prfMilliHz: settings.prfMilliHz), nowNanoseconds)
        nextFlushNanoseconds = options.flushMilliseconds == 0 ? .max : flush(after: nowNanoseconds)
        return true
    }

    private func flush(after nanoseconds: UInt64) -> UInt64 {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(
            max(1, options.flushMilliseconds) &* Self.nanosecondsPerMillisecond)
        return overflow ? .max : sum
    }

    private mutating func makePulses() {
        guard let run else { return }
        let passed = run.clock.pulses(before: nowNanoseconds - run.startNanoseconds)
        while pulses < passed { makePulses(min(passed - pulses, Self.chunkPulses)) }
    }

    private mutating func makePulses(_ count: UInt64) {
        var samples: [Int16] = []
        source.appendIQ(firstPulse: pulses, count: Int(count), transmitting: registers.transmits, to: &samples)
        precondition(samples.count == 2 * Int(count), "a signal source appends I and Q of every pulse")
        for pulse in 0..<Int(count) {
            var pair: [UInt8] = []
            pair.reserveCapacity(8)
            for part in 0..<2 {
                let sample = registers.receives ? samples[2 * pulse + part] : 0
                switch options.sampleWidth {
                case .bits16: pair.append(sample, options.byteOrder)
                case .bits32:
                    let place = 2 * (pulses + UInt64(pulse)) + UInt64(part)
                    pair.append(SummedSample.sum(sample, place: place), options.byteOrder)
                }
            }
            if !fifo.append(pair) { droppedPulses += 1 }
        }
        pulses += count
    }
}
