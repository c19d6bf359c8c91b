import Glibc
import ProbeLink
import Testing
import UMockdevRig

@testable import USBProbeLink

extension RigSuite {
    @Suite("isochronous")
    struct IsochronousTests {
        private static func withRecorder(
            _ device: IsoCounterDevice = IsoCounterDevice(),
            descriptors: [UInt8] = IsoCounterDevice.descriptors(), _ body: (RigDevice) throws -> Void
        ) throws {
            try RigSuite.withRig(
                device, descriptors: descriptors, strings: IsoCounterDevice.strings, speedMbitPerS: 12, body)
        }

        /// Bytes of 100 ms at 48 kHz.
        private static let tenth = 19_200
        private static let bytesOfPacket = 192

        @Test(
            "the alternate setting with the right rate is chosen, and its stream comes without a gap",
            arguments: [
                (44_100, UInt8(1)), (48_000, 2),
            ])
        func streams(rateHz: Int, alternate: UInt8) throws {
            let device = IsoCounterDevice()
            try Self.withRecorder(device) { rig in
                let transport = try RigSuite.open(matching: IsoCounterDevice.rule(rateHz: rateHz))
                #expect(device.state.withLock { $0.chosen } == [[1, alternate]])
                #expect(transport.streamEndpoint.intervalNanoseconds == IsoCounterDevice.intervalNs)
                var sink = IsoSink(afterBytes: Self.tenth)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.bytes >= Self.tenth)
                #expect(sink.jumps.isEmpty)
                #expect(sink.missed.isEmpty)
                #expect(sink.arrivals > 10)
                #expect(rig.counts.transfers_in_flight == 0)
                #expect(rig.counts.vendor_requests == 0)
                #expect(transport.failedTransfers == 0)
            }
        }

        @Test("lost packets are told at their place and in their number", arguments: [EXDEV, EPROTO, EOVERFLOW])
        func losesPackets(error: Int32) throws {
            try Self.withRecorder { rig in
                rig.losePackets(from: 30, count: 7, error: error)
                let transport = try RigSuite.open(matching: IsoCounterDevice.rule())
                var sink = IsoSink(afterBytes: Self.tenth)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.missedPackets == 7)
                #expect(sink.missed.allSatisfy { $0.atByte == 30 * Self.bytesOfPacket })
                #expect(sink.packetNs == IsoCounterDevice.intervalNs)
                #expect(sink.jumps.map(\.atByte) == [30 * Self.bytesOfPacket])
                #expect(sink.jumps.map(\.by) == [7 * Self.bytesOfPacket / 2])
            }
        }

        @Test("both interfaces are claimed, their drivers detached, and all is given back with setting 0")
        func givesBack() throws {
            let device = IsoCounterDevice()
            try Self.withRecorder(device) { rig in
                rig.boundDrivers = 0b11
                var transport: USBProbeTransport? = try RigSuite.open(matching: IsoCounterDevice.rule())
                #expect(transport != nil)
                #expect(rig.counts.claimed_mask == 0b11)
                #expect(rig.boundDrivers == 0)
                transport = nil
                #expect(rig.counts.claimed_mask == 0)
                #expect(rig.boundDrivers == 0b11)
                #expect(device.state.withLock { $0.chosen } == [[1, 2], [1, 0]])
            }
        }

        @Test("a format that the device does not offer is refused in words")
        func refusesFormat() throws {
            let device = IsoCounterDevice()
            try Self.withRecorder(device) { rig in
                let refusal = TransportError.mismatch(
                    device: "usb 08bb:2902 USB Audio CODEC SN0002",
                    differences: [
                        "interface 1, setting 1, has 2 channels of 16 bits in 2 bytes at 44100 Hz instead of "
                            + "2 channels of 24 bits at 48000 Hz"
                    ])
                #expect(throws: refusal) { try USBDeviceDiscovery().find(IsoCounterDevice.rule(bits: 24)) }
                #expect(device.state.withLock { $0.chosen }.isEmpty)
                #expect(rig.counts.claimed == 0)
            }
        }

        @Test("a class request to endpoint 0 goes to the endpoint of the stream")
        func addressesEndpoint() throws {
            let device = IsoCounterDevice()
            try Self.withRecorder(device) { _ in
                let transport = try RigSuite.open(matching: IsoCounterDevice.rule())
                try transport.control(
                    ControlRequest(1, value: 0x0100, body: .out([0x80, 0xBB, 0]), scope: .classEndpoint))
                let setCurrent: [UInt8] = [0x22, 1, 0, 1, IsoCounterDevice.endpoint, 0, 3, 0, 0x80, 0xBB, 0]
                #expect(device.state.withLock { $0.classRequests } == [setCurrent])
            }
        }

        @Test("unplugging while streaming ends the run, and nothing is told that did not come")
        func unplugs() throws {
            try Self.withRecorder { rig in
                let transport = try RigSuite.open(matching: IsoCounterDevice.rule())
                rig.unplug(afterBytes: UInt64(Self.tenth / 2))
                var sink = IsoSink()
                #expect(RigSuite.stream(transport, &sink) == .disconnected(device: transport.label))
                #expect(sink.bytes >= Self.tenth / 2)
                #expect(sink.jumps.isEmpty)
                #expect(sink.missed.isEmpty)
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("transfers that fail are called back, and the packets of that time are told as missing")
        func recovers() throws {
            let device = IsoCounterDevice()
            try Self.withRecorder(device) { rig in
                let transport = try RigSuite.open(matching: IsoCounterDevice.rule())
                rig.fail(endpoint: IsoCounterDevice.endpoint, afterBytes: 5_000, error: EPROTO)
                let beganNs = USBProbeTransport.systemNanoseconds()
                var sink = IsoSink(afterBytes: Self.tenth)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(transport.failedTransfers == 1)
                #expect(rig.counts.clear_halts == 0)
                let lost = sink.jumps.reduce(0) { $0 + $1.by } * 2 / Self.bytesOfPacket
                #expect(lost >= 1)
                // What passed until the next one was in flight is told by the host's clock, to about a transfer. A
                // busy host slows the rig's clock down, so more may be told than the device has dropped.
                #expect(sink.missedPackets + 12 >= lost)
                let elapsedNs = USBProbeTransport.systemNanoseconds() - beganNs
                #expect(UInt64(sink.missedPackets) * IsoCounterDevice.intervalNs <= elapsedNs)
                let places = sink.missed.map(\.atByte)
                let firstJump = try #require(sink.jumps.first)
                #expect(places.contains(firstJump.atByte))
            }
        }

        @Test("lengths beyond the packet's room are cut to it")
        func cutsLies() throws {
            try Self.withRecorder { rig in
                rig.overstate(bytes: 1_000_000)
                let transport = try RigSuite.open(matching: IsoCounterDevice.rule())
                var sink = IsoSink(afterBytes: Self.tenth)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.bytes % 196 == 0)
            }
        }
    }
}
