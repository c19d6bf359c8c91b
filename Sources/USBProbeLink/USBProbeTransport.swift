internal import CLibUSB
internal import Glibc
public import ProbeLink
internal import Synchronization

/// A probe on USB, by way of libusb.
///
/// Opening claims one interface of one device and detaches its kernel driver where there is one; both are given back
/// when the transport is no longer held. A context of its own keeps it apart from every other.
public final class USBProbeTransport: ProbeTransport {
    /// How long a vendor request may take, milliseconds; project choice.
    public static let controlTimeoutMilliseconds = 1_000

    private let connection: USBConnection
    private let rate: Atomic<Int>
    private let isRunning = Atomic<Bool>(false)
    private let failed = Atomic<UInt64>(0)
    private let clock: @Sendable () -> UInt64
    private let readMemoryLimit: @Sendable () -> Int?

    /// Opens a device that discovery found, provided that it is still all that `rule` describes.
    ///
    /// No vendor request is sent.
    ///
    /// - Parameters:
    ///   - expectedBytesPerSecond: what the stream will bring; see the property of that name.
    ///   - monotonicNanoseconds: the clock of the heartbeat.
    /// - Throws: `mismatch`, `accessDenied`, `busy`, `disconnected`, or what the USB library reports.
    public init(
        opening device: USBAttachedDevice, matching rule: USBMatchRule, expectedBytesPerSecond: Int = 0,
        monotonicNanoseconds: @escaping @Sendable () -> UInt64 = USBProbeTransport.systemNanoseconds
    ) throws(TransportError) {
        connection = try USBConnection(opening: device, matching: rule)
        rate = Atomic(expectedBytesPerSecond)
        clock = monotonicNanoseconds
        readMemoryLimit = { USBEnvironment.memoryLimit() }
    }

    /// What this transport leads to: `usb 1209:0001 ODP Reference SN0001`.
    public var label: String { connection.device.label }

    /// What the opened device says of itself.
    public var device: USBAttachedDevice { connection.device }

    /// The rate by which the next run's transfers are sized, bytes per second.
    ///
    /// 0 = the smallest transfers, four in flight.
    public var expectedBytesPerSecond: Int {
        get { rate.load(ordering: .relaxed) }
        set { rate.store(newValue, ordering: .relaxed) }
    }

    /// Sizes the next run's transfers.
    public func expect(bytesPerSecond: Int) { rate.store(bytesPerSecond, ordering: .relaxed) }

    /// Transfers that failed and were repeated, over all runs that have ended.
    public var failedTransfers: UInt64 { failed.load(ordering: .relaxed) }

    /// Sends one vendor request; from any thread, also while `run` is at work.
    @discardableResult
    public func control(_ request: ControlRequest) throws(TransportError) -> [UInt8] {
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
    /// - Throws: `busy` when another run is at work, `memoryLimit` before anything is in flight, `disconnected`, or
    ///   why the endpoint could not be read.
    public func run<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, heartbeat: Heartbeat?, until stop: StopSignal
    ) throws(TransportError) {
        guard !isRunning.exchange(true, ordering: .acquiringAndReleasing) else { throw .busy(device: label) }
        defer { isRunning.store(false, ordering: .releasing) }
        let endpoint = try StreamRun.streamEndpoint(of: connection)
        let plan = TransferPlan(bytesPerSecond: expectedBytesPerSecond, packetBytes: endpoint.packetBytes)
        var run = try StreamRun(
            connection, plan: plan, heartbeat: heartbeat, limitMegabytes: readMemoryLimit(), clock: clock)
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
