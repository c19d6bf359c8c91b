import ProbeSimulator

/// A host of a few lines for the device core: it sends requests as bytes and cuts the stream into packets.
struct ProbeRig {
    static let millisecond: UInt64 = 1_000_000
    var probe: SimulatedProbe

    init(
        _ source: any SignalSource = ToneSource(frequencyHz: 500, seed: 1), speed: SimulatedProbe.Speed = .high,
        fifoBytes: Int = SimulatedProbe.usualFifoBytes, identity: DeviceIdentity = DeviceIdentity(serialNumber: "SN1")
    ) {
        probe = SimulatedProbe(identity: identity, source: source, speed: speed, fifoBytes: fifoBytes)
    }

    /// A probe with settings in force, 1 kHz and one gate unless told otherwise, still IDLE.
    static func ready(
        _ source: any SignalSource = ToneSource(frequencyHz: 100, seed: 1), prfMilliHz: UInt32 = 1_000_000,
        gates: UInt16 = 1, mask: UInt8 = 1, level: UInt16 = 1000, fifoBytes: Int = SimulatedProbe.usualFifoBytes,
        identity: DeviceIdentity = DeviceIdentity(serialNumber: "SN1")
    ) -> ProbeRig {
        var rig = ProbeRig(source, fifoBytes: fifoBytes, identity: identity)
        _ = rig.send(0x10, data: acquisition(prfMilliHz: prfMilliHz, gates: gates, mask: mask, level: level))
        return rig
    }

    /// A streaming probe.
    static func running(
        _ source: any SignalSource = ToneSource(frequencyHz: 100, seed: 1), armed: Bool = false,
        prfMilliHz: UInt32 = 1_000_000, gates: UInt16 = 1, mask: UInt8 = 1, level: UInt16 = 1000,
        fifoBytes: Int = SimulatedProbe.usualFifoBytes
    ) -> ProbeRig {
        var rig = ready(
            source, prfMilliHz: prfMilliHz, gates: gates, mask: mask, level: level, fifoBytes: fifoBytes)
        if armed { _ = rig.send(0x20, value: 1) }
        _ = rig.send(0x21, value: 1)
        return rig
    }

    // MARK: Requests

    mutating func send(_ request: UInt8, value: UInt16 = 0, index: UInt16 = 0, data: [UInt8] = []) -> ControlAnswer {
        probe.control(
            USBSetup(requestType: 0x40, request: request, value: value, index: index, length: UInt16(data.count)),
            out: data)
    }

    mutating func ask(_ request: UInt8, value: UInt16 = 0, index: UInt16 = 0, length: UInt16 = 64) -> ControlAnswer {
        probe.control(
            USBSetup(requestType: 0xC0, request: request, value: value, index: index, length: length))
    }

    mutating func data(_ request: UInt8) -> [UInt8] {
        guard case .bytes(let bytes) = ask(request) else { return [] }
        return bytes
    }

    /// STATUS, taken apart by hand.
    mutating func status() -> Status {
        let bytes = data(0x30)
        return Status(
            state: bytes[0], armed: bytes[1], transmittingMs: number(bytes[4..<8]), dropped: number(bytes[8..<12]),
            faults: number(bytes[12..<16]), pulses: number(bytes[16..<24]), highWater: number(bytes[24..<28]))
    }

    struct Status: Equatable {
        var state: UInt8
        var armed: UInt8
        var transmittingMs: UInt64
        var dropped: UInt64
        var faults: UInt64
        var pulses: UInt64
        var highWater: UInt64
    }

    mutating func pass(milliseconds: Double) {
        probe.advance(byNanoseconds: UInt64(milliseconds * Double(Self.millisecond)))
    }

    // MARK: Endpoints

    /// Everything that the bulk endpoint has ready, with nothing said of transfers.
    mutating func drain(atMost limit: Int = 16_384) -> [UInt8] {
        var bytes: [UInt8] = []
        while case .bytes(let some, _) = probe.readStream(atMost: limit) { bytes += some }
        return bytes
    }

    mutating func packets() -> [Packet] { Packet.all(in: drain()) }

    mutating func events() -> [[UInt8]] {
        var events: [[UInt8]] = []
        while case .bytes(let event, true) = probe.readEvent() { events.append(event) }
        return events
    }

