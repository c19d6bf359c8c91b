import ProbeLink

@testable import USBProbeLink

/// A USB Audio 1.0 recorder whose samples are a 16-bit counter: the smallest isochronous device.
///
/// Interface 0 is AudioControl; interface 1 records with setting 1 at 44,100 Hz and with setting 2 at 48,000 Hz,
/// two channels of 16 bits each.
final class IsoCounterDevice: RigBehaviour {
    struct State {
        var alternate: UInt8 = 0
        /// Every SET_INTERFACE, as interface and setting.
        var chosen: [[UInt8]] = []
        var classRequests: [[UInt8]] = []
        /// Intervals that have passed and were not collected.
        var waiting = 0
        var dropped = 0
        var sinceIntervalNs: UInt64 = 0
        var counter: UInt16 = 0
        var frameRemainder = 0
    }

    let state = Locked(State())
    static let endpoint: UInt8 = 0x84
    static let intervalNs: UInt64 = 1_000_000
    /// What the device keeps for a host that does not collect, intervals.
    static let mostWaiting = 8
    private static let rates: [UInt8: Int] = [1: 44_100, 2: 48_000]

    func control(setup: [UInt8], data: [UInt8]) throws(RigRefusal) -> [UInt8] {
        state.withLock { state in
            if setup[0] == 0x01, setup[1] == 11 {
                state.chosen.append([setup[4], setup[2]])
                if setup[4] == 1 { state.alternate = setup[2] }
            } else if setup[0] & 0x60 == 0x20 {
                state.classRequests.append(setup + data)
            }
        }
        return []
    }

    /// The packet of the oldest interval: 44 or 45 frames of 4 bytes, or 48.
    func read(endpoint: UInt8, into buffer: UnsafeMutableRawBufferPointer) throws(RigRefusal) -> Int {
        try state.withLock { state throws(RigRefusal) in
            guard endpoint == Self.endpoint, state.waiting > 0 else { throw .notYet }
            state.waiting -= 1
            return Self.fillPacket(&state, buffer)
        }
    }

    func advance(nanoseconds: UInt64) {
        state.withLock { state in
            guard state.alternate != 0 else { return }
            state.sinceIntervalNs += nanoseconds
            while state.sinceIntervalNs >= Self.intervalNs {
                state.sinceIntervalNs -= Self.intervalNs
                state.waiting += 1
                guard state.waiting > Self.mostWaiting else { continue }
                state.waiting -= 1
                state.dropped += 1
                var packet = [UInt8](repeating: 0, count: 256)
                packet.withUnsafeMutableBytes { _ = Self.fillPacket(&state, $0) }
            }
        }
    }

    private static func fillPacket(_ state: inout State, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        // Frames of this interval, the rest carried over: 44.1 kHz has packets of 44 and 45.
        let total = (rates[state.alternate] ?? 0) + state.frameRemainder
        state.frameRemainder = total % 1_000
        let count = total / 1_000 * 4
        for offset in stride(from: 0, to: min(count, buffer.count - 1), by: 2) {
            buffer.storeBytes(of: state.counter.littleEndian, toByteOffset: offset, as: UInt16.self)
            state.counter &+= 1
        }
        return count
    }

    static let strings = ["Rig", "USB Audio CODEC", "SN0002"]

    /// The descriptors; `format` replaces the class descriptors of setting 2.
    static func descriptors(
        packetBytes: UInt16 = 196, format: [UInt8]? = nil, totalLength: UInt16? = nil
    ) -> [UInt8] {
        let control: [UInt8] = [9, 4, 0, 0, 0, 1, 1, 0, 0] + [9, 0x24, 1, 0, 1, 9, 0, 1, 1]
        let idle: [UInt8] = [9, 4, 1, 0, 0, 1, 2, 0, 0]
        let settings = [(UInt8(1), formatDescriptors(44_100)), (2, format ?? formatDescriptors(48_000))].flatMap {
            setting, format in
            [9, 4, 1, setting, 1, 1, 2, 0, 0] + format
                + [9, 5, endpoint, 5, UInt8(packetBytes & 0xFF), UInt8(packetBytes >> 8), 1, 0, 0]
                + [7, 0x25, 1, 1, 0, 0, 0]
        }
        let body = control + idle + settings
        let total = totalLength ?? UInt16(9 + body.count)
        return [18, 1, 0x10, 0x01, 0, 0, 0, 8, 0xBB, 0x08, 0x02, 0x29, 0x00, 0x01, 1, 2, 3, 1]
            + [9, 2, UInt8(total & 0xFF), UInt8(total >> 8), 2, 1, 0, 0x80, 50] + body
    }

    /// AS_GENERAL (PCM) and FORMAT_TYPE I with one frequency.
    static func formatDescriptors(
        _ rateHz: Int, channels: UInt8 = 2, bits: UInt8 = 16
    ) -> [UInt8] {
        [7, 0x24, 1, 2, 1, 1, 0]
            + [11, 0x24, 2, 1, channels, bits / 8, bits, 1]
            + [UInt8(rateHz & 0xFF), UInt8(rateHz >> 8 & 0xFF), UInt8(rateHz >> 16 & 0xFF)]
    }

    static func rule(rateHz: Int = 48_000, channels: Int = 2, bits: Int = 16) -> USBMatchRule {
        USBMatchRule(
            vendorID: 0x08BB, productID: 0x2902, interfaceClass: [1, 2, 0],
            endpoints: [USBEndpointNeed(.isochronousIn)],
            audio: USBAudioNeed(channels: channels, sampleBits: bits, sampleRateHz: rateHz))
    }
}

/// Checks a 16-bit counter that comes in packets, and keeps where packets are told to be missing.
struct IsoSink: StoppingSink, ~Copyable {
    let stop: StopSignal
    let stopAfterBytes: Int
    var bytes = 0
    var arrivals = 0
    /// The position in bytes and the number of packets of each call of `missed`.
    var missed: [(atByte: Int, packets: Int)] = []
    var packetNs: UInt64 = 0
    /// Where the counter jumped, and by how much.
    var jumps: [(atByte: Int, by: Int)] = []
    private var expected: UInt16?
    /// Looked at with every delivery.
    var isDone: () -> Bool = { false }

    init(stop: StopSignal = StopSignal(), afterBytes: Int = .max) {
        self.stop = stop
        stopAfterBytes = afterBytes
    }

    var missedPackets: Int { missed.reduce(0) { $0 + $1.packets } }

    mutating func receive(_ span: RawSpan, from pipe: ProbePipe) {
        for offset in stride(from: 0, to: span.byteCount - 1, by: 2) {
            let value = UInt16(littleEndian: span.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
            if let expected, expected != value {
                jumps.append((bytes + offset, Int(value &- expected)))
            }
            expected = value &+ 1
        }
        bytes += span.byteCount
        if bytes >= stopAfterBytes || isDone() { stop.request() }
    }

    mutating func missed(packets count: Int, packetNanoseconds: UInt64) {
        missed.append((bytes, count))
        packetNs = packetNanoseconds
    }

    mutating func transferArrived(hostNanoseconds: UInt64) { arrivals += 1 }

    func hasRoom(forBytes count: Int) -> Bool { true }
}
