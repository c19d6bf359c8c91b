import ProbeSimulator
import Testing

@Suite("FIFO, transfers and events")
struct QueueTests {
    // MARK: FIFO overrun

    @Test("a packet that is dropped uses up its sequence number, and the next of its type has flag bit 0")
    func overrun() {
        var rig = ProbeRig.running(fifoBytes: 400)
        rig.pass(milliseconds: 200)
        var packets = rig.packets()
        rig.pass(milliseconds: 200)
        packets += rig.packets()
        let resumed = packets.first { $0.sequence > 0 && $0.flags & 1 != 0 }
        let before = packets.last { $0.pulse < resumed?.pulse ?? 0 }
        let dropped = (resumed?.sequence ?? 0) - (before?.sequence ?? 0) - 1
        #expect(dropped > 0)
        #expect((resumed?.pulse ?? 0) - (before?.endPulse ?? 0) == dropped * UInt64(before?.records ?? 0))
        #expect(packets.allSatisfy { $0.checksumIsRight })
        #expect(packets.filter { $0.flags & 1 != 0 }.count == 1)
    }

    @Test("FIFO overrun sets bit 3 and nothing else: the probe goes on, armed")
    func overrunBit() {
        var rig = ProbeRig.running(armed: true, fifoBytes: 400)
        rig.pass(milliseconds: 500)
        let status = rig.status()
        #expect(status.faults == 0b1000)
        #expect(status.state == 1 && status.armed == 1)
        #expect(status.pulses > 480)
        #expect(status.transmittingMs > 480)
        #expect(rig.events().map { $0.prefix(4) } == [[5, 3, 0, 0]])
    }

    @Test("STATUS counts every dropped packet and the FIFO's high-water mark")
    func overrunCounts() {
        var rig = ProbeRig.running(fifoBytes: 400)
        rig.pass(milliseconds: 500)
        _ = rig.send(0x21, value: 0)
        let status = rig.status()
        let bytes = rig.drain()
        #expect(status.highWater == UInt64(bytes.count))
        #expect(bytes.count <= 400)
        var whole = ProbeRig.running()
        whole.pass(milliseconds: 500)
        _ = whole.send(0x21, value: 0)
        #expect(UInt64(whole.packets().count - Packet.all(in: bytes).count) == status.dropped)
    }

    @Test("a FIFO that holds no packet at all drops every one")
    func noFifo() {
        var rig = ProbeRig.running(mask: 9, fifoBytes: 0)
        rig.pass(milliseconds: 100)
        #expect(rig.status().dropped > 5)
        #expect(rig.probe.readStream(atMost: 512) == .nothingYet)
    }

