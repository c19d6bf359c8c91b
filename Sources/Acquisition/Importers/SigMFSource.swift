public import ProbeLink

/// A SigMF recording of quadrature samples: `.sigmf-meta` with `.sigmf-data` beside it, one sample a pulse, a channel
/// for each gate.
///
/// What this program wrote comes back with its settings, its losses at their place and its mark of simulation. Of another
/// program's file the angle, the speed of sound, the normal direction and, unless it is told, that a sample is a pulse
/// (`prfHz`) are not known; without them it may be looked at in Hz of Doppler shift alone.
public struct SigMFSource: ParameterisedSource {
    /// What the samples mean, from the options and the metadata.
    public let parameters: FileParameters
    /// What the file is, without its folder.
    public let origin: SourceOrigin
    /// The description that this program gave the recording; `nil` = another program's file.
    public let recording: RecordingDescription?
    /// Pulses that the file has places for.
    public let pulses: Int
    /// Power of two that floating-point samples are divided by before they fill 32 bits; 0 for whole numbers.
    public let scaleExponent: Int
    private let metadata: SigMFMetadata
    private let missing: MissingPulses
    private let silent: MissingPulses
    private let dataPath: String
    private let leftoverBytes: Int
    /// Two clocks' sample rates that are the same for a velocity (project choice: a tenth of a per mille).
    private static let rateTolerance = 1e-4
    /// The ending of the metadata's file, and of the samples'.
    private static let metadataEnding = ".sigmf-meta"
    private static let dataEnding = ".sigmf-data"

    /// Opens a recording.
    ///
    /// - Parameters:
    ///   - path: the `.sigmf-meta` file; `<path>.yaml` beside it may hold parameters, as for a WAV file.
    ///   - parameters: win over the metadata, except that what either calls simulated stays so.
    /// - Throws: `.storage` when a file cannot be read; `.data` when it is no such recording, is not what its SHA-512
    ///   says, or a parameter is not possible.
    public init(path: String, parameters: FileParameters = FileParameters()) throws(SourceError) {
        let name = ImportFile.name(of: path)
        guard path.hasSuffix(Self.metadataEnding) else {
            throw .data(file: name, problem: "give the .sigmf-meta file; unpack a .sigmf archive first (tar -xf)")
        }
        let metadata = try SigMFMetadata(
            try ImportFile.contents(of: path, mostBytes: SigMFMetadata.mostBytes), file: name)
        dataPath = String(path.dropLast(Self.metadataEnding.count)) + Self.dataEnding
        let file = try ImportFile(path: dataPath)
        let bytesPerPulse = 2 * metadata.dataType.form.bytesPerNumber * metadata.channels
        pulses = file.byteCount / bytesPerPulse
        leftoverBytes = file.byteCount % bytesPerPulse
        guard pulses > 0 else { throw .data(file: file.name, problem: "holds no whole sample: record again") }
        try Self.check(metadata.sha512, of: dataPath, name: file.name)
        let known = try Self.known(parameters, path: path, metadata: metadata)
        try known.check(
            sampleRateHz: metadata.sampleRateHz, toleranceHz: metadata.sampleRateHz * Self.rateTolerance, file: name)
        self.parameters = known
        self.metadata = metadata
        recording = metadata.recording
        missing = try MissingPulses(metadata.missing, of: pulses, file: name)
        silent = try MissingPulses(metadata.silent, of: pulses, file: name)
        scaleExponent = metadata.dataType == .cf32 ? try Self.exponent(of: file) : 0
        let kind = "SigMF file, \(metadata.dataType.rawValue), \(metadata.sampleRateHz) Hz"
        let scale = metadata.dataType == .cf32 ? ", full scale taken to be 2^\(scaleExponent)" : ""
        var origin =
            metadata.recording?.origin
            ?? SourceOrigin(
                specifier: "", device: "", profileID: nil, isSimulated: false)
        origin.specifier = "sigmf:\(name)"
        origin.device = (origin.device.isEmpty ? "" : origin.device + "; ") + kind + scale
        origin.isSimulated = known.isSimulated ?? false
        self.origin = origin
    }

    /// What is told, then what stands in `<path>.yaml`, then what the metadata say.
    private static func known(
        _ told: FileParameters, path: String, metadata: SigMFMetadata
    ) throws(SourceError) -> FileParameters {
        let name = ImportFile.name(of: path)
        var known = told
        if let side = try FileParameters(beside: path) { known = known.filled(from: side) }
        guard known.missing.isEmpty else {
            throw .data(file: name + ".yaml", problem: "`missing` does not belong here: annotate `missing samples`")
        }
        return known.filled(from: try FileParameters(of: metadata, file: name))
    }

    private static func check(_ sha512: String?, of path: String, name: String) throws(SourceError) {
        guard let sha512 else { return }
        let found: String
        do throws(RecordingError) { found = try RecordingFingerprint.sha512(ofFile: path) } catch {
            throw .storage(file: name, problem: error.description)
        }
        guard found == sha512 else {
            throw .data(
                file: name,
                problem: "its SHA-512 is not that of its metadata: it was changed, cut off or exchanged; take the copy "
                    + "that belongs to them")
        }
    }

