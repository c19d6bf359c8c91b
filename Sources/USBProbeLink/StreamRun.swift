internal import CLibUSB
internal import ProbeLink

/// One run: everything between the first submission and the return of the last transfer, on one thread.
///
/// The loop handles events, takes what came back, lends the bytes to the sink and puts each transfer in flight again.
/// It holds no lock, allocates nothing and waits only in libusb's poll. The one exception is clearing a halt, a
/// request of its own to the device, at a time when the endpoint delivers nothing.
struct StreamRun: ~Copyable {
    /// How long the loop waits for events before it looks at the stop signal, nanoseconds; project choice.
    static let pollNs: UInt64 = 20_000_000
    /// How long the loop waits for cancelled transfers before it leaves their memory to them, nanoseconds.
    ///
    /// Project choice: a hundred times what host controllers were seen to need.
    static let returnNs: UInt64 = 5_000_000_000

    private let connection: USBConnection
    private let clock: @Sendable () -> UInt64
    private let neededBytes: Int
    private let limitBytes: Int?
    private var pool: TransferPool
    private var pipes: [ReadingPipe]
    private var heartbeat: HeartbeatState?
    private var isEnding = false
    private var problem: TransportError?
    /// Transfers that failed and were repeated.
    private(set) var failedTransfers: UInt64 = 0

    /// Makes all transfers; nothing is in flight yet.
    init(
        _ connection: USBConnection, plan: TransferPlan, heartbeat: Heartbeat?, limitMegabytes: Int?,
        clock: @escaping @Sendable () -> UInt64
    ) throws(TransportError) {
        let streamEndpoint = try Self.streamEndpoint(of: connection)
        let events = connection.setting.endpoints(.interruptIn).first { $0.packetBytes > 0 }
        let eventBytes = (events?.packetBytes ?? 0) * Self.eventTransfers
        try plan.check(extraBytes: eventBytes, limitMegabytes: limitMegabytes)
        let handle = connection.handle
        var pool = TransferPool(capacity: plan.count + Self.eventTransfers + 1)
        let stream = try pool.addReads(of: streamEndpoint, count: plan.count, bytes: plan.transferBytes, of: handle)
        var pipes = [ReadingPipe(pipe: .stream, endpoint: streamEndpoint.address, transfers: stream)]
        if let events {
            let reads = try pool.addReads(
                of: events, count: Self.eventTransfers, bytes: events.packetBytes, of: handle)
            pipes.append(ReadingPipe(pipe: .events, endpoint: events.address, transfers: reads))
        }
        var beats: HeartbeatState?
        if let heartbeat {
            let transfer = try pool.addControl(
                heartbeat.request, timeoutMilliseconds: USBProbeTransport.controlTimeoutMilliseconds, of: handle)
            beats = HeartbeatState(heartbeat, transfer: transfer, nowNs: clock())
        }
        self.pool = pool
        self.pipes = pipes
        self.heartbeat = beats
        self.connection = connection
        self.clock = clock
        neededBytes = plan.bytes + eventBytes
        limitBytes = limitMegabytes.map { $0.multipliedReportingOverflow(by: 1 << 20).partialValue }
    }

    /// Two transfers, so that an event that follows another at once finds a buffer; project choice.
    private static let eventTransfers = 2

    static func streamEndpoint(of connection: USBConnection) throws(TransportError) -> USBEndpoint {
        if let endpoint = connection.setting.endpoints(.bulkIn).first, endpoint.packetBytes > 0 { return endpoint }
        throw .mismatch(
            device: connection.device.label,
            differences: ["interface \(connection.setting.number) has no bulk IN endpoint to stream from"])
    }

