import ProbeSimulator
import Testing

@Suite("The simulated USD3.0")
struct USD3Tests {
    /// 4 MHz, 5 kHz, burst of 8 cycles, gate of 4 mm at 20 mm.
    private static let values: [(UInt8, UInt16)] = [
        (5, 2), (6, 12_800), (7, 128), (8, 1496), (9, 1829), (10, 333), (13, 1), (12, 1),
    ]

    private func running(_ options: SimulatedUSD3.Options = .init()) -> DeviceHost {
        let host = DeviceHost(SimulatedUSD3(source: CountingSource(), options: options))
        host.configure()
        for (request, value) in Self.values { #expect(host.send(0x40, request, value: value) == .acknowledge) }
        #expect(host.send(0x40, 11, value: 1) == .acknowledge)
        return host
    }

    @Test("it tells clock, maker and version, and answers a ping")
    func questions() {
        let host = DeviceHost(SimulatedUSD3(source: CountingSource()))
        #expect(host.ask(0xC0, 0) == [0])
        #expect(host.ask(0xC0, 1) == [0x00, 0xCB, 0x28, 0x0C])
        #expect(host.ask(0xC0, 2) == Array("HS-Ulm.de".utf8))
        #expect(host.ask(0xC0, 3) == Array("0.1.2alpha".utf8))
        #expect(host.ask(0xC0, 3, length: 3) == Array("0.1".utf8))
        #expect(host.ask(0xC0, 4) == nil)
    }

    @Test("I and Q come most significant byte first, a pair each pulse")
    func samples() {
        let host = running()
        host.pass(milliseconds: 20)
        let bytes = host.drain()
        #expect(bytes.count == 100 * 8)
        let values = stride(from: 0, to: bytes.count, by: 4).map { offset in
            Int32(bitPattern: bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }) >> 14
        }
        #expect(values == (0..<100).flatMap { [Int32($0), 1] })
        // The bits below are in use.
        #expect(Set(bytes.indices.filter { $0 % 4 == 3 }.map { bytes[$0] }).count > 50)
    }

    @Test("the debug build sends 16 bits in its order", arguments: SampleByteOrder.allCases)
    func narrow(order: SampleByteOrder) {
        var options = SimulatedUSD3.Options()
        options.sampleWidth = .bits16
        options.byteOrder = order
        let host = running(options)
        host.pass(milliseconds: 20)
        let bytes = host.drain()
        #expect(bytes.count == 400)
        #expect(Array(bytes[8..<12]) == (order == .leastSignificantFirst ? [2, 0, 1, 0] : [0, 2, 0, 1]))
    }

    @Test("transmitter and receiver are switched by themselves")
    func switches() {
        let host = running()
        _ = host.send(0x40, 12, value: 0)
        host.pass(milliseconds: 20)
        #expect(host.drain()[4] == 0xFF)
        _ = host.send(0x40, 13, value: 0)
        host.pass(milliseconds: 20)
        #expect(host.drain().enumerated().allSatisfy { $0.offset % 4 > 1 || $0.element == 0 })
    }

    @Test("without settings, or with a frequency or period that it lacks, it refuses")
    func refusals() {
        let host = DeviceHost(SimulatedUSD3(source: CountingSource()))
        #expect(host.send(0x40, 11, value: 1) == .stall)
        #expect(host.send(0x40, 5, value: 4) == .stall)
        #expect(host.send(0x40, 6, value: 0) == .stall)
        #expect(host.send(0x40, 15, value: 0) == .stall)
        #expect(host.send(0x40, 5, value: 1, data: [0]) == .stall)
    }

    @Test("reset switches everything off and forgets the settings")
    func reset() {
        let host = running()
        #expect(host.send(0x40, 14) == .acknowledge)
        #expect(!host.device.isStreaming)
        #expect(host.send(0x40, 11, value: 1) == .stall)
    }

    @Test("the second endpoint is silent, an unknown one stalls")
    func endpoints() {
        let host = running()
        host.pass(milliseconds: 50)
        #expect(host.device.read(endpoint: 0x82, atMost: 512) == .nothingYet)
        #expect(host.device.read(endpoint: 0x83, atMost: 512) == .stalled)
    }

    @Test("a stop hands on the rest, and a new start begins with the first pulse")
    func restart() {
        var options = SimulatedUSD3.Options()
        options.flushMilliseconds = 0
        let host = running(options)
        host.pass(milliseconds: 10)
        #expect(host.drain().isEmpty)
        _ = host.send(0x40, 11, value: 0)
        #expect(host.drain().count == 50 * 8)
        _ = host.send(0x40, 11, value: 1)
        host.pass(milliseconds: 10)
        _ = host.send(0x40, 11, value: 0)
        let bytes = host.drain()
        #expect(bytes[2] >> 6 == 0 && bytes[8..<12].reduce(0) { $0 << 8 | Int32($1) } >> 14 == 1)
    }

    @Test("a host that does not read loses whole pulses, and the device alone knows how many")
    func overrun() {
        var options = SimulatedUSD3.Options()
        options.fifoBytes = 800
        let host = running(options)
        host.pass(milliseconds: 40)
        #expect(host.drain().count == 800)
        #expect((host.device as? SimulatedUSD3)?.droppedPulses == 100)
    }
}
