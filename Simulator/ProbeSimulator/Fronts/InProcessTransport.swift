internal import Foundation
public import ProbeLink
internal import Synchronization

/// A simulated device behind the host's seam, in this process and without USB.
///
/// The wire is the real one: requests, packets, and transfers that end where USB would end them. Where the operating
/// system would configure the device and select an alternate setting, the transport does it.
public final class InProcessTransport: ProbeTransport {
    /// What the lock protects.
    struct Bench: Sendable {
        var device: any SimulatedDevice
        var clock: HostClock
        var isPlugged = true
    }

    /// Room of a transfer unless told otherwise, bytes (project choice: as over USB).
    public static let usualTransferBytes = 16_384
    /// How far an accelerated device's time moves at once, nanoseconds (project choice: far less than its FIFO holds).
    static let stepNanoseconds: UInt64 = 4_000_000
    /// The most that a real-time stream makes at one look, nanoseconds, so that the lock is free now and then.
    private static let longestCatchUpNanoseconds: UInt64 = 1_000_000_000
    /// How long the thread rests while there is nothing to do, seconds (project choice).
    private static let restSeconds = 0.0002
    /// How long a device may not answer, milliseconds (project choice: as the driver waits for a request).
    static let answerMilliseconds = 1000

    let bench: Mutex<Bench>
    private let transferBytes: Int
    private let elapsed: (@Sendable () -> Duration)?
    private let startNanoseconds: UInt64

    /// A device that has just been plugged in.
    ///
    /// - Parameters:
    ///   - device: the device, whose time is 0 or continues.
    ///   - pace: how fast its time goes.
    ///   - transferBytes: room of one bulk transfer, rounded down to whole packets, at least one.
    ///   - clockDriftPpm: how much faster than the device's clock the host's runs, millionths.
    public init(
        _ device: any SimulatedDevice, pace: Pace, transferBytes: Int = InProcessTransport.usualTransferBytes,
        clockDriftPpm: Double = 0
    ) {
        var attached = device
        Self.configure(&attached)
        bench = Mutex(Bench(device: attached, clock: HostClock(driftPpm: clockDriftPpm)))
        self.transferBytes = transferBytes
        startNanoseconds = device.nowNanoseconds
        elapsed = pace.elapsed
    }

    /// What the transport leads to.
    public var label: String { bench.withLock { Self.label(of: $0) } }

    /// Holds the transducer at another site: from the next start on, the signal comes from this source.
    public func place(_ source: any SignalSource) { bench.withLock { $0.device.place(source) } }

    /// Lets the host's clock run faster than the device's from now on, millionths.
    public func setClockDrift(ppm: Double) {
        bench.withLock { $0.clock.set(driftPpm: ppm, atDevice: $0.device.nowNanoseconds) }
    }

    /// Does something to the ODP probe itself, such as letting a fault happen.
    ///
    /// - Returns: what `body` returns; `nil` when the device is another one.
    @discardableResult
    public func withProbe<Result: Sendable>(_ body: @Sendable (inout SimulatedProbe) -> Result) -> Result? {
        with(SimulatedProbe.self, body)
    }

    /// Does something to the device of this type, be it the one on the cable or one that it wraps.
    ///
    /// - Returns: what `body` returns; `nil` when there is no such device.
    @discardableResult
    public func with<Device: SimulatedDevice, Result: Sendable>(
        _ type: Device.Type, _ body: @Sendable (inout Device) -> Result
    ) -> Result? {
        bench.withLock { bench in
            catchUp(&bench)
            return bench.device.with(type, body)
        }
    }

    /// Unplugs the device: every use ends with `TransportError.disconnected` from now on.
    public func unplug() { bench.withLock { $0.isPlugged = false } }

    /// Plugs the device in again, as just switched on; one that left the bus by itself comes back as what it became.
    public func plugIn() {
        bench.withLock { bench in
            if bench.device.needsReenumeration {
                bench.device.reenumerate()
            } else {
                bench.device.cyclePower()
            }
            Self.configure(&bench.device)
            bench.isPlugged = true
        }
    }

    /// Sends one request.
    ///
    /// - Throws: `TransportError.stalled` when the device refuses it, `.disconnected` when it is unplugged or has left
    ///   the bus, `.timedOut` when it does not answer.
    @discardableResult
    public func control(_ request: ControlRequest) throws(TransportError) -> [UInt8] {
        try bench.withLock { bench throws(TransportError) in
            catchUp(&bench)
            return try Self.answer(request, &bench)
        }
    }

    /// Streams until `stop`, or until the device is unplugged or no longer answers.
    ///
    /// An accelerated device's time stands still while the sink has no room. The heartbeat is sent by the device's
    /// time, first at once. A stalled stream is cleared and goes on.
    public func run<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, heartbeat: Heartbeat?, until stop: StopSignal
    ) throws(TransportError) {
        let packetBytes = bench.withLock { bench in
            Self.selectStream(&bench.device)
            return bench.device.speed.bulkPacketBytes
        }
        var pass = StreamingPass(transferBytes: transferBytes, packetBytes: packetBytes, heartbeat: heartbeat)
        while !stop.isRequested {
            do throws(TransportError) {
                try bench.withLock { bench throws(TransportError) in
                    catchUp(&bench)
                    try Self.advance(&bench, &pass, isAccelerated: elapsed == nil)
                }
            } catch {
                _ = Self.deliver(&pass, to: &sink, asFarAsThereIsRoom: false)
                throw error
            }
            for event in pass.takeEvents() { sink.receive(event.span.bytes, from: .events) }
            let isDelivered = Self.deliver(&pass, to: &sink, asFarAsThereIsRoom: true)
            if !isDelivered, pass.shouldRest || elapsed != nil { Thread.sleep(forTimeInterval: Self.restSeconds) }
        }
        if sink.hasRoom(forBytes: pass.transfer.bytes.count) {
            _ = Self.deliver(&pass, to: &sink, asFarAsThereIsRoom: false)
        }
    }

    /// Moves the device's time to that of the pace's clock; a stream that lags behind catches up in several looks.
    private func catchUp(_ bench: inout Bench) {
        guard let elapsed else { return }
        let now = startNanoseconds &+ elapsed().wholeNanoseconds
        guard now > bench.device.nowNanoseconds else { return }
        let missing = now - bench.device.nowNanoseconds
        let isRunning = bench.device.isStreaming
        bench.device.advance(byNanoseconds: isRunning ? min(missing, Self.longestCatchUpNanoseconds) : missing)
    }
}
