public import ProbeLink

/// Quadrature samples of a file of named arrays, one sample a pulse.
///
/// What this program wrote comes back with its settings, its losses at their place and its mark of simulation. Of another
/// program's file only what its arrays say is known; without angle, speed of sound, frequency and normal direction it may
/// be looked at in Hz of Doppler shift alone.
public struct ArraySource: ParameterisedSource {
    /// What the samples mean, from the options, the side file and the arrays.
    public let parameters: FileParameters
    /// What the file is, without its folder.
    public let origin: SourceOrigin
    /// The power of two that floating-point samples are divided by before they fill 32 bits; 0 for whole numbers.
    public let scaleExponent: Int
    /// The description that this program gave the recording; `nil` = another program's file.
    public var recording: RecordingDescription? { arrays.recording }
    private let arrays: SampleArrays
    private let prfHz: Double
    private let missing: MissingPulses
    private let silent: MissingPulses
    /// Two clocks' sample rates that are the same for a velocity (project choice: a tenth of a per mille).
    private static let rateTolerance = 1e-4
    /// The sample rates that are believed, Hz (as for WAV files).
    private static let plausibleSampleRateHz = 100.0...1_000_000.0
    private static let plausibleGates = 1...512
    private static let bytesAtATime = 1 << 20

    /// A source of the arrays that an importer found; all samples are read once, so that a damaged file is refused before
    /// any of it is played.
    ///
    /// - Parameters:
    ///   - path: the file; `<path>.yaml` beside it may hold parameters, as for a WAV file.
    ///   - kind: the word that picked the source, `npz` or `hdf5`.
    ///   - parameters: win over the arrays, except that what either calls simulated stays so.
    /// - Throws: `.storage` when the file cannot be read; `.data` when it is damaged, does not say its rate, or a parameter
    ///   is not possible.
    public init(
        path: String, kind: String, arrays: SampleArrays, parameters: FileParameters = FileParameters()
    ) throws(SourceError) {
        let name = ImportFile.name(of: path)
        guard arrays.pulses > 0 else { throw .data(file: name, problem: "holds no whole sample: record again") }
        guard Self.plausibleGates.contains(arrays.gates) else {
            throw .data(file: name, problem: "has \(arrays.gates) gates: 1 to 512 are read")
        }
        if let recording = arrays.recording, Int(recording.settings.gates) != arrays.gates {
            throw .data(
                file: name,
                problem:
                    "has \(arrays.gates) gates and says that the recording has \(recording.settings.gates): it was "
                    + "put together wrongly")
        }
        let known = try Self.known(parameters, path: path, arrays: arrays)
        guard let rate = arrays.sampleRateHz ?? known.prfHz else {
            throw .data(
                file: name,
                problem: "does not say how many pulses there are in a second: put `prf_hz` into it, or prfHz into "
                    + "\(name).yaml, or give --prf-hz")
        }
        guard Self.plausibleSampleRateHz.contains(rate) else {
            throw .data(file: name, problem: "has \(rate) pulses a second: 100 to 1000000 are read")
        }
        try known.check(sampleRateHz: rate, toleranceHz: rate * Self.rateTolerance, file: name)
        self.parameters = known
        self.arrays = arrays
        prfHz = known.prfHz ?? rate
        silent = try MissingPulses(arrays.silent, of: arrays.pulses, file: name)
        let told = try MissingPulses(arrays.missing, of: arrays.pulses, file: name)
        (scaleExponent, missing) = try Self.examine(arrays, missing: told, file: name)
        let scale = arrays.form == .float32 ? ", full scale taken to be 2^\(scaleExponent)" : ""
        origin = Self.origin(arrays, known, name: name, kind: kind, rate: rate, scale: scale)
    }

    private static func origin(
        _ arrays: SampleArrays, _ known: FileParameters, name: String, kind: String, rate: Double, scale: String
    ) -> SourceOrigin {
        var origin =
            arrays.recording?.origin
            ?? SourceOrigin(specifier: "", device: "", profileID: nil, isSimulated: false)
        origin.specifier = "\(kind):\(name)"
        origin.device =
            (origin.device.isEmpty ? "" : origin.device + "; ") + "\(kind) file, \(arrays.form), \(rate) Hz\(scale)"
        origin.isSimulated = known.isSimulated ?? false
        return origin
    }

    /// What is told, then what stands in `<path>.yaml`, then what the arrays say.
    private static func known(
        _ told: FileParameters, path: String, arrays: SampleArrays
    ) throws(SourceError) -> FileParameters {
        var known = told
        if let side = try FileParameters(beside: path) { known = known.filled(from: side) }
        guard known.missing.isEmpty else {
            throw .data(
                file: ImportFile.name(of: path) + ".yaml",
                problem: "`missing` does not belong here: the file's arrays `gaps` or `missing` tell it")
        }
        return known.filled(from: arrays.parameters)
    }

