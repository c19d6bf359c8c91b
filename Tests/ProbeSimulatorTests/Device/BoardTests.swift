import ProbeSimulator
import Testing

@Suite("The simulated boards with an FTDI and a Cypress chip")
struct BoardTests {
    private func ftdi(fifoBytes: Int = SimulatedProbe.usualFifoBytes) -> DeviceHost {
        DeviceHost(SimulatedFTDI(serialNumber: "F1", source: CountingSource(), fifoBytes: fifoBytes))
    }

    /// The payload of packets of 512 bytes, whose status is checked.
    private func payload(_ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 512).flatMap { start -> ArraySlice<UInt8> in
            #expect(Array(bytes[start..<min(start + 2, bytes.count)]) == [0x32, 0x60])
            return bytes[(start + 2)..<min(start + 512, bytes.count)]
        }
    }

    @Test("every packet of 512 bytes has two status bytes, and what is between is ODP from the first packet on")
    func status() {
        let host = ftdi()
        var stream: [UInt8] = []
        for _ in 0..<20 {
            host.pass(milliseconds: 16)
            while case .bytes(let bytes, _) = host.device.read(endpoint: 0x81, atMost: 4096) {
                stream += payload(bytes)
            }
        }
        let packets = Packet.all(in: stream)
        #expect(packets.count > 10)
        #expect(packets.dropLast().allSatisfy { $0.checksumIsRight && $0.isTransmitting })
        #expect(packets.dropLast().map(\.sequence) == (0..<UInt64(packets.count - 1)).map { $0 })
    }

    @Test("the latency timer sends the status alone where the FPGA has nothing")
    func latency() {
        let host = ftdi()
        #expect(host.send(0x40, 0x09, value: 5, index: 1) == .acknowledge)
        #expect(host.ask(0xC0, 0x0A, index: 1) == [5])
        host.pass(milliseconds: 4)
        #expect(host.device.read(endpoint: 0x81, atMost: 512) == .nothingYet)
        host.pass(milliseconds: 1)
        #expect(host.device.read(endpoint: 0x81, atMost: 512) == .bytes([0x32, 0x60], endsTransfer: true))
        #expect(host.device.read(endpoint: 0x81, atMost: 512) == .nothingYet)
    }

    @Test("requests are remembered, synchronous FIFO begins anew, unknown ones stall")
    func requests() {
        let host = ftdi()
        host.pass(milliseconds: 100)
        #expect(host.send(0x40, 0x00, value: 0, index: 1) == .acknowledge)
        #expect(host.send(0x40, 0x0B, value: 0x40FF, index: 1) == .acknowledge)
        #expect((host.device as? SimulatedFTDI)?.bitMode == 0x40)
        host.pass(milliseconds: 20)
        host.pass(milliseconds: 20)
        #expect(Packet.all(in: payload(host.drain())).first?.pulse == 0)
        #expect(host.send(0x40, 0x09, value: 0, index: 1) == .stall)
        #expect(host.send(0x40, 0x55, index: 1) == .stall)
        #expect(host.ask(0xC0, 0x05) == [0x32, 0x60])
        #expect(host.device.write(endpoint: 0x02, [1, 2, 3]) == true)
        #expect(host.device.write(endpoint: 0x03, [1]) == false)
    }

    @Test("a board keeps transmitting for longer than a keep-alive lasts")
    func keepAlive() {
        let host = ftdi(fifoBytes: 100_000)
        host.pass(milliseconds: 150_000)
        _ = host.drain()
        host.pass(milliseconds: 200)
        let last = Packet.all(in: Array(payload(host.drain()))).last { $0.checksumIsRight }
        #expect(last?.isTransmitting != false)
        #expect((host.device as? SimulatedFTDI)?.board.probe.isArmed == true)
    }

    // MARK: FX2

    private func fx2(image: [UInt8]? = nil) -> DeviceHost {
        DeviceHost(SimulatedFX2(serialNumber: "X1", source: CountingSource(), image: image))
    }

    private func load(_ bytes: [UInt8], at address: UInt16 = 0, into host: DeviceHost) {
        #expect(host.send(0x40, 0xA0, value: 0xE600, data: [1]) == .acknowledge)
        #expect(host.send(0x40, 0xA0, value: address, data: bytes) == .acknowledge)
        #expect(host.send(0x40, 0xA0, value: 0xE600, data: [0]) == .acknowledge)
    }

    @Test(
        "released with a jump into what was written it leaves the bus and comes back as a stream of ODP packets",
        arguments: [[0x80, 0xFE], [0x02, 0x00, 0x03, 0x22], [0x01, 0x02, 0x22]])
    func warm(image: [UInt8]) {
        let host = fx2()
        load(image, into: host)
        #expect(host.device.needsReenumeration)
        #expect(host.descriptor(1) == nil)
        host.device.reenumerate()
        #expect(host.string(2) == "FX2 Doppler template")
        #expect(host.send(0x40, 0xA0, value: 0, data: [0]) == .stall)
        host.pass(milliseconds: 50)
        let packets = Packet.all(in: host.drain())
        #expect(packets.count >= 2 && packets.allSatisfy { $0.checksumIsRight })
        host.device.cyclePower()
        #expect(host.descriptor(1)?[8...11] == [0xB4, 0x04, 0x13, 0x86])
        #expect(host.device.nowNanoseconds == 50_000_000)
    }

    @Test(
        "released with less than a program it stays cold",
        arguments: [[], [0x00, 0x00], [0x02, 0x10, 0x00], [0x80, 0x10], [0x80]])
    func incomplete(image: [UInt8]) {
        let host = fx2()
        load(image, into: host)
        #expect(!host.device.needsReenumeration)
        #expect((host.device as? SimulatedFX2)?.isCold == true)
    }

    @Test("memory and reset register are read back, and there is nothing beyond them")
    func memory() {
        let host = fx2(image: [1, 2, 3, 4])
        #expect(host.send(0x40, 0xA0, value: 0xE600, data: [1]) == .acknowledge)
        #expect(host.ask(0xC0, 0xA0, value: 0xE600, length: 1) == [1])
        #expect(host.send(0x40, 0xA0, value: 2, data: [3, 4]) == .acknowledge)
        #expect(host.ask(0xC0, 0xA0, value: 1, length: 3) == [0, 3, 4])
        #expect(host.send(0x40, 0xA0, value: 0x3FFF, data: [1, 2]) == .stall)
        #expect(host.send(0x40, 0xA0, value: 0xE1FF, data: [1]) == .acknowledge)
        #expect(host.ask(0xC0, 0xA0, value: 0xFFFF, length: 4) == nil)
        #expect(host.send(0x40, 0xA0, value: 0xE600, data: [0]) == .acknowledge)
        #expect(!host.device.needsReenumeration)
        load([1, 2], into: host)
        #expect(host.device.needsReenumeration)
    }
}
