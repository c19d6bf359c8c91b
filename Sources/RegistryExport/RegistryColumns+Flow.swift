internal import CCSVIAnalysis
internal import DopplerDSP

extension RegistryColumns {
    static let observations: [RegistryColumn<ObservationRow>] =
        [examKey(\.exam), versionKey(\.exam)] + site(\.observation.site) + seen + recorded

    /// What was seen.
    private static let seen: [RegistryColumn<ObservationRow>] = [
        .init("status", .words(ExaminationStatus.self), "Whether it was examined.") { .word($0.observation.status) },
        .init("flow", .words(FlowPresence.self), "Whether flow was detected.") { .optional($0.observation.flow) },
        .init(
            "absenceIsConfirmed", .truth,
            "Whether the three conditions of absent flow held: low wall filter, low velocity scale, deep inspirations."
        ) { .optional($0.observation.absence?.allHold) },
        .init("refluxCount", .count, unit: "{count}", "Episodes of reflux.") {
            $0.observation.status == .examined ? .count($0.observation.refluxes.count) : .missing
        },
        .init("longestRefluxSeconds", .decimal, unit: "s", "The longest episode of reflux.") {
            .optional($0.observation.refluxes.map(\.durationSeconds).max())
        },
        .init("direction", .words(FlowDirection.self), "Flow outside reflux with regard to the transducer.") {
            .optional($0.observation.direction)
        },
        .init("meanVelocityCmPerS", .decimal, unit: "cm/s", "Mean velocity.") {
            .optional($0.observation.meanVelocityCmPerS)
        },
    ]

    /// How it was recorded.
    private static let recorded: [RegistryColumn<ObservationRow>] = [
        .init("manoeuvre", .words(Manoeuvre.self), "What the patient did.") { .optional($0.recording?.manoeuvre) },
        .init("take", .count, "Counted from 1 when a step is repeated.") { .optional($0.recording?.take) },
        .init("durationSeconds", .decimal, unit: "s", "Length of the recording.") {
            .optional($0.recording?.durationSeconds)
        },
        .init("gateDepthMm", .decimal, unit: "mm", "Depth of the gate's centre.") {
            .optional($0.recording?.gateDepthMm)
        },
        .init("gateLengthMm", .decimal, unit: "mm", "Length of the gate.") { .optional($0.recording?.gateLengthMm) },
        .init("prfHz", .decimal, unit: "Hz", "Pulse repetition frequency.") { .optional($0.recording?.spectral.prfHz) },
        .init("angleDegrees", .decimal, unit: "deg", "Angle that velocities are corrected for.") {
            .optional($0.recording?.scale.insonationAngleDegrees)
        },
        .init("nyquistVelocityCmPerS", .decimal, unit: "cm/s", "The velocity scale.") {
            .optional($0.recording?.nyquistVelocityCmPerS)
        },
        .init("wallFilterCmPerS", .decimal, unit: "cm/s", "The wall filter's cut-off.") {
            .optional($0.recording?.wallFilterCmPerS)
        },
        .init("signalToNoiseDb", .decimal, unit: "dB", "Median signal-to-noise ratio.") {
            .optional($0.recording?.signalToNoiseDb)
        },
        .init("aliasedFraction", .decimal, unit: "1", "Share of usable columns that are aliased.") {
            .optional($0.recording?.aliasedFraction)
        },
        .init("pulses", .count, unit: "{count}", "Pulses that were recorded.") {
            .optional($0.recording.flatMap { Int(exactly: $0.pulses) })
        },
        .init("lostPulses", .count, unit: "{count}", "Pulses that were lost, wherever.") {
            .optional($0.recording.flatMap { Int(exactly: $0.lostPulses.total) })
        },
        .init("breaths", .count, unit: "{count}", "Breaths that were recorded.") { .optional($0.recording?.breaths) },
    ]

    static let refluxes: [RegistryColumn<RefluxRow>] =
        [examKey(\.exam), versionKey(\.exam)] + site(\.site) + [
            .init("manoeuvre", .words(Manoeuvre.self), "What the patient did.") { .word($0.reflux.manoeuvre) },
            .init("durationSeconds", .decimal, unit: "s", "Duration.") { .decimal($0.reflux.durationSeconds) },
            .init("durationUncertaintySeconds", .decimal, unit: "s", "How far the duration may be off.") {
                .optional($0.reflux.durationUncertaintySeconds)
            },
            .init("peakVelocityCmPerS", .decimal, unit: "cm/s", "Peak velocity.") {
                .optional($0.reflux.peakVelocityCmPerS)
            },
            .init("breathsSeen", .count, unit: "{count}", "Breaths in which it was seen.") {
                .optional($0.reflux.breathsSeen)
            },
            .init("breathsRecorded", .count, unit: "{count}", "Breaths that were recorded.") {
                .optional($0.reflux.breathsRecorded)
            },
            .init("confidence", .decimal, unit: "1", "How sure the detector is, 0 to 1.") {
                .optional($0.reflux.confidence)
            },
        ]

    /// Where it was.
    private static func site<Row>(_ site: @escaping @Sendable (Row) -> ExamSite) -> [RegistryColumn<Row>] {
        [
            .init("vein", .words(Vein.self), "The vein.") { .word(site($0).vein) },
            .init("side", .words(Side.self), "Side; of midline veins the side of the window.") {
                .word(site($0).side)
            },
            .init("level", .words(JugularLevel.self), "Level of the internal jugular vein.") {
                .optional(site($0).level)
            },
            .init("window", .words(AcousticWindow.self), "Acoustic window.") { .word(site($0).window) },
            .init("posture", .words(Posture.self), "Posture.") { .word(site($0).posture) },
        ]
    }
}
