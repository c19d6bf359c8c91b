/// The device side of the DigiDop of the Hochschule Ulm: two gates in frames of 17 bytes on an isochronous endpoint.
///
/// A frame is 0xAA, then I and Q of gate 1 and of gate 2 in 32 bits each. Frames come at the PRF; the packet of each
/// millisecond takes whole words of four bytes of them, so that frames straddle packets. What the published sources
/// leave open is a project choice: the words, the largest packet, one byte of error, and that it transmits while it runs.
public struct SimulatedDigiDop: SimulatedDevice {
    /// `bRequest` of the vendor requests (published host program).
    private enum Request {
        static let frequency: UInt8 = 0
        static let dataRate: UInt8 = 1
        static let run: UInt8 = 2
        static let configure: UInt8 = 3
        static let configuration: UInt8 = 4
        static let version: UInt8 = 5
        static let versionText: UInt8 = 6
        static let error: UInt8 = 7
    }

    /// What request 7 answers.
    private enum Problem: UInt8 {
        case none = 0
        case impossibleSettings = 1
        case overrun = 2
    }

    /// First byte of a frame.
    private static let syncByte: UInt8 = 0xAA
    /// Bytes of a frame.
    public static let frameBytes = 17
    /// A packet takes a multiple of this, bytes.
    private static let wordBytes = 4
    /// Bytes between the demodulator and the bus; whole frames are dropped beyond.
    private static let fifoBytes = 4096

    /// Product and serial number.
    public let label: String
    /// Which byte of a sample goes first.
    public let byteOrder: SampleByteOrder
    /// The device's clock, nanoseconds.
    public private(set) var nowNanoseconds: UInt64 = 0
    /// Whether request 2 has started it.
    public var isStreaming: Bool { run != nil }
    /// Frames since the start, dropped ones among them.
    public private(set) var frames: UInt64 = 0
    /// Frames that found no room in the FIFO since the start.
    public private(set) var droppedFrames: UInt64 = 0
    /// Packets that nobody collected in time.
    public var uncollectedPackets: UInt64 { queue.uncollected }

    private let serialNumber: String
    private var requests: StandardRequests
    private var settings = DigiDopConfiguration()
    private var dataRate: UInt16 = 0
    private var problem = Problem.none
    private var source: any SignalSource
    private var nextSource: (any SignalSource)?
    private var run: (clock: PulseClock, startNanoseconds: UInt64, order: [Int])?
    private var fifo: [UInt8] = []
    private var queue = PacketQueue()
    /// The next interval that is not over.
    private var nextInterval: UInt64 = 1

    /// A probe that has just been switched on.
    public init(
        serialNumber: String, source: any SignalSource, byteOrder: SampleByteOrder = .mostSignificantFirst
    ) {
        label = "DigiDop \(serialNumber)"
        self.serialNumber = serialNumber
        self.source = source
        self.byteOrder = byteOrder
        requests = StandardRequests(DigiDopDescriptors.description(serialNumber: serialNumber), speed: .full)
    }

    /// A full-speed device.
    public var speed: BusSpeed { .full }
    /// The isochronous IN endpoint.
    public var streamEndpoint: UInt8 { DigiDopDescriptors.streamEndpoint }
    /// One packet each millisecond.
    public var streamKind: StreamKind { .isochronous(intervalNanoseconds: PacketQueue.intervalNanoseconds) }
    /// Interface 1 in its alternate setting 1.
    public var streamSetting: InterfaceSetting? { DigiDopDescriptors.streamSetting }

    /// Answers one control transfer: the vendor requests of the published host program and the standard ones.
    public mutating func control(_ setup: USBSetup, out: [UInt8]) -> ControlAnswer {
        guard !StandardRequests.covers(setup) else { return standardRequest(setup) }
        guard setup.index == 0 else { return .stall }
        switch setup.requestType {
        case USBSetup.vendorOut where Int(setup.length) == out.count:
            return carryOut(setup, out) ? .acknowledge : .stall
        case USBSetup.vendorIn:
            guard let bytes = data(setup.request) else { return .stall }
            return .bytes(Array(bytes.prefix(Int(setup.length))))
        default: return .stall
        }
    }

    /// Collects the packet of the oldest interval.
    public mutating func read(endpoint: UInt8, atMost limit: Int) -> StreamRead {
        guard requests.has(endpoint: endpoint) else { return .stalled }
        return queue.take(atMost: limit)
    }

