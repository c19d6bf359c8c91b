internal import CCSVIAnalysis
internal import DopplerDSP
internal import ExamSession
internal import ProbeLink

/// The settings of the step that is on: the protocol's, with what the operator changed.
struct RoomSettings: Sendable {
    /// What would be recorded next, with the protocol's settings; `nil` where no recording is on.
    var planned: PlannedRecording?
    /// What the operator changed for this step.
    var change = SettingsChange()
    /// What the probe has in force in a live scan or recording.
    var inForce: AcquisitionSettings?
    /// Which of the gates in force is looked at.
    var gate = 0

    /// The settings with the changes; `nil` where no recording is on.
    var preset: SettingsPreset? {
        planned.map { change.applied(to: $0.preset, isLowFlowCheck: $0.isLowFlowCheck) }
    }

    /// The settings for the recording; `nil` where the operator changed nothing of the protocol's.
    var changedPreset: SettingsPreset? {
        guard let planned, let preset, preset != planned.preset else { return nil }
        return preset
    }

    /// Takes a change after checking it.
    ///
    /// - Returns: whether a probe that runs has to be told.
    mutating func take(_ wanted: SettingsChange, limits: SettingsLimits) throws(RoomRefusal) -> Bool {
        guard let planned else {
            throw .notPossible(what: "no step is on", next: "change settings when the next step begins")
        }
        try limits.check(wanted)
        var wanted = wanted
        if let gate = wanted.gate {
            guard let inForce, gate >= 0, gate < Int(inForce.gates) else {
                throw .wrong(what: "there is no gate \(gate)", next: "choose one of the gates that the live scan shows")
            }
            if wanted.gateDepthMm == nil { wanted.gateDepthMm = inForce.gateDepthMm(gate) }
        }
        let merged = change.merged(with: wanted)
        let preset = merged.applied(to: planned.preset, isLowFlowCheck: planned.isLowFlowCheck)
        guard preset.wallFilterHz < preset.prfHz / 2 else {
            throw .wrong(
                what: "a wall filter of \(preset.wallFilterHz) Hz leaves nothing of a PRF of \(preset.prfHz) Hz",
                next: "choose less than half the PRF")
        }
        do throws(DSPError) {
            try GateRange(
                firstGateDepthMm: preset.gateDepthMm, gateSpacingMm: 0, gateLengthMm: preset.gateLengthMm, gates: 1
            ).validate(prfHz: preset.prfHz, speedOfSoundMPerS: preset.scale.speedOfSoundMPerS)
            var spectral = preset.spectralSettings
            spectral.gates = 1
            try spectral.validate()
        } catch {
            throw .wrong(what: error.description, next: "choose another depth, length, rate or wall filter")
        }
        if let gate = wanted.gate { self.gate = gate }
        change = merged
        var aside = wanted
        aside.insonationAngleDegrees = nil
        aside.wallFilterHz = nil
        if aside.gate != nil {
            aside.gate = nil
            aside.gateDepthMm = nil
        }
        return aside != SettingsChange()
    }

