public import ProbeLink
internal import StrictYAML

/// A WAV file of quadrature samples, I left and Q right, one sample a pulse.
///
/// Without all parameters it may be looked at, in Hz of Doppler shift; scoring and velocities are to be refused as
/// long as `missingForScoring` is not empty.
public struct WAVSource: FrameSource {
    /// What the samples mean, from the options and the side file.
    public let parameters: WAVParameters
    /// What the file is, without its folder.
    public let origin: SourceOrigin
    private let path: String
    private let layout: WAVLayout

    /// Opens a WAV file: PCM of 16, 24 or 32 bits, 2 channels.
    ///
    /// - Parameters:
    ///   - path: the file; `<path>.yaml` beside it may hold parameters.
    ///   - parameters: win over the side file.
    /// - Throws: `.storage` when a file cannot be read, `.data` when it is no such file or a parameter is not possible.
    public init(path: String, parameters: WAVParameters = WAVParameters()) throws(SourceError) {
        let file = try ImportFile(path: path)
        layout = try WAVLayout(file: file.name, byteCount: file.byteCount) { offset, count throws(SourceError) in
            try file.bytes(at: offset, count: count)
        }
        let sidePath = path + ".yaml"
        var known = parameters
        if ImportFile.exists(sidePath) {
            let bytes = try ImportFile.contents(of: sidePath, mostBytes: YAMLValue.maximumBytes)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .data(file: file.name + ".yaml", problem: "is not UTF-8 text: save it as such")
            }
            known = parameters.filled(from: try WAVParameters(sideFile: text, file: file.name + ".yaml"))
        }
        try known.check(sampleRateHz: layout.sampleRateHz, file: file.name)
        self.parameters = known
        self.path = path
        origin = SourceOrigin(
            specifier: "wav:\(file.name)",
            device: "WAV file, \(layout.bitsPerSample) bits, \(layout.sampleRateHz) Hz", profileID: nil,
            isSimulated: known.isSimulated ?? false)
    }

    /// The names of what scoring and velocities need and is not known; empty = the source may be scored.
    public var missingForScoring: [String] { parameters.missingForScoring }

    /// Whole pulses that the file holds.
    public var pulses: Int { layout.pulses }

    /// Pulses that the file says it holds and does not: it was cut off.
    public var missingPulses: Int { layout.missingPulses }

    /// A file has its settings; those that are wanted are not applied.
    ///
    /// - Returns: one gate at the sample rate; what is not known of it is 0, centre frequency, depth and transmit level
    ///   included.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: UInt32(clamping: Int((parameters.centreFrequencyHz ?? 0).rounded())),
            prfMilliHz: layout.sampleRateHz * 1000, firstGateDepthUm: 0, gateLengthUm: 0, gates: 1, burstCycles: 0,
            streams: .iq, transmitLevelPerMille: 0)
    }

    /// Delivers the file's samples as frames of 20 ms; 24 bits fill the upper bits of 32.
    ///
    /// A frame with a sample at full scale is marked as clipped. Where the file was cut off, the end is marked as a
    /// loss and counted. The file cannot say when the probe transmitted: it is taken to be a recording of echoes.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var feed = IQFrameFeed(
            format: layout.bitsPerSample == 16 ? .iqInt16 : .iqInt32, gates: 1, prfHz: Double(layout.sampleRateHz),
            flags: .transmitting)
        do throws(SourceError) {
            let file = try ImportFile(path: path)
            var pulse = 0
            while pulse < layout.pulses {
                let wanted = min(feed.pulsesPerFrame, layout.pulses - pulse)
                let bytes = try file.bytes(
                    at: layout.dataOffset + pulse * layout.bytesPerPulse, count: wanted * layout.bytesPerPulse)
                let whole = bytes.count / layout.bytesPerPulse
                let samples = Array(bytes.prefix(whole * layout.bytesPerPulse))
                let isClipped = Self.isClipped(samples, bytesPerSample: layout.bitsPerSample / 8)
                guard feed.deliver(payload(of: samples), isClipped: isClipped, into: &sink, until: stop) else {
                    return feed.counters
                }
                pulse += whole
                if whole < wanted { break }
            }
            if pulse < layout.pulses || layout.isCutOff {
                feed.markCutOff(missingPulses: UInt64(layout.pulses - pulse + layout.missingPulses), into: &sink)
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
