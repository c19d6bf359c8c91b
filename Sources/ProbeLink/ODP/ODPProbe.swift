internal import Synchronization

/// A probe that speaks ODP 1.0, behind any transport.
public final class ODPProbe: FrameSource {
    /// How long the probe transmits without hearing from the host, ms (project choice: the protocol's own default).
    private static let keepAliveMs: UInt16 = 1000
    /// What the streaming loop repeats (project choice: three may fail before the keep-alive runs out).
    private static let heartbeat = Heartbeat(
        ODPRequest.keepAlive(milliseconds: keepAliveMs), every: .milliseconds(250))

    /// What the probe says of itself.
    public let identity: ODPIdentity
    /// What the frames come from.
    public let origin: SourceOrigin

    private let transport: any ProbeTransport
    private let settings = Mutex<AcquisitionSettings?>(nil)

    private init(transport: any ProbeTransport, identity: ODPIdentity, origin: SourceOrigin) {
        self.transport = transport
        self.identity = identity
        self.origin = origin
    }

    /// Resets the probe, which disarms it, and reads what it is.
    ///
    /// - Parameters:
    ///   - transport: leads to a device that the transport has already matched.
    ///   - specifier: the word that picked the source, for the record.
    ///   - profileID: the device profile's id, where one was used.
    /// - Throws: `.link` with what went wrong, also when the device does not speak ODP 1.
    public static func open(
        over transport: any ProbeTransport, specifier: String, profileID: String?
    ) throws(SourceError) -> ODPProbe {
        // The keep-alive would end transmission too, a second later.
        transport.sendAtCrash([ODPRequest.arm(false), ODPRequest.run(false)])
        do {
            try transport.control(ODPRequest.reset)
            let answer = try transport.control(ODPRequest.identity)
            let identity = try ODPIdentity(answer.span.bytes)
            let origin = SourceOrigin(
                specifier: specifier, device: "\(transport.label), firmware \(identity.firmware)",
                profileID: profileID, isSimulated: identity.capabilities.contains(.simulated),
                declaredMechanicalIndexPerMille: identity.declaredMechanicalIndexPerMille,
                declaredThermalIndexPerMille: identity.declaredThermalIndexPerMille)
            return ODPProbe(transport: transport, identity: identity, origin: origin)
        } catch {
            throw .link(error)
        }
    }

    /// Asks for settings and reads back those in force, which alone are used from then on.
    ///
    /// - Throws: `.link(.stalled)` when the probe refuses them, as it also does while it runs or after a fault.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        // While settings are on their way none are in force, also when that fails half-way.
        settings.withLock { $0 = nil }
        let inForce: AcquisitionSettings
        do {
            inForce = try negotiate(wanted)
        } catch {
            throw .link(error)
        }
        settings.withLock { $0 = inForce }
        transport.expect(bytesPerSecond: inForce.iqBytesPerSecond + inForce.bModeBytesPerSecond)
        return inForce
    }

    /// Reads the probe's state.
    public func status() throws(SourceError) -> ODPStatus {
        do {
            return try readStatus()
        } catch {
            throw .link(error)
        }
    }

    /// Streams until `stop`, the end of the transport, or a fault of the probe; then disarms.
    ///
    /// A stop that was asked for is no loss: what the probe still held is not read and not counted. When the link
    /// failed or the probe reports a fault, what is missing at the end is marked, where STATUS can still be read.
    /// A fault that the probe announces ends the run at once; what it then still held is part of that mark.
    ///
    /// - Throws: the first thing that went wrong, `.link(.stalled)` also when `prepare` has not succeeded before.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        let ended = StopSignal(following: stop)
        let failedBefore = transport.failedTransfers
        let prfHz = settings.withLock { $0?.prfHz } ?? 0
        var receiver = ODPStreamReceiver(into: sink, ended: ended, prfHz: prfHz)
        var failure: TransportError?
        var isStreaming = false
        do throws(TransportError) {
            try start()
            isStreaming = true
            try transport.run(into: &receiver, heartbeat: Self.heartbeat, until: ended)
        } catch {
            failure = error
        }
        let wasStopped = failure == nil && stop.isRequested
        let disarmFailure = disarm()
        let status = isStreaming ? statusAfterRun() : nil
        if status?.state == .fault, failure == nil {
            failure = .faulted(device: transport.label, faultBits: status?.faults.rawValue ?? 0)
        }
        receiver.finish(countingCutOff: failure != nil || !wasStopped)
        if failure != nil, let status, streams.contains(.iq) { receiver.markTail(status) }
        var counters = receiver.counters
        counters.failedTransfers = transport.failedTransfers &- failedBefore
        counters.droppedByProbe = status.map { UInt64($0.droppedPackets) }
        sink = receiver.release()
        if let reason = failure ?? disarmFailure { throw SourceRunError(.link(reason), counters: counters) }
        return counters
    }

    /// Sends settings and reads the answer.
    private func negotiate(_ wanted: AcquisitionSettings) throws(TransportError) -> AcquisitionSettings {
        try transport.control(ODPRequest.setAcquisition(wanted))
        let answer = try transport.control(ODPRequest.getAcquisition)
        let inForce = try AcquisitionSettings(odp: answer.span.bytes)
        if let contradiction = inForce.odpContradiction {
            throw .protocolViolation(what: "it answers that \(contradiction) is in force")
        }
        return inForce
    }

    /// Lets the probe stream, and transmit where the settings in force say so.
    private func start() throws(TransportError) {
        guard let inForce = settings.withLock({ $0 }) else {
            // What the probe itself answers to RUN without settings; a former host's settings are not taken over.
            throw .stalled(request: ODPRequest.Code.run)
        }
        try transport.control(ODPRequest.keepAlive(milliseconds: Self.keepAliveMs))
        if inForce.transmitLevelPerMille > 0 { try transport.control(ODPRequest.arm(true)) }
        try transport.control(ODPRequest.run(true))
    }

    /// Stops the stream and forbids transmission; the second is tried whatever becomes of the first.
    private func disarm() -> TransportError? {
        var first: TransportError?
        for request in [ODPRequest.run(false), ODPRequest.arm(false)] {
            do {
                try transport.control(request)
            } catch {
                first = first ?? error
            }
        }
        return first
    }

    private func readStatus() throws(TransportError) -> ODPStatus {
        let answer = try transport.control(ODPRequest.status)
        return try ODPStatus(answer.span.bytes)
    }

    /// The streams in force; none before `prepare`.
    private var streams: StreamMask { settings.withLock { $0?.streams ?? [] } }

    /// The state after a run; `nil` when the probe does not answer any more, which is no failure of its own.
    private func statusAfterRun() -> ODPStatus? {
        do { return try readStatus() } catch { return nil }
    }
}
