/// An FPGA or firmware that makes ODP packets by itself: settings once, then the stream from power-on, no requests.
///
/// It is driven through the requests of the ODP probe that it holds, and sends that probe's keep-alive itself.
public struct FreeRunningODP: Sendable {
    /// ODP requests (ODP 1.0, "Vendor requests").
    private enum Request {
        static let setAcquisition: UInt8 = 0x10
        static let arm: UInt8 = 0x20
        static let run: UInt8 = 0x21
        static let keepAlive: UInt8 = 0x23
    }

    /// What the shipped templates are set to: 4 MHz, 8 kHz, one gate of 4 mm at 20 mm, 8 cycles, I/Q alone.
    public static let templateSettings = DeviceSettings(
        centreFrequencyHz: 4_000_000, prfMilliHz: 8_000_000, firstGateDepthUm: 20_000, gateLengthUm: 4000,
        burstCycles: 8, streamMask: 1)
    private static let longestKeepAliveMilliseconds: UInt16 = .max
    /// Keep-alives follow each other by less than half of that time.
    private static let longestStepNanoseconds: UInt64 = 30_000_000_000

    /// The probe inside.
    public internal(set) var probe: SimulatedProbe
    private let settings: DeviceSettings

    /// A board that has just been switched on and already streams.
    init(
        _ settings: DeviceSettings, serialNumber: String, source: any SignalSource,
        fifoBytes: Int = SimulatedProbe.usualFifoBytes
    ) {
        self.settings = settings
        probe = SimulatedProbe(
            identity: DeviceIdentity(serialNumber: serialNumber), source: source, fifoBytes: fifoBytes)
        start()
    }

    /// Begins from the first pulse, with the source that was placed last.
    mutating func start() {
        send(Request.run, 0)
        send(Request.setAcquisition, 0, settings.wire)
        send(Request.keepAlive, Self.longestKeepAliveMilliseconds)
        send(Request.arm, 1)
        send(Request.run, 1)
    }

    /// Stops; what is queued stays readable.
    mutating func stop() { send(Request.run, 0) }

    /// Lets its clock go on.
    mutating func advance(byNanoseconds nanoseconds: UInt64) {
        var left = nanoseconds
        while left > 0 {
            let step = min(left, Self.longestStepNanoseconds)
            probe.advance(byNanoseconds: step)
            send(Request.keepAlive, Self.longestKeepAliveMilliseconds)
            left -= step
        }
    }

    /// Unplugs it and plugs it in again.
    mutating func cyclePower() {
        probe.cyclePower()
        start()
    }

    private mutating func send(_ request: UInt8, _ value: UInt16, _ data: [UInt8] = []) {
        let setup = USBSetup(
            requestType: USBSetup.vendorOut, request: request, value: value, length: UInt16(data.count))
        _ = probe.control(setup, out: data)
    }
}
