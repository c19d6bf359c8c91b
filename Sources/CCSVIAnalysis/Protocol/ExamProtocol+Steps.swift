internal import StrictYAML

extension ExamProtocol {
    /// Reads a step; what no exam could do is noted.
    static func step(
        _ value: YAMLValue, _ presets: [SettingsPreset], _ directions: [ExpectedDirection], _ log: YAMLLog
    ) -> ProtocolStep? {
        var map = YAMLMap(value, log: log)
        defer { map.finish() }
        let vein = map.choice("vein", of: Vein.self)
        let side = map.choice("side", of: Side.self)
        let level = map.optionalChoice("level", of: JugularLevel.self)
        let window = map.choice("window", of: AcousticWindow.self)
        let posture = map.choice("posture", of: Posture.self)
        let preset = map.string("preset")
        let manoeuvre = map.choice("manoeuvre", of: Manoeuvre.self)
        let secondsValue = map.require("seconds")
        let seconds = secondsValue?.double("seconds", in: Bounds.seconds, log)
        let leastSignalDb = map.double("leastSignalDb", in: Bounds.signalDb)
        let takes = map.optionalInt("takes", in: Bounds.takes) ?? 1
        let guidance = map.optionalString("guidance")
        guard let vein, let side, let window, let posture, let preset, let manoeuvre, let seconds, let leastSignalDb
        else { return nil }
        if manoeuvre.isHeld, let secondsValue, !Bounds.heldSeconds.contains(seconds) {
            let most = Bounds.heldSeconds.upperBound
            log.note("\(manoeuvre.words) cannot be held for \(seconds) s: at most \(most) s", at: secondsValue)
        }
        if (vein == .internalJugular) != (level != nil) {
            log.note("only the internal jugular vein has a level, and it needs one", at: value)
        }
        if !vein.windows.contains(window) {
            log.note("the \(vein.name) is not seen through the \(window.rawValue) window", at: value)
        }
        if !presets.contains(where: { $0.name == preset }) { log.note("no preset is named `\(preset)`", at: value) }
        guard let direction = directions.first(where: { $0.vein == vein && $0.window == window }) else {
            log.note("`directions` does not say what is normal for this vein and window", at: value)
            return nil
        }
        return ProtocolStep(
            site: ExamSite(vein, side, level: level, window: window, posture), preset: preset, manoeuvre: manoeuvre,
            seconds: seconds, normalDirection: direction.normal, leastSignalDb: leastSignalDb, takes: takes,
            guidance: guidance)
    }

    /// Reads a planned area.
    static func plannedArea(_ value: YAMLValue, _ log: YAMLLog) -> PlannedArea? {
        var map = YAMLMap(value, log: log)
        defer { map.finish() }
        let side = map.choice("side", of: Side.self)
        let level = map.choice("level", of: JugularLevel.self)
        let posture = map.choice("posture", of: Posture.self)
        guard let side, let level, let posture else { return nil }
        return PlannedArea(side: side, level: level, posture: posture)
    }
}

extension Manoeuvre {
    /// Whether it is a strain or a breath that is held, which nobody can do for long.
    var isHeld: Bool { self == .valsalva || self == .apnoea }
}
