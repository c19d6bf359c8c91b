internal import DopplerDSP
internal import StrictYAML

extension ExamProtocol {
    /// The schema number of protocol files.
    static let schema = 1
    /// Bounds of what a protocol may hold (project choice: generous around every diagnostic Doppler).
    enum Bounds {
        static let seconds = 1.0...600.0
        static let restSeconds = 0.0...3600.0
        static let frequencyHz = 500_000.0...20_000_000.0
        static let prfHz = 100.0...50_000.0
        static let filterHz = 0.0...5_000.0
        static let depthMm = 1.0...200.0
        static let lengthMm = 0.1...50.0
        static let angleDegrees = 0.0...80.0
        static let fftLength = 64...1024
        static let hopPulses = 1...1024
        static let burstCycles = 1...255
        static let perMille = 0...1000
        static let gainDb = -100.0...100.0
        static let velocityCmPerS = 0.01...1000.0
        static let signalDb = 0.0...60.0
        static let takes = 1...10
        /// A patient holds a strain or the breath for so long at most.
        static let heldSeconds = 1.0...30.0
        static let steps = 1...200
    }

    /// Reads a protocol; everything that is wrong is refused together, each at its place.
    public static func parse(_ text: String, file: String) throws(AnalysisError) -> ExamProtocol {
        do {
            let log = YAMLLog()
            var reader = ParameterReader(YAMLMap(try YAMLValue.parse(text, file: file), log: log), log: log)
            let plan = read(&reader, log)
            try log.throwIfAny()
            return plan
        } catch {
            throw AnalysisError.notReadable(error)
        }
    }

    private static func read(_ reader: inout ParameterReader, _ log: YAMLLog) -> ExamProtocol {
        let reference = reader.reference(schema: schema, citationKey: "citation")
        let rest = reader.map.double("restAfterPostureChangeSeconds", in: Bounds.restSeconds) ?? 0
        let presets = reader.map.list("presets").map { preset($0, log) }
        let check = lowFlowCheck(reader.map.require("lowFlowCheck") ?? reader.map.value, log)
        let directions = reader.map.list("directions").compactMap { direction($0, log) }
        let stepValues = reader.map.list("steps")
        let steps = stepValues.compactMap { step($0, presets, directions, log) }
        let areas = reader.map.list("areas").compactMap { plannedArea($0, log) }
        let findings = reader.map.list("findings").compactMap { $0.choice("findings", of: AskedFinding.self, log) }
        noteRepeats(presets.map(\.name), "a preset's name", reader.map.value, log)
        noteRepeats(directions.map { "\($0.vein.code) \($0.window.rawValue)" }, "a direction", reader.map.value, log)
        noteRepeats(areas.map(\.itemID), "an area", reader.map.value, log)
        noteRepeats(findings.map(\.rawValue), "a finding", reader.map.value, log)
        if findings.contains(.leafletMotion), !findings.contains(.lumenDefects) {
            log.note(
                "`findings`: leafletMotion is asked with lumenDefects: name both, or neither", at: reader.map.value)
        }
        noteOrder(of: steps, count: stepValues.count, reader.map.value, log)
        reader.map.finish()
        return ExamProtocol(
            reference: reference, restAfterPostureChangeSeconds: rest, presets: presets, lowFlowCheck: check,
            directions: directions, steps: steps, areas: areas, findings: findings)
    }

    /// Notes steps that no exam could do in this order.
    private static func noteOrder(of steps: [ProtocolStep], count: Int, _ value: YAMLValue, _ log: YAMLLog) {
        if !Bounds.steps.contains(count) {
            log.note("`steps` must hold from 1 to \(Bounds.steps.upperBound), found \(count)", at: value)
        }
        var seen: Set<String> = []
        for site in steps.map(\.site.id) where !seen.insert(site).inserted {
            log.note(
                "two steps are at the same site, \(site): keep one, and say `takes: 2` there to record it twice",
                at: value)
        }
        let postures = steps.map(\.site.posture)
        if zip(postures, postures.dropFirst()).count(where: !=) >= Posture.allCases.count {
            log.note("the steps go back to an earlier posture: put all steps of a posture together", at: value)
        }
    }

