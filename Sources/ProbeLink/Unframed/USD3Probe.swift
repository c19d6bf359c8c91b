internal import Synchronization

/// The open pulsed-wave Doppler USD3.0 of the Hochschule Ulm, behind any transport.
///
/// The probe has no keep-alive: it transmits until it is told to stop. Its transmitter is therefore switched off on
/// opening, on every change of settings and on every way out of a run, before anything else.
public final class USD3Probe: FrameSource {
    /// The speed of sound that depths are reckoned with unless told otherwise, m/s (as ODP 1.0, "Arithmetic").
    public static let defaultSpeedOfSoundMPerS = 1540.0
    /// Pulses of a frame unless told otherwise (project choice: 13 ms at 5 kHz).
    public static let defaultPulsesPerFrame: UInt16 = 64
    /// Plausible speeds of sound in soft tissue and water, m/s (project choice); others would be a slip of units.
    private static let plausibleSpeedsMPerS = 1000.0...2000.0

    /// What the frames come from.
    public let origin: SourceOrigin

    private let transport: any ProbeTransport
    private let format: UnframedIQFormat
    private let pulsesPerFrame: UInt16
    private let speedOfSoundMPerS: Double
    private let settings = Mutex<AcquisitionSettings?>(nil)

    private init(
        transport: any ProbeTransport, origin: SourceOrigin, format: UnframedIQFormat, pulsesPerFrame: UInt16,
        speedOfSoundMPerS: Double
    ) {
        self.transport = transport
        self.origin = origin
        self.format = format
        self.pulsesPerFrame = pulsesPerFrame
        self.speedOfSoundMPerS = speedOfSoundMPerS
    }

    /// Resets the probe, switches its transmitter off and reads its version.
    ///
    /// - Parameters:
    ///   - transport: leads to a device that the transport has already matched, strings included.
    ///   - specifier: the word that picked the source, for the record.
    ///   - profileID: the device profile's id.
    ///   - isSimulated: whether the transport leads to a simulated device; the probe itself cannot tell.
    ///   - format: width and byte order of the samples, which differ between firmware builds.
    ///   - pulsesPerFrame: pulses of a frame.
    ///   - speedOfSoundMPerS: turns depths into times, 1000 to 2000 m/s.
    /// - Throws: `.link` with what went wrong.
    public static func open(
        over transport: any ProbeTransport, specifier: String, profileID: String?, isSimulated: Bool,
        format: UnframedIQFormat, pulsesPerFrame: UInt16 = defaultPulsesPerFrame,
        speedOfSoundMPerS: Double = defaultSpeedOfSoundMPerS
    ) throws(SourceError) -> USD3Probe {
        guard plausibleSpeedsMPerS.contains(speedOfSoundMPerS) else {
            throw .link(
                .settingNotPossible(
                    setting: "a speed of sound of", wanted: "\(speedOfSoundMPerS) m/s", possible: "1000 to 2000 m/s"))
        }
        let version: String
        transport.sendAtCrash([USD3Request.transmitter(false), USD3Request.run(false)])
        do {
            try transport.control(USD3Request.reset)
            try transport.control(USD3Request.transmitter(false))
            try transport.control(USD3Request.run(false))
            version = try readVersion(over: transport)
        } catch {
            throw .link(error)
        }
        let origin = SourceOrigin(
            specifier: specifier, device: "\(transport.label), \(version)", profileID: profileID,
            isSimulated: isSimulated)
        return USD3Probe(
            transport: transport, origin: origin, format: format, pulsesPerFrame: pulsesPerFrame,
            speedOfSoundMPerS: speedOfSoundMPerS)
    }

    /// Sends settings with the transmitter off.
    ///
    /// - Returns: the settings in force, reckoned back from the ticks that were sent: the probe cannot be asked.
    /// - Throws: `.link(.settingNotPossible)` before anything is sent, or what went wrong on the way.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        let inForce: AcquisitionSettings
        do {
            let ticks = try USD3Ticks(wanted, speedOfSoundMPerS: speedOfSoundMPerS)
            forgetSettings()
            try send(ticks)
            inForce = ticks.settingsInForce(
                isTransmitting: wanted.transmitLevelPerMille > 0, speedOfSoundMPerS: speedOfSoundMPerS)
        } catch {
            throw .link(error)
        }
        settings.withLock { $0 = inForce }
        transport.expect(bytesPerSecond: Int(inForce.prfHz) * format.bytesPerPair)
        return inForce
    }

    /// Streams until `stop` or the end of the transport, then switches transmitter, stream and receiver off.
    ///
    /// What is missing after the last sample cannot be known: the probe does not count.
    ///
    /// - Throws: the first thing that went wrong, `.link(.stalled)` also when `prepare` has not succeeded before.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        let inForce = settings.withLock { $0 }
        let isTransmitting = (inForce?.transmitLevelPerMille ?? 0) > 0
        let decoder = UnframedIQDecoder(
            format: format, pulsesPerFrame: pulsesPerFrame, flags: isTransmitting ? .transmitting : [])
        let failedBefore = transport.failedTransfers
        var receiver = UnframedStreamReceiver(
            into: sink, decoder: decoder, format: format, prfHz: inForce?.prfHz ?? 0)
        var failure: TransportError?
        do throws(TransportError) {
            try start()
            try transport.run(into: &receiver, heartbeat: nil, until: stop)
        } catch {
            failure = error
        }
        let wasStopped = failure == nil && stop.isRequested
        let switchOffFailure = switchOff()
        receiver.finish(countingCutOff: !wasStopped)
        var counters = receiver.counters
        counters.failedTransfers = transport.failedTransfers &- failedBefore
        sink = receiver.release()
        if let reason = failure ?? switchOffFailure { throw SourceRunError(.link(reason), counters: counters) }
        return counters
    }

    /// While settings are on their way none are in force, also when that fails half-way.
    private func forgetSettings() { settings.withLock { $0 = nil } }

    /// Sends settings, with the transmitter off before.
    private func send(_ ticks: USD3Ticks) throws(TransportError) {
        try transport.control(USD3Request.transmitter(false))
        for request in USD3Request.settings(ticks) { try transport.control(request) }
    }

    /// Switches on what the settings in force say, the stream last.
    private func start() throws(TransportError) {
        guard let inForce = settings.withLock({ $0 }) else { throw .stalled(request: USD3Request.runCode) }
        try transport.control(USD3Request.receiver(true))
        if inForce.transmitLevelPerMille > 0 { try transport.control(USD3Request.transmitter(true)) }
        try transport.control(USD3Request.run(true))
    }

    /// Switches everything off, the transmitter first; each is tried whatever becomes of the others.
    private func switchOff() -> TransportError? {
        var first: TransportError?
        for request in [USD3Request.transmitter(false), USD3Request.run(false), USD3Request.receiver(false)] {
            do {
                try transport.control(request)
            } catch {
                first = first ?? error
            }
        }
        return first
    }

    /// The firmware's version in words; a build that does not answer is no failure.
    private static func readVersion(over transport: any ProbeTransport) throws(TransportError) -> String {
        do {
            let answer = try transport.control(USD3Request.version)
            let printable = answer.prefix { (0x20..<0x7F).contains($0) }
            return printable.isEmpty ? "firmware unknown" : "firmware \(String(decoding: printable, as: UTF8.self))"
        } catch .stalled {
            return "firmware unknown"
        }
    }
}
