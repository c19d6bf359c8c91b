public import DopplerDSP

/// What an exam does, in order: data, with its settings and the directions that are normal.
public struct ExamProtocol: Sendable, Hashable {
    /// Id, version, title and citation.
    public var reference: Reference
    /// Rest after a change of posture, before anything is recorded, seconds.
    public var restAfterPostureChangeSeconds: Double
    /// The settings, by name.
    public var presets: [SettingsPreset]
    /// What is recorded in addition where a neck vein shows no flow.
    public var lowFlowCheck: LowFlowCheck
    /// What is normal for each vein and window.
    public var directions: [ExpectedDirection]
    /// The recordings, in order: by posture and side.
    public var steps: [ProtocolStep]
    /// The lumen areas to measure.
    public var areas: [PlannedArea]
    /// What else the operator is asked for.
    public var findings: [AskedFinding]

    /// The sites of the steps, each once, in order.
    public var plannedSites: [ExamSite] { steps.map(\.site).uniqued() }

    /// Where the jugular lumen is looked at for defects, each place once: wherever an area is planned, if it is asked for.
    public var lumenPlaces: [LumenPlace] {
        guard findings.contains(.lumenDefects) else { return [] }
        return areas.map { LumenPlace(side: $0.side, level: $0.level) }.uniqued()
    }

    /// The recorded time of every step, without rests and low-flow checks, seconds.
    public var recordedSeconds: Double { steps.reduce(0) { $0 + $1.seconds * Double($1.takes) } }

    /// The settings of a step.
    ///
    /// The loader checks that each step's preset stands; `nil` only for a step that is not of this protocol.
    public func preset(for step: ProtocolStep) -> SettingsPreset? { presets.first { $0.name == step.preset } }

    /// The settings of the low-flow check at a step; `nil` where the step's vein has none.
    public func lowFlowPreset(for step: ProtocolStep) -> SettingsPreset? {
        guard lowFlowCheck.veins.contains(step.site.vein), var preset = preset(for: step) else { return nil }
        preset.name += LowFlowCheck.presetSuffix
        preset.prfHz = lowFlowCheck.prfHz
        preset.wallFilterHz = lowFlowCheck.wallFilterHz
        preset.fftLength = lowFlowCheck.fftLength
        preset.hopPulses = lowFlowCheck.hopPulses
        preset.source = lowFlowCheck.source
        return preset
    }

    /// The direction that is normal at a site with regard to the transducer; `nil` where the protocol gives none.
    public func normalDirection(at site: ExamSite) -> FlowDirection? {
        directions.first { $0.vein == site.vein && $0.window == site.window }?.normal
    }
}

/// One recording of an exam.
public struct ProtocolStep: Sendable, Hashable {
    /// Where.
    public var site: ExamSite
    /// Name of the settings.
    public var preset: String
    /// What the patient does.
    public var manoeuvre: Manoeuvre
    /// How long is recorded, seconds.
    public var seconds: Double
    /// The direction that is normal here, from the protocol's table.
    public var normalDirection: FlowDirection
    /// Signal over noise from which a take with flow is good enough, dB: below it the operator is told, and the exam says so.
    public var leastSignalDb: Double
    /// How many whole takes are made.
    public var takes: Int
    /// What to tell the operator; `nil` = nothing special.
    public var guidance: String?
}

/// What a protocol asks the operator for, beside recordings and areas.
public enum AskedFinding: String, Sendable, Hashable, Codable, CaseIterable {
    /// When in the breath an area was measured.
    case breathingPhase
    /// Defects of the lumen, wherever an area is planned.
    case lumenDefects
    /// How the leaflets of the valve move, at J1.
    case leafletMotion
}

/// A lumen area that is planned.
public struct PlannedArea: Sendable, Hashable {
    /// Side of the internal jugular vein.
    public var side: Side
    /// Its level.
    public var level: JugularLevel
    /// The posture.
    public var posture: Posture

    /// An area from its place.
    public init(side: Side, level: JugularLevel, posture: Posture) {
        self.side = side
        self.level = level
        self.posture = posture
    }

    /// `area.left.j2.sitting`.
    public var itemID: String { "area.\(side.rawValue).\(level.rawValue).\(posture.rawValue)" }

