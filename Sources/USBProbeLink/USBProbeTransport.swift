internal import CLibUSB
internal import Glibc
public import ProbeLink
internal import Synchronization

/// A probe on USB, by way of libusb.
///
/// Opening claims the interfaces of one device and detaches their kernel drivers where there are any; both are given
/// back when the transport is no longer held. A context of its own keeps it apart from every other.
public final class USBProbeTransport: ProbeTransport {
    /// How long a vendor request may take, milliseconds; project choice.
    public static let controlTimeoutMilliseconds = 1_000
    /// After how long a run ends in which the probe sends nothing at all, not even an empty transfer.
    ///
    /// Project choice: a thousand times what a probe may take to end a batch, and shorter than a person waits.
    public static let silenceLimit = Duration.seconds(5)

    private let connection: USBConnection
    private let rate = Atomic<Int>(0)
    private let isRunning = Atomic<Bool>(false)
    private let failed = Atomic<UInt64>(0)
    private let progress = Mutex(Progress())
    private let clock: @Sendable () -> UInt64
    private let emergencyStop = Mutex<EmergencyStop?>(nil)
    private let silence: Duration
    private let tap: (any TransferTap)?
    private let readMemoryLimit: @Sendable () -> Int?

    private struct Progress {
        var connection = ProbeConnection()
        var scheduling = StreamScheduling.ordinary
    }

    /// Opens a device that discovery found, provided that it is still all that `rule` describes.
    ///
    /// No vendor request is sent. An alternate setting that `rule` asks for is in force until the transport is no
    /// longer held, then setting 0 is again.
    ///
    /// - Parameters:
    ///   - tap: is shown every transfer and request; `nil` = nobody is.
    ///   - silenceLimit: after how long a run ends in which the probe sends nothing.
    ///   - monotonicNanoseconds: the clock of the heartbeat, of arrivals and of that limit.
    /// - Throws: `mismatch`, `accessDenied`, `busy`, `disconnected`, or what the USB library reports.
    public convenience init(
        opening device: USBAttachedDevice, matching rule: USBMatchRule, tap: (any TransferTap)? = nil,
        silenceLimit: Duration = USBProbeTransport.silenceLimit,
        monotonicNanoseconds: @escaping @Sendable () -> UInt64 = USBProbeTransport.systemNanoseconds
    ) throws(TransportError) {
        try self.init(
            opening: device, matching: rule, tap: tap, silenceLimit: silenceLimit,
            monotonicNanoseconds: monotonicNanoseconds, memoryLimit: { USBEnvironment.memoryLimit() })
    }

    /// Opens a device with another way to read `usbfs_memory_mb`.
    init(
        opening device: USBAttachedDevice, matching rule: USBMatchRule, tap: (any TransferTap)?,
        silenceLimit: Duration, monotonicNanoseconds: @escaping @Sendable () -> UInt64,
        memoryLimit: @escaping @Sendable () -> Int?
    ) throws(TransportError) {
        connection = try USBConnection(opening: device, matching: rule)
        clock = monotonicNanoseconds
        silence = silenceLimit
        self.tap = tap
        readMemoryLimit = memoryLimit
        progress.withLock { $0.connection.note(.opened) }
    }

    /// What this transport leads to: `usb 1209:0001 ODP Reference SN0001`.
    public var label: String { connection.device.label }

    /// What the opened device says of itself.
    public var device: USBAttachedDevice { connection.device }

    /// The endpoint and the alternate setting that the samples come from.
    public var streamEndpoint: USBEndpoint { connection.streamEndpoint }

    /// How things stand with the probe, and what failed last; from any thread.
    public var status: ProbeConnection { progress.withLock { $0.connection } }

    /// How the thread of the present run is scheduled, or that of the last one was; from any thread.
    public var scheduling: StreamScheduling { progress.withLock { $0.scheduling } }

    /// Sizes the next run's transfers of a bulk endpoint by the rate that is expected, bytes per second.
    ///
    /// 0 = the smallest transfers, four in flight, which is so until something else is said. The packets of an
    /// isochronous endpoint follow the bus.
    public func expect(bytesPerSecond: Int) { rate.store(bytesPerSecond, ordering: .relaxed) }

