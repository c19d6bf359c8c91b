/// Any simulated device behind a cable that does what a plan says, and keeps a log of it.
///
/// The plan concerns the samples' endpoint and the descriptors; everything else passes unchanged.
public struct FaultyDevice: SimulatedDevice {
    /// What comes out of the cable next.
    enum Item: Sendable {
        case packet([UInt8])
        case missed
        case stall
    }

    private var device: any SimulatedDevice
    private var log: CableLog
    private var byPacket: [(packet: UInt64, fault: CableFault)]
    private var byTime: [(nanoseconds: UInt64, fault: CableFault)]
    private let lies: [DescriptorLie]
    private var items: [Item] = []
    private var isStalled = false
    private var silentUntilNanoseconds: UInt64?
    /// Index of the next USB packet.
    private var nextPacket: UInt64 = 0
    /// The lies that a host has heard, in the order of the plan.
    public private(set) var toldLies: [DescriptorLie] = []

    /// A device on a cable with this plan.
    public init(_ device: any SimulatedDevice, _ plan: CableFaults) {
        self.device = device
        lies = plan.lies
        log = CableLog(device.streamFraming)
        byPacket = []
        byTime = []
        for fault in plan.faults {
            switch fault.place {
            case .packet(let packet): byPacket.append((packet, fault))
            case .time(let nanoseconds): byTime.append((nanoseconds, fault))
            }
        }
        // Latest first, so that the next one is taken from the end.
        byPacket.sort { $0.packet > $1.packet }
        byTime.sort { $0.nanoseconds > $1.nanoseconds }
        if device.isStreaming { log.beginRun() }
    }

    /// Every fault that has happened, in the order of the wire.
    public var injected: [InjectedCableFault] { log.injected }
    /// USB packets of the samples' endpoint that the device has sent.
    public var packets: UInt64 { nextPacket }

    /// The device on the cable.
    public var inner: (any SimulatedDevice)? {
        get { device }
        set { if let newValue { device = newValue } }
    }
    /// Product and serial number.
    public var label: String { device.label }
    /// The speed of its bus.
    public var speed: BusSpeed { device.speed }
    /// The device's clock, nanoseconds.
    public var nowNanoseconds: UInt64 { device.nowNanoseconds }
    /// Whether it streams.
    public var isStreaming: Bool { device.isStreaming }
    /// The IN endpoint of the samples.
    public var streamEndpoint: UInt8 { device.streamEndpoint }
    /// How the samples' endpoint transfers.
    public var streamKind: StreamKind { device.streamKind }
    /// The alternate setting with the samples.
    public var streamSetting: InterfaceSetting? { device.streamSetting }
    /// The interrupt IN endpoint.
    public var eventEndpoint: UInt8? { device.eventEndpoint }
    /// How the samples are framed.
    public var streamFraming: StreamFraming { device.streamFraming }
    /// Whether it has left the bus by itself.
    public var needsReenumeration: Bool { device.needsReenumeration }
    /// Whether it answers at all.
    public var isAnswering: Bool {
        guard let until = silentUntilNanoseconds else { return device.isAnswering }
        return nowNanoseconds >= until && device.isAnswering
    }

    /// Passes a request on, and lies in descriptors where the plan says so.
    public mutating func control(_ setup: USBSetup, out: [UInt8]) -> ControlAnswer {
        guard isAnswering else { return .stall }
        let isDescriptor = setup.requestType == 0x80 && setup.request == 6
        if isDescriptor, let told = descriptor(setup) { return told }
        let wasStreaming = device.isStreaming
        let answer = device.control(setup, out: out)
        if answer != .stall, clearsHalt(setup) { isStalled = false }
        if !wasStreaming, device.isStreaming { beginRun() }
        return answer
    }

    /// Collects packets as they come out of the cable.
    public mutating func read(endpoint: UInt8, atMost limit: Int) -> StreamRead {
        guard isAnswering else { return .nothingYet }
        guard endpoint == streamEndpoint else { return device.read(endpoint: endpoint, atMost: limit) }
        guard streamKind == .bulk else {
            switch readInterval(endpoint: endpoint, atMost: limit) {
            case .packet(let bytes): return .bytes(bytes, endsTransfer: true)
            case .missed: return .bytes([], endsTransfer: true)
            case .nothingYet: return .nothingYet
            }
        }
        guard !isStalled else { return .stalled }
        let packetBytes = speed.bulkPacketBytes
        let room = limit / packetBytes * packetBytes
        while room > 0, isAnswering {
            if !items.isEmpty { return join(room: room, packetBytes: packetBytes) }
            let answer = device.read(endpoint: endpoint, atMost: room)
            guard case .bytes(let bytes, let endsTransfer) = answer else { return answer }
            let count = UInt64(bytes.count / packetBytes + (endsTransfer ? 1 : 0))
            guard isFaultDue(within: count) else {
                nextPacket += count
                log.follow(bytes, packetBytes: packetBytes)
                return .bytes(bytes, endsTransfer: endsTransfer)
            }
            pass(bytes, endsTransfer: endsTransfer, packetBytes: packetBytes)
        }
        return .nothingYet
    }

    /// Collects an isochronous interval as it comes out of the cable.
    public mutating func readInterval(endpoint: UInt8, atMost limit: Int) -> IsochronousInterval {
        guard isAnswering else { return .nothingYet }
        guard endpoint == streamEndpoint else { return device.readInterval(endpoint: endpoint, atMost: limit) }
        if items.isEmpty {
            switch device.readInterval(endpoint: endpoint, atMost: limit) {
            case .nothingYet: return .nothingYet
            case .missed: items.append(.missed)
            case .packet(let bytes):
                guard isFaultDue(within: 1) else {
                    nextPacket += 1
                    log.follow(bytes, packetBytes: max(1, bytes.count))
                    return .packet(bytes)
                }
                send(bytes[...], isIsochronous: true)
            }
        }
        guard isAnswering, !items.isEmpty else { return .nothingYet }
        guard case .packet(let bytes) = items.removeFirst() else { return .missed }
        return .packet(bytes)
    }