    /// ACQUISITION by hand: 2 MHz, first gate at 20 mm, 1 mm spacing and length, 8 cycles, gain 0.
    static func acquisition(
        frequencyHz: UInt32 = 2_000_000, prfMilliHz: UInt32 = 1_000_000, depthUm: UInt32 = 20_000,
        spacingUm: UInt32 = 1000, lengthUm: UInt32 = 1000, gates: UInt16 = 1, burst: UInt8 = 8, mask: UInt8 = 1,
        level: UInt16 = 1000, gain: Int16 = 0
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in [frequencyHz, prfMilliHz, depthUm, spacingUm, lengthUm] {
            bytes += [
                UInt8(value & 255), UInt8(value >> 8 & 255), UInt8(value >> 16 & 255), UInt8(value >> 24),
            ]
        }
        bytes += [UInt8(gates & 255), UInt8(gates >> 8), burst, mask, UInt8(level & 255), UInt8(level >> 8)]
        let gainBits = UInt16(bitPattern: gain)
        bytes += [UInt8(gainBits & 255), UInt8(gainBits >> 8)]
        return bytes + [UInt8](repeating: 0, count: 20)
    }
}

/// A little-endian number of any width.
func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

/// One packet of the stream, taken apart by hand and with its checksum compared bit by bit.
struct Packet: Equatable {
    var type: UInt8
    var flags: UInt8
    var sequence: UInt64
    var pulse: UInt64
    var items: Int
    var records: Int
    var payload: [UInt8]
    var checksumIsRight: Bool

    var endPulse: UInt64 { pulse + UInt64(records) }
    var isTransmitting: Bool { flags & 2 != 0 }

    /// Cuts whole packets from the front; a rest that is no packet gives one with type 255.
    static func all(in stream: [UInt8]) -> [Packet] {
        var packets: [Packet] = []
        var rest = stream[...]
        while !rest.isEmpty {
            guard let packet = first(of: Array(rest.prefix(65_568))) else {
                return packets + [
                    Packet(
                        type: 255, flags: 0, sequence: 0, pulse: 0, items: 0, records: 0, payload: Array(rest),
                        checksumIsRight: false)
                ]
            }
            packets.append(packet)
            rest = rest.dropFirst(32 + packet.payload.count)
        }
        return packets
    }

    private static func first(of bytes: [UInt8]) -> Packet? {
        guard bytes.count >= 32, bytes[0..<4] == [0x4F, 0x44, 0x50, 0x53], number(bytes[6..<8]) == 32 else {
            return nil
        }
        let length = Int(number(bytes[8..<12]))
        guard bytes.count >= 32 + length else { return nil }
        let payload = Array(bytes[32..<(32 + length)])
        return Packet(
            type: bytes[4], flags: bytes[5], sequence: number(bytes[12..<16]), pulse: number(bytes[16..<24]),
            items: Int(number(bytes[24..<26])), records: Int(number(bytes[26..<28])), payload: payload,
            checksumIsRight: number(bytes[28..<32]) == UInt64(bitwiseCRC32C(Array(bytes[0..<28]) + payload)))
    }
}

/// CRC-32C by the definition, bit by bit.
func bitwiseCRC32C(_ bytes: [UInt8]) -> UInt32 {
    var register: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
        register ^= UInt32(byte)
        for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0x82F6_3B78 : register >> 1 }
    }
    return register ^ 0xFFFF_FFFF
}

/// A source whose samples say which pulse and gate they are, and whether it was transmitted.
struct NumberedSource: SignalSource {
    var gates = 1
    var level: Int16 = 1000

    mutating func begin(_ settings: DeviceSettings) { gates = Int(settings.gates) }

    mutating func appendIQ(firstPulse: UInt64, count: Int, transmitting: Bool, to samples: inout [Int16]) {
        for offset in 0..<count {
            for gate in 0..<gates {
                samples.append(Int16(truncatingIfNeeded: (firstPulse + UInt64(offset)) % 1000))
                samples.append(transmitting ? level &+ Int16(truncatingIfNeeded: gate) : 0)
            }
        }
    }

    mutating func physiology(atSeconds seconds: Double) -> (ecgMicroV: Int16, respiration: Int16) {
        (Int16(seconds * 1000), -1)
    }
}