    /// Transfers that failed and were repeated, over all runs that have ended.
    public var failedTransfers: UInt64 { failed.load(ordering: .relaxed) }

    /// Remembers requests that end transmission, to be sent should the program die by a signal that can be caught.
    public func sendAtCrash(_ requests: [ControlRequest]) {
        let stop = EmergencyStop(bus: device.bus, address: device.address, send: requests)
        emergencyStop.withLock { $0 = stop }
    }

    /// Sends one request; from any thread, also while `run` is at work.
    ///
    /// A class request to an endpoint with the index 0 goes to the endpoint of the stream, whose address differs
    /// between devices of one kind.
    @discardableResult
    public func control(_ request: ControlRequest) throws(TransportError) -> [UInt8] {
        var request = request
        if request.scope == .classEndpoint, request.index == 0 {
            request.index = UInt16(connection.streamEndpoint.address)
        }
        let startNs = clock()
        do throws(TransportError) {
            let data = try send(request)
            tap?.controlEnded(request, data: data, error: nil, startNanoseconds: startNs, endNanoseconds: clock())
            return data
        } catch {
            tap?.controlEnded(request, data: [], error: error, startNanoseconds: startNs, endNanoseconds: clock())
            if case .disconnected = error { progress.withLock { $0.connection.note(.failed(error)) } }
            throw error
        }
    }

    private func send(_ request: ControlRequest) throws(TransportError) -> [UInt8] {
        let setup = ControlSetup(request)
        if case .out(let bytes) = request.body, bytes.count != setup.bytes.count {
            throw .usb(code: LIBUSB_ERROR_INVALID_PARAM.rawValue, doing: "sending \(bytes.count) bytes in a request")
        }
        var data = setup.bytes + [UInt8](repeating: 0, count: Int(setup.length) - setup.bytes.count)
        let count = libusb_control_transfer(
            connection.handle, setup.requestType, request.request, request.value, request.index, &data,
            setup.length, UInt32(Self.controlTimeoutMilliseconds))
        guard count >= 0 else {
            throw connection.errors.controlError(
                count, request: request.request, milliseconds: Self.controlTimeoutMilliseconds)
        }
        guard case .in = request.body else { return [] }
        return Array(data.prefix(Int(count)))
    }

    /// Streams until `stop` is requested.
    ///
    /// The calling thread is given precedence for as long as that takes, where the system allows it.
    ///
    /// - Throws: `busy` when another run is at work, `memoryLimit` before anything is in flight, `disconnected`,
    ///   `timedOut` when the probe has fallen silent, or why the endpoint could not be read.
    public func run<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, heartbeat: Heartbeat?, until stop: StopSignal
    ) throws(TransportError) {
        guard !isRunning.exchange(true, ordering: .acquiringAndReleasing) else { throw .busy(device: label) }
        defer { isRunning.store(false, ordering: .releasing) }
        let priority = RaisedPriority()
        defer { priority.restore() }
        progress.withLock {
            $0.connection.note(.started)
            $0.scheduling = priority.scheduling
        }
        do throws(TransportError) {
            try stream(into: &sink, heartbeat: heartbeat, until: stop)
            progress.withLock { $0.connection.note(.stopped) }
        } catch {
            progress.withLock { $0.connection.note(.failed(error)) }
            throw error
        }
    }

    private func stream<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, heartbeat: Heartbeat?, until stop: StopSignal
    ) throws(TransportError) {
        let terms = StreamRun.Terms(
            bytesPerSecond: rate.load(ordering: .relaxed), limitMegabytes: readMemoryLimit(), silenceLimit: silence,
            tap: tap, clock: clock)
        var run = try StreamRun(connection, heartbeat: heartbeat, terms: terms)
        defer { failed.add(run.failedTransfers, ordering: .relaxed) }
        try run.stream(into: &sink, until: stop)
    }

    /// The system's monotonic clock, nanoseconds.
    public static func systemNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }
}
