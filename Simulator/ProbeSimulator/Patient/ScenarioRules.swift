internal import StrictYAML

/// What one file says of the sites.
struct ScenarioRules {
    private let drainage: [SiteRule]
    private let sites: [SiteRule]

    /// The rules of a file.
    init(_ file: YAMLValue, physiology: PatientPhysiology?, _ log: YAMLLog) {
        // A log of its own: what is unknown in the whole file is noted elsewhere.
        var map = YAMLMap(file, log: YAMLLog())
        drainage = Drainage.rules(map.take("drainage"), log)
        sites = SiteRule.reading(map.take("sites"), physiology: physiology, log)
    }

    /// The rules in the order in which they apply: the drainage, then the patterns, the most specific last.
    ///
    /// Rules as specific as one another match different sites or name different parts.
    var ordered: [SiteRule] { drainage + sites.sorted { $0.pattern.isLessSpecific(than: $1.pattern) } }
}

/// Areas of the jugular lumens as the files state them.
struct StatedAreas {
    /// What stands for an area that the exam does not measure: the lumen keeps its size.
    private static let notMeasured = "notMeasured"

    /// Size of each lumen, mm2, measured or not.
    private(set) var lumen: [JugularPlace: Double] = [:]
    /// The areas that are measured, mm2.
    private(set) var measured: [JugularPlace: Double] = [:]

    /// The areas of all files, the first that others extend first.
    init(_ files: [YAMLValue], _ log: YAMLLog) {
        for file in files {
            guard case .mapping(let entries) = file.content else {
                log.note("`areasMm2` must be a mapping such as left.j1.supine: 90", at: file)
                continue
            }
            for entry in entries { add(entry, log) }
        }
    }

    private mutating func add(_ entry: YAMLValue.Entry, _ log: YAMLLog) {
        guard let place = JugularPlace(entry.name) else {
            log.note("unknown place `\(entry.name)`: write side.level.posture, such as left.j1.supine", at: entry.key)
            return
        }
        if entry.value.text == Self.notMeasured {
            measured[place] = nil
        } else if let area = entry.value.double(entry.name, in: Scenario.Allowed.areaMm2, log) {
            lumen[place] = area
            measured[place] = area
        }
    }
}

extension VesselSite {
    /// What in a site contradicts itself, in words.
    func contradictions(_ physiology: PatientPhysiology) -> [String] {
        var found: [String] = []
        let sum = abs(cardiacModulation) + abs(respiratoryModulation)
        if sum > Scenario.Allowed.modulationSum {
            found.append(
                "cardiac and respiratory modulation together must be at most \(Scenario.Allowed.modulationSum)")
        }
        if areaPulse + areaBreathing > Scenario.Allowed.modulationSum {
            found.append("`areaPulse` and `areaBreathing` together must be at most \(Scenario.Allowed.modulationSum)")
        }
        if !Scenario.Allowed.velocityCmPerS.contains(velocityCmPerS) {
            found.append("flow and area make a velocity of \(velocityCmPerS) cm/s: give another flow or area")
        }
        return found + contradictionsOfReversals(physiology)
    }

    private func contradictionsOfReversals(_ physiology: PatientPhysiology) -> [String] {
        var found: [String] = []
        let inBreath = reversals.filter { $0.heartPhase == nil }
        if inBreath.count < reversals.count, reversals.count > 1 {
            found.append("a reversal by the heart beat must be the only one")
        }
        let inOrder = inBreath.sorted { $0.onsetSeconds < $1.onsetSeconds }
        for (earlier, later) in zip(inOrder, inOrder.dropFirst()) {
            let end = earlier.onsetSeconds + earlier.longestSeconds + 2 * FlowWaveform.halfTransitionSeconds
            if end > later.onsetSeconds { found.append("reversals overlap within a breath") }
        }
        let longest = physiology.breathPeriodSeconds - FlowWaveform.halfTransitionSeconds
        if inBreath.contains(where: { $0.onsetSeconds + $0.longestSeconds > longest }) {
            found.append("a reversal reaches beyond its breath of \(physiology.breathPeriodSeconds) s")
        }
        return found
    }
}
