import ProbeLink
import ProbeProfiles

extension DeviceProfile {
    /// Opens the probe behind a transport by the protocol that this profile names.
    ///
    /// - Parameters:
    ///   - transport: leads to a device that is all that the profile describes.
    ///   - specifier: the word that picked the source, for the record.
    ///   - statedCentreFrequencyHz: what the user says of a Doppler behind a sound interface; 0 = not known.
    func openSource(
        over transport: any ProbeTransport, specifier: String, statedCentreFrequencyHz: UInt32
    ) throws(SourceError) -> any FrameSource {
        let isSimulated = Self.isSimulated(transport.label)
        switch probeProtocol {
        case .odp1:
            return ProfiledSource(
                try ODPProbe.open(over: transport, specifier: specifier, profileID: id), within: self)
        case .hsUlmUSD3:
            guard let usd3 else { throw missing("usd3") }
            return ProfiledSource(
                try USD3Probe.open(
                    over: transport, specifier: specifier, profileID: id, isSimulated: isSimulated,
                    format: usd3.iqFormat, speedOfSoundMPerS: limits.speedOfSoundMPerS), within: self)
        case .hsUlmDigiDop:
            guard let digidop else { throw missing("digidop") }
            return ProfiledSource(
                try DigiDopProbe.open(
                    over: transport, specifier: specifier, profileID: id, isSimulated: isSimulated,
                    byteOrder: digidop.byteOrder, speedOfSoundMPerS: limits.speedOfSoundMPerS,
                    clockHz: digidop.clockHz), within: self)
        case .usbAudio:
            guard let usbAudio else { throw missing("usbAudio") }
            return StatedDoppler(
                try USBAudioProbe.open(
                    over: transport, specifier: specifier, profileID: id, isSimulated: isSimulated, stream: usbAudio,
                    endpoint: Self.endpointOfTheStream), centreFrequencyHz: statedCentreFrequencyHz)
        case .fixedODPStream:
            return BoardSettings(
                FixedStreamProbe(
                    over: transport, specifier: specifier, profileID: id, isSimulated: isSimulated,
                    settings: boardSettings, bridge: bridge))
        }
    }

    /// The transport knows the address of the endpoint that it streams from and puts it here.
    private static let endpointOfTheStream: UInt8 = 0
    /// Bytes of a high-speed packet of an FTDI bridge (FT232H data sheet).
    private static let ftdiPacketBytes = 512

    private var bridge: FixedStreamProbe.Bridge {
        guard quirks.contains(.ftdiModemStatus) else { return .none }
        let mode = quirks.contains(.ftdiSynchronousFIFO) ? FTDISynchronousFIFO() : nil
        return .ftdi(packetByteCount: Self.ftdiPacketBytes, mode: mode)
    }

    /// A board that takes no requests is what its profile says; whether it transmits cannot be chosen either.
    private var boardSettings: AcquisitionSettings { startingSettings(transmitLevelPerMille: Self.fullLevelPerMille) }

    private static let fullLevelPerMille: UInt16 = 1000

    private func missing(_ section: String) -> SourceError {
        .data(file: id, problem: "section `\(section)` is missing in the profile")
    }

    /// Every simulated device has a serial number that begins so; ODP probes say it in IDENTITY besides.
    private static let simulatedPrefix = "SIM-"

    /// Whether a transport's label names a simulated device.
    private static func isSimulated(_ label: String) -> Bool {
        label.split(separator: " ").contains { $0.hasPrefix(simulatedPrefix) }
    }
}

/// A Doppler behind a sound interface: only what its user says of it is known.
private struct StatedDoppler: FrameSource {
    private let source: any FrameSource
    private let centreFrequencyHz: UInt32

    init(_ source: any FrameSource, centreFrequencyHz: UInt32) {
        self.source = source
        self.centreFrequencyHz = centreFrequencyHz
    }

    var origin: SourceOrigin { source.origin }

    /// What a step of the protocol wants cannot be set here, so it is not taken for what is in force.
    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        var stated = wanted
        stated.centreFrequencyHz = centreFrequencyHz
        stated.firstGateDepthUm = 0
        stated.gateLengthUm = 0
        stated.burstCycles = 0
        return try source.prepare(stated)
    }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters { try source.run(into: &sink, until: stop) }
}

/// A board that cannot be set: a step of the protocol is recorded with the board's own settings.
private struct BoardSettings: FrameSource {
    private let board: FixedStreamProbe

    init(_ board: FixedStreamProbe) { self.board = board }

    var origin: SourceOrigin { board.origin }

    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        try board.prepare(board.settings)
    }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters { try board.run(into: &sink, until: stop) }
}
