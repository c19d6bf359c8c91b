import ProbeLink
import Testing
import UMockdevRig

@testable import USBProbeLink

/// The real libusb against a device on the rig.
///
/// There can be one rig at a time, so everything that uses it belongs to this suite.
@Suite("USB probe", .serialized, .timeLimit(.minutes(1)))
struct RigSuite {
    static let run = ControlRequest(0x21, value: 1)
    static let halt = ControlRequest(0x21, value: 0)

    /// What flows in 0.3 s at the device's 4 MB/s.
    static let streamedBytes = 1_200_000

    /// Plugs in a device while `body` is at work.
    static func withRig(
        _ device: any RigBehaviour = CounterDevice(), descriptors: [UInt8] = CounterDevice.descriptors(),
        strings: [String] = CounterDevice.strings, speedMbitPerS: Int32 = 480, _ body: (RigDevice) throws -> Void
    ) throws {
        let rig = try RigDevice(device, descriptors: descriptors, strings: strings, speedMbitPerS: speedMbitPerS)
        try withExtendedLifetime(rig) { try body(rig) }
    }

    static func open(
        bytesPerSecond: Int = 4_000_000, matching rule: USBMatchRule = CounterDevice.rule,
        tap: (any TransferTap)? = nil, silenceLimit: Duration = USBProbeTransport.silenceLimit,
        memoryLimitMegabytes: Int? = nil
    ) throws -> USBProbeTransport {
        let found = try USBDeviceDiscovery().find(rule)
        let transport = try USBProbeTransport(
            opening: found, matching: rule, tap: tap, silenceLimit: silenceLimit,
            monotonicNanoseconds: USBProbeTransport.systemNanoseconds, memoryLimit: { memoryLimitMegabytes })
        transport.expect(bytesPerSecond: bytesPerSecond)
        return transport
    }

    /// Runs until the sink stops it, and says why it ended, if by itself.
    static func stream<Sink: StoppingSink & ~Copyable>(
        _ transport: USBProbeTransport, _ sink: inout Sink, heartbeat: Heartbeat? = nil
    ) -> TransportError? {
        do throws(TransportError) {
            try transport.run(into: &sink, heartbeat: heartbeat, until: sink.stop)
            return nil
        } catch {
            return error
        }
    }
}

/// A sink that ends its own run.
protocol StoppingSink: TransferSink, ~Copyable {
    var stop: StopSignal { get }
}