    /// Streams until `stop` is requested or the stream ends by itself; afterwards nothing is in flight.
    mutating func stream<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(TransportError) {
        for index in pipes.indices { submitAll(index) }
        while !stop.isRequested, problem == nil {
            beatIfDue()
            handleEvents(forNs: waitNs())
            takeCompletions(into: &sink)
            resumeIfDue()
            if connection.hasLeft { note(.disconnected(device: connection.device.label)) }
        }
        let endedByItself = problem != nil
        isEnding = true
        guard bringBackAll(into: &sink) else {
            throw .timedOut(what: connection.device.label, milliseconds: Int(Self.returnNs / 1_000_000))
        }
        // A reason that shows only after a wanted stop is not why the stream ended.
        guard endedByItself, let problem else { return }
        throw problem
    }

    // MARK: - Completions

    private mutating func takeCompletions<Sink: TransferSink & ~Copyable>(into sink: inout Sink) {
        while let transfer = pool.completions.take() {
            if let index = pipes.firstIndex(where: { $0.endpoint == transfer.pointee.endpoint }) {
                pipes[index].inFlight -= 1
                deliver(transfer, from: pipes[index].pipe, to: &sink)
                judge(transfer, index)
            } else {
                heartbeatCameBack(transfer.pointee.status)
            }
        }
    }

    /// Lends the bytes to the sink, whatever the status: what arrived before trouble is good.
    private func deliver<Sink: TransferSink & ~Copyable>(
        _ transfer: TransferPool.Transfer, from pipe: ProbePipe, to sink: inout Sink
    ) {
        let count = min(Int(transfer.pointee.actual_length), Int(transfer.pointee.length))
        guard count > 0, let buffer = transfer.pointee.buffer else { return }
        sink.receive(UnsafeRawBufferPointer(start: buffer, count: count).bytes, from: pipe)
    }

    private mutating func judge(_ transfer: TransferPool.Transfer, _ index: Int) {
        let status = transfer.pointee.status
        guard let code = USBErrorTable.code(of: status) else {
            if status == LIBUSB_TRANSFER_COMPLETED { pipes[index].attempts = 0 }
            return submitAgain(transfer, index)
        }
        if code == LIBUSB_ERROR_NO_DEVICE.rawValue {
            return note(.disconnected(device: connection.device.label))
        }
        guard !isEnding else { return }
        failedTransfers += 1
        if code == LIBUSB_ERROR_TIMEOUT.rawValue { return submitAgain(transfer, index) }
        beginTrouble(code, index)
    }

    private mutating func submitAgain(_ transfer: TransferPool.Transfer, _ index: Int) {
        guard !isEnding, problem == nil, pipes[index].phase == .flowing else { return }
        let code = libusb_submit_transfer(transfer)
        if code == 0 {
            pipes[index].inFlight += 1
        } else {
            submissionFailed(code, index)
        }
    }

    private mutating func submissionFailed(_ code: Int32, _ index: Int) {
        if code == LIBUSB_ERROR_IO.rawValue { return beginTrouble(code, index) }
        note(
            connection.errors.submitError(
                code, doing: "reading endpoint 0x" + String(pipes[index].endpoint, radix: 16),
                neededBytes: neededBytes, limitBytes: limitBytes))
    }

    private mutating func note(_ reason: TransportError) {
        // That the device is gone explains every other reason.
        if case .disconnected = reason { problem = reason } else { problem = problem ?? reason }
    }

    // MARK: - Trouble

    /// Calls back the pipe's other transfers, so that the halt can be cleared.
    ///
    /// Several errors at once may mean that the device was unplugged; the attempts to go on will show it.
    private mutating func beginTrouble(_ code: Int32, _ index: Int) {
        guard pipes[index].phase == .flowing else { return }
        pipes[index].phase = .returning
        pipes[index].lastCode = code
        pipes[index].cancel()
    }

    private mutating func resumeIfDue() {
        for index in pipes.indices where pipes[index].inFlight == 0 && problem == nil {
            switch pipes[index].phase {
            case .flowing: break
            case .returning: resume(index)
            case .pausing(let untilNs): if clock() >= untilNs { resume(index) }
            }
        }
    }

