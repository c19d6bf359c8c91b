internal import StrictYAML

extension Scenario.Allowed {
    static let flowMlPerMin = 0.5...3000.0
    static let areaModulation = 0.0...0.9
    static let heartPhase = 0.01...0.95
    static let skewness = 0.0...1.0
    static let coreShare = 0.1...0.4
    static let exponent = 2.1...40.0
    static let strainBeginSeconds = 0.5...600.0
    static let strainSeconds = 1.0...30.0
    static let areaFactor = 1.0...20.0
    static let faultStartSeconds = 0.0...3600.0
    static let faultSeconds = 0.001...3600.0
    /// A tap is shorter than any reflux that is reported.
    static let tapSeconds = 0.001...0.1
    static let imbalance = -0.5...0.5
    static let counts = 1.0...32_767.0
    static let faultDb = -40.0...66.0
    static let driftPpm = -10_000.0...10_000.0
    static let times = 1...200
    static let septumShare = -0.9...0.9
    static let opening = 0.0...1.0
}

extension VelocityProfile.Shape {
    private enum Name: String, CaseIterable {
        case plug, parabolic, blunted, skewed, jet
    }

    /// A profile: `plug`, `parabolic`, or a mapping such as `{ kind: jet, coreShare: 0.25 }`.
    static func reading(_ value: YAMLValue?, _ log: YAMLLog) -> VelocityProfile.Shape? {
        guard let value else { return nil }
        if case .scalar = value.content {
            switch value.choice("profile", of: Name.self, log) {
            case .plug: return .plug
            case .parabolic: return .parabolic
            case nil: return nil
            case .blunted, .skewed, .jet:
                log.note("this profile has a figure: write profile: { kind: jet, coreShare: 0.25 }", at: value)
                return nil
            }
        }
        var map = YAMLMap(value, log: log)
        defer { map.finish() }
        switch map.choice("kind", of: Name.self) {
        case .plug: return .plug
        case .parabolic: return .parabolic
        case .blunted: return map.double("exponent", in: Scenario.Allowed.exponent).map { .blunted(exponent: $0) }
        case .skewed: return map.double("skewness", in: Scenario.Allowed.skewness).map { .skewed(skewness: $0) }
        case .jet: return map.double("coreShare", in: Scenario.Allowed.coreShare).map { .jet(coreShare: $0) }
        case nil: return nil
        }
    }
}

extension ValsalvaStrain {
    private enum Occasion: String, CaseIterable {
        case asked, everyRecording
    }

    static func reading(_ read: YAMLMap) -> ValsalvaStrain {
        var map = read
        var strain = ValsalvaStrain()
        strain.valve = map.choice("valve", of: Valve.self) ?? strain.valve
        strain.beginSeconds =
            map.optionalDouble("beginSeconds", in: Scenario.Allowed.strainBeginSeconds) ?? strain.beginSeconds
        strain.strainSeconds =
            map.optionalDouble("strainSeconds", in: Scenario.Allowed.strainSeconds) ?? strain.strainSeconds
        strain.areaFactor = map.optionalDouble("areaFactor", in: Scenario.Allowed.areaFactor) ?? strain.areaFactor
        strain.velocityCmPerS = map.optionalDouble("velocityCmPerS", in: Scenario.Allowed.velocityCmPerS)
        strain.comesUnasked = map.optionalChoice("when", of: Occasion.self) == .everyRecording
        map.finish()
        return strain
    }
}

extension ValveLeaflets {
    private enum Name: String, CaseIterable {
        case moving
    }

    /// Leaflets: `moving`, or `{ fixedOpening: 0.2 }`.
    static func reading(_ value: YAMLValue?, _ log: YAMLLog) -> ValveLeaflets? {
        guard let value else { return nil }
        if case .scalar = value.content {
            return value.choice("leaflets", of: Name.self, log).map { _ in ValveLeaflets() }
        }
        var map = YAMLMap(value, log: log)
        defer { map.finish() }
        return map.double("fixedOpening", in: Scenario.Allowed.opening).map { ValveLeaflets(fixedOpening: $0) }
    }
}

extension FrontEndFault {
    /// Most faults of a site, repetitions counted (project choice: each costs time at every pulse).
    static let mostAtSite = 500

    private typealias Allowed = Scenario.Allowed

    /// The faults of a site.
    static func readingList(_ list: YAMLValue, _ log: YAMLLog) -> [FrontEndFault] {
        let items = list.items("faults", log)
        let faults = items.prefix(mostAtSite + 1).flatMap { reading($0, log) }
        if faults.count > mostAtSite {
            log.note("`faults` holds more than \(mostAtSite), repetitions counted", at: list)
        }
        return faults
    }

    /// One fault, or as many as `times` says, each with a seed of its own.
    static func reading(_ value: YAMLValue, _ log: YAMLLog) -> [FrontEndFault] {
        var map = YAMLMap(value, log: log)
        guard let kind = map.choice("kind", of: Kind.self) else { return [] }
        guard kind != .lostPulses else {
            log.note("a patient loses no pulses: that is a fault of the cable; use `dropout`", at: value)
            return []
        }
        let size = kind.size(&map)
        let seed = map.optionalInt("seed", in: 0...Int(UInt32.max)) ?? 0
        guard kind != .clockDrift else {
            map.finish()
            return [FrontEndFault(kind, size: size, seed: UInt64(seed))]
        }
        let start = map.optionalDouble("startSeconds", in: Allowed.faultStartSeconds) ?? 0
        let range = kind == .tap ? Allowed.tapSeconds : Allowed.faultSeconds
        let mustEnd = kind == .tap || kind == .dropout
        let length = mustEnd ? map.double("lengthSeconds", in: range) : map.optionalDouble("lengthSeconds", in: range)
        let times = map.optionalInt("times", in: Allowed.times) ?? 1
        let every = times > 1 ? map.double("everySeconds", in: Allowed.faultSeconds) : nil
        map.finish()
        if let every, (length ?? Self.wholeScene) > every {
            log.note("a fault that comes again must end before: `lengthSeconds` up to `everySeconds`", at: value)
        }
        return (0..<times).map { turn in
            FrontEndFault(
                kind, startSeconds: start + Double(turn) * (every ?? 0), seconds: length ?? Self.wholeScene,
                size: size, seed: UInt64(seed) + UInt64(turn))
        }
    }
}

extension FrontEndFault.Kind {
    /// The key of the size: its unit is its name.
    var sizeKey: String? {
        switch self {
        case .gainError: "share"
        case .phaseError: "radians"
        case .offset, .clipping: "counts"
        case .hum, .tap, .wallThump: "overBloodDb"
        case .clockDrift: "ppm"
        case .dropout, .lostPulses: nil
        }
    }

    fileprivate func size(_ map: inout YAMLMap) -> Double {
        typealias Allowed = Scenario.Allowed
        guard let sizeKey else { return 0 }
        let range =
            switch self {
            case .gainError, .phaseError: Allowed.imbalance
            case .offset, .clipping: Allowed.counts
            case .clockDrift: Allowed.driftPpm
            case .hum, .tap, .wallThump, .dropout, .lostPulses: Allowed.faultDb
            }
        return map.double(sizeKey, in: range) ?? 0
    }
}