    /// Passes on what the host sends.
    public mutating func write(endpoint: UInt8, _ bytes: [UInt8]) -> Bool {
        isAnswering && device.write(endpoint: endpoint, bytes)
    }

    /// Lets the device's clock go on.
    public mutating func advance(byNanoseconds nanoseconds: UInt64) { device.advance(byNanoseconds: nanoseconds) }

    /// Holds the transducer somewhere else.
    public mutating func place(_ source: any SignalSource) { device.place(source) }

    /// A reset of the bus.
    public mutating func resetBus() {
        device.resetBus()
        isStalled = false
        items = []
    }

    /// Unplugs the device and plugs it in again; the plan goes on where it was.
    public mutating func cyclePower() {
        device.cyclePower()
        isStalled = false
        silentUntilNanoseconds = nil
        items = []
        if device.isStreaming { beginRun() }
    }

    /// Comes back to the bus with other descriptors.
    public mutating func reenumerate() {
        device.reenumerate()
        items = []
        if device.isStreaming { beginRun() }
    }
}

extension FaultyDevice {
    private static let nanosecondsPerMillisecond: UInt64 = 1_000_000

    private mutating func beginRun() {
        items = []
        log.beginRun()
    }

    private func isFaultDue(within count: UInt64) -> Bool {
        if let next = byPacket.last, next.packet < nextPacket + count { return true }
        return byTime.last.map { $0.nanoseconds <= nowNanoseconds } ?? false
    }

    private mutating func takeFault() -> CableFault? {
        if let next = byPacket.last, next.packet <= nextPacket { return byPacket.popLast()?.fault }
        guard let next = byTime.last, next.nanoseconds <= nowNanoseconds else { return nil }
        return byTime.popLast()?.fault
    }

    /// Cuts what was read into USB packets and sends each through the cable.
    private mutating func pass(_ bytes: [UInt8], endsTransfer: Bool, packetBytes: Int) {
        var rest = bytes[...]
        while rest.count >= packetBytes {
            send(rest.prefix(packetBytes), isIsochronous: false)
            rest = rest.dropFirst(packetBytes)
        }
        if endsTransfer { send(rest, isIsochronous: false) }
    }

    /// Sends one USB packet through the cable.
    private mutating func send(_ packet: ArraySlice<UInt8>, isIsochronous: Bool) {
        let payload = packet.dropFirst(log.statusBytes)
        guard let fault = takeFault() else {
            log.follow(Array(packet), packetBytes: max(1, packet.count))
            nextPacket += 1
            items.append(.packet(Array(packet)))
            return
        }
        let passage = CablePassage(
            fault, packet: packet, statusBytes: log.statusBytes, start: log.position, isIsochronous: isIsochronous)
        items += passage.items
        if fault.kind == .silence { beSilent(milliseconds: fault.size) }
        log.note(
            InjectedCableFault(
                kind: fault.kind, packet: nextPacket, run: log.run, byteOffset: passage.byteOffset,
                bytes: passage.bytes, nanoseconds: nowNanoseconds),
            passage.effect, packet: payload)
        nextPacket += 1
    }

    private mutating func beSilent(milliseconds: Int) {
        guard milliseconds > 0 else {
            silentUntilNanoseconds = .max
            return
        }
        let (length, isTooLong) = UInt64(milliseconds).multipliedReportingOverflow(by: Self.nanosecondsPerMillisecond)
        silentUntilNanoseconds = isTooLong ? .max : nowNanoseconds &+ length
    }

    /// Joins packets up to a short one, a stall or the end of the host's room.
    private mutating func join(room: Int, packetBytes: Int) -> StreamRead {
        guard isAnswering else { return .nothingYet }
        var bytes: [UInt8] = []
        while let next = items.first {
            guard case .packet(let packet) = next else {
                guard bytes.isEmpty else { break }
                items.removeFirst()
                isStalled = true
                return .stalled
            }
            guard bytes.count + packet.count <= room else { break }
            items.removeFirst()
            bytes += packet
            if packet.count < packetBytes { return .bytes(bytes, endsTransfer: true) }
        }
        return .bytes(bytes, endsTransfer: false)
    }

    /// Whether a request clears the halt of the samples' endpoint (USB 2.0, sections 9.4.1, 9.4.7 and 9.4.10).
    private func clearsHalt(_ setup: USBSetup) -> Bool {
        switch (setup.requestType, setup.request) {
        case (0x02, 1): setup.index == UInt16(streamEndpoint)
        case (0x00, 9), (0x01, 11): true
        default: false
        }
    }

    /// The answer to GET_DESCRIPTOR with the lies that concern it; `nil` = there are none.
    private mutating func descriptor(_ setup: USBSetup) -> ControlAnswer? {
        let concerned = lies.filter { $0.kind == UInt8(setup.value >> 8) }
        guard !concerned.isEmpty else { return nil }
        var whole = setup
        whole.length = .max
        guard case .bytes(var bytes) = device.control(whole, out: []) else { return .stall }
        for lie in concerned {
            bytes = lie.told(bytes)
            if !toldLies.contains(lie) { toldLies.append(lie) }
        }
        return .bytes(Array(bytes.prefix(Int(setup.length))))
    }
}
