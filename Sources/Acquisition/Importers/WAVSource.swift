public import ProbeLink

/// A WAV file of quadrature samples, I left and Q right, one sample a pulse.
///
/// Without all parameters it may be looked at, in Hz of Doppler shift; scoring and velocities are to be refused as
/// long as `missingForScoring` is not empty.
public struct WAVSource: ParameterisedSource {
    /// What the samples mean, from the options and the side file.
    public let parameters: FileParameters
    /// What the file is, without its folder.
    public let origin: SourceOrigin
    private let path: String
    private let layout: WAVLayout
    private let missing: MissingPulses
    /// A WAV file tells whole Hz of its sample rate, one of its probe's clock that is half a Hz off at most.
    private static let toleranceHz = 0.5

    /// Opens a WAV file: PCM of 16, 24 or 32 bits, 2 channels.
    ///
    /// - Parameters:
    ///   - path: the file; `<path>.yaml` beside it may hold parameters.
    ///   - parameters: win over the side file.
    /// - Throws: `.storage` when a file cannot be read, `.data` when it is no such file or a parameter is not possible.
    public init(path: String, parameters: FileParameters = FileParameters()) throws(SourceError) {
        let file = try ImportFile(path: path)
        layout = try WAVLayout(file: file.name, byteCount: file.byteCount) { offset, count throws(SourceError) in
            try file.bytes(at: offset, count: count)
        }
        var known = parameters
        if let side = try FileParameters(beside: path) { known = parameters.filled(from: side) }
        try known.check(
            sampleRateHz: Double(layout.sampleRateHz), toleranceHz: Self.toleranceHz, file: file.name)
        missing = try MissingPulses(known.missing, of: layout.pulses + layout.missingPulses, file: file.name)
        self.parameters = known
        self.path = path
        origin = SourceOrigin(
            specifier: "wav:\(file.name)",
            device: "WAV file, \(layout.bitsPerSample) bits, \(layout.sampleRateHz) Hz", profileID: nil,
            isSimulated: known.isSimulated ?? false)
    }

    /// Whole pulses that the file holds.
    public var pulses: Int { layout.pulses }

    /// Pulses that the file says it holds and does not: it was cut off.
    public var missingPulses: Int { layout.missingPulses }

    /// The rate of the samples, Hz: as it was told where it was, else as the file rounds it.
    private var prfHz: Double { parameters.prfHz ?? Double(layout.sampleRateHz) }

    /// A file has its settings; those that are wanted are not applied.
    ///
    /// - Returns: one gate at the sample rate; what is not known of it is 0, centre frequency, depth and transmit level
    ///   included.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: UInt32(clamping: Int((parameters.centreFrequencyHz ?? 0).rounded())),
            prfMilliHz: UInt32(clamping: Int((prfHz * 1000).rounded())), firstGateDepthUm: 0, gateLengthUm: 0, gates: 1,
            burstCycles: 0,
            streams: .iq, transmitLevelPerMille: 0)
    }

    /// Delivers the file's samples as frames of 20 ms; 24 bits fill the upper bits of 32.
    ///
    /// A frame with a sample at full scale is marked as clipped. What the side file calls missing is marked as a loss at
    /// its place, and so is the end where the file was cut off; both are counted. The file cannot say when the probe
    /// transmitted: it is taken to be a recording of echoes.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var feed = IQFrameFeed(
            format: layout.bitsPerSample == 16 ? .iqInt16 : .iqInt32, gates: 1, prfHz: prfHz, flags: .transmitting)
        do throws(SourceError) {
            let file = try ImportFile(path: path)
            let played = try feed.play(pulses: layout.pulses, missing: missing, into: &sink, until: stop) {
                (pulse, count) throws(SourceError) in
                let bytes = try file.bytes(
                    at: layout.dataOffset + pulse * layout.bytesPerPulse, count: count * layout.bytesPerPulse)
                let whole = bytes.count / layout.bytesPerPulse
                let samples = Array(bytes.prefix(whole * layout.bytesPerPulse))
                return IQFrameFeed.Stretch(
                    payload: payload(of: samples),
                    isClipped: Self.isClipped(samples, bytesPerSample: layout.bitsPerSample / 8))
            }
            guard let played else { return feed.counters }
            if played < layout.pulses || layout.isCutOff {
                feed.markCutOff(missingPulses: UInt64(layout.pulses - played + layout.missingPulses), into: &sink)
            }
            return feed.counters
        } catch {
            throw SourceRunError(error, counters: feed.counters)
        }
    }

    /// The samples as frames hold them.
    private func payload(of samples: [UInt8]) -> [UInt8] {
        guard layout.bitsPerSample == 24 else { return samples }
        var payload: [UInt8] = []
        payload.reserveCapacity(samples.count / 3 * 4)
        for (index, byte) in samples.enumerated() {
            if index % 3 == 0 { payload.append(0) }
            payload.append(byte)
        }
        return payload
    }

    /// Whether a sample stands at either end of its range.
    private static func isClipped(_ samples: [UInt8], bytesPerSample: Int) -> Bool {
        var last = bytesPerSample - 1
        while last < samples.count {
            if samples[last] == 0x7F || samples[last] == 0x80 {
                let rest: UInt8 = samples[last] == 0x7F ? 0xFF : 0
                if samples[(last - bytesPerSample + 1)..<last].allSatisfy({ $0 == rest }) { return true }
            }
            last += bytesPerSample
        }
        return false
    }
}
