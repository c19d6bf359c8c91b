internal import ProbeLink
internal import StrictYAML

/// What the samples of a file mean beyond the file itself; `nil` is "not known", never a default.
public struct FileParameters: Sendable, Hashable {
    /// Transmitted centre frequency, Hz.
    public var centreFrequencyHz: Double?
    /// Pulse repetition frequency, Hz; it must be the file's sample rate, as exactly as the file tells that.
    public var prfHz: Double?
    /// Angle between beam and flow, degrees.
    public var insonationAngleDegrees: Double?
    /// Speed of sound that velocities are computed with, m/s.
    public var speedOfSoundMPerS: Double?
    /// The direction that is normal at this site.
    public var normalDirection: BeamDirection?
    /// Whether the samples are simulated; `true` from any side holds.
    public var isSimulated: Bool?
    /// Pulses whose place in the file holds no sample, only something to fill it; the side file alone tells them.
    public private(set) var missing: [Range<Int>] = []

    /// Parameters, none known unless given.
    public init(
        centreFrequencyHz: Double? = nil, prfHz: Double? = nil, insonationAngleDegrees: Double? = nil,
        speedOfSoundMPerS: Double? = nil, normalDirection: BeamDirection? = nil, isSimulated: Bool? = nil
    ) {
        self.centreFrequencyHz = centreFrequencyHz
        self.prfHz = prfHz
        self.insonationAngleDegrees = insonationAngleDegrees
        self.speedOfSoundMPerS = speedOfSoundMPerS
        self.normalDirection = normalDirection
        self.isSimulated = isSimulated
    }

    /// The names of what scoring and velocities need and is not known; empty = all known.
    public var missingForScoring: [String] {
        var missing: [String] = []
        if centreFrequencyHz == nil { missing.append("centreFrequencyHz") }
        if prfHz == nil { missing.append("prfHz") }
        if insonationAngleDegrees == nil { missing.append("insonationAngleDegrees") }
        if speedOfSoundMPerS == nil { missing.append("speedOfSoundMPerS") }
        if normalDirection == nil { missing.append("normalDirection") }
        return missing
    }

    /// These parameters, and where one is not known that of the other side.
    ///
    /// Only the mark of simulation is joined: what one side calls simulated stays so.
    public func filled(from other: FileParameters) -> FileParameters {
        var joined = FileParameters(
            centreFrequencyHz: centreFrequencyHz ?? other.centreFrequencyHz, prfHz: prfHz ?? other.prfHz,
            insonationAngleDegrees: insonationAngleDegrees ?? other.insonationAngleDegrees,
            speedOfSoundMPerS: speedOfSoundMPerS ?? other.speedOfSoundMPerS,
            normalDirection: normalDirection ?? other.normalDirection)
        joined.isSimulated = isSimulated == true || other.isSimulated == true ? true : isSimulated ?? other.isSimulated
        joined.missing = missing.isEmpty ? other.missing : missing
        return joined
    }

    // The ranges that are believed; outside is a slip of units (project choices, as for device profiles).
    private static let plausibleCentreFrequencyHz = 500_000.0...30_000_000.0
    private static let plausiblePRFHz = 100.0...1_000_000.0
    private static let plausibleAngleDegrees = 0.0...89.0
    private static let plausibleSpeedMPerS = 1400.0...1700.0
    /// More than a day at the highest rate; it keeps sums small.
    private static let mostPulses = 1 << 40

    /// Reads the side file of a file of samples, `<path>.yaml`.
    ///
    /// - Returns: `nil` where there is none.
    init?(beside path: String) throws(SourceError) {
        let sidePath = path + ".yaml"
        guard ImportFile.exists(sidePath) else { return nil }
        let name = ImportFile.name(of: sidePath)
        let bytes = try ImportFile.contents(of: sidePath, mostBytes: YAMLValue.maximumBytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .data(file: name, problem: "is not UTF-8 text: save it as such")
        }
        try self.init(sideFile: text, file: name)
    }

    /// Reads a side file.
    ///
    /// - Parameter file: the name that problems are reported under.
    /// - Throws: `.data` with everything that is wrong in it.
    init(sideFile text: String, file: String) throws(SourceError) {
        self.init()
        do throws(YAMLProblems) {
            let log = YAMLLog()
            var map = YAMLMap(try YAMLValue.parse(text, file: file), log: log)
            centreFrequencyHz = map.optionalDouble("centreFrequencyHz", in: Self.plausibleCentreFrequencyHz)
            prfHz = map.optionalDouble("prfHz", in: Self.plausiblePRFHz)
            insonationAngleDegrees = map.optionalDouble("insonationAngleDegrees", in: Self.plausibleAngleDegrees)
            speedOfSoundMPerS = map.optionalDouble("speedOfSoundMPerS", in: Self.plausibleSpeedMPerS)
            normalDirection = map.optionalChoice("normalDirection", of: BeamDirection.self)
            isSimulated = map.optionalBool("isSimulated")
            for stretch in map.optionalList("missing") {
                var fields = YAMLMap(stretch, log: log)
                let first = fields.int("firstPulse", in: 0...Self.mostPulses)
                let pulses = fields.int("pulses", in: 1...Self.mostPulses)
                fields.finish()
                if let first, let pulses { missing.append(first..<first + pulses) }
            }
            map.finish()
            try log.throwIfAny()
        } catch {
            throw Self.refusal(error, file: file)
        }
    }

    /// Every problem as `file:line:column: what`, a line each.
    private static func refusal(_ problems: YAMLProblems, file: String) -> SourceError {
        guard let first = problems.problems.first else { return .data(file: file, problem: "cannot be read") }
        let rest = problems.problems.dropFirst().map { "\n\($0)" }.joined()
        return .data(file: "\(file):\(first.line):\(first.column)", problem: first.what + rest)
    }

    /// Checks values that did not come from a side file, and all against the file's sample rate.
    ///
    /// - Parameter toleranceHz: how exactly the file tells its sample rate; a WAV file tells whole Hz.
    func check(sampleRateHz: Double, toleranceHz: Double, file: String) throws(SourceError) {
        func check(_ value: Double?, _ name: String, _ range: ClosedRange<Double>) throws(SourceError) {
            guard let value, !range.contains(value) else { return }
            let allowed = "\(range.lowerBound) to \(range.upperBound)"
            throw .data(file: file, problem: "\(name) must be from \(allowed), found \(value)")
        }
        try check(centreFrequencyHz, "centreFrequencyHz", Self.plausibleCentreFrequencyHz)
        try check(prfHz, "prfHz", Self.plausiblePRFHz)
        try check(insonationAngleDegrees, "insonationAngleDegrees", Self.plausibleAngleDegrees)
        try check(speedOfSoundMPerS, "speedOfSoundMPerS", Self.plausibleSpeedMPerS)
        guard let prfHz, abs(prfHz - sampleRateHz) > toleranceHz else { return }
        let rate = sampleRateHz == sampleRateHz.rounded() ? "\(Int(sampleRateHz))" : "\(sampleRateHz)"
        throw .data(
            file: file,
            problem: "prfHz is \(prfHz) but the sample rate is \(rate) Hz: a pulse must be one sample; "
                + "correct prfHz, or resample the file to it")
    }
}
