import ProbeLink
import ProbeSimulator
import Testing
import UMockdevRig

@testable import USBProbeLink

extension RigSuite {
    @Suite("simulated probe behind the real libusb")
    struct SimulatedProbeTests {
        private static func withProbe(_ body: (SimulatedProbeOnRig, RigDevice) throws -> Void) throws {
            let probe = SimulatedProbe(
                identity: DeviceIdentity(serialNumber: "SIM-7"), source: ToneSource(frequencyHz: 500, seed: 7))
            let device = SimulatedProbeOnRig(probe)
            let rig = try device.plugIn()
            try withExtendedLifetime(rig) { try body(device, rig) }
        }

        /// ACQUISITION of 16 gates at 5 kHz and 2 MHz, 40 mm deep, IQ alone.
        private static var acquisition: [UInt8] {
            var bytes: [UInt8] = []
            for value: UInt32 in [2_000_000, 5_000_000, 40_000, 1_000, 2_000] {
                bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            }
            bytes += [16, 0, 8, 1] + [0xE8, 0x03] + [0, 0]
            return bytes + [UInt8](repeating: 0, count: 48 - bytes.count)
        }

        @Test("the simulated probe has the identity that the open probe protocol asks for")
        func matches() throws {
            try Self.withProbe { _, rig in
                let found = try USBDeviceDiscovery().find(CounterDevice.rule, serialNumber: "SIM-7")
                #expect(found.product.text?.hasPrefix("ODP ") == true)
                #expect(rig.counts.vendor_requests == 0)
            }
        }

        @Test("0.3 s of its stream arrive as whole packets in sequence, from the first one on")
        func streams() throws {
            try Self.withProbe { _, rig in
                let transport = try RigSuite.open(bytesPerSecond: 320_000)
                try transport.control(ControlRequest(0x22))
                #expect(
                    try transport.control(ControlRequest(0x01, body: .in(length: 64))).prefix(4) == [79, 68, 80, 49])
                try transport.control(ControlRequest(0x10, body: .out(Self.acquisition)))
                try transport.control(ControlRequest(0x21, value: 1))
                var sink = CollectingSink(stop: StopSignal(), afterBytes: 96_000)
                try transport.run(into: &sink, heartbeat: nil, until: sink.stop)
                try transport.control(ControlRequest(0x21, value: 0))
                #expect(sink.bytes.count >= 96_000)
                #expect(rig.counts.transfers_in_flight == 0)
                let sequences = sink.sequences
                #expect(sequences.count > 5)
                #expect(sequences == Array(0..<UInt32(sequences.count)))
            }
        }

        @Test("a stall of its stream endpoint is cleared by the transport without loss")
        func clearsHalt() throws {
            try Self.withProbe { device, rig in
                let transport = try RigSuite.open(bytesPerSecond: 320_000)
                try transport.control(ControlRequest(0x10, body: .out(Self.acquisition)))
                try transport.control(ControlRequest(0x21, value: 1))
                let halt = USBSetup(
                    requestType: 0x02, request: 3, value: 0, index: UInt16(SimulatedProbe.streamEndpoint))
                device.state.withLock { state in #expect(state.probe.control(halt) == .acknowledge) }
                var sink = CollectingSink(stop: StopSignal(), afterBytes: 32_000)
                try transport.run(into: &sink, heartbeat: nil, until: sink.stop)
                #expect(rig.counts.clear_halts >= 1)
                #expect(transport.failedTransfers >= 1)
                let sequences = sink.sequences
                #expect(sequences.count > 2)
                #expect(sequences == Array(0..<UInt32(sequences.count)))
            }
        }

        @Test("a heartbeat that stops with the run lets the probe's keep-alive run out")
        func keepsAlive() throws {
            try Self.withProbe { device, _ in
                let transport = try RigSuite.open(bytesPerSecond: 320_000)
                try transport.control(ControlRequest(0x10, body: .out(Self.acquisition)))
                try transport.control(ControlRequest(0x23, value: 250))
                try transport.control(ControlRequest(0x20, value: 1))
                try transport.control(ControlRequest(0x21, value: 1))
                var sink = CollectingSink(stop: StopSignal(), afterBytes: 110_000)
                let heartbeat = Heartbeat(ControlRequest(0x23, value: 2_000), every: .milliseconds(10))
                try transport.run(into: &sink, heartbeat: heartbeat, until: sink.stop)
                #expect(device.state.withLock { $0.probe.isArmed })
                device.advance(nanoseconds: 3_000_000_000)
                #expect(device.state.withLock { !$0.probe.isArmed })
            }
        }
    }
}

/// Keeps every byte of the stream.
private struct CollectingSink: TransferSink, ~Copyable {
    let stop: StopSignal
    let stopAfterBytes: Int
    var bytes: [UInt8] = []

    init(stop: StopSignal, afterBytes: Int) {
        self.stop = stop
        stopAfterBytes = afterBytes
    }

    mutating func receive(_ span: RawSpan, from pipe: ProbePipe) {
        guard pipe == .stream else { return }
        span.withUnsafeBytes { bytes += $0 }
        if bytes.count >= stopAfterBytes { stop.request() }
    }

    func hasRoom(forBytes count: Int) -> Bool { true }

    /// The sequence numbers of the packets, following the lengths from the first byte on; empty when they mislead.
    var sequences: [UInt32] {
        var numbers: [UInt32] = []
        var start = 0
        while start + 32 <= bytes.count {
            guard Array(bytes[start..<start + 4]) == Array("ODPS".utf8) else { return [] }
            numbers.append(number(at: start + 12))
            start += 32 + Int(number(at: start + 8))
        }
        return numbers
    }

    private func number(at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
    }
}
