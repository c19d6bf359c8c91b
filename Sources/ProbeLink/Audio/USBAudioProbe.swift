internal import Synchronization

/// A directional Doppler of any maker whose stereo output goes into a USB sound interface, behind any transport.
///
/// The Doppler itself is not commanded: its frequency, depth and power are set at its own controls. The interface is
/// sent class requests alone, never one of its maker's.
public final class USBAudioProbe: FrameSource {
    /// Pulses of a frame unless told otherwise (project choice: 11 ms at 48 kHz).
    public static let defaultPulsesPerFrame: UInt16 = 512
    /// How far the rate that a device tells may lie from the one that was set, as a share (project choice: between the
    /// 0.2 % that some devices round by and the 8 % from 44.1 to 48 kHz).
    private static let rateTolerance = 0.01
    private static let gains = 0.1...10.0
    private static let phasesDegrees = -45.0...45.0

    /// What the frames come from.
    public let origin: SourceOrigin
    /// How the channels are read.
    public let stream: USBAudioStream

    private let transport: any ProbeTransport
    private let wireChannels: Int
    private let pulsesPerFrame: UInt16
    private let settings = Mutex<AcquisitionSettings?>(nil)

    private init(
        transport: any ProbeTransport, origin: SourceOrigin, stream: USBAudioStream, wireChannels: Int,
        pulsesPerFrame: UInt16
    ) {
        self.transport = transport
        self.origin = origin
        self.stream = stream
        self.wireChannels = wireChannels
        self.pulsesPerFrame = pulsesPerFrame
    }

    /// Sets the sampling frequency; a device that refuses because it has just one is accepted.
    ///
    /// - Parameters:
    ///   - transport: leads to a device whose streaming interface has been matched and its alternate setting chosen.
    ///   - specifier: the word that picked the source, for the record.
    ///   - profileID: the device profile's id.
    ///   - isSimulated: whether the transport leads to a simulated device.
    ///   - stream: what the channels carry.
    ///   - endpoint: the address of the isochronous IN endpoint, whose sampling frequency is set.
    ///   - wireChannels: channels of the interface; 1 or 2, 2 where two are needed.
    ///   - pulsesPerFrame: pulses of a frame.
    /// - Throws: `.link(.settingNotPossible)` before anything is sent or when the device keeps another rate, or what
    ///   went wrong on the way.
    public static func open(
        over transport: any ProbeTransport, specifier: String, profileID: String?, isSimulated: Bool,
        stream: USBAudioStream, endpoint: UInt8, wireChannels: Int? = nil,
        pulsesPerFrame: UInt16 = defaultPulsesPerFrame
    ) throws(SourceError) -> USBAudioProbe {
        let channels = wireChannels ?? stream.channels.wireChannels
        do {
            try check(stream, wireChannels: channels)
            try setRate(stream.sampleRateHz, of: endpoint, over: transport)
        } catch {
            throw .link(error)
        }
        let origin = SourceOrigin(
            specifier: specifier,
            device: "\(transport.label), \(stream.sampleRateHz) Hz, \(stream.sampleBits) bits, \(stream.words)",
            profileID: profileID, isSimulated: isSimulated)
        return USBAudioProbe(
            transport: transport, origin: origin, stream: stream, wireChannels: channels,
            pulsesPerFrame: pulsesPerFrame)
    }