    /// Lets the device's clock go on, and makes the packet of every interval that ends.
    public mutating func advance(byNanoseconds nanoseconds: UInt64) {
        let (sum, overflow) = nowNanoseconds.addingReportingOverflow(nanoseconds)
        let target = overflow ? .max : sum
        let isSelected = requests.has(endpoint: streamEndpoint)
        let last = target / PacketQueue.intervalNanoseconds
        // Nothing depends on intervals in which there is nothing to send.
        if run == nil, last > nextInterval + UInt64(PacketQueue.capacity) {
            nextInterval = last - UInt64(PacketQueue.capacity)
        }
        while nextInterval <= last {
            nowNanoseconds = max(nowNanoseconds, nextInterval * PacketQueue.intervalNanoseconds)
            makeFrames()
            if isSelected { queue.add(takePacket()) }
            nextInterval += 1
        }
        nowNanoseconds = target
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
        var fresh = SimulatedDigiDop(serialNumber: serialNumber, source: source, byteOrder: byteOrder)
        fresh.nowNanoseconds = nowNanoseconds
        fresh.nextInterval = nextInterval
        fresh.nextSource = nextSource
        self = fresh
    }
}

extension SimulatedDigiDop {
    private mutating func standardRequest(_ setup: USBSetup) -> ControlAnswer {
        let (answer, change) = requests.answer(setup)
        if change == .configured { switchOff() }
        if !requests.has(endpoint: streamEndpoint) { queue.clear() }
        return answer
    }

    private mutating func carryOut(_ setup: USBSetup, _ out: [UInt8]) -> Bool {
        switch (setup.request, out.count) {
        case (Request.frequency, 0) where (1...64).contains(setup.value): settings.frequencyMHz = setup.value
        case (Request.dataRate, 0): dataRate = setup.value
        case (Request.run, 0) where setup.value == 0:
            makeFrames()
            run = nil
        case (Request.run, 0) where setup.value == 1: return start()
        case (Request.configure, DigiDopConfiguration.byteCount) where run == nil:
            guard let wanted = DigiDopConfiguration(out), wanted.isPossible else {
                problem = .impossibleSettings
                return false
            }
            settings = wanted
            problem = .none
        default: return false
        }
        return true
    }

    private func data(_ request: UInt8) -> [UInt8]? {
        switch request {
        case Request.configuration: settings.bytes
        case Request.version: [2, 0]
        case Request.versionText: Array("DigiDop 2012 (simulated)".utf8)
        case Request.error: [problem.rawValue]
        default: nil
        }
    }

    private mutating func switchOff() {
        run = nil
        fifo = []
        queue.clear()
    }

    private mutating func start() -> Bool {
        guard run == nil else { return true }
        guard let wanted = settings.settings else {
            problem = .impossibleSettings
            return false
        }
        if let nextSource { source = nextSource }
        nextSource = nil
        switchOff()
        frames = 0
        droppedFrames = 0
        problem = .none
        source.begin(wanted)
        run = (PulseClock(prfMilliHz: wanted.prfMilliHz), nowNanoseconds, settings.order)
        return true
    }

    private mutating func makeFrames() {
        guard let run else { return }
        let passed = run.clock.pulses(before: nowNanoseconds - run.startNanoseconds)
        guard passed > frames else { return }
        let count = Int(passed - frames)
        var samples: [Int16] = []
        source.appendIQ(firstPulse: frames, count: count, transmitting: true, to: &samples)
        let values = 2 * run.order.count
        precondition(samples.count == values * count, "a signal source appends I and Q of every gate and pulse")
        for pulse in 0..<count {
            append(samples[(pulse * values)..<((pulse + 1) * values)], order: run.order)
            frames += 1
        }
    }

    /// Appends one frame; a gate that is not open has samples of 0.
    private mutating func append(_ samples: ArraySlice<Int16>, order: [Int]) {
        guard fifo.count + Self.frameBytes <= Self.fifoBytes else {
            droppedFrames += 1
            problem = .overrun
            return
        }
        var parts: [Int32] = [0, 0, 0, 0]
        for (rank, gate) in order.enumerated() {
            for part in 0..<2 {
                let place = 4 * frames + UInt64(2 * gate + part)
                parts[2 * gate + part] = SummedSample.sum(samples[samples.startIndex + 2 * rank + part], place: place)
            }
        }
        fifo.append(Self.syncByte)
        for part in parts { fifo.append(part, byteOrder) }
    }

    private mutating func takePacket() -> [UInt8] {
        let ready = min(DigiDopDescriptors.packetBytes, fifo.count / Self.wordBytes * Self.wordBytes)
        let packet = Array(fifo.prefix(ready))
        fifo.removeFirst(ready)
        return packet
    }
}