    @Test("a bulk stall lasts until CLEAR_FEATURE, and the stream goes on without loss")
    func stall() {
        var rig = ProbeRig.running()
        rig.pass(milliseconds: 100)
        var bytes: [UInt8] = []
        if case .bytes(let some, _) = rig.probe.readStream(atMost: 512) { bytes += some }
        rig.probe.stallStream()
        rig.pass(milliseconds: 100)
        #expect(rig.probe.readStream(atMost: 512) == .stalled)
        #expect(
            rig.probe.control(USBSetup(requestType: 0x82, request: 0, index: 0x81, length: 2)) == .bytes([1, 0]))
        #expect(rig.probe.control(USBSetup(requestType: 2, request: 1, value: 0, index: 0x81)) == .acknowledge)
        _ = rig.send(0x21, value: 0)
        bytes += rig.drain()
        let packets = Packet.all(in: bytes)
        #expect(packets.map(\.sequence) == (0..<UInt64(packets.count)).map { $0 })
        #expect(packets.last?.endPulse == 200)
    }

    @Test("RESET does not clear a bulk stall; SET_INTERFACE does")
    func stallAndReset() {
        var rig = ProbeRig.ready()
        rig.probe.stallStream()
        _ = rig.send(0x22)
        #expect(rig.probe.readStream(atMost: 512) == .stalled)
        _ = rig.probe.control(USBSetup(requestType: 1, request: 11))
        #expect(rig.probe.readStream(atMost: 512) == .nothingYet)
    }

    @Test("a host can halt either endpoint with SET_FEATURE, and no other")
    func setFeature() {
        var rig = ProbeRig()
        rig.probe.report(.temperatureWarning)
        #expect(rig.probe.control(USBSetup(requestType: 2, request: 3, index: 0x82)) == .acknowledge)
        #expect(rig.probe.readEvent() == .stalled)
        #expect(rig.probe.control(USBSetup(requestType: 2, request: 1, index: 0x82)) == .acknowledge)
        #expect(rig.events().count == 1)
        #expect(rig.probe.control(USBSetup(requestType: 2, request: 3, index: 0x83)) == .stall)
        #expect(rig.probe.control(USBSetup(requestType: 2, request: 3, value: 1, index: 0x81)) == .stall)
    }

    // MARK: Transfers

    /// A probe that has made one batch, which is of 15 pulses at 950 Hz: 32 + 60 x gates bytes.
    private func oneBatch(gates: UInt16) -> ProbeRig {
        var rig = ProbeRig.running(prfMilliHz: 950_000, gates: gates)
        rig.pass(milliseconds: 15.5)
        return rig
    }

    @Test("a batch is ended by a short packet")
    func shortPacket() {
        var rig = oneBatch(gates: 10)
        guard case .bytes(let bytes, let ends) = rig.probe.readStream(atMost: 16_384) else {
            Issue.record("nothing to read")
            return
        }
        #expect(bytes.count == 632 && ends)
        #expect(rig.probe.readStream(atMost: 16_384) == .nothingYet)
    }

    @Test("a transfer that fills the host's buffer goes on in the next")
    func fullBuffer() {
        var rig = oneBatch(gates: 10)
        guard case .bytes(let first, false) = rig.probe.readStream(atMost: 512),
            case .bytes(let second, true) = rig.probe.readStream(atMost: 512)
        else {
            Issue.record("not two pieces")
            return
        }
        #expect(first.count == 512 && second.count == 120)
        #expect(Packet.all(in: first + second).first?.checksumIsRight == true)
    }

    @Test("a transfer that would end on a multiple of 512 ends with a zero-length packet")
    func zeroLength() {
        // 8 gates: 32 + 480 = 512 bytes.
        var filling = oneBatch(gates: 8)
        guard case .bytes(let bytes, false) = filling.probe.readStream(atMost: 512) else {
            Issue.record("nothing to read")
            return
        }
        #expect(bytes.count == 512)
        #expect(filling.probe.readStream(atMost: 512) == .bytes([], endsTransfer: true))
        #expect(filling.probe.readStream(atMost: 512) == .nothingYet)
        var roomy = oneBatch(gates: 8)
        guard case .bytes(let whole, true) = roomy.probe.readStream(atMost: 1024) else {
            Issue.record("the zero-length packet did not end the transfer")
            return
        }
        #expect(whole.count == 512)
        #expect(roomy.probe.readStream(atMost: 1024) == .nothingYet)
    }

    @Test("each batch is a transfer of its own, even when many wait")
    func manyBatches() {
        var rig = ProbeRig.running(mask: 9)
        rig.pass(milliseconds: 151)
        var ends = 0
        while case .bytes(let bytes, let endsTransfer) = rig.probe.readStream(atMost: 16_384) {
            #expect(endsTransfer)
            #expect(Packet.all(in: bytes).map(\.type) == [1, 4])
            ends += 1
        }
        #expect(ends == 9)
    }

    @Test("before the batch ends only whole USB packets go out")
    func wholePacketsOnly() {
        var rig = ProbeRig.ready()
        // 512 gates of 5 kHz: the first packet of 32 pulses is complete long before the batch of 80.
        _ = rig.send(
            0x10,
            data: ProbeRig.acquisition(
                prfMilliHz: 5_000_000, depthUm: 5000, spacingUm: 100, lengthUm: 1000, gates: 512))
        _ = rig.send(0x21, value: 1)
        rig.pass(milliseconds: 7)
        guard case .bytes(let bytes, let ends) = rig.probe.readStream(atMost: 1_000_000) else {
            Issue.record("nothing to read")
            return
        }
        #expect(bytes.count == 65_536 && !ends)
        #expect(rig.probe.readStream(atMost: 1_000_000) == .nothingYet)
        rig.pass(milliseconds: 10)
        #expect(Packet.all(in: bytes + rig.drain()).map(\.records) == [32, 32, 16])
    }

    @Test("a buffer smaller than a USB packet gets nothing and loses nothing", arguments: [0, 1, 511, -5])
    func tooSmall(limit: Int) {
        var rig = oneBatch(gates: 10)
        #expect(rig.probe.readStream(atMost: limit) == .nothingYet)
        #expect(rig.drain().count == 632)
    }

    // MARK: Events

    @Test("buttons and foot switches carry their number, with bit 7 set on release, and 0 as index when not running")
    func buttons() {
        var rig = ProbeRig()
        rig.probe.report(.button(3, isReleased: false))
        rig.probe.report(.button(3, isReleased: true))
        rig.probe.report(.footSwitch(1, isReleased: true))
        rig.probe.report(.temperatureWarning)
        let zeros = [UInt8](repeating: 0, count: 12)
        #expect(
            rig.events() == [
                [1, 3, 0, 0] + zeros, [1, 0x83, 1, 0] + zeros, [2, 0x81, 2, 0] + zeros, [3, 0, 3, 0] + zeros,
            ])
    }

    @Test("an event while running carries the pulse index of its moment")
    func eventIndex() {
        var rig = ProbeRig.running()
        rig.pass(milliseconds: 700.5)
        rig.probe.report(.button(1, isReleased: false))
        #expect(rig.events().first?[8..<16] == [0xBC, 0x02, 0, 0, 0, 0, 0, 0])
    }

    @Test("the queue keeps 64 events and drops the oldest, which the counter shows")
    func dropOldest() {
        var rig = ProbeRig()
        for number: UInt8 in 0..<70 { rig.probe.report(.button(number, isReleased: false)) }
        let events = rig.events()
        #expect(events.count == 64)
        #expect(events.map { $0[2] } == Array(6..<70))
        #expect(events.map { $0[1] } == Array(6..<70))
    }

    @Test("the event counter wraps")
    func counterWraps() {
        var rig = ProbeRig()
        for _ in 0..<65_537 { rig.probe.report(.temperatureWarning) }
        #expect(rig.events().suffix(2).map { $0[2..<4] } == [[0xFF, 0xFF], [0, 0]])
    }
}
