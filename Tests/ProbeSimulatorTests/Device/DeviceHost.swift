import ProbeSimulator

/// A host of a few lines for any simulated device: requests as numbers, endpoints drained.
final class DeviceHost {
    var device: any SimulatedDevice

    init(_ device: any SimulatedDevice) { self.device = device }

    func send(
        _ type: UInt8, _ request: UInt8, value: UInt16 = 0, index: UInt16 = 0, data: [UInt8] = []
    ) -> ControlAnswer {
        device.control(
            USBSetup(requestType: type, request: request, value: value, index: index, length: UInt16(data.count)),
            out: data)
    }

    func ask(
        _ type: UInt8, _ request: UInt8, value: UInt16 = 0, index: UInt16 = 0, length: UInt16 = 255
    ) -> [UInt8]? {
        let setup = USBSetup(requestType: type, request: request, value: value, index: index, length: length)
        guard case .bytes(let bytes) = device.control(setup, out: []) else { return nil }
        return bytes
    }

    /// GET_DESCRIPTOR.
    func descriptor(_ kind: UInt8, _ index: UInt8 = 0, length: UInt16 = 1024) -> [UInt8]? {
        ask(0x80, 6, value: UInt16(kind) << 8 | UInt16(index), length: length)
    }

    /// A string descriptor as text.
    func string(_ index: UInt8) -> String? {
        guard let bytes = descriptor(3, index), bytes.count >= 2, Int(bytes[0]) == bytes.count else { return nil }
        let units = stride(from: 2, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
        return String(decoding: units, as: UTF16.self)
    }

    /// SET_CONFIGURATION 1, and SET_INTERFACE where asked for.
    func configure(interface: UInt16? = nil, alternate: UInt16 = 1) {
        _ = send(0x00, 9, value: 1)
        if let interface { _ = send(0x01, 11, value: alternate, index: interface) }
    }

    func pass(milliseconds: Int) { device.advance(byNanoseconds: UInt64(milliseconds) * 1_000_000) }

    /// Everything that a bulk endpoint has ready.
    func drain(_ endpoint: UInt8? = nil, atMost limit: Int = 16_384) -> [UInt8] {
        var bytes: [UInt8] = []
        while case .bytes(let some, _) = device.read(endpoint: endpoint ?? device.streamEndpoint, atMost: limit) {
            bytes += some
        }
        return bytes
    }

    /// The packets of an isochronous endpoint that wait.
    func packets() -> [[UInt8]] {
        var packets: [[UInt8]] = []
        while case .bytes(let packet, true) = device.read(endpoint: device.streamEndpoint, atMost: 1023) {
            packets.append(packet)
        }
        return packets
    }
}

/// A source whose samples count up: pulse p, gate g gives I = p mod 1000 and Q = g + 1, negative without transmission.
struct CountingSource: SignalSource {
    var gates = 1

    mutating func begin(_ settings: DeviceSettings) { gates = Int(settings.gates) }

    mutating func appendIQ(firstPulse: UInt64, count: Int, transmitting: Bool, to samples: inout [Int16]) {
        for offset in 0..<count {
            for gate in 0..<gates {
                samples.append(Int16((firstPulse + UInt64(offset)) % 1000))
                samples.append(Int16(gate + 1) * (transmitting ? 1 : -1))
            }
        }
    }

    mutating func physiology(atSeconds seconds: Double) -> (ecgMicroV: Int16, respiration: Int16) { (0, 0) }
}

/// Bytes from hexadecimal digits; blanks are passed over.
func handMade(_ digits: String) -> [UInt8] {
    let clean = digits.filter { !$0.isWhitespace }
    return stride(from: 0, to: clean.count, by: 2).compactMap { offset in
        let start = clean.index(clean.startIndex, offsetBy: offset)
        return UInt8(clean[start..<clean.index(start, offsetBy: 2)], radix: 16)
    }
}
