import ProbeSimulator

/// A device of which a test says everything: what its endpoints give, and what it was asked.
struct ScriptedDevice: SimulatedDevice {
    /// What each IN endpoint gives, in order; nothing more afterwards.
    var reads: [UInt8: [StreamRead]] = [:]
    /// Takes what is sent to its OUT endpoints.
    var takesWrites = true
    /// Room that was offered, by endpoint.
    private(set) var limits: [UInt8: [Int]] = [:]
    private(set) var setups: [USBSetup] = []
    private(set) var written: [[UInt8]] = []
    private(set) var powerCycles = 0
    private(set) var nowNanoseconds: UInt64 = 0

    let label = "scripted"
    let speed = SimulatedProbe.Speed.high
    let isStreaming = false
    let streamEndpoint: UInt8 = 0x81

    static let deviceDescriptor: [UInt8] = [
        18, 1, 0x00, 0x02, 0xFF, 0x44, 0x01, 64, 0x09, 0x12, 0x01, 0x00, 0x34, 0x12, 1, 2, 3, 1,
    ]
    /// Two interfaces, the second with another setting and an isochronous endpoint of two packets of 512 bytes in it.
    static let configuration: [UInt8] =
        [9, 2, 64, 0, 2, 7, 0, 0x80, 250]
        + [9, 4, 0, 0, 2, 0xFF, 0x44, 0x01, 0] + [7, 5, 0x81, 2, 0x00, 0x02, 0] + [7, 5, 0x82, 3, 16, 0, 4]
        + [9, 4, 1, 0, 0, 1, 2, 3, 0] + [9, 4, 1, 1, 1, 1, 2, 3, 0] + [7, 5, 0x83, 1, 0x00, 0x0A, 1] + [
            7, 0x24, 0, 0, 0, 0, 0,
        ]

    mutating func control(_ setup: USBSetup, out: [UInt8]) -> ControlAnswer {
        setups.append(setup)
        switch (setup.requestType, setup.request, setup.value) {
        case (0x80, 6, 0x0100): return .bytes(Self.deviceDescriptor)
        case (0x80, 6, 0x0200): return .bytes(Self.configuration)
        case (0xC0, 1, _): return .bytes(Array(1...8))
        case (0x40, 2, _): return .acknowledge
        default: return .stall
        }
    }

    mutating func read(endpoint: UInt8, atMost limit: Int) -> StreamRead {
        limits[endpoint, default: []].append(limit)
        guard let next = reads[endpoint]?.first else { return .nothingYet }
        reads[endpoint]?.removeFirst()
        return next
    }

    mutating func write(endpoint: UInt8, _ bytes: [UInt8]) -> Bool {
        written.append(bytes)
        return takesWrites
    }

    mutating func advance(byNanoseconds nanoseconds: UInt64) { nowNanoseconds &+= nanoseconds }
    mutating func place(_ source: any SignalSource) {}
    mutating func resetBus() {}
    mutating func cyclePower() { powerCycles += 1 }
}
