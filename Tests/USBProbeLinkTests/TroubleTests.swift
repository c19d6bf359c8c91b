import Glibc
import ProbeLink
import Testing
import UMockdevRig

@testable import USBProbeLink

extension RigSuite {
    @Suite("trouble")
    struct TroubleTests {
        @Test("a stall is cleared and the stream goes on without loss")
        func recoversFromStall() throws {
            let device = CounterDevice()
            try RigSuite.withRig(device) { rig in
                let transport = try RigSuite.open()
                rig.fail(endpoint: CounterDevice.streamEndpoint, afterBytes: 100_000, error: EPIPE)
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal(), afterBytes: 300_000)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.bytes >= 300_000)
                #expect(sink.gaps == 0)
                #expect(rig.counts.clear_halts == 1)
                #expect(transport.failedTransfers == 1)
                let clearFeature: [UInt8] = [0x02, 1, 0, 0, CounterDevice.streamEndpoint, 0, 0, 0]
                #expect(device.state.withLock { $0.standardRequests } == [clearFeature])
            }
        }

        @Test("a stall of the events loses no event and does not touch the stream")
        func recoversFromEventStall() throws {
            let device = CounterDevice()
            try RigSuite.withRig(device) { rig in
                let transport = try RigSuite.open()
                let events = (0..<4).map { number in [UInt8](repeating: UInt8(number), count: 16) }
                rig.fail(endpoint: CounterDevice.eventEndpoint, error: EPIPE)
                for event in events { device.push(event: event) }
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal())
                sink.stopAfterEvents = events.count
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.events == events)
                #expect(sink.gaps == 0)
                #expect(rig.counts.clear_halts == 1)
            }
        }

        @Test("an endpoint that stalls for ever ends the run after a bounded number of attempts")
        func givesUpOnStall() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                rig.fail(endpoint: CounterDevice.streamEndpoint, times: .max, error: EPIPE)
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal())
                let error = try #require(RigSuite.stream(transport, &sink))
                guard case .usb(_, let doing) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(doing.contains("0x81"))
                #expect(rig.counts.clear_halts == UInt64(ReadingPipe.mostAttempts))
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("errors on several transfers at once are repeated without loss", arguments: [EPROTO, EOVERFLOW])
        func recoversFromErrors(error: Int32) throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                rig.fail(endpoint: CounterDevice.streamEndpoint, afterBytes: 50_000, times: 3, error: error)
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal(), afterBytes: 200_000)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.bytes >= 200_000)
                #expect(sink.gaps == 0)
                #expect(transport.failedTransfers > 0)
            }
        }

        @Test(
            "unplugging while streaming is reported after everything before it was delivered",
            arguments: [
                ESHUTDOWN, EPROTO,
            ])
        func unplugs(error: Int32) throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                rig.unplug(afterBytes: 200_000, error: error)
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal())
                #expect(RigSuite.stream(transport, &sink) == .disconnected(device: transport.label))
                #expect(UInt64(sink.bytes) == rig.counts.bytes_sent)
                #expect(sink.bytes >= 200_000)
                #expect(sink.gaps == 0)
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("a probe that is plugged in again is found at its new address and streams")
        func replugs() throws {
            try RigSuite.withRig { rig in
                let first = try USBDeviceDiscovery().find(CounterDevice.rule)
                rig.unplug()
                #expect(rig.plug())
                let transport = try RigSuite.open()
                #expect(transport.device.address != first.address)
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal(), afterBytes: 20_000)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.gaps == 0)
            }
        }
    }
}
