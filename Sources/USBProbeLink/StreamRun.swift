internal import CLibUSB
internal import ProbeLink

/// One run: everything between the first submission and the return of the last transfer, on one thread.
///
/// The loop handles events, takes what came back, lends the bytes to the sink and puts each transfer in flight again.
/// It holds no lock, allocates nothing and waits only in libusb's poll. The one exception is clearing a halt, a
/// request of its own to the device, at a time when the endpoint delivers nothing.
struct StreamRun: ~Copyable {
    /// What a run takes from its transport.
    struct Terms {
        /// How fast the stream is expected, bytes per second.
        var bytesPerSecond: Int
        /// `usbfs_memory_mb`; `nil` = not known.
        var limitMegabytes: Int?
        /// After how long without anything from the probe the run ends.
        var silenceLimit: Duration
        /// Is shown every transfer.
        var tap: (any TransferTap)?
        /// The monotonic clock, nanoseconds.
        var clock: @Sendable () -> UInt64
    }

    /// How long the loop waits for events before it looks at the stop signal, nanoseconds; project choice.
    static let pollNs: UInt64 = 20_000_000
    /// How long the loop waits for cancelled transfers before it leaves their memory to them, nanoseconds.
    ///
    /// Project choice: a hundred times what host controllers were seen to need.
    static let returnNs: UInt64 = 5_000_000_000
    /// Two transfers, so that an event that follows another at once finds a buffer; project choice.
    private static let eventTransfers = 2

    let connection: USBConnection
    let terms: Terms
    let neededBytes: Int
    var pool: TransferPool
    var pipes: [ReadingPipe]
    var heartbeat: HeartbeatState?
    var isEnding = false
    var problem: TransportError?
    private var silence: SilenceWatch
    /// Transfers that failed and were repeated.
    var failedTransfers: UInt64 = 0

    /// Makes all transfers; nothing is in flight yet.
    init(_ connection: USBConnection, heartbeat: Heartbeat?, terms: Terms) throws(TransportError) {
        let endpoint = connection.streamEndpoint
        let events = connection.setting.usableEndpoints(.interruptIn).first
        let eventBytes = (events?.packetBytes ?? 0) * Self.eventTransfers
        let plan = try TransferPlan(endpoint, bytesPerSecond: terms.bytesPerSecond)
            .fitting(extraBytes: eventBytes, limitMegabytes: terms.limitMegabytes)
        let handle = connection.handle
        var pool = TransferPool(capacity: plan.count + Self.eventTransfers + 1)
        let reads = try pool.addReads(
            of: endpoint, count: plan.count, bytes: plan.transferBytes, packets: plan.packets, of: handle)
        let timing = plan.packets > 0 ? PacketTiming(endpoint, plan: plan) : nil
        var pipes = [ReadingPipe(.stream, of: endpoint.address, transfers: reads, packets: timing)]
        if let events {
            let reads = try pool.addReads(
                of: events, count: Self.eventTransfers, bytes: events.packetBytes, of: handle)
            pipes.append(ReadingPipe(.events, of: events.address, transfers: reads))
        }
        var beats: HeartbeatState?
        if let heartbeat {
            let transfer = try pool.addControl(
                heartbeat.request, timeoutMilliseconds: USBProbeTransport.controlTimeoutMilliseconds, of: handle)
            beats = HeartbeatState(heartbeat, transfer: transfer, nowNs: terms.clock())
        }
        self.pool = pool
        self.pipes = pipes
        self.heartbeat = beats
        self.connection = connection
        self.terms = terms
        silence = SilenceWatch(limit: terms.silenceLimit, nowNs: terms.clock())
        neededBytes = plan.bytes + eventBytes
    }

    /// Streams until `stop` is requested or the stream ends by itself; afterwards nothing is in flight.
    mutating func stream<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(TransportError) {
        silence.heard(atNs: terms.clock())
        for index in pipes.indices { submitAll(index) }
        while !stop.isRequested, problem == nil {
            beatIfDue()
            handleEvents(forNs: waitNs())
            takeCompletions(into: &sink)
            resumeIfDue()
            if connection.hasLeft { note(.disconnected(device: connection.device.label)) }
            if let reason = silence.problem(nowNs: terms.clock(), device: connection.device.label) { note(reason) }
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

    mutating func note(_ reason: TransportError) {
        // That the device is gone explains every other reason.
        if case .disconnected = reason { problem = reason } else { problem = problem ?? reason }
    }

    // MARK: - Completions

    private mutating func takeCompletions<Sink: TransferSink & ~Copyable>(into sink: inout Sink) {
        let waiting = pool.completions.waiting(of: connection.streamEndpoint.address)
        let ranDry = pipes[0].phase == .flowing && waiting.ofEndpoint > 0 && waiting.ofEndpoint == pipes[0].inFlight
        let beganNs = terms.clock()
        for _ in 0..<waiting.all {
            guard let transfer = pool.completions.take() else { return }
            let now = terms.clock()
            if let index = pipes.firstIndex(where: { $0.endpoint == transfer.pointee.endpoint }) {
                pipes[index].inFlight -= 1
                let isAlive = deliver(transfer, index, atNs: now, to: &sink)
                if isAlive { noteLife(index, atNs: now) }
                if isAlive || transfer.pointee.status != LIBUSB_TRANSFER_CANCELLED {
                    let arrivedNs = pipes[index].phase == .flowing ? now : min(now, pipes[index].calledBackNs)
                    pipes[index].packets?.arrived(atNs: arrivedNs)
                }
                judge(transfer, index)
            } else {
                heartbeatCameBack(transfer, atNs: now)
            }
        }
        if ranDry, !isEnding { pipes[0].packets?.ranDry(atNs: beganNs) }
    }

    private mutating func noteLife(_ index: Int, atNs now: UInt64) {
        pipes[index].attempts = 0
        if pipes[index].pipe == .stream { silence.heard(atNs: now) }
    }

    /// Puts a transfer that came back in flight again, or begins to deal with its failure.
    private mutating func judge(_ transfer: TransferPool.Transfer, _ index: Int) {
        let status = transfer.pointee.status
        guard let code = USBErrorTable.code(of: status) else { return submitAgain(transfer, index) }
        if code == LIBUSB_ERROR_NO_DEVICE.rawValue {
            return note(.disconnected(device: connection.device.label))
        }
        guard !isEnding else { return }
        failedTransfers += 1
        if code == LIBUSB_ERROR_TIMEOUT.rawValue { return submitAgain(transfer, index) }
        beginTrouble(code, index)
    }

    // MARK: - Events

    private func waitNs() -> UInt64 {
        var wait = Self.pollNs
        let now = terms.clock()
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
        let limitNs = terms.clock() &+ Self.returnNs
        while inFlight > 0 {
            handleEvents(forNs: Self.pollNs)
            takeCompletions(into: &sink)
            guard terms.clock() < limitNs else {
                pool.abandon()
                return false
            }
        }
        return true
    }
}
