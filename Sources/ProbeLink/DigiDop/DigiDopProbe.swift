internal import Synchronization

/// The open pulsed-wave Doppler DigiDop of the Hochschule Ulm, with two gates, behind any transport.
///
/// The probe has no keep-alive and no switch for its transmitter alone: it transmits whenever it runs. It is therefore
/// stopped on opening, on every change of settings and on every way out of a run, before anything else.
public final class DigiDopProbe: FrameSource {
    /// The probe's clock unless told otherwise, Hz (published host program).
    public static let defaultClockHz = 64_000_000
    /// Clocks that are believed, Hz (project choice); others would be a slip of units.
    private static let plausibleClocksHz = 1_000_000...1_000_000_000
    /// Plausible speeds of sound in soft tissue and water, m/s (project choice).
    private static let plausibleSpeedsMPerS = 1000.0...2000.0

    /// What the frames come from.
    public let origin: SourceOrigin

    private let transport: any ProbeTransport
    private let byteOrder: DigiDopByteOrder
    private let pulsesPerFrame: UInt16
    private let speedOfSoundMPerS: Double
    private let clockHz: Double
    private let settings = Mutex<AcquisitionSettings?>(nil)

    private init(
        transport: any ProbeTransport, origin: SourceOrigin, byteOrder: DigiDopByteOrder, pulsesPerFrame: UInt16,
        speedOfSoundMPerS: Double, clockHz: Double
    ) {
        self.transport = transport
        self.origin = origin
        self.byteOrder = byteOrder
        self.pulsesPerFrame = pulsesPerFrame
        self.speedOfSoundMPerS = speedOfSoundMPerS
        self.clockHz = clockHz
    }

    /// Stops the probe, which ends its transmission, and reads its version.
    ///
    /// - Parameters:
    ///   - transport: leads to a device that the transport has already matched, strings included.
    ///   - specifier: the word that picked the source, for the record.
    ///   - profileID: the device profile's id.
    ///   - isSimulated: whether the transport leads to a simulated device; the probe itself cannot tell.
    ///   - byteOrder: which byte of a sample comes first; found from the stream of each run unless told.
    ///   - pulsesPerFrame: pulses of a frame.
    ///   - speedOfSoundMPerS: turns depths into times, 1000 to 2000 m/s; the maker's own program reckons with 1500.
    ///   - clockHz: the clock in whose ticks the probe counts, 1 MHz to 1 GHz.
    /// - Throws: `.link` with what went wrong.
    public static func open(
        over transport: any ProbeTransport, specifier: String, profileID: String?, isSimulated: Bool,
        byteOrder: DigiDopByteOrder = .automatic, pulsesPerFrame: UInt16 = USD3Probe.defaultPulsesPerFrame,
        speedOfSoundMPerS: Double = USD3Probe.defaultSpeedOfSoundMPerS, clockHz: Int = defaultClockHz
    ) throws(SourceError) -> DigiDopProbe {
        guard plausibleSpeedsMPerS.contains(speedOfSoundMPerS) else {
            throw .link(
                .settingNotPossible(
                    setting: "a speed of sound of", wanted: "\(speedOfSoundMPerS) m/s", possible: "1000 to 2000 m/s"))
        }
        guard plausibleClocksHz.contains(clockHz) else {
            throw .link(
                .settingNotPossible(setting: "a clock of", wanted: "\(clockHz) Hz", possible: "1 MHz to 1 GHz"))
        }
        let version: String
        do {
            try transport.control(DigiDopRequest.run(false))
            version = try readVersion(over: transport)
        } catch {
            throw .link(error)
        }
        let origin = SourceOrigin(
            specifier: specifier, device: "\(transport.label), \(version)", profileID: profileID,
            isSimulated: isSimulated)
        return DigiDopProbe(
            transport: transport, origin: origin, byteOrder: byteOrder, pulsesPerFrame: pulsesPerFrame,
            speedOfSoundMPerS: speedOfSoundMPerS, clockHz: Double(clockHz))
    }

    /// Sends settings to the stopped probe.
    ///
    /// The probe always samples two gates: where one is wanted, the second lies on the first.
    ///
    /// - Returns: the settings in force, reckoned back from the ticks that were sent.
    /// - Throws: `.link(.settingNotPossible)` before anything is sent, `.link(.protocolViolation)` when the probe then
    ///   says that it has others, or what went wrong on the way.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        let inForce: AcquisitionSettings
        do {
            let ticks = try DigiDopTicks(wanted, speedOfSoundMPerS: speedOfSoundMPerS, clockHz: clockHz)
            // While settings are on their way none are in force, also when that fails half-way.
            settings.withLock { $0 = nil }
            try send(ticks)
            inForce = ticks.settingsInForce(speedOfSoundMPerS: speedOfSoundMPerS, clockHz: clockHz)
        } catch {
            throw .link(error)
        }
        settings.withLock { $0 = inForce }
        transport.expect(bytesPerSecond: Int(inForce.prfHz.rounded(.up)) * DigiDopFraming.frameByteCount)
        return inForce
    }

    /// Streams until `stop` or the end of the transport, then stops the probe.
    ///
    /// What is missing after the last sample cannot be known: the probe does not count.
    ///
    /// - Throws: the first thing that went wrong, `.link(.stalled)` also when `prepare` has not succeeded before.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        let prfHz = settings.withLock { $0?.prfHz } ?? 0
        let decoder = DigiDopDecoder(
            byteOrder: byteOrder, prfHz: prfHz, pulsesPerFrame: pulsesPerFrame, flags: .transmitting)
        let failedBefore = transport.failedTransfers
        var receiver = DigiDopReceiver(into: sink, decoder: decoder, prfHz: prfHz)
        var failure: TransportError?
        do throws(TransportError) {
            guard prfHz > 0 else { throw .stalled(request: DigiDopRequest.Code.run) }
            try transport.control(DigiDopRequest.run(true))
            try transport.run(into: &receiver, heartbeat: nil, until: stop)
        } catch {
            failure = error
        }
        let wasStopped = failure == nil && stop.isRequested
        let stopFailure = stopTransmission()
        receiver.finish(countingCutOff: !wasStopped)
        var counters = receiver.counters
        counters.failedTransfers = transport.failedTransfers &- failedBefore
        sink = receiver.release()
        if let reason = failure ?? stopFailure { throw SourceRunError(.link(reason), counters: counters) }
        return counters
    }

    /// Sends settings, with the probe stopped before, and compares them with what it then says.
    private func send(_ ticks: DigiDopTicks) throws(TransportError) {
        try transport.control(DigiDopRequest.run(false))
        try transport.control(DigiDopRequest.configure(ticks))
        let answer: [UInt8]
        do {
            answer = try transport.control(DigiDopRequest.configuration)
        } catch .stalled {
            // A build that cannot be asked is no failure.
            return
        }
        if answer.count == DigiDopTicks.byteCount, answer != ticks.bytes {
            throw .protocolViolation(what: "it has other settings in force than those that were sent")
        }
    }

    private func stopTransmission() -> TransportError? {
        do {
            try transport.control(DigiDopRequest.run(false))
            return nil
        } catch {
            return error
        }
    }

    /// The firmware's version in words; a build that does not answer is no failure.
    private static func readVersion(over transport: any ProbeTransport) throws(TransportError) -> String {
        do {
            let answer = try transport.control(DigiDopRequest.version)
            let printable = answer.prefix { (0x20..<0x7F).contains($0) }
            return printable.isEmpty ? "firmware unknown" : "firmware \(String(decoding: printable, as: UTF8.self))"
        } catch .stalled {
            return "firmware unknown"
        }
    }
}
