import Glibc
import ProbeLink
import Synchronization
import UMockdevRig

/// What is wrong with one packet of the stream, and what the host should say of it.
enum InjectedFault: String, CaseIterable, Sendable {
    /// The packet is not sent.
    case lost
    /// The packet is sent twice.
    case doubled
    /// One bit of its samples is turned over.
    case damaged
    /// The transfer and the packet end in the middle of its samples.
    case short
    /// The endpoint stalls before the packet, which is sent once the host has cleared the halt.
    case stall
}

/// A cheap probe: real ODP packets with real checksums around samples that tell their pulse.
final class PatternDevice: ReportDevice {
    /// How the stream goes.
    struct Plan: Sendable {
        /// Bytes a second by the system's clock; `nil` = as fast as the host reads.
        var bytesPerSecond: Double?
        /// What the device keeps while the host does not read, bytes; what does not fit is dropped and said so.
        var fifoBytes = 32 << 20
        /// The longest that a transfer waits to be filled, nanoseconds.
        var longestWaitNs: UInt64 = 4_000_000
        /// The most pulses of a packet.
        var mostPulses = 64
        /// Faults by the packet's sequence number.
        var faults: [UInt32: InjectedFault] = [:]
    }

    fileprivate struct State {
        var plan: Plan
        var settings = [UInt8](repeating: 0, count: 48)
        var isRunning = false
        var isArmed = false
        var packet: [UInt8] = []
        /// How much of the packet has been sent, and where it ends.
        var sent = 0
        var end = 0
        var endsTransfer = false
        var sequence: UInt32 = 0
        var pulse: UInt64 = 0
        var repeats = false
        var mustStall = false
        var hasDropped = false
        var dropped: UInt32 = 0
        var startNs: UInt64 = 0
        var lastTransferNs: UInt64 = 0
        var paidBytes: UInt64 = 0
        var gates = 1
        var pulsesPerPacket = 64
    }

    private let state: Mutex<State>

    init(_ plan: Plan) { state = Mutex(State(plan: plan)) }

    /// Packets that the device itself had to drop since the last start.
    var droppedPackets: UInt32 { state.withLock { $0.dropped } }
    /// Pulses of one packet, with the settings in force.
    var pulsesPerPacket: Int { state.withLock { $0.pulsesPerPacket } }

    /// When the stream's device made a pulse, by the system's clock.
    func madeNs(pulse: UInt64) -> UInt64 {
        state.withLock { state in
            let bytes = Double(state.packet.count) / Double(state.pulsesPerPacket)
            return state.startNs + UInt64(Double(pulse + 1) * bytes / (state.plan.bytesPerSecond ?? .infinity) * 1e9)
        }
    }

    /// A device that streams otherwise from its next start on.
    func follow(_ plan: Plan) { state.withLock { $0.plan = plan } }

    func advance(nanoseconds: UInt64) {}

    func control(setup: [UInt8], data: [UInt8]) -> [UInt8]? {
        guard setup[0] & 0x60 == 0x40 else { return [] }
        let value = UInt16(setup[2]) | UInt16(setup[3]) << 8
        return state.withLock { state in
            switch setup[1] {
            case 0x01: return Self.identity
            case 0x10: state.apply(data)
            case 0x11: return state.settings
            case 0x20: state.isArmed = value == 1
            case 0x21: value == 1 ? state.start() : state.stop()
            case 0x22: state.stop()
            case 0x23: break
            case 0x30: return state.status
            default: return nil
            }
            return []
        }
    }

    func read(endpoint: UInt8, into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        guard endpoint == 0x81 else { return Int32(RIG_NOTHING_YET) }
        return state.withLock { $0.read(into: buffer) }
    }

    /// IDENTITY of ODP 1.0: pulsed wave, simulated, up to 512 gates at 20 kHz.
    private static let identity: [UInt8] = {
        var bytes: [UInt8] = Array("ODP1".utf8) + [1, 0, 1, 0, 1, 0, 0, 0]
        for value: UInt32 in [33, 1_000_000, 12_000_000, 100_000, 20_000_000] { bytes += littleEndian(value) }
        bytes += littleEndian(UInt16(512)) + littleEndian(UInt16(100)) + littleEndian(UInt32(200_000))
        return bytes + [UInt8](repeating: 0, count: 64 - bytes.count)
    }()
}

extension PatternDevice.State {
    /// Bytes of an ODP header without extensions.
    private static let headerBytes = 32
    private static let longestPayload = 65_536