    /// Name for people: `area of the left internal jugular vein, J2, sitting`.
    public var name: String {
        "area of the \(side.rawValue) internal jugular vein, \(level.rawValue.uppercased()), \(posture.rawValue)"
    }
}

/// The direction of flow that is normal for a vein through a window, and the beam that this holds for.
public struct ExpectedDirection: Sendable, Hashable {
    /// The vein.
    public var vein: Vein
    /// The window.
    public var window: AcousticWindow
    /// What is normal, with regard to the transducer.
    public var normal: FlowDirection
    /// Where the beam points.
    public var beam: BeamAim
    /// Where this comes from.
    public var source: String

    /// Where a beam points from its window.
    public enum BeamAim: String, Sendable, Hashable, CaseIterable {
        case cranial, caudal, medial, anterior
    }
}

/// Named settings for a group of veins.
public struct SettingsPreset: Sendable, Hashable {
    /// Its name: `jugular`.
    public var name: String
    /// Transmitted centre frequency, Hz.
    public var centreFrequencyHz: Double
    /// Pulse repetition frequency, Hz.
    public var prfHz: Double
    /// Depth of the gate's centre, mm.
    public var gateDepthMm: Double
    /// Length of the gate, mm.
    public var gateLengthMm: Double
    /// Angle between beam and flow that velocities are corrected for, degrees.
    public var insonationAngleDegrees: Double
    /// The largest angle that is accepted, degrees.
    public var largestAngleDegrees: Double
    /// Cut-off of the wall filter, Hz.
    public var wallFilterHz: Double
    /// Length of window and transform, pulses.
    public var fftLength: Int
    /// Distance of neighbouring columns, pulses.
    public var hopPulses: Int
    /// Length of the burst, cycles.
    public var burstCycles: Int
    /// Transmit level, thousandths of the probe's maximum.
    public var transmitLevelPerMille: Int
    /// Receive gain, dB.
    public var receiveGainDb: Double
    /// Where the figures come from.
    public var source: String

    /// What turns shifts into velocities with these settings.
    public var scale: DopplerScale {
        DopplerScale(centreFrequencyHz: centreFrequencyHz, insonationAngleDegrees: insonationAngleDegrees)
    }

    /// How spectra are computed with these settings.
    public var spectralSettings: SpectralSettings {
        SpectralSettings(
            prfHz: prfHz, fftLength: fftLength, hopPulses: hopPulses, wallFilterCutoffHz: wallFilterHz)
    }
}

/// The recording that is made in addition where a neck vein shows no flow.
public struct LowFlowCheck: Sendable, Hashable {
    /// What a preset's name ends with when it is changed for the check.
    public static let presetSuffix = "+lowFlowCheck"

    /// The veins that it is made for.
    public var veins: [Vein]
    /// What the patient does.
    public var manoeuvre: Manoeuvre
    /// How long is recorded, seconds.
    public var seconds: Double
    /// Pulse repetition frequency, Hz.
    public var prfHz: Double
    /// Cut-off of the wall filter, Hz.
    public var wallFilterHz: Double
    /// Length of window and transform, pulses.
    public var fftLength: Int
    /// Distance of neighbouring columns, pulses.
    public var hopPulses: Int
    /// A wall filter counts as low up to this velocity, cm/s.
    public var wallFilterAtMostCmPerS: Double
    /// A velocity scale counts as low up to this Nyquist velocity, cm/s.
    public var nyquistAtMostCmPerS: Double
    /// Where the figures come from.
    public var source: String

    /// The conditions of an absence that a recording with these figures fulfils.
    ///
    /// - Parameters:
    ///   - wallFilterCmPerS: the cut-off in force, as a velocity.
    ///   - nyquistVelocityCmPerS: the velocity scale in force.
    ///   - manoeuvre: what the patient did.
    public func conditions(
        wallFilterCmPerS: Double, nyquistVelocityCmPerS: Double, manoeuvre: Manoeuvre
    ) -> AbsenceConditions {
        AbsenceConditions(
            lowWallFilter: wallFilterCmPerS <= wallFilterAtMostCmPerS,
            lowVelocityScale: nyquistVelocityCmPerS <= nyquistAtMostCmPerS,
            deepInspirations: manoeuvre == .deepInspirations)
    }
}