    private mutating func resume(_ index: Int) {
        if pipes[index].phase == .returning, pipes[index].attempts > 0 { return pause(index) }
        let endpoint = pipes[index].endpoint
        pipes[index].attempts += 1
        guard pipes[index].attempts <= ReadingPipe.mostAttempts else {
            let doing = "reading endpoint 0x\(String(endpoint, radix: 16)), after \(ReadingPipe.mostAttempts) attempts"
            return note(connection.errors.error(pipes[index].lastCode, doing: doing))
        }
        let code = libusb_clear_halt(connection.handle, endpoint)
        if code == LIBUSB_ERROR_NO_DEVICE.rawValue { return note(.disconnected(device: connection.device.label)) }
        guard code == 0 else { return pause(index) }
        pipes[index].phase = .flowing
        submitAll(index)
    }

    private mutating func pause(_ index: Int) {
        pipes[index].phase = .pausing(untilNs: clock() &+ ReadingPipe.pauseNs)
    }

    private mutating func submitAll(_ index: Int) {
        for transfer in pipes[index].transfers { submitAgain(transfer, index) }
    }

    // MARK: - Heartbeat

    private mutating func beatIfDue() {
        guard heartbeat?.begin(nowNs: clock()) == true, let transfer = heartbeat?.transfer else { return }
        let code = libusb_submit_transfer(transfer)
        guard code != 0 else { return }
        heartbeat?.isInFlight = false
        heartbeatFailed(code)
    }

    private mutating func heartbeatCameBack(_ status: libusb_transfer_status) {
        heartbeat?.isInFlight = false
        guard let code = USBErrorTable.code(of: status) else {
            if status == LIBUSB_TRANSFER_COMPLETED { heartbeat?.failures = 0 }
            return
        }
        heartbeatFailed(code)
    }

    private mutating func heartbeatFailed(_ code: Int32) {
        guard !isEnding || code == LIBUSB_ERROR_NO_DEVICE.rawValue, let request = heartbeat?.request else { return }
        failedTransfers += 1
        heartbeat?.failures += 1
        let isFinal = code == LIBUSB_ERROR_NO_DEVICE.rawValue || code == LIBUSB_ERROR_PIPE.rawValue
        guard isFinal || heartbeat?.failures == HeartbeatState.mostFailures else { return }
        note(
            connection.errors.controlError(
                code, request: request, milliseconds: USBProbeTransport.controlTimeoutMilliseconds))
    }

    // MARK: - Events

    private func waitNs() -> UInt64 {
        var wait = Self.pollNs
        let now = clock()
        if let due = heartbeat?.dueNs { wait = min(wait, due > now ? due - now : 0) }
        for pipe in pipes {
            if case .pausing(let untilNs) = pipe.phase { wait = min(wait, untilNs > now ? untilNs - now : 0) }
        }
        return wait
    }

    private mutating func handleEvents(forNs wait: UInt64) {
        var time = timeval(tv_sec: 0, tv_usec: Int(clamping: wait / 1_000))
        let code = libusb_handle_events_timeout_completed(connection.context.pointer, &time, nil)
        // "Interrupted" is a signal, which the stop signal's poll takes care of.
        guard code != 0, code != LIBUSB_ERROR_INTERRUPTED.rawValue else { return }
        note(connection.errors.error(code, doing: "waiting for the probe"))
    }

    private var inFlight: Int { pipes.reduce(heartbeat?.isInFlight == true ? 1 : 0) { $0 + $1.inFlight } }

    /// Cancels everything and handles events until every callback has come.
    ///
    /// - Returns: whether they all came; if not, their memory is left to them.
    private mutating func bringBackAll<Sink: TransferSink & ~Copyable>(into sink: inout Sink) -> Bool {
        takeCompletions(into: &sink)
        for pipe in pipes { pipe.cancel() }
        if let transfer = heartbeat?.transfer { libusb_cancel_transfer(transfer) }
        let limitNs = clock() &+ Self.returnNs
        while inFlight > 0 {
            handleEvents(forNs: Self.pollNs)
            takeCompletions(into: &sink)
            guard clock() < limitNs else {
                pool.abandon()
                return false
            }
        }
        return true
    }
}