    mutating func apply(_ data: [UInt8]) {
        guard data.count == settings.count else { return }
        settings = data
        gates = max(1, Int(data[20]) | Int(data[21]) << 8)
        pulsesPerPacket = max(2, min(plan.mostPulses, Self.longestPayload / (4 * gates)))
        // Small samples of changing sign: their high bytes are 0 or 255, so no sample looks like a packet's magic.
        var noise: UInt64 = 1
        packet = [UInt8](repeating: 0, count: Self.headerBytes + 4 * gates * pulsesPerPacket)
        for place in stride(from: Self.headerBytes, to: packet.count, by: 2) {
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            packet[place] = UInt8(truncatingIfNeeded: noise >> 56)
            packet[place + 1] = noise & 1 << 40 == 0 ? 0 : 255
        }
    }

    mutating func start() {
        isRunning = true
        sequence = 0
        pulse = 0
        dropped = 0
        hasDropped = false
        repeats = false
        mustStall = false
        startNs = Clock.nanoseconds()
        lastTransferNs = startNs
        paidBytes = 0
        makePacket()
    }

    mutating func stop() {
        isRunning = false
        isArmed = false
    }

    /// STATUS of ODP 1.0.
    var status: [UInt8] {
        var bytes: [UInt8] = [isRunning ? 1 : 0, isArmed ? 1 : 0, 0, 0, 0, 0, 0, 0]
        bytes += littleEndian(dropped) + littleEndian(UInt32(0)) + littleEndian(pulse)
        return bytes + [UInt8](repeating: 0, count: 8)
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        guard isRunning, !buffer.isEmpty else { return Int32(RIG_NOTHING_YET) }
        if mustStall {
            mustStall = false
            return -EPIPE
        }
        guard let room = room(atMost: buffer.count) else { return Int32(RIG_NOTHING_YET) }
        var filled = 0
        while filled < room {
            let count = min(room - filled, end - sent)
            let place = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + count])
            packet.withUnsafeBytes { place.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[sent..<sent + count])) }
            filled += count
            sent += count
            guard sent == end else { break }
            let isOver = endsTransfer
            nextPacket()
            if isOver || mustStall { break }
        }
        paidBytes += UInt64(filled)
        return Int32(filled)
    }

    /// How much may be sent now; `nil` = nothing yet.
    private mutating func room(atMost capacity: Int) -> Int? {
        guard let rate = plan.bytesPerSecond else { return capacity }
        let now = Clock.nanoseconds()
        let earned = UInt64(Double(now - startNs) * rate / 1e9)
        var waiting = earned > paidBytes ? Int(earned - paidBytes) : 0
        while waiting > plan.fifoBytes, sent == 0 {
            // As a real probe: what does not fit is dropped in whole packets, and the next one says so.
            waiting -= packet.count
            paidBytes += UInt64(packet.count)
            dropped += 1
            hasDropped = true
            sequence &+= 1
            pulse += UInt64(pulsesPerPacket)
            makePacket()
        }
        guard waiting >= capacity || (waiting > 0 && now - lastTransferNs >= plan.longestWaitNs) else { return nil }
        lastTransferNs = now
        return min(capacity, waiting)
    }

    private mutating func nextPacket() {
        if repeats {
            repeats = false
            sent = 0
            return
        }
        sequence &+= 1
        pulse += UInt64(pulsesPerPacket)
        makePacket()
    }

    /// The checksum of the packet, whose own field stands between the header and the samples.
    private func checksum(header: Int) -> UInt32 {
        let bytes = packet.span.bytes
        var checksum = CRC32C()
        checksum.update(bytes.extracting(0..<header))
        checksum.update(bytes.extracting(Self.headerBytes..<packet.count))
        return checksum.value
    }

    /// Makes the packet of the present sequence number, with the fault that is planned for it.
    private mutating func makePacket() {
        while plan.faults[sequence] == .lost {
            sequence &+= 1
            pulse += UInt64(pulsesPerPacket)
        }
        sent = 0
        end = packet.count
        endsTransfer = false
        var flags: UInt8 = isArmed ? 2 : 0
        if sequence == 0 { flags |= 8 }
        if hasDropped { flags |= 1 }
        hasDropped = false
        let payload = packet.count - Self.headerBytes
        var header: [UInt8] = Array("ODPS".utf8) + [1, flags, 32, 0] + littleEndian(UInt32(payload))
        header += littleEndian(sequence) + littleEndian(pulse)
        header += littleEndian(UInt16(gates)) + littleEndian(UInt16(pulsesPerPacket))
        packet.replaceSubrange(0..<header.count, with: header)
        packet.replaceSubrange(Self.headerBytes..<Self.headerBytes + 8, with: littleEndian(pulse))
        packet.replaceSubrange(header.count..<Self.headerBytes, with: littleEndian(checksum(header: header.count)))
        switch plan.faults[sequence] {
        case .doubled: repeats = true
        case .damaged: packet[Self.headerBytes + 8] ^= 1 << 2
        case .short:
            end = Self.headerBytes + payload / 2 + Int(sequence % 16)
            endsTransfer = true
        case .stall: mustStall = true
        case .lost, nil: break
        }
    }
}

/// The bytes of a number in the order of the wire.
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