    /// The least power of two that no finite sample goes beyond.
    private static func exponent(of file: borrowing ImportFile) throws(SourceError) -> Int {
        var largest: Float = 0
        var offset = 0
        while offset < file.byteCount {
            largest = max(largest, IQNumberForm.largestFloat(in: try file.bytes(at: offset, count: bytesAtATime)))
            offset += bytesAtATime
        }
        return IQNumberForm.scaleExponent(largest: largest)
    }

    private static let bytesAtATime = 1 << 20

    /// The rate of the samples, Hz.
    private var prfHz: Double { parameters.prfHz ?? metadata.sampleRateHz }

    /// A file has its settings; those that are wanted are not applied.
    ///
    /// - Returns: the recording's own where this program wrote it; else what is not known is 0, frequency, depth and
    ///   transmit level included.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        AcquisitionSettings(ofFile: recording, parameters, prfHz: prfHz, gates: metadata.channels)
    }

    /// Delivers the samples as frames of 20 ms, and what is missing as losses at its place.
    ///
    /// Missing is what an annotation `missing samples` says, what `core:global_index` skips, and a floating-point sample
    /// that is no number. A frame with a whole number at full scale is marked as clipped.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var feed = IQFrameFeed(
            format: metadata.dataType.form.sampleFormat, gates: UInt16(clamping: metadata.channels),
            prfHz: prfHz, flags: .transmitting)
        do throws(SourceError) {
            let file = try ImportFile(path: dataPath)
            let absent = try missing(in: file)
            var begin = 0
            for skip in metadata.skips + [(place: pulses, pulses: 0)] where skip.place <= pulses {
                guard try play(begin..<skip.place, of: file, without: absent, &feed, into: &sink, until: stop) else {
                    return feed.counters
                }
                feed.lose(pulses: skip.pulses, into: &sink)
                begin = skip.place
            }
            if leftoverBytes > 0 { feed.markCutOff(missingPulses: 0, into: &sink) }
            return feed.counters
        } catch {
            throw SourceRunError(error, counters: feed.counters)
        }
    }

    /// Plays some pulses of the file.
    ///
    /// - Returns: `false` when `stop` was requested.
    private func play<Sink: FrameSink & ~Copyable>(
        _ places: Range<Int>, of file: borrowing ImportFile, without absent: MissingPulses, _ feed: inout IQFrameFeed,
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceError) -> Bool {
        let form = metadata.dataType.form
        let bytesPerPulse = 2 * form.bytesPerNumber * metadata.channels
        var place = places.lowerBound
        while place < places.upperBound {
            let next = absent.stretch(at: place, within: places.upperBound)
            if next.isMissing {
                feed.lose(pulses: UInt64(next.end - place), into: &sink)
            } else {
                var at = place
                while at < next.end {
                    let state = silent.stretch(at: at, within: next.end)
                    let count = min(feed.pulsesPerFrame, state.end - at)
                    let bytes = try file.bytes(at: at * bytesPerPulse, count: count * bytesPerPulse)
                    guard bytes.count == count * bytesPerPulse else {
                        throw .data(file: file.name, problem: "became shorter while it was read: take it again")
                    }
                    let isSent = feed.deliver(
                        form.payload(of: bytes, scaleExponent: scaleExponent), isClipped: form.isClipped(bytes),
                        without: state.isMissing ? .transmitting : [], into: &sink, until: stop)
                    guard isSent else { return false }
                    at += count
                }
            }
            place = next.end
        }
        return true
    }

    /// What is missing, with the floating-point samples that are no numbers.
    private func missing(in file: borrowing ImportFile) throws(SourceError) -> MissingPulses {
        guard metadata.dataType == .cf32 else { return missing }
        var stretches = missing.stretches
        let bytesPerPulse = 8 * metadata.channels
        let pulsesAtATime = max(1, Self.bytesAtATime / bytesPerPulse)
        var pulse = 0
        while pulse < pulses {
            let bytes = try file.bytes(
                at: pulse * bytesPerPulse, count: min(pulsesAtATime, pulses - pulse) * bytesPerPulse)
            for index in IQNumberForm.pulsesWithoutNumber(in: bytes, bytesPerPulse: bytesPerPulse)
            where !missing.stretch(at: pulse + index, within: pulses).isMissing {
                stretches.append(pulse + index..<pulse + index + 1)
            }
            pulse += pulsesAtATime
        }
        return try MissingPulses(stretches, of: pulses, file: file.name)
    }
}

extension FileParameters {
    /// What the metadata say: of this program's own recordings everything that was known, else the frequency.
    fileprivate init(of metadata: SigMFMetadata, file: String) throws(SourceError) {
        guard let recording = metadata.recording else {
            self.init(centreFrequencyHz: metadata.centreFrequencyHz)
            return
        }
        guard Int(recording.settings.gates) == metadata.channels else {
            throw .data(
                file: file,
                problem:
                    "has \(metadata.channels) channels and says that the recording has \(recording.settings.gates) "
                    + "gates: it was put together wrongly")
        }
        self.init(of: recording)
    }
}