    private static func noteRepeats(_ names: [String], _ what: String, _ value: YAMLValue, _ log: YAMLLog) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            log.note("\(what) stands twice: \(name)", at: value)
        }
    }

    private static func preset(_ value: YAMLValue, _ log: YAMLLog) -> SettingsPreset {
        var map = YAMLMap(value, log: log)
        let preset = SettingsPreset(
            name: map.string("name") ?? "",
            centreFrequencyHz: map.double("centreFrequencyHz", in: Bounds.frequencyHz) ?? 1,
            prfHz: map.double("prfHz", in: Bounds.prfHz) ?? 1,
            gateDepthMm: map.double("gateDepthMm", in: Bounds.depthMm) ?? 1,
            gateLengthMm: map.double("gateLengthMm", in: Bounds.lengthMm) ?? 1,
            insonationAngleDegrees: map.double("insonationAngleDegrees", in: Bounds.angleDegrees) ?? 0,
            largestAngleDegrees: map.double("largestAngleDegrees", in: Bounds.angleDegrees) ?? 0,
            wallFilterHz: map.double("wallFilterHz", in: Bounds.filterHz) ?? 0,
            fftLength: map.int("fftLength", in: Bounds.fftLength) ?? Bounds.fftLength.lowerBound,
            hopPulses: map.int("hopPulses", in: Bounds.hopPulses) ?? 1,
            burstCycles: map.int("burstCycles", in: Bounds.burstCycles) ?? 1,
            transmitLevelPerMille: map.int("transmitLevelPerMille", in: Bounds.perMille) ?? 0,
            receiveGainDb: map.double("receiveGainDb", in: Bounds.gainDb) ?? 0, source: map.string("source") ?? "")
        map.finish()
        let farEdgeM = (preset.gateDepthMm + preset.gateLengthMm / 2) / 1000
        if preset.prfHz > DopplerScale.softTissueSpeedOfSoundMPerS / (2 * farEdgeM) {
            log.note("`prfHz` is too high for the depth: the echo of one pulse must return before the next", at: value)
        }
        if preset.insonationAngleDegrees > preset.largestAngleDegrees {
            log.note("`insonationAngleDegrees` is above `largestAngleDegrees`", at: value)
        }
        noteSpectralLimits(preset.prfHz, preset.wallFilterHz, preset.fftLength, value, log)
        return preset
    }

    private static func noteSpectralLimits(
        _ prfHz: Double, _ filterHz: Double, _ fftLength: Int, _ value: YAMLValue, _ log: YAMLLog
    ) {
        if filterHz >= prfHz / 2 { log.note("`wallFilterHz` must be below half of `prfHz`", at: value) }
        if fftLength & (fftLength - 1) != 0 { log.note("`fftLength` must be a power of two", at: value) }
    }

    private static func lowFlowCheck(_ value: YAMLValue, _ log: YAMLLog) -> LowFlowCheck {
        var map = YAMLMap(value, log: log)
        let check = LowFlowCheck(
            veins: map.list("veins").compactMap { $0.choice("veins", of: Vein.self, log) },
            manoeuvre: map.choice("manoeuvre", of: Manoeuvre.self) ?? .deepInspirations,
            seconds: map.double("seconds", in: Bounds.seconds) ?? 1,
            prfHz: map.double("prfHz", in: Bounds.prfHz) ?? 1,
            wallFilterHz: map.double("wallFilterHz", in: Bounds.filterHz) ?? 0,
            fftLength: map.int("fftLength", in: Bounds.fftLength) ?? Bounds.fftLength.lowerBound,
            hopPulses: map.int("hopPulses", in: Bounds.hopPulses) ?? 1,
            wallFilterAtMostCmPerS: map.double("wallFilterAtMostCmPerS", in: Bounds.velocityCmPerS) ?? 0,
            nyquistAtMostCmPerS: map.double("nyquistAtMostCmPerS", in: Bounds.velocityCmPerS) ?? 0,
            source: map.string("source") ?? "")
        map.finish()
        noteSpectralLimits(check.prfHz, check.wallFilterHz, check.fftLength, value, log)
        return check
    }

    private static func direction(_ value: YAMLValue, _ log: YAMLLog) -> ExpectedDirection? {
        var map = YAMLMap(value, log: log)
        defer { map.finish() }
        let vein = map.choice("vein", of: Vein.self)
        let window = map.choice("window", of: AcousticWindow.self)
        let normal = map.choice("normal", of: FlowDirection.self)
        let beam = map.choice("beam", of: ExpectedDirection.BeamAim.self)
        let source = map.string("source")
        guard let vein, let window, let normal, let beam, let source else { return nil }
        return ExpectedDirection(vein: vein, window: window, normal: normal, beam: beam, source: source)
    }
}
