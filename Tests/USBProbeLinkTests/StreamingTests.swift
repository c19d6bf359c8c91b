import Foundation
import ProbeLink
import Synchronization
import Testing
import UMockdevRig

@testable import USBProbeLink

extension RigSuite {
    @Suite("streaming")
    struct StreamingTests {
        @Test(
            "a counter streams without a gap, and stopping brings everything back",
            arguments: [
                0, 400_000, 4_000_000, 40_000_000,
            ])
        func streams(expectedBytesPerSecond: Int) throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open(bytesPerSecond: expectedBytesPerSecond)
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal(), afterBytes: RigSuite.streamedBytes / 4)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.bytes >= RigSuite.streamedBytes / 4)
                #expect(sink.gaps == 0)
                #expect(rig.counts.transfers_in_flight == 0)
                #expect(transport.failedTransfers == 0)
            }
        }

        @Test("0.3 s of a counter stream without a gap at 4 MB/s")
        func streamsLonger() throws {
            let device = CounterDevice()
            try RigSuite.withRig(device) { rig in
                let transport = try RigSuite.open()
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal(), afterBytes: RigSuite.streamedBytes)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.bytes >= RigSuite.streamedBytes)
                #expect(sink.gaps == 0)
                #expect(rig.counts.bytes_sent >= UInt64(sink.bytes))
            }
        }

        @Test("short and empty transfers of a slow stream are normal")
        func streamsSlowly() throws {
            let device = CounterDevice(bytesPerSecond: 500)
            try RigSuite.withRig(device) { rig in
                let transport = try RigSuite.open(bytesPerSecond: 1_000)
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal(), afterBytes: 48)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.bytes >= 48)
                #expect(sink.gaps == 0)
                #expect(device.state.withLock { $0.zeroLengthTransfers } > 0)
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("a run can be started again many times")
        func restarts() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                for _ in 0..<20 {
                    try transport.control(RigSuite.run)
                    var sink = CounterSink(stop: StopSignal(), afterBytes: 20_000)
                    #expect(RigSuite.stream(transport, &sink) == nil)
                    #expect(sink.bytes >= 20_000)
                    #expect(sink.gaps == 0)
                    try transport.control(RigSuite.halt)
                    #expect(rig.counts.transfers_in_flight == 0)
                }
            }
        }

        @Test("events arrive whole and in order beside the stream")
        func deliversEvents() throws {
            let device = CounterDevice()
            try RigSuite.withRig(device) { rig in
                let transport = try RigSuite.open()
                let events = (0..<10).map { number in [UInt8](repeating: UInt8(number), count: 16) }
                for event in events { device.push(event: event) }
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal())
                sink.stopAfterEvents = events.count
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(sink.events == events)
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("the device sees the heartbeat at once and again and again while a run is at work")
        func beats() throws {
            let device = CounterDevice()
            try RigSuite.withRig(device) { rig in
                let transport = try RigSuite.open()
                try transport.control(RigSuite.run)
                var sink = CounterSink(stop: StopSignal())
                sink.isDone = { device.state.withLock { $0.heartbeats.count } >= 5 }
                let heartbeat = Heartbeat(ControlRequest(0x23, value: 500), every: .milliseconds(10))
                #expect(RigSuite.stream(transport, &sink, heartbeat: heartbeat) == nil)
                let beats = device.state.withLock { $0.heartbeats }
                #expect(beats.count >= 5)
                #expect(beats.allSatisfy { $0 == 500 })
                #expect(sink.gaps == 0)
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("a heartbeat that the probe refuses ends the run")
        func refusedHeartbeat() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                var sink = CounterSink(stop: StopSignal())
                let heartbeat = Heartbeat(ControlRequest(0x55), every: .milliseconds(10))
                #expect(RigSuite.stream(transport, &sink, heartbeat: heartbeat) == .stalled(request: 0x55))
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("requests from another thread work while a run is at work, and cost the stream nothing")
        func controlsWhileStreaming() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                try transport.control(RigSuite.run)
                let stop = StopSignal()
                let outcome = Outcome()
                let thread = Thread {
                    var good = 0
                    while !stop.isRequested {
                        do throws(TransportError) {
                            let answer = try transport.control(ControlRequest(0x01, body: .in(length: 64)))
                            good += answer.count == 64 ? 1 : 0
                        } catch {
                            outcome.finish(with: -1)
                            return
                        }
                    }
                    outcome.finish(with: good)
                }
                thread.start()
                var sink = CounterSink(stop: stop, afterBytes: RigSuite.streamedBytes)
                #expect(RigSuite.stream(transport, &sink) == nil)
                #expect(outcome.wait() > 0)
                #expect(sink.gaps == 0)
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("within a run another one is refused, and a request works")
        func refusesSecondRun() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                try transport.control(RigSuite.run)
                let stop = StopSignal()
                var sink = NestingSink(transport: transport, stop: stop)
                try transport.run(into: &sink, heartbeat: nil, until: stop)
                #expect(sink.refusal == .busy(device: transport.label))
                #expect(sink.answer == Array("ODP1".utf8))
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }
    }
}
