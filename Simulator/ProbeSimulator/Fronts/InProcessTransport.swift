internal import Foundation
public import ProbeLink
internal import Synchronization

/// The simulated probe behind the host's seam, in this process and without USB.
///
/// The wire is the real one: vendor requests, packets, and transfers that end where USB would end them.
public final class InProcessTransport: ProbeTransport {
    /// What the lock protects.
    private struct Bench: Sendable {
        var probe: SimulatedProbe
        var isPlugged = true
    }

    /// Room of a transfer unless told otherwise, bytes (project choice: as over USB).
    public static let usualTransferBytes = 16_384
    /// How far an accelerated probe's time moves at once, nanoseconds (project choice: far less than its FIFO holds).
    private static let stepNanoseconds: UInt64 = 4_000_000
    /// The most that a real-time stream makes at one look, nanoseconds, so that the lock is free now and then.
    private static let longestCatchUpNanoseconds: UInt64 = 1_000_000_000
    /// How long the thread rests while there is nothing to do, seconds (project choice).
    private static let restSeconds = 0.0002

    /// What the transport leads to.
    public let label: String
    private let bench: Mutex<Bench>
    private let transferBytes: Int
    private let elapsed: (@Sendable () -> Duration)?
    private let startNanoseconds: UInt64

    /// A probe that has just been plugged in.
    ///
    /// - Parameters:
    ///   - probe: the device, whose time is 0 or continues.
    ///   - pace: how fast its time goes.
    ///   - transferBytes: room of one bulk transfer, rounded down to whole 512-byte packets, at least one.
    public init(
        _ probe: SimulatedProbe, pace: Pace, transferBytes: Int = InProcessTransport.usualTransferBytes
    ) {
        label = "sim \(probe.identity.product) \(probe.identity.serialNumber)"
        bench = Mutex(Bench(probe: probe))
        self.transferBytes = transferBytes
        startNanoseconds = probe.nowNanoseconds
        elapsed = pace.elapsed
    }

    /// Holds the probe at another site: from the next RUN 1 on, the signal comes from this source.
    public func place(_ source: any SignalSource) { bench.withLock { $0.probe.place(source) } }

    /// Does something to the device itself, such as letting a fault happen.
    ///
    /// - Returns: what `body` returns.
    public func withProbe<Result: Sendable>(_ body: @Sendable (inout SimulatedProbe) -> Result) -> Result {
        bench.withLock { bench in
            catchUp(&bench)
            return body(&bench.probe)
        }
    }

    /// Unplugs the probe: every use ends with `TransportError.disconnected` from now on.
    public func unplug() { bench.withLock { $0.isPlugged = false } }

    /// Plugs the probe in again, as just switched on.
    public func plugIn() {
        bench.withLock { bench in
            bench.probe.cyclePower()
            bench.isPlugged = true
        }
    }

    /// Sends one vendor request.
    ///
    /// - Throws: `TransportError.stalled` when the probe refuses it, `.disconnected` when it is unplugged.
    @discardableResult
    public func control(_ request: ControlRequest) throws(TransportError) -> [UInt8] {
        try bench.withLock { bench throws(TransportError) in
            catchUp(&bench)
            return try answer(request, &bench)
        }
    }

    /// Streams until `stop`, or until the probe is unplugged.
    ///
    /// An accelerated probe's time stands still while the sink has no room. The heartbeat is sent by the probe's
    /// time, first at once. A stalled stream is cleared and goes on.
    public func run<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, heartbeat: Heartbeat?, until stop: StopSignal
    ) throws(TransportError) {
        var pass = StreamingPass(transferBytes: transferBytes, heartbeat: heartbeat)
        while !stop.isRequested {
            do throws(TransportError) {
                try bench.withLock { bench throws(TransportError) in try advance(&bench, &pass) }
            } catch {
                deliver(&pass, to: &sink)
                throw error
            }
            for event in pass.takeEvents() { sink.receive(event.span.bytes, from: .events) }
            if pass.transfer.isComplete, sink.hasRoom(forBytes: pass.transfer.bytes.count) {
                deliver(&pass, to: &sink)
            } else if pass.shouldRest || elapsed != nil {
                Thread.sleep(forTimeInterval: Self.restSeconds)
            }
        }
        if sink.hasRoom(forBytes: pass.transfer.bytes.count) { deliver(&pass, to: &sink) }
    }

    private func deliver<Sink: TransferSink & ~Copyable>(_ pass: inout StreamingPass, to sink: inout Sink) {
        if !pass.transfer.bytes.isEmpty { sink.receive(pass.transfer.bytes.span.bytes, from: .stream) }
        pass.transfer.submitAgain()
    }

    /// Fills the transfer; where the probe has nothing more, its time moves on.
    private func advance(_ bench: inout Bench, _ pass: inout StreamingPass) throws(TransportError) {
        try requirePlugged(bench)
        catchUp(&bench)
        try beat(&bench, &pass)
        pass.transfer.fill(from: &bench.probe)
        if !pass.transfer.isComplete, elapsed == nil {
            let room = pass.nextBeatNanoseconds.map { $0 - min($0, bench.probe.nowNanoseconds) }
            bench.probe.advance(byNanoseconds: min(Self.stepNanoseconds, room ?? .max))
            try beat(&bench, &pass)
            pass.transfer.fill(from: &bench.probe)
        }
        pass.collectEvents(from: &bench.probe)
        pass.shouldRest = pass.transfer.isComplete || bench.probe.state != .running
    }

    private func beat(_ bench: inout Bench, _ pass: inout StreamingPass) throws(TransportError) {
        guard let request = pass.dueBeat(at: bench.probe.nowNanoseconds) else { return }
        _ = try answer(request, &bench)
    }

    /// Moves the probe's time to that of the pace's clock; a stream that lags behind catches up in several looks.
    private func catchUp(_ bench: inout Bench) {
        guard let elapsed else { return }
        let now = startNanoseconds &+ elapsed().wholeNanoseconds
        guard now > bench.probe.nowNanoseconds else { return }
        let missing = now - bench.probe.nowNanoseconds
        let isRunning = bench.probe.state == .running
        bench.probe.advance(byNanoseconds: isRunning ? min(missing, Self.longestCatchUpNanoseconds) : missing)
    }

    private func requirePlugged(_ bench: Bench) throws(TransportError) {
        guard bench.isPlugged else { throw .disconnected(device: label) }
    }

    private func answer(_ request: ControlRequest, _ bench: inout Bench) throws(TransportError) -> [UInt8] {
        try requirePlugged(bench)
        let setup: USBSetup
        var data: [UInt8] = []
        switch request.body {
        case .in(let length):
            setup = USBSetup(
                requestType: USBSetup.vendorIn, request: request.request, value: request.value, index: request.index,
                length: length)
        case .out(let bytes):
            guard let length = UInt16(exactly: bytes.count) else { throw .stalled(request: request.request) }
            data = bytes
            setup = USBSetup(
                requestType: USBSetup.vendorOut, request: request.request, value: request.value, index: request.index,
                length: length)
        }
        switch bench.probe.control(setup, out: data) {
        case .stall: throw .stalled(request: request.request)
        case .acknowledge: return []
        case .bytes(let bytes): return bytes
        }
    }
}
