import Glibc
import ProbeLink
import Testing
import UMockdevRig

@testable import USBProbeLink

/// Keeps what it is shown.
private final class KeepingTap: TransferTap {
    struct Control: Equatable {
        let request: ControlRequest
        let data: [UInt8]
        let error: TransportError?
    }
    struct Seen {
        var controls: [Control] = []
        var statuses: [UInt8: [Int32]] = [:]
        var bytes: [UInt8: Int] = [:]
        var isIsochronous: Set<UInt8> = []
        var timesAreOrdered = true
        var lastNs: UInt64 = 0
    }
    let seen = Locked(Seen())

    func controlEnded(
        _ request: ControlRequest, data: [UInt8], error: TransportError?, startNanoseconds: UInt64,
        endNanoseconds: UInt64
    ) {
        seen.withLock {
            $0.controls.append(Control(request: request, data: data, error: error))
            $0.timesAreOrdered = $0.timesAreOrdered && startNanoseconds <= endNanoseconds && startNanoseconds > 0
        }
    }

    func transferEnded(
        endpoint: UInt8, isIsochronous: Bool, statusErrno: Int32, bytes: RawSpan, nanoseconds: UInt64
    ) {
        let count = bytes.byteCount
        seen.withLock {
            $0.statuses[endpoint, default: []].append(statusErrno)
            $0.bytes[endpoint, default: 0] += count
            if isIsochronous { $0.isIsochronous.insert(endpoint) }
            $0.timesAreOrdered = $0.timesAreOrdered && nanoseconds >= $0.lastNs
            $0.lastNs = nanoseconds
        }
    }
}

extension RigSuite {
    @Suite("tap")
    struct TapTests {
        @Test("requests, heartbeats and transfers are shown with their bytes and statuses")
        func showsBulk() throws {
            try RigSuite.withRig { rig in
                let tap = KeepingTap()
                let transport = try RigSuite.open(tap: tap)
                let identity = ControlRequest(0x01, body: .in(length: 4))
                try transport.control(identity)
                #expect(throws: TransportError.stalled(request: 0x55)) { try transport.control(ControlRequest(0x55)) }
                try transport.control(RigSuite.run)
                rig.fail(endpoint: CounterDevice.streamEndpoint, afterBytes: 50_000, error: EPIPE)
                let beat = ControlRequest(0x23, value: 500)
                var sink = CounterSink(stop: StopSignal(), afterBytes: 200_000)
                #expect(RigSuite.stream(transport, &sink, heartbeat: Heartbeat(beat, every: .milliseconds(10))) == nil)
                let seen = tap.seen.withLock { $0 }
                #expect(
                    seen.controls.prefix(4) == [
                        .init(request: identity, data: Array("ODP1".utf8), error: nil),
                        .init(request: ControlRequest(0x55), data: [], error: .stalled(request: 0x55)),
                        .init(request: RigSuite.run, data: [], error: nil),
                        .init(request: beat, data: [], error: nil),
                    ])
                #expect(seen.bytes[CounterDevice.streamEndpoint] == sink.bytes)
                let statuses = seen.statuses[CounterDevice.streamEndpoint] ?? []
                #expect(statuses.count { $0 == -EPIPE } == 1)
                #expect(statuses.count { $0 == 0 } > 10)
                #expect(statuses.allSatisfy { [0, -EPIPE, -ENOENT].contains($0) })
                #expect(seen.timesAreOrdered)
                #expect(seen.isIsochronous.isEmpty)
            }
        }

        @Test("isochronous transfers are shown as such, with the good packets joined")
        func showsIsochronous() throws {
            try RigSuite.withRig(
                IsoCounterDevice(), descriptors: IsoCounterDevice.descriptors(), strings: IsoCounterDevice.strings,
                speedMbitPerS: 12
            ) { rig in
                let tap = KeepingTap()
                rig.losePackets(from: 10, count: 2)
                let transport = try RigSuite.open(matching: IsoCounterDevice.rule(), tap: tap)
                var sink = IsoSink(afterBytes: 9_600)
                #expect(RigSuite.stream(transport, &sink) == nil)
                let seen = tap.seen.withLock { $0 }
                #expect(seen.isIsochronous == [IsoCounterDevice.endpoint])
                #expect(seen.bytes[IsoCounterDevice.endpoint] == sink.bytes)
            }
        }
    }
}
