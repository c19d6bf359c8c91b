import Foundation
import Glibc
import ProbeLink
import Testing
import UMockdevRig

@testable import USBProbeLink

extension RigSuite {
    @Suite("hard trouble")
    struct HardTroubleTests {
        @Test("when putting a transfer in flight again tells of the unplugging, all that came is delivered")
        func submitTellsOfUnplug() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                rig.refuseTransfers(afterBytes: 100_000, error: ENODEV)
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal())
                #expect(RigSuite.stream(transport, &sink) == .disconnected(device: transport.label))
                #expect(sink.bytes >= 100_000)
                #expect(sink.gaps == 0)
                #expect(rig.counts.transfers_in_flight == 0)
                #expect(transport.status.state == .lost)
            }
        }

        @Test("a device whose authorisation is withdrawn is disconnected, though requests still work")
        func deauthorized() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal())
                var hasWithdrawn = false
                sink.isDone = {
                    if !hasWithdrawn { rig.deauthorize() }
                    hasWithdrawn = true
                    return false
                }
                #expect(RigSuite.stream(transport, &sink) == .disconnected(device: transport.label))
                #expect(try transport.control(ControlRequest(0x01, body: .in(length: 4))).count == 4)
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("errors on all transfers, with submissions still accepted, end as unplugged once the device has left")
        func errorsBeforeLeaving() throws {
            try RigSuite.withRig { rig in
                rig.setUdev(runs: false)
                let transport = try RigSuite.open()
                try transport.control(RigSuite.run)
                rig.breakDown()
                let outcome = Outcome()
                Thread {
                    usleep(100_000)
                    rig.unplug(error: EPROTO)
                    outcome.finish(with: 1)
                }.start()
                var sink = CounterSink(stop: StopSignal())
                #expect(RigSuite.stream(transport, &sink) == .disconnected(device: transport.label))
                #expect(outcome.wait() == 1)
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("a broken device that stays listed ends the run with its error after a bounded number of attempts")
        func staysBroken() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                try transport.control(RigSuite.run)
                rig.breakDown()
                var sink = CounterSink(stop: StopSignal())
                guard case .usb(_, let doing)? = RigSuite.stream(transport, &sink) else {
                    Issue.record("no USB error")
                    return
                }
                #expect(doing.contains("0x81"))
                #expect(transport.status.state == .failed)
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("a stream that falls silent is noticed after the time that was given, and not before")
        func fallsSilent() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open(silenceLimit: .milliseconds(300))
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal())
                sink.isDone = {
                    rig.fallSilent()
                    return false
                }
                #expect(
                    RigSuite.stream(transport, &sink)
                        == .timedOut(what: "the stream of \(transport.label)", milliseconds: 300))
                let last = try #require(sink.arrivalsNs.last)
                #expect(USBProbeTransport.systemNanoseconds() - last >= 300_000_000)
                #expect(rig.counts.transfers_in_flight == 0)
                #expect(transport.status.lastError != nil)
                rig.fallSilent(false)
                sink = CounterSink(stop: StopSignal(), afterBytes: 20_000)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(transport.status.state == .open)
            }
        }

        @Test("with less memory for USB than planned a run goes on with fewer transfers, and loses nothing")
        func fewerTransfers() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                let plan = TransferPlan(bytesPerSecond: 4_000_000, packetBytes: 512)
                rig.limitMemory(bytes: Int32(plan.bytes / 3))
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal(), afterBytes: 400_000)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.gaps == 0)
                #expect(Int(rig.counts.most_in_flight) <= plan.count / 3 + 2)
                #expect(Int(rig.counts.most_in_flight) >= TransferPlan.leastCount)
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("without memory for the fewest transfers the error names the limit, known or not", arguments: [16, nil])
        func noMemory(limitMegabytes: Int?) throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open(memoryLimitMegabytes: limitMegabytes)
                let plan = TransferPlan(bytesPerSecond: 4_000_000, packetBytes: 512)
                rig.limitMemory(bytes: Int32(plan.transferBytes * 2))
                var sink = CounterSink(stop: StopSignal())
                let error = try #require(RigSuite.stream(transport, &sink))
                #expect(error.description.contains("usbfs_memory_mb"))
                if limitMegabytes != nil {
                    #expect(error == .memoryLimit(neededBytes: plan.bytes + 32, limitBytes: 16 << 20))
                }
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("the limit is looked at before anything is in flight")
        func checksFirst() throws {
            try RigSuite.withRig(descriptors: CounterDevice.descriptors()) { rig in
                let transport = try RigSuite.open(bytesPerSecond: 400_000_000, memoryLimitMegabytes: 1)
                var sink = CounterSink(stop: StopSignal())
                guard case .memoryLimit? = RigSuite.stream(transport, &sink) else {
                    Issue.record("not refused")
                    return
                }
                #expect(rig.counts.most_in_flight == 0)
            }
        }

        @Test("a device that overstates what it sent is believed no further than the buffer")
        func overstates() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                rig.overstate(bytes: 1_000_000)
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal(), afterBytes: 100_000)
                #expect(RigSuite.stream(transport, &sink) == nil)
                let plan = TransferPlan(bytesPerSecond: 4_000_000, packetBytes: 512)
                #expect(sink.bytes <= sink.arrivalsNs.count * plan.transferBytes)
            }
        }

        @Test("an endpoint with packets of no bytes is no endpoint, and a total length too great harms nothing")
        func lyingDescriptors() throws {
            var empty = CounterDevice.descriptors()
            empty.replaceSubrange(40...41, with: [0, 0])
            #expect(Array(empty[36...39]) == [7, 5, 0x81, 2])
            try RigSuite.withRig(descriptors: empty) { rig in
                let refusal = TransportError.mismatch(
                    device: "usb 1209:0001 ODP Reference SN0001",
                    differences: ["interface 0 has 0 bulkIn instead of 1"])
                #expect(throws: refusal) { try USBDeviceDiscovery().find(CounterDevice.rule) }
                #expect(rig.counts.claimed == 0)
            }
            var long = CounterDevice.descriptors()
            long.replaceSubrange(20...21, with: [0xFF, 0xFF])
            try RigSuite.withRig(descriptors: long) { _ in
                let count = try USBDeviceDiscovery().attached().count
                #expect(count == 1)
            }
        }

        @Test("every delivery has its arrival by the transport's clock before it, never going back")
        func announcesArrivals() throws {
            let device = CounterDevice()
            device.push(event: [UInt8](repeating: 1, count: 16))
            try RigSuite.withRig(device) { _ in
                let transport = try RigSuite.open()
                try transport.control(RigSuite.run)
                let beganNs = USBProbeTransport.systemNanoseconds()
                var sink = CounterSink(stop: StopSignal(), afterBytes: 100_000)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.unannounced == 0)
                #expect(sink.arrivalsNs.count > 5)
                let firstNs = try #require(sink.arrivalsNs.first)
                #expect(firstNs >= beganNs)
                #expect(zip(sink.arrivalsNs, sink.arrivalsNs.dropFirst()).allSatisfy { $0 <= $1 })
            }
        }

        @Test("the state is open, streaming while a run is at work, and open again")
        func publishesState() throws {
            try RigSuite.withRig { _ in
                let transport = try RigSuite.open()
                #expect(transport.status == ProbeConnection(.open))
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal(), afterBytes: 200_000)
                var seen: Set<ProbeConnectionState> = []
                sink.isDone = {
                    seen.insert(transport.status.state)
                    return false
                }
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(seen == [.streaming])
                #expect(transport.status == ProbeConnection(.open))
            }
        }
    }
}
