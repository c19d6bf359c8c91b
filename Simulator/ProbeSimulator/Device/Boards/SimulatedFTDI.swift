/// An FPGA board behind an FTDI FT232H in FIFO mode: ODP packets, with two status bytes at the head of every USB packet.
///
/// The FPGA streams from power-on, as the EEPROM's FIFO mode has it; setting the bit mode to synchronous FIFO (0x40)
/// starts it anew, resetting the bit mode does not stop it. A packet is sent when it is full, or with what there is,
/// be it the status alone, when the latency timer runs out.
public struct SimulatedFTDI: SimulatedDevice {
    /// `bRequest` of the vendor requests (jonas-schievink/ftdi-protocol).
    private enum Request {
        static let reset: UInt8 = 0x00
        static let setModemControl: UInt8 = 0x01
        static let setFlowControl: UInt8 = 0x02
        static let setBaudRate: UInt8 = 0x03
        static let setData: UInt8 = 0x04
        static let modemStatus: UInt8 = 0x05
        static let setEventCharacter: UInt8 = 0x06
        static let setErrorCharacter: UInt8 = 0x07
        static let setLatency: UInt8 = 0x09
        static let latency: UInt8 = 0x0A
        static let setBitMode: UInt8 = 0x0B
        static let pins: UInt8 = 0x0C
    }

    /// Status bytes at the head of a USB packet.
    public static let statusBytes: [UInt8] = [0x32, 0x60]
    /// The bulk IN endpoint.
    static let streamEndpoint: UInt8 = 0x81
    /// The bulk OUT endpoint, whose bytes the FPGA ignores.
    static let commandEndpoint: UInt8 = 0x02
    /// Bit mode of the synchronous FIFO.
    private static let synchronousFIFO: UInt8 = 0x40
    /// Latency timer after power-on, milliseconds.
    private static let usualLatencyMilliseconds: UInt8 = 16
    private static let nanosecondsPerMillisecond: UInt64 = 1_000_000
    /// `wIndex` 0 and 1 both mean the only interface.
    private static let mostIndex: UInt16 = 1

    /// Product and serial number.
    public let label: String
    /// The speed of its bus.
    public let speed: BusSpeed
    /// Latency timer, milliseconds.
    public private(set) var latencyMilliseconds: UInt8 = usualLatencyMilliseconds
    /// Bit mode; 0 = as in the EEPROM.
    public private(set) var bitMode: UInt8 = 0
    /// The FPGA.
    public private(set) var board: FreeRunningODP

    private var requests: StandardRequests
    /// Bytes of the FPGA that are in no USB packet yet.
    private var pending: [UInt8] = []
    private var nextTickNanoseconds: UInt64

    /// A board that has just been plugged in.
    ///
    /// - Parameters:
    ///   - settings: what the FPGA is set to.
    ///   - fifoBytes: bytes that the FPGA keeps for a host that is slow.
    public init(
        serialNumber: String, source: any SignalSource, speed: BusSpeed = .high,
        settings: DeviceSettings = FreeRunningODP.templateSettings, fifoBytes: Int = SimulatedProbe.usualFifoBytes
    ) {
        label = "FIFO Doppler template \(serialNumber)"
        self.speed = speed
        board = FreeRunningODP(settings, serialNumber: serialNumber, source: source, fifoBytes: fifoBytes)
        requests = StandardRequests(Self.description(serialNumber: serialNumber), speed: speed)
        nextTickNanoseconds = UInt64(Self.usualLatencyMilliseconds) * Self.nanosecondsPerMillisecond
    }

    /// The device's clock, nanoseconds.
    public var nowNanoseconds: UInt64 { board.probe.nowNanoseconds }
    /// The FPGA streams from power-on.
    public var isStreaming: Bool { board.probe.isStreaming }
    /// The bulk IN endpoint.
    public var streamEndpoint: UInt8 { Self.streamEndpoint }
    /// ODP packets behind the status of every packet.
    public var streamFraming: StreamFraming { .odp(statusBytesPerPacket: Self.statusBytes.count) }

    /// Answers one control transfer: FTDI's vendor requests and the standard ones.
    public mutating func control(_ setup: USBSetup, out: [UInt8]) -> ControlAnswer {
        guard !StandardRequests.covers(setup) else { return requests.answer(setup).0 }
        guard setup.index & 0xFF <= Self.mostIndex else { return .stall }
        switch setup.requestType {
        case USBSetup.vendorOut where out.isEmpty && setup.length == 0: return carryOut(setup) ? .acknowledge : .stall
        case USBSetup.vendorIn:
            guard let bytes = data(setup.request) else { return .stall }
            return .bytes(Array(bytes.prefix(Int(setup.length))))
        default: return .stall
        }
    }