    /// Takes over what is known of the Doppler; nothing can be set.
    ///
    /// - Parameter wanted: what the user says of the Doppler: centre frequency, depth and length of its gate and its
    ///   burst, 0 = not known.
    /// - Returns: those, at one pulse for each sample, and not transmitting as far as this program can tell.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        let inForce = AcquisitionSettings(
            centreFrequencyHz: wanted.centreFrequencyHz, prfMilliHz: UInt32(stream.sampleRateHz) * 1000,
            firstGateDepthUm: wanted.firstGateDepthUm, gateLengthUm: wanted.gateLengthUm,
            burstCycles: wanted.burstCycles, streams: .iq, transmitLevelPerMille: 0)
        settings.withLock { $0 = inForce }
        transport.expect(bytesPerSecond: stream.sampleRateHz * wireChannels * stream.sampleBits / 8)
        return inForce
    }

    /// Streams until `stop` or the end of the transport.
    ///
    /// - Throws: the first thing that went wrong, `.link(.protocolViolation)` when `prepare` has not been called.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        let failedBefore = transport.failedTransfers
        let decoder = USBAudioDecoder(stream: stream, wireChannels: wireChannels, pulsesPerFrame: pulsesPerFrame)
        var receiver = USBAudioReceiver(into: sink, decoder: decoder, sampleRateHz: stream.sampleRateHz)
        var failure: TransportError?
        do throws(TransportError) {
            try transport.run(into: &receiver, heartbeat: nil, until: stop)
        } catch {
            failure = error
        }
        receiver.finish()
        var counters = receiver.counters
        counters.failedTransfers = transport.failedTransfers &- failedBefore
        sink = receiver.release()
        if let failure { throw SourceRunError(.link(failure), counters: counters) }
        return counters
    }

    /// Checks everything that can be checked before anything is sent.
    private static func check(_ stream: USBAudioStream, wireChannels: Int) throws(TransportError) {
        func refuse(_ setting: String, _ wanted: String, _ possible: String) -> TransportError {
            .settingNotPossible(setting: setting, wanted: wanted, possible: possible)
        }
        guard USBAudioRequest.ratesHz.contains(stream.sampleRateHz) else {
            throw refuse("a sampling frequency of", "\(stream.sampleRateHz) Hz", "8000 to 192000 Hz")
        }
        guard [16, 24].contains(stream.sampleBits) else {
            throw refuse("samples of", "\(stream.sampleBits) bits", "16 or 24")
        }
        guard wireChannels == stream.channels.wireChannels || wireChannels == 2 else {
            throw refuse(
                "channels:", "\(wireChannels)", "an interface with 2 channels, or 1 where the channels are `mono`")
        }
        guard gains.contains(stream.rightGain) else {
            throw refuse("a gain of the right channel of", "\(stream.rightGain)", "0.1 to 10")
        }
        guard phasesDegrees.contains(stream.rightPhaseDegrees) else {
            throw refuse("a phase of the right channel of", "\(stream.rightPhaseDegrees) degrees", "-45 to 45")
        }
    }

    /// Sets the rate and, where the device can be asked, makes sure that it has it.
    private static func setRate(
        _ hz: Int, of endpoint: UInt8, over transport: any ProbeTransport
    ) throws(TransportError) {
        let answer: [UInt8]
        do {
            try transport.control(USBAudioRequest.setRate(hz: hz, endpoint: endpoint))
            answer = try transport.control(USBAudioRequest.rate(endpoint: endpoint))
        } catch .stalled {
            // It has one rate, which its descriptor tells and the match has compared, or it cannot be asked.
            return
        }
        guard let told = USBAudioRequest.rate(in: answer), told > 0 else { return }
        guard Double(abs(told - hz)) <= Double(hz) * rateTolerance else {
            throw .settingNotPossible(
                setting: "a sampling frequency of", wanted: "\(hz) Hz", possible: "\(told) Hz, which it keeps")
        }
    }
}

extension USBAudioStream {
    /// What the channels carry, in words for the record.
    var words: String {
        let order = invertsDirection ? ", directions exchanged" : ""
        return switch channels {
        case .forwardReverse: "forward left, reverse right\(order)"
        case .iq: "I left, Q right\(order)"
        case .qi: "Q left, I right\(order)"
        case .mono: "one channel, without direction"
        }
    }
}

extension USBAudioStream.Channels {
    /// Whether flow towards the transducer and away from it can be told apart; without that nothing is scored.
    public var haveDirection: Bool { self != .mono }

    /// Channels that the interface must have.
    var wireChannels: Int { self == .mono ? 1 : 2 }
}
