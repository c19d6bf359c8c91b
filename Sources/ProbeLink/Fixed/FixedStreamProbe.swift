/// A board that streams ODP packets by itself, takes no settings and is sent no request, behind any transport.
///
/// Whether it transmits is its own affair: this program can neither arm nor disarm it. Its frames' flags say when it
/// did. The board was running before it is read: pulses count from the first packet that is seen in each run.
public final class FixedStreamProbe: FrameSource {
    /// What stands between the packets of ODP and those of USB.
    public enum Bridge: Sendable, Hashable {
        /// Nothing: the stream is the packets of ODP, one after the other.
        case none
        /// An FTDI chip, which puts two status bytes in front of each USB packet of so many bytes.
        ///
        /// `mode` is set up before each run and given up after it; `nil` = the chip is sent nothing.
        case ftdi(packetByteCount: Int, mode: FTDISynchronousFIFO?)
    }

    /// What the frames come from.
    public let origin: SourceOrigin
    /// The settings that the board has, by its profile.
    public let settings: AcquisitionSettings

    private let transport: any ProbeTransport
    private let bridge: Bridge

    /// A board behind a transport; nothing is sent.
    ///
    /// - Parameters:
    ///   - transport: leads to a device that the transport has already matched.
    ///   - specifier: the word that picked the source, for the record.
    ///   - profileID: the device profile's id.
    ///   - isSimulated: whether the transport leads to a simulated device; the board cannot tell.
    ///   - settings: those that the board has, as its profile says.
    ///   - bridge: what stands between ODP and USB.
    public init(
        over transport: any ProbeTransport, specifier: String, profileID: String?, isSimulated: Bool,
        settings: AcquisitionSettings, bridge: Bridge = .none
    ) {
        origin = SourceOrigin(
            specifier: specifier, device: transport.label, profileID: profileID, isSimulated: isSimulated)
        self.transport = transport
        self.settings = settings
        self.bridge = bridge
    }

    /// Compares what is wanted with what the board has; nothing is sent.
    ///
    /// Streams are not compared: the board sends those that it has.
    ///
    /// - Returns: the profile's settings.
    /// - Throws: `.link(.settingNotPossible)` for the first setting that is wanted otherwise.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        let compared: [(name: String, wanted: Int, fixed: Int, unit: String)] = [
            ("a centre frequency of", Int(wanted.centreFrequencyHz), Int(settings.centreFrequencyHz), " Hz"),
            ("a pulse repetition frequency of", Int(wanted.prfMilliHz), Int(settings.prfMilliHz), " mHz"),
            ("gates:", Int(wanted.gates), Int(settings.gates), ""),
            ("a first gate at", Int(wanted.firstGateDepthUm), Int(settings.firstGateDepthUm), " um"),
            (
                "a gate spacing of", settings.gates > 1 ? Int(wanted.gateSpacingUm) : 0,
                settings.gates > 1 ? Int(settings.gateSpacingUm) : 0, " um"
            ),
            ("a gate length of", Int(wanted.gateLengthUm), Int(settings.gateLengthUm), " um"),
            ("a burst of", Int(wanted.burstCycles), Int(settings.burstCycles), " cycles"),
            (
                "a transmit level of", Int(wanted.transmitLevelPerMille), Int(settings.transmitLevelPerMille),
                " thousandths"
            ),
            (
                "a receive gain of", Int(wanted.receiveGainCentiDb), Int(settings.receiveGainCentiDb),
                " hundredths of dB"
            ),
        ]
        for setting in compared where setting.wanted != setting.fixed {
            throw .link(
                .settingNotPossible(
                    setting: setting.name, wanted: "\(setting.wanted)\(setting.unit)",
                    possible: "\(setting.fixed)\(setting.unit), which this board is built to and its profile says"))
        }
        transport.expect(bytesPerSecond: settings.iqBytesPerSecond)
        return settings
    }

    /// Reads the stream until `stop` or the end of the transport.
    ///
    /// Each packet in which an FTDI chip says that its buffer ran over counts as one more bad place.
    ///
    /// - Throws: the first thing that went wrong, with what was counted before.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        let failedBefore = transport.failedTransfers
        let ended = StopSignal(following: stop)
        var receiver = ODPStreamReceiver(
            into: sink, ended: ended, prfHz: settings.prfHz, joinsRunningStream: true)
        var bridgeFaults: UInt64 = 0
        var failure: TransportError?
        do throws(TransportError) {
            switch bridge {
            case .none:
                try transport.run(into: &receiver, heartbeat: nil, until: ended)
            case .ftdi(let packetByteCount, let mode):
                var filter = FTDIStatusFilter(before: receiver, packetByteCount: packetByteCount)
                failure = read(through: &filter, mode: mode, until: ended)
                bridgeFaults = filter.overruns.saturatingSum(filter.shortPackets)
                receiver = filter.release()
            }
        } catch {
            failure = error
        }
        receiver.finish(countingCutOff: failure != nil || !stop.isRequested)
        var counters = receiver.counters
        counters.bad = counters.bad.saturatingSum(bridgeFaults)
        counters.failedTransfers = transport.failedTransfers &- failedBefore
        sink = receiver.release()
        if let failure { throw SourceRunError(.link(failure), counters: counters) }
        return counters
    }

    /// Reads through an FTDI chip, which is brought into its mode before and out of it after.
    ///
    /// - Returns: the first thing that went wrong.
    private func read<Sink: TransferSink & ~Copyable>(
        through filter: inout Sink, mode: FTDISynchronousFIFO?, until stop: StopSignal
    ) -> TransportError? {
        var first: TransportError?
        do throws(TransportError) {
            for request in mode?.opening ?? [] { try transport.control(request) }
            try transport.run(into: &filter, heartbeat: nil, until: stop)
        } catch {
            first = error
        }
        for request in mode?.closing ?? [] {
            do {
                try transport.control(request)
            } catch {
                first = first ?? error
            }
        }
        return first
    }
}
