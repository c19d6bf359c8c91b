/// A class-compliant USB sound interface on the stereo output of a directional Doppler.
///
/// Alternate setting 1 records 16 bits, setting 2 records 24, both at 44.1 or 48 kHz. It streams while one of them is
/// selected, from the moment of the selection on; its clock may run fast or slow against the bus.
public struct SimulatedUSBAudio: SimulatedDevice {
    /// The Doppler, its cable and the converter's clock.
    public struct Options: Sendable, Hashable {
        /// What the two channels carry.
        public enum Channels: Sendable, Hashable, CaseIterable {
            /// Flow towards the transducer left, away right.
            case forwardReverse
            /// In phase left, quadrature right.
            case iq
            /// Quadrature left, in phase right.
            case qi
            /// The same, without direction, on both.
            case mono
        }

        /// What the two channels carry.
        public var channels = Channels.forwardReverse
        /// How many times stronger the right channel is than it should be.
        public var rightGain = 1.0
        /// How far the right channel is turned towards the left one, degrees; for `iq` and `qi`.
        public var rightPhaseDegrees = 0.0
        /// How much faster than the bus the converter's clock runs, millionths.
        public var clockOffsetPpm = 0.0
        /// The alternate setting that a host without a choice of its own selects: 1 = 16 bits, 2 = 24 bits.
        public var usualAlternate: UInt8 = 1
        /// What is set on the Doppler: frequency, depth and gate length; rate and gates follow from the sound.
        public var doppler = DeviceSettings(
            centreFrequencyHz: 4_000_000, prfMilliHz: 48_000_000, firstGateDepthUm: 20_000, gateLengthUm: 4000,
            streamMask: 1)

        /// Forward and reverse flow, a cable without fault and an exact clock.
        public init() {}
    }

    /// The product string.
    public static let product = "Stereo sound interface (simulated)"
    /// pid.codes, whose product ids 0x0001 to 0x0010 are for tests.
    public static let usualVendorID: UInt16 = 0x1209
    /// The second of the test ids.
    public static let usualProductID: UInt16 = 0x0002

    /// Product and serial number.
    public let label: String
    /// The Doppler, its cable and the converter's clock.
    public let options: Options
    /// The bus's clock, nanoseconds.
    public private(set) var nowNanoseconds: UInt64 = 0
    /// Sample pairs since streaming began.
    public private(set) var frames: UInt64 = 0
    /// Packets that nobody collected in time.
    public var uncollectedPackets: UInt64 { queue.uncollected }

    private let serialNumber: String
    private let ids: (vendor: UInt16, product: UInt16)
    private var requests: StandardRequests
    private var controls = AudioControls()
    private var source: any SignalSource
    private var nextSource: (any SignalSource)?
    private var sound: DopplerSound
    /// When streaming began; `nil` = setting 0 is selected.
    private var startNanoseconds: UInt64?
    private var queue = PacketQueue()
    private var nextInterval: UInt64 = 1

    /// An interface that has just been plugged in.
    public init(
        serialNumber: String, source: any SignalSource, options: Options = Options(),
        vendorID: UInt16 = usualVendorID, productID: UInt16 = usualProductID
    ) {
        label = "\(Self.product) \(serialNumber)"
        self.serialNumber = serialNumber
        self.source = source
        self.options = options
        ids = (vendorID, productID)
        sound = DopplerSound(options)
        requests = StandardRequests(
            AudioDescriptors.description(vendorID: vendorID, productID: productID, serialNumber: serialNumber),
            speed: .full)
    }

    /// A full-speed device.
    public var speed: BusSpeed { .full }
    /// The isochronous IN endpoint.
    public var streamEndpoint: UInt8 { AudioDescriptors.streamEndpoint }
    /// One packet each millisecond.
    public var streamKind: StreamKind { .isochronous(intervalNanoseconds: PacketQueue.intervalNanoseconds) }
    /// Interface 1 in the setting of the options.
    public var streamSetting: InterfaceSetting? {
        InterfaceSetting(interface: AudioDescriptors.streamInterface, alternate: options.usualAlternate)
    }
    /// Whether a setting with samples is selected.
    public var isStreaming: Bool { startNanoseconds != nil }
    /// The sampling frequency in force, Hz.
    public var sampleRateHz: Int { Int(controls.sampleRateHz) }
    /// Bits of a sample in the selected setting; `nil` = setting 0.
    public var sampleBits: Int? {
        let alternate = Int(requests.alternate(of: AudioDescriptors.streamInterface))
        return alternate == 0 ? nil : AudioDescriptors.sampleBits[alternate - 1]
    }

