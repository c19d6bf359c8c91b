/// Finds figures outside what is plausible and entries that do not fit one another: it warns and never blocks.
///
/// The ranges are engineering bounds around published values (project's references, clinical, 4.6), not published limits.
struct PlausibilityCheck {
    /// Bounds of mean velocities, cm/s.
    private static let jugularCmPerS = 2.0...80.0
    private static let vertebralCmPerS = 2.0...40.0
    private static let deepVeinCmPerS = 2.0...30.0
    /// Bounds of jugular areas, mm2: 0.1 to 4 cm2 supine, 0 to 2 cm2 sitting.
    private static let supineMm2 = 10.0...400.0
    private static let sittingMm2 = 0.0...200.0
    /// Bounds of the outflow through jugular and vertebral veins, supine, mL/min.
    private static let supineOutflowMlPerMin = 100.0...1800.0
    /// The fastest backflow of 100 jugular valves, cm/s (Nedelmann 2005).
    private static let fastestBackflowCmPerS = 160.0
    /// Below this an automatic contour should be looked at again, 0 to 1 (project choice).
    private static let contourConfidence = 0.5

    private static let bounds = "engineering bounds around published ranges, not published limits"

    private let examProtocol: ExamProtocol
    private(set) var warnings: [PlausibilityWarning] = []

    init(_ measurements: ExamMeasurements, examProtocol: ExamProtocol) {
        self.examProtocol = examProtocol
        for observation in measurements.observations where observation.status == .examined { check(observation) }
        for area in measurements.lumenAreas where area.status == .examined { check(area) }
        checkLeaflets(measurements)
        let supine = FlowView(measurements).totals.first { $0.posture == .supine }?.mlPerMin
        if let supine, !Self.supineOutflowMlPerMin.contains(supine) {
            warn(
                "outflow.supine",
                "outflow of both jugular and vertebral veins, supine: \(decimalText(supine, places: 0)) mL/min, expected "
                    + "100 to 1800: check areas, angles and velocities", Self.bounds)
        }
    }

    private mutating func check(_ observation: VeinObservation) {
        let site = observation.site
        if let velocity = observation.meanVelocityCmPerS, observation.flow == .present,
            let range = Self.velocities(of: site.vein), !range.contains(abs(velocity))
        {
            warn(
                site.id,
                "\(site.name): mean velocity \(decimalText(velocity, places: 1)) cm/s, expected "
                    + "\(shortDecimalText(range.lowerBound, places: 1)) to "
                    + "\(shortDecimalText(range.upperBound, places: 1)): check angle, scale and gate", Self.bounds)
        }
        for reflux in observation.refluxes {
            guard let peak = reflux.peakVelocityCmPerS, peak > Self.fastestBackflowCmPerS else { continue }
            warn(
                site.id,
                "\(site.name): reflux to \(decimalText(peak, places: 0)) cm/s, faster than the fastest of 100 valves: "
                    + "check for aliasing", "Nedelmann M et al. J Neuroimaging 2005")
        }
        checkDirection(observation)
    }

    private mutating func checkDirection(_ observation: VeinObservation) {
        let site = observation.site
        let known = examProtocol.directions.first { $0.vein == site.vein && $0.window == site.window }
        guard let known else {
            guard !observation.refluxes.isEmpty || observation.direction != nil else { return }
            warn(
                site.id,
                "\(site.name): no source gives the direction that is normal here, so that reverse flow is the examiner's "
                    + "judgement: record a spectrum and say why",
                "directions of the protocol \(examProtocol.reference.id)")
            return
        }
        if let direction = observation.direction, direction != known.normal, observation.refluxes.isEmpty {
            warn(
                site.id,
                "\(site.name): flow runs \(direction.rawValue), normal is \(known.normal.rawValue) with a beam that points "
                    + "\(known.beam.rawValue): enter a reflux, or check how the probe was held", known.source)
        }
    }

    private static func velocities(of vein: Vein) -> ClosedRange<Double>? {
        switch vein {
        case .internalJugular: jugularCmPerS
        case .vertebral: vertebralCmPerS
        case .internalCerebral, .basalRosenthal, .greatCerebralGalen, .deepMiddleCerebral: deepVeinCmPerS
        default: nil
        }
    }

    private mutating func check(_ area: LumenArea) {
        let name = PlannedArea(side: area.side, level: area.level, posture: area.posture).name
        let range = area.posture == .supine ? Self.supineMm2 : Self.sittingMm2
        if let mm2 = area.areaMm2, !range.contains(mm2) {
            warn(
                area.itemID,
                "\(name): \(shortDecimalText(mm2, places: 2)) mm², expected \(shortDecimalText(range.lowerBound, places: 0)) to "
                    + "\(shortDecimalText(range.upperBound, places: 0)): check the unit (30 mm² are 0.3 cm²) and the pressure",
                Self.bounds)
        }
        if let phase = area.breathingPhase, phase != .endExpiration {
            warn(
                area.itemID, "\(name): measured at another phase of breathing than end-expiration: \(phase.words)",
                "Farina M et al. Neuro Open J 2017;4(1)")
        }
        if area.method == .automatic, area.isCorrected != true, let confidence = area.confidence,
            confidence < Self.contourConfidence
        {
            warn(
                area.itemID,
                "\(name): automatic contour with a confidence of \(decimalText(confidence, places: 2)): look at it and "
                    + "correct it where it is wrong", "project choice")
        }
    }

    private mutating func checkLeaflets(_ measurements: ExamMeasurements) {
        for inspection in measurements.lumenInspections where inspection.leafletMotion == .immobile {
            let place = inspection.place
            let isListed = measurements.lumenDefects.contains {
                $0.side == place.side && $0.level == place.level && $0.kind == .immobileValve
            }
            guard !isListed else { continue }
            warn(
                place.itemID, "\(place.name): the leaflets are immobile, yet no immobile valve is listed as a defect",
                "Farina M et al. Neuro Open J 2017;4(1)")
        }
    }

    private mutating func warn(_ itemID: String, _ text: String, _ source: String) {
        warnings.append(PlausibilityWarning(itemID: itemID, text: text, source: source))
    }
}