    /// Reads all samples: checks them, finds the scale of floating-point ones, and which of those are no numbers.
    private static func examine(
        _ arrays: SampleArrays, missing: MissingPulses, file: String
    ) throws(SourceError) -> (scaleExponent: Int, missing: MissingPulses) {
        let digest = RunningSHA512()
        if arrays.sha512 != nil, digest == nil {
            throw .data(file: file, problem: "its SHA-512 cannot be checked: this GLib has none")
        }
        let samples = try arrays.open()
        let bytesPerPulse = 2 * arrays.form.bytesPerNumber * arrays.gates
        let pulsesAtATime = max(1, bytesAtATime / bytesPerPulse)
        var largest: Float = 0
        var stretches = missing.stretches
        var pulse = 0
        while pulse < arrays.pulses {
            let count = min(pulsesAtATime, arrays.pulses - pulse)
            let bytes = try samples.next(count * bytesPerPulse)
            digest?.add(bytes)
            if arrays.form == .float32 {
                largest = max(largest, IQNumberForm.largestFloat(in: bytes))
                for index in IQNumberForm.pulsesWithoutNumber(in: bytes, bytesPerPulse: bytesPerPulse)
                where !missing.stretch(at: pulse + index, within: arrays.pulses).isMissing {
                    Self.append(pulse + index, to: &stretches, from: missing.stretches.count)
                }
            }
            pulse += count
        }
        if let told = arrays.sha512, let digest, digest.hexadecimal() != told.lowercased() {
            throw .data(
                file: file,
                problem:
                    "its samples' SHA-512 is not the one that it names: it was changed or damaged; take another copy")
        }
        let all = try MissingPulses(stretches, of: arrays.pulses, file: file)
        return (IQNumberForm.scaleExponent(largest: largest), all)
    }

    /// Adds a pulse to the stretches that were begun at a place of the list, joined with the last where they meet.
    private static func append(_ pulse: Int, to stretches: inout [Range<Int>], from begin: Int) {
        if stretches.count > begin, let last = stretches.last, last.upperBound == pulse {
            stretches[stretches.count - 1] = last.lowerBound..<pulse + 1
        } else {
            stretches.append(pulse..<pulse + 1)
        }
    }

    /// A file has its settings; those that are wanted are not applied.
    ///
    /// - Returns: the recording's own where this program wrote it; else what is not known is 0, frequency, depth and
    ///   transmit level included.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        AcquisitionSettings(ofFile: recording, parameters, prfHz: prfHz, gates: arrays.gates)
    }

    /// Delivers the samples as frames of 20 ms, and what is missing as losses at its place.
    ///
    /// Missing is what the arrays say, and a floating-point sample that is no number. A frame with a whole number at full
    /// scale is marked as clipped.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var feed = IQFrameFeed(
            format: arrays.form.sampleFormat, gates: UInt16(clamping: arrays.gates), prfHz: prfHz,
            flags: .transmitting)
        do throws(SourceError) {
            let samples = try arrays.open()
            var place = 0
            while place < arrays.pulses {
                let next = missing.stretch(at: place, within: arrays.pulses)
                if next.isMissing {
                    try skip(next.end - place, of: samples)
                    feed.lose(pulses: UInt64(next.end - place), into: &sink)
                } else {
                    guard try play(place..<next.end, of: samples, &feed, into: &sink, until: stop) else { break }
                }
                place = next.end
            }
            return feed.counters
        } catch {
            throw SourceRunError(error, counters: feed.counters)
        }
    }

    private var bytesPerPulse: Int { 2 * arrays.form.bytesPerNumber * arrays.gates }

    private func skip(_ pulses: Int, of samples: any SampleArrayCursor) throws(SourceError) {
        var left = pulses
        while left > 0 {
            let count = min(left, max(1, Self.bytesAtATime / bytesPerPulse))
            _ = try samples.next(count * bytesPerPulse)
            left -= count
        }
    }

    /// Plays some pulses.
    ///
    /// - Returns: `false` when `stop` was requested.
    private func play<Sink: FrameSink & ~Copyable>(
        _ places: Range<Int>, of samples: any SampleArrayCursor, _ feed: inout IQFrameFeed, into sink: inout Sink,
        until stop: StopSignal
    ) throws(SourceError) -> Bool {
        var at = places.lowerBound
        while at < places.upperBound {
            let state = silent.stretch(at: at, within: places.upperBound)
            let count = min(feed.pulsesPerFrame, state.end - at)
            let bytes = try samples.next(count * bytesPerPulse)
            let isSent = feed.deliver(
                arrays.form.payload(of: bytes, scaleExponent: scaleExponent), isClipped: arrays.form.isClipped(bytes),
                without: state.isMissing ? .transmitting : [], into: &sink, until: stop)
            guard isSent else { return false }
            at += count
        }
        return true
    }
}