    /// Answers one control transfer: class requests and the standard ones.
    public mutating func control(_ setup: USBSetup, out: [UInt8]) -> ControlAnswer {
        if StandardRequests.covers(setup) {
            let (answer, change) = requests.answer(setup)
            if change == .configured { controls = AudioControls() }
            if change != .nothing { restart() }
            return answer
        }
        let before = controls.sampleRateHz
        let answer = controls.answer(setup, out: out, hasEndpoint: requests.has(endpoint: streamEndpoint))
        if controls.sampleRateHz != before { restart() }
        return answer
    }

    /// Collects the packet of the oldest interval.
    public mutating func read(endpoint: UInt8, atMost limit: Int) -> StreamRead {
        guard requests.has(endpoint: endpoint) else { return .stalled }
        return queue.take(atMost: limit)
    }

    /// Lets the bus's clock go on, and makes the packet of every interval that ends.
    public mutating func advance(byNanoseconds nanoseconds: UInt64) {
        let (sum, overflow) = nowNanoseconds.addingReportingOverflow(nanoseconds)
        nowNanoseconds = overflow ? .max : sum
        let last = nowNanoseconds / PacketQueue.intervalNanoseconds
        if startNanoseconds == nil { nextInterval = last + 1 }
        while nextInterval <= last {
            queue.add(makePacket(endNanoseconds: nextInterval * PacketQueue.intervalNanoseconds))
            nextInterval += 1
        }
    }

    /// Holds the transducer somewhere else from the next selection on.
    public mutating func place(_ source: any SignalSource) { nextSource = source }

    /// A reset of the bus.
    public mutating func resetBus() {
        requests.reset()
        controls = AudioControls()
        restart()
    }

    /// Unplugs it and plugs it in again.
    public mutating func cyclePower() {
        var fresh = SimulatedUSBAudio(
            serialNumber: serialNumber, source: source, options: options, vendorID: ids.vendor, productID: ids.product)
        fresh.nowNanoseconds = nowNanoseconds
        fresh.nextInterval = nextInterval
        fresh.nextSource = nextSource
        self = fresh
    }
}

extension SimulatedUSBAudio {
    private static let nanosecondsPerSecond = 1_000_000_000.0
    private static let wholePpm = 1_000_000.0
    private static let bitsPerByte = 8
    /// 1/256 dB.
    private static let volumeStepsPerDb = 256.0

    /// Begins from the first sample where a setting with samples is selected, and stops elsewhere.
    private mutating func restart() {
        queue.clear()
        frames = 0
        guard sampleBits != nil else {
            startNanoseconds = nil
            return
        }
        if let nextSource { source = nextSource }
        nextSource = nil
        var settings = options.doppler
        settings.gates = 1
        settings.prfMilliHz = controls.sampleRateHz * 1000
        source.begin(settings)
        sound = DopplerSound(options)
        startNanoseconds = nowNanoseconds
        nextInterval = nowNanoseconds / PacketQueue.intervalNanoseconds + 1
    }

    private mutating func makePacket(endNanoseconds: UInt64) -> [UInt8] {
        guard let startNanoseconds, let bits = sampleBits, endNanoseconds > startNanoseconds else { return [] }
        let seconds = Double(endNanoseconds - startNanoseconds) / Self.nanosecondsPerSecond
        let rate = Double(controls.sampleRateHz) * (1 + options.clockOffsetPpm / Self.wholePpm)
        // Half a frame more than the exact place, so that whole milliseconds of 48 kHz give 48 frames each.
        let passed = UInt64(max(0, (seconds * rate + 0.5).rounded(.down)))
        let count = Int(min(passed - min(passed, frames), UInt64(AudioDescriptors.mostFrames)))
        var samples: [Int16] = []
        source.appendIQ(firstPulse: frames, count: count, transmitting: true, to: &samples)
        precondition(samples.count == 2 * count, "a signal source appends I and Q of every sample")
        frames += UInt64(count)
        var packet: [UInt8] = []
        packet.reserveCapacity(count * 2 * bits / Self.bitsPerByte)
        let gains = controls.volumes.map {
            controls.isMuted ? 0 : PortableMath.amplitude(ofDb: Double($0) / Self.volumeStepsPerDb)
        }
        for frame in 0..<count {
            let pair = sound.channels(i: Double(samples[2 * frame]), q: Double(samples[2 * frame + 1]))
            Self.append(pair.left * gains[0], bits: bits, to: &packet)
            Self.append(pair.right * gains[1], bits: bits, to: &packet)
        }
        return packet
    }

    /// Appends a sample of so many bits, clipped, least significant byte first.
    private static func append(_ value: Double, bits: Int, to packet: inout [UInt8]) {
        let scale = Double(1 << (bits - 16))
        let full = Double(1 << (bits - 1))
        let sample = Int32(min(max((value * scale).rounded(.toNearestOrEven), -full), full - 1))
        for byte in 0..<(bits / bitsPerByte) { packet.append(UInt8(truncatingIfNeeded: sample >> Int32(8 * byte))) }
    }
}
