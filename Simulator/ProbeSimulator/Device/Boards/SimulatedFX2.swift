/// A board with a Cypress FX2LP that has no memory of its own: cold until its firmware is loaded, then a probe.
///
/// Cold, it has Cypress's ids and no strings, and takes writes to its memory by vendor request 0xA0. Released from
/// reset with a complete image it leaves the bus (`needsReenumeration`) and comes back, once the front calls
/// `reenumerate`, with the firmware's identity and a stream of ODP packets that takes no requests. Released with less
/// than that it stays cold.
public struct SimulatedFX2: SimulatedDevice {
    private enum Stage: Sendable {
        case cold(StandardRequests)
        /// Released with a complete image; not on the bus.
        case between
        case warm(StandardRequests, FreeRunningODP)
    }

    /// Firmware load (EZ-USB Technical Reference Manual, "Firmware Load").
    private static let loadRequest: UInt8 = 0xA0

    /// The speed of its bus.
    public let speed: BusSpeed
    private let serialNumber: String
    private let image: [UInt8]?
    private let settings: DeviceSettings
    private var source: any SignalSource
    private var memory = FX2Memory()
    private var stage: Stage
    private var coldNanoseconds: UInt64 = 0

    /// A board that has just been plugged in.
    ///
    /// - Parameters:
    ///   - startsCold: `false` = the firmware was loaded before.
    ///   - image: the firmware that makes it a probe; `nil` = any whose first jump leads to where something was written.
    ///   - settings: what the firmware sets.
    public init(
        serialNumber: String, source: any SignalSource, startsCold: Bool = true, image: [UInt8]? = nil,
        speed: BusSpeed = .high, settings: DeviceSettings = FreeRunningODP.templateSettings
    ) {
        self.serialNumber = serialNumber
        self.source = source
        self.image = image
        self.speed = speed
        self.settings = settings
        stage = startsCold ? .cold(StandardRequests(FX2Descriptors.cold, speed: speed)) : .between
        if !startsCold { reenumerate() }
    }

    /// Product and serial number; cold, the chip's name, since it shows no strings.
    public var label: String {
        switch stage {
        case .cold, .between: "Cypress FX2 without firmware"
        case .warm: "FX2 Doppler template \(serialNumber)"
        }
    }
    /// The device's clock, nanoseconds.
    public var nowNanoseconds: UInt64 {
        guard case .warm(_, let board) = stage else { return coldNanoseconds }
        return coldNanoseconds &+ board.probe.nowNanoseconds
    }
    /// Whether it has no firmware yet.
    public var isCold: Bool {
        guard case .cold = stage else { return false }
        return true
    }
    /// Whether it has left the bus with its firmware.
    public var needsReenumeration: Bool {
        guard case .between = stage else { return false }
        return true
    }
    /// Whether the firmware streams.
    public var isStreaming: Bool {
        guard case .warm = stage else { return false }
        return true
    }
    /// EP6 IN, cold and warm.
    public var streamEndpoint: UInt8 { FX2Descriptors.streamEndpoint }
    /// ODP packets without anything else.
    public var streamFraming: StreamFraming { .odp(statusBytesPerPacket: 0) }

    /// Answers one control transfer: firmware load while cold, and the standard requests.
    public mutating func control(_ setup: USBSetup, out: [UInt8]) -> ControlAnswer {
        switch stage {
        case .between: return .stall
        case .warm(var requests, let board):
            guard StandardRequests.covers(setup) else { return .stall }
            let (answer, _) = requests.answer(setup)
            stage = .warm(requests, board)
            return answer
        case .cold(var requests):
            guard !StandardRequests.covers(setup) else {
                let (answer, _) = requests.answer(setup)
                stage = .cold(requests)
                return answer
            }
            return load(setup, out)
        }
    }

    /// Collects from the firmware's stream; the cold chip never has anything.
    public mutating func read(endpoint: UInt8, atMost limit: Int) -> StreamRead {
        switch stage {
        case .between: return .stalled
        case .cold(let requests):
            return requests.has(endpoint: endpoint) && !requests.isHalted(endpoint) ? .nothingYet : .stalled
        case .warm(let requests, var board):
            guard endpoint == streamEndpoint, !requests.isHalted(endpoint) else { return .stalled }
            stage = .between
            let packetBytes = speed.bulkPacketBytes
            let read = board.probe.readStream(atMost: limit / packetBytes * packetBytes)
            stage = .warm(requests, board)
            return read
        }
    }

    /// Lets the device's clock go on.
    public mutating func advance(byNanoseconds nanoseconds: UInt64) {
        guard case .warm(let requests, var board) = stage else {
            coldNanoseconds &+= nanoseconds
            return
        }
        // The board is taken out while it is changed, so that its memory is not copied.
        stage = .between
        board.advance(byNanoseconds: nanoseconds)
        stage = .warm(requests, board)
    }

    /// Holds the transducer somewhere else; a firmware that streams begins anew there, since nobody could tell it to.
    public mutating func place(_ source: any SignalSource) {
        self.source = source
        guard case .warm(let requests, var board) = stage else { return }
        stage = .between
        board.probe.place(source)
        board.start()
        stage = .warm(requests, board)
    }

    /// A reset of the bus; the firmware goes on.
    public mutating func resetBus() {
        switch stage {
        case .cold(var requests):
            requests.reset()
            stage = .cold(requests)
        case .warm(var requests, let board):
            requests.reset()
            stage = .warm(requests, board)
        case .between: break
        }
    }

    /// Unplugs it and plugs it in again: cold, without firmware.
    public mutating func cyclePower() {
        coldNanoseconds = nowNanoseconds
        memory = FX2Memory()
        stage = .cold(StandardRequests(FX2Descriptors.cold, speed: speed))
    }

    /// Comes back with the firmware's identity and streams from the first pulse.
    public mutating func reenumerate() {
        guard case .between = stage else { return }
        stage = .warm(
            StandardRequests(FX2Descriptors.warm(serialNumber: serialNumber), speed: speed),
            FreeRunningODP(settings, serialNumber: serialNumber, source: source))
    }

    private mutating func load(_ setup: USBSetup, _ out: [UInt8]) -> ControlAnswer {
        guard setup.request == Self.loadRequest, setup.index == 0 else { return .stall }
        switch setup.requestType {
        case USBSetup.vendorIn:
            return memory.read(Int(setup.length), at: Int(setup.value)).map { .bytes($0) } ?? .stall
        case USBSetup.vendorOut where Int(setup.length) == out.count:
            let wasHeld = memory.isHeldInReset
            guard memory.write(out, at: Int(setup.value)) else { return .stall }
            if wasHeld, !memory.isHeldInReset, image.map(memory.holds) ?? memory.beginsWithJump { stage = .between }
            return .acknowledge
        default: return .stall
        }
    }
}
