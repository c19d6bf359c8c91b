public import ProbeLink

/// A text file of quadrature samples, a pulse a line: time in microseconds, I, Q.
///
/// It says nothing of frequency, angle, speed of sound and direction, nor whether a line is a pulse (`prfHz`); without
/// them it may be looked at in Hz of Doppler shift alone.
public struct IQTextSource: ParameterisedSource {
    /// What the samples mean, from the options and the side file.
    public let parameters: FileParameters
    /// What the file is, without its folder.
    public let origin: SourceOrigin
    private let text: IQTextFile
    /// Times in whole microseconds tell the rate of a short file as exactly as this (project choice: one per mille).
    private static let rateTolerance = 1e-3

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: the file; `<path>.yaml` beside it may hold parameters, as for a WAV file.
    ///   - parameters: win over the side file.
    /// - Throws: `.storage` when a file cannot be read, `.data` with the line when it is no such file or a parameter is
    ///   not possible.
    public init(path: String, parameters: FileParameters = FileParameters()) throws(SourceError) {
        let name = ImportFile.name(of: path)
        text = try IQTextFile(try ImportFile.contents(of: path, mostBytes: IQTextFile.mostBytes), file: name)
        var known = parameters
        if let side = try FileParameters(beside: path) { known = parameters.filled(from: side) }
        try known.check(
            sampleRateHz: text.sampleRateHz, toleranceHz: text.sampleRateHz * Self.rateTolerance, file: name)
        guard known.missing.isEmpty else {
            throw .data(file: name + ".yaml", problem: "`missing` does not belong here: the times tell what is missing")
        }
        self.parameters = known
        let scale = text.scaleExponent.map { ", full scale taken to be 2^\($0)" } ?? ""
        origin = SourceOrigin(
            specifier: "iq-text:\(name)", device: "text file of I and Q, \(text.sampleRateHz) Hz\(scale)",
            profileID: nil,
            isSimulated: known.isSimulated ?? false)
    }

    /// The rate of the samples, Hz: as it was told where it was, else by the times.
    private var prfHz: Double { parameters.prfHz ?? text.sampleRateHz }

    /// A file has its settings; those that are wanted are not applied.
    ///
    /// - Returns: one gate at the rate of the samples; what is not known of it is 0, centre frequency, depth and transmit
    ///   level included.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: UInt32(clamping: Int((parameters.centreFrequencyHz ?? 0).rounded())),
            prfMilliHz: UInt32(clamping: Int((prfHz * 1000).rounded())), firstGateDepthUm: 0, gateLengthUm: 0,
            burstCycles: 0, streams: .iq, transmitLevelPerMille: 0)
    }

    /// Delivers the samples as frames of 20 ms, and what the times show to be missing as losses at its place.
    ///
    /// Whole numbers stay as they are; others fill 32 bits. The file cannot say when the probe transmitted: it is taken to
    /// be a recording of echoes.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var feed = IQFrameFeed(format: text.format, gates: 1, prfHz: prfHz, flags: .transmitting)
        var begin = 0
        do throws(SourceError) {
            for skip in text.skips + [IQTextFile.Skip(sample: text.samples, pulses: 0)] {
                let first = begin
                let played = try feed.play(
                    pulses: skip.sample - first, missing: MissingPulses(), into: &sink, until: stop
                ) { (pulse, count) throws(SourceError) in text.payload(first + pulse..<first + pulse + count) }
                guard played != nil else { return feed.counters }
                feed.lose(pulses: skip.pulses, into: &sink)
                begin = skip.sample
            }
        } catch {
            throw SourceRunError(error, counters: feed.counters)
        }
        return feed.counters
    }
}