    /// Collects USB packets, each with its status bytes.
    public mutating func read(endpoint: UInt8, atMost limit: Int) -> StreamRead {
        guard endpoint == Self.streamEndpoint, !requests.isHalted(endpoint) else { return .stalled }
        let packetBytes = speed.bulkPacketBytes
        let packets = limit / packetBytes
        guard packets > 0 else { return .nothingYet }
        let payloadBytes = packetBytes - Self.statusBytes.count
        collect(atLeast: packets * payloadBytes)
        let full = min(packets, pending.count / payloadBytes)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(packets * packetBytes)
        for packet in 0..<full {
            bytes += Self.statusBytes
            bytes += pending[(packet * payloadBytes)..<((packet + 1) * payloadBytes)]
        }
        pending.removeFirst(full * payloadBytes)
        if full > 0 { nextTickNanoseconds = tick }
        // A tick falls due only where nothing went out since the last one.
        guard full < packets, full == 0, nowNanoseconds >= nextTickNanoseconds else {
            return full > 0 ? .bytes(bytes, endsTransfer: false) : .nothingYet
        }
        bytes += Self.statusBytes + pending
        pending.removeAll(keepingCapacity: true)
        nextTickNanoseconds = tick
        return .bytes(bytes, endsTransfer: true)
    }

    /// Takes bytes for the FPGA, which ignores them.
    public mutating func write(endpoint: UInt8, _ bytes: [UInt8]) -> Bool {
        endpoint == Self.commandEndpoint && !requests.isHalted(endpoint)
    }

    /// Lets the device's clock go on.
    public mutating func advance(byNanoseconds nanoseconds: UInt64) { board.advance(byNanoseconds: nanoseconds) }

    /// Holds the transducer somewhere else from the next start on.
    public mutating func place(_ source: any SignalSource) { board.probe.place(source) }

    /// A reset of the bus; the FPGA goes on.
    public mutating func resetBus() { requests.reset() }

    /// Unplugs it and plugs it in again.
    public mutating func cyclePower() {
        requests.reset()
        latencyMilliseconds = Self.usualLatencyMilliseconds
        bitMode = 0
        pending = []
        board.cyclePower()
        nextTickNanoseconds = tick
    }
}

extension SimulatedFTDI {
    private var tick: UInt64 {
        nowNanoseconds &+ UInt64(latencyMilliseconds) &* Self.nanosecondsPerMillisecond
    }

    private mutating func carryOut(_ setup: USBSetup) -> Bool {
        switch (setup.request, setup.value) {
        // 0 resets the chip, 1 and 2 empty its buffers to and from the host.
        case (Request.reset, 0...1): pending = []
        case (Request.reset, 2): break
        case (Request.setLatency, 1...255):
            latencyMilliseconds = UInt8(setup.value)
            nextTickNanoseconds = tick
        case (Request.setBitMode, _):
            bitMode = UInt8(setup.value >> 8)
            guard bitMode == Self.synchronousFIFO else { break }
            pending = []
            board.start()
            nextTickNanoseconds = tick
        case (Request.setModemControl, _), (Request.setFlowControl, _), (Request.setBaudRate, _),
            (Request.setData, _), (Request.setEventCharacter, _), (Request.setErrorCharacter, _):
            break
        default: return false
        }
        return true
    }

    private func data(_ request: UInt8) -> [UInt8]? {
        switch request {
        case Request.modemStatus: Self.statusBytes
        case Request.latency: [latencyMilliseconds]
        case Request.pins: [0]
        default: nil
        }
    }

    /// Takes from the FPGA until so many bytes wait, or it has no more.
    private mutating func collect(atLeast count: Int) {
        // The FPGA's probe gives whole packets of high speed.
        let packet = BusSpeed.high.bulkPacketBytes
        while pending.count < count {
            let room = (count - pending.count + packet - 1) / packet * packet
            guard case .bytes(let bytes, _) = board.probe.readStream(atMost: room) else { return }
            pending += bytes
        }
    }

    private static func description(serialNumber: String) -> DeviceDescription {
        DeviceDescription(
            device: DescriptorBytes.device(
                classTriple: [0, 0, 0], vendorID: 0x0403, productID: 0x6014, release: 0x0900),
            fullSpeed: configuration(at: .full), highSpeed: configuration(at: .high), language: 0x0409,
            strings: [1: "DopplerBridge", 2: "FIFO Doppler template", 3: serialNumber])
    }

    private static func configuration(at speed: BusSpeed) -> [UInt8] {
        // Bus powered, can wake the host (as the chip's EEPROM comes).
        let attributes: UInt8 = 0xA0
        let bulk = DescriptorBytes.Transfer.bulk
        return DescriptorBytes.configuration(
            interfaces: 1, attributes: attributes, milliamperes: 90,
            [
                DescriptorBytes.interface(
                    InterfaceSetting(interface: 0, alternate: 0), endpoints: 2, classTriple: [0xFF, 0xFF, 0xFF],
                    string: 2),
                DescriptorBytes.endpoint(streamEndpoint, bulk, packetBytes: speed.bulkPacketBytes),
                DescriptorBytes.endpoint(commandEndpoint, bulk, packetBytes: speed.bulkPacketBytes),
            ])
    }
}