    /// The settings as screens show them.
    func shown(limits: SettingsLimits, liveGates: Int) -> ExamState.SettingsInForce? {
        guard let preset else { return nil }
        let asked = LiveGates(preset, gates: liveGates)
        let spectral = preset.spectralSettings.atRate(prfHz: inForce?.prfHz ?? preset.prfHz)
        let umPerMm = 1000.0
        return ExamState.SettingsInForce(
            centreFrequencyHz: inForce.map { Double($0.centreFrequencyHz) } ?? preset.centreFrequencyHz,
            prfHz: inForce?.prfHz ?? preset.prfHz, gates: inForce.map { Int($0.gates) } ?? asked.gates,
            gate: inForce == nil ? asked.gate : gate, gateDepthMm: inForce?.gateDepthMm(gate) ?? preset.gateDepthMm,
            firstGateDepthMm: inForce.map { Double($0.firstGateDepthUm) / umPerMm } ?? asked.firstGateDepthMm,
            gateSpacingMm: inForce.map { Double($0.gateSpacingUm) / umPerMm } ?? asked.spacingMm,
            gateLengthMm: inForce.map { Double($0.gateLengthUm) / umPerMm } ?? preset.gateLengthMm,
            receiveGainDb: inForce.map { Double($0.receiveGainCentiDb) / 100 } ?? preset.receiveGainDb,
            transmitLevelPerMille: inForce.map { Int($0.transmitLevelPerMille) } ?? preset.transmitLevelPerMille,
            insonationAngleDegrees: preset.insonationAngleDegrees, largestAngleDegrees: preset.largestAngleDegrees,
            wallFilterHz: preset.wallFilterHz, speedOfSoundMPerS: preset.scale.speedOfSoundMPerS,
            fftLength: spectral.fftLength, hopPulses: spectral.hopPulses,
            bModeFramesPerSecond: inForce.map {
                $0.streams.contains(.bMode) ? Double($0.bModeFrameRateMilliHz) / 1000 : 0
            } ?? 0,
            isInForce: inForce != nil, isChanged: changedPreset != nil, limits: limits)
    }

    /// What turns the shown scale into velocities.
    var scale: ExamState.Scale? {
        guard let preset else { return nil }
        var scale = preset.scale
        if let inForce { scale.centreFrequencyHz = Double(inForce.centreFrequencyHz) }
        do throws(DSPError) { try scale.validate() } catch { return nil }
        let degrees = 3.0
        let percent = 100.0
        let prfHz = inForce?.prfHz ?? preset.prfHz
        return ExamState.Scale(
            nyquistCmPerS: scale.nyquistVelocityCmPerS(prfHz: prfHz),
            wallFilterCmPerS: scale.velocityCmPerS(ofShiftHz: preset.wallFilterHz),
            angleErrorPercentPer3Degrees: scale.velocityError(angleUncertaintyDegrees: degrees).larger.map {
                $0 * percent
            },
            isAngleBeyondProtocol: preset.insonationAngleDegrees > preset.largestAngleDegrees)
    }
}

/// The gates of a live scan: a grid of depths on which the gate of the recording lies.
struct LiveGates: Sendable, Hashable {
    /// Distance of neighbouring gates, mm (project choice: finer than a gate is long, as depth strips are).
    static let usualSpacingMm = 0.5
    /// Where the nearest gate may lie, mm (project choice).
    private static let nearestMm = 2.0

    var gates: Int
    /// The gate of the recording.
    var gate: Int
    var firstGateDepthMm: Double
    var spacingMm: Double

    /// The grid about a preset's gate, with as many of the wanted gates as lie between the probe and the echo's last moment.
    init(_ preset: SettingsPreset, gates wanted: Int) {
        let spacing = Self.usualSpacingMm
        let mmPerM = 1000.0
        let deepest = preset.scale.speedOfSoundMPerS / (2 * preset.prfHz) * mmPerM - preset.gateLengthMm
        let above = Self.whole((preset.gateDepthMm - Self.nearestMm) / spacing, atMost: max(0, wanted / 2))
        let below = Self.whole((deepest - preset.gateDepthMm) / spacing, atMost: max(0, wanted - 1 - above))
        gates = 1 + above + below
        gate = above
        firstGateDepthMm = preset.gateDepthMm - Double(above) * spacing
        spacingMm = gates > 1 ? spacing : 0
    }

    private static func whole(_ value: Double, atMost most: Int) -> Int {
        guard value > 0 else { return 0 }
        return value < Double(most) ? Int(value) : most
    }
}

extension AcquisitionSettings {
    /// Depth of a gate's centre, mm.
    func gateDepthMm(_ gate: Int) -> Double {
        let umPerMm = 1000.0
        return (Double(firstGateDepthUm) + Double(gate) * Double(gateSpacingUm)) / umPerMm
    }
}
