import ProbeLink

/// The smallest device with the open probe protocol's USB identity: it streams a 32-bit counter.
final class CounterDevice: RigBehaviour {
    struct State {
        var isRunning = false
        /// Bytes that may be sent now.
        var credit = 0.0
        var sinceTransferNs: UInt64 = 0
        var counter: UInt32 = 0
        var written: [UInt8] = []
        var heartbeats: [UInt16] = []
        var standardRequests: [[UInt8]] = []
        var events: [[UInt8]] = []
        var zeroLengthTransfers = 0
    }

    let state = Locked(State())
    let bytesPerSecond: Double

    init(bytesPerSecond: Double = 4e6) { self.bytesPerSecond = bytesPerSecond }

    static let streamEndpoint: UInt8 = 0x81
    static let eventEndpoint: UInt8 = 0x82

    /// Requests: 0x01 identity, 0x10 write, 0x11 read back, 0x21 run, 0x23 keep-alive, 0x7E never answered.
    func control(setup: [UInt8], data: [UInt8]) throws(RigRefusal) -> [UInt8] {
        let value = UInt16(setup[2]) | UInt16(setup[3]) << 8
        return try state.withLock { state throws(RigRefusal) in
            guard setup[0] & 0x60 == 0x40 else {
                state.standardRequests.append(setup)
                return []
            }
            switch setup[1] {
            case 0x01: return Array("ODP1".utf8) + [UInt8](repeating: 7, count: 60)
            case 0x10: state.written = data
            case 0x11: return state.written
            case 0x21: state.isRunning = value == 1
            case 0x23: state.heartbeats.append(value)
            case 0x7E: throw .notYet
            default: throw .stalled
            }
            return []
        }
    }

    /// A transfer ends when it is full, or short or even empty after 5 ms.
    func read(endpoint: UInt8, into buffer: UnsafeMutableRawBufferPointer) throws(RigRefusal) -> Int {
        try state.withLock { state throws(RigRefusal) in
            if endpoint == Self.eventEndpoint {
                guard !state.events.isEmpty else { throw .notYet }
                let event = state.events.removeFirst()
                buffer.copyBytes(from: event)
                return event.count
            }
            guard state.isRunning else { throw .notYet }
            let count = min(Int(state.credit), buffer.count) & ~3
            guard count == buffer.count || state.sinceTransferNs >= 5_000_000 else { throw .notYet }
            for offset in stride(from: 0, to: count, by: 4) {
                buffer.storeBytes(of: state.counter.littleEndian, toByteOffset: offset, as: UInt32.self)
                state.counter &+= 1
            }
            if count == 0 { state.zeroLengthTransfers += 1 }
            state.credit -= Double(count)
            state.sinceTransferNs = 0
            return count
        }
    }

    func advance(nanoseconds: UInt64) {
        state.withLock { state in
            guard state.isRunning else { return }
            state.sinceTransferNs += nanoseconds
            state.credit = min(state.credit + Double(nanoseconds) * bytesPerSecond / 1e9, 1e6)
        }
    }

    func push(event: [UInt8]) { state.withLock { $0.events.append(event) } }

    static let strings = ["Rig", "ODP Reference", "SN0001"]

    /// The identity of the open probe protocol's reference probe.
    static func descriptors(productID: UInt8 = 1, interfaceClass: [UInt8] = [0xFF, 0x44, 0x01]) -> [UInt8] {
        [18, 1, 0x00, 0x02, 0xFF, 0, 0, 64, 0x09, 0x12, productID, 0, 0x00, 0x01, 1, 2, 3, 1]
            + [9, 2, 32, 0, 1, 1, 0, 0x80, 250]
            + [9, 4, 0, 0, 2] + interfaceClass + [0]
            + [7, 5, streamEndpoint, 2, 0x00, 0x02, 0, 7, 5, eventEndpoint, 3, 16, 0, 4]
    }

    static let rule = USBMatchRule(
        vendorID: 0x1209, productID: 0x0001, productPrefix: "ODP ", bcdDeviceMajor: 1, deviceClass: [0xFF, 0, 0],
        interfaceClass: [0xFF, 0x44, 0x01], endpoints: [USBEndpointNeed(.bulkIn), USBEndpointNeed(.interruptIn)])
}

/// Checks that the counter arrives without a gap, and stops the run after so many bytes.
struct CounterSink: StoppingSink, ~Copyable {
    let stop: StopSignal
    let stopAfterBytes: Int
    var bytes = 0
    var expected: UInt32?
    var gaps = 0
    var events: [[UInt8]] = []
    var stopAfterEvents = Int.max
    /// Another reason to stop, looked at with every transfer.
    var isDone: () -> Bool = { false }
    /// The host's clock at every arrival.
    var arrivalsNs: [UInt64] = []
    /// Deliveries without an arrival of their own before them.
    var unannounced = 0
    private var isAnnounced = false

    init(stop: StopSignal, afterBytes: Int = .max) {
        self.stop = stop
        stopAfterBytes = afterBytes
    }

    mutating func transferArrived(hostNanoseconds: UInt64) {
        arrivalsNs.append(hostNanoseconds)
        isAnnounced = true
    }

    mutating func receive(_ span: RawSpan, from pipe: ProbePipe) {
        if !isAnnounced { unannounced += 1 }
        isAnnounced = false
        guard pipe == .stream else {
            events.append(span.withUnsafeBytes { Array($0) })
            if events.count >= stopAfterEvents { stop.request() }
            return
        }
        for offset in stride(from: 0, to: span.byteCount, by: 4) {
            let value = UInt32(littleEndian: span.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
            if let expected, expected != value { gaps += 1 }
            expected = value &+ 1
        }
        bytes += span.byteCount
        if bytes >= stopAfterBytes || isDone() { stop.request() }
    }

    func hasRoom(forBytes count: Int) -> Bool { true }
}
