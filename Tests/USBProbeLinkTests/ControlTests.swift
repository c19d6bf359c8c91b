import ProbeLink
import Testing
import UMockdevRig

@testable import USBProbeLink

extension RigSuite {
    @Suite("control")
    struct ControlTests {
        @Test("an IN request returns what the probe sent, cut to its length")
        func controlIn() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                let short = try transport.control(ControlRequest(0x01, body: .in(length: 4)))
                #expect(short == Array("ODP1".utf8))
                #expect(try transport.control(ControlRequest(0x01, body: .in(length: 200))).count == 64)
                #expect(rig.counts.vendor_requests == 2)
            }
        }

        @Test("an OUT request carries its bytes")
        func controlOut() throws {
            let device = CounterDevice()
            try RigSuite.withRig(device) { rig in
                let transport = try RigSuite.open()
                let bytes = (0..<48).map { UInt8($0 * 5) }
                try transport.control(ControlRequest(0x10, body: .out(bytes)))
                #expect(device.state.withLock { $0.written } == bytes)
                #expect(try transport.control(ControlRequest(0x11, body: .in(length: 48))) == bytes)
                #expect(rig.counts.vendor_requests == 2)
            }
        }

        @Test("a refused request is stalled, and the next one works")
        func controlStall() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                #expect(throws: TransportError.stalled(request: 0x55)) { try transport.control(ControlRequest(0x55)) }
                #expect(try transport.control(ControlRequest(0x01, body: .in(length: 4))).count == 4)
                #expect(rig.counts.vendor_requests == 2)
            }
        }

        @Test("a request without an answer times out")
        func controlTimesOut() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                #expect {
                    try transport.control(ControlRequest(0x7E))
                } throws: { error in
                    guard case .timedOut(_, let milliseconds) = error as? TransportError else { return false }
                    return milliseconds == USBProbeTransport.controlTimeoutMilliseconds
                }
                #expect(rig.counts.transfers_in_flight == 0)
            }
        }

        @Test("a request to an unplugged probe is disconnected")
        func controlAfterUnplug() throws {
            try RigSuite.withRig { rig in
                let transport = try RigSuite.open()
                rig.unplug()
                #expect(throws: TransportError.disconnected(device: transport.label)) {
                    try transport.control(ControlRequest(0x01, body: .in(length: 4)))
                }
            }
        }
    }
}
