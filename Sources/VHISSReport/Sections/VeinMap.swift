import CCSVIAnalysis

/// What each site of the exam showed, arranged by vein, level and side.
struct VeinMap {
    /// A place without its posture.
    struct Place: Hashable {
        let vein: Vein
        let side: Side
        let level: JugularLevel?
        let window: AcousticWindow

        /// The place of a site.
        init(_ site: ExamSite) {
            self.init(vein: site.vein, side: site.side, level: site.level, window: site.window)
        }

        /// A place from its parts.
        init(vein: Vein, side: Side, level: JugularLevel?, window: AcousticWindow) {
            self.vein = vein
            self.side = side
            self.level = level
            self.window = window
        }

        /// The place's site in a posture.
        func site(_ posture: Posture) -> ExamSite {
            ExamSite(vein, side, level: level, window: window, posture)
        }

        /// The place in few words, without the window where it is the vein's usual one: `right internal jugular, J2`.
        var name: String {
            let vein = vein == .internalJugular ? "internal jugular" : vein.name
            var text = "\(side.rawValue) \(vein)"
            if let level { text += ", \(level.rawValue.uppercased())" }
            if window != site(.supine).usualWindow { text += ", \(window.rawValue)" }
            return text
        }
    }

    /// The places, neck first, right before left, from the skull downwards.
    let places: [Place]
    /// Whether any vein in the skull is among them.
    let hasIntracranial: Bool
    private let observations: [ExamSite: [VeinObservation]]
    private let areas: [AreaKey: LumenArea]
    private let missing: Set<String>
    private let knowsAllSkullSteps: Bool

    private struct AreaKey: Hashable {
        let side: Side
        let level: JugularLevel
        let posture: Posture
    }

    /// The map of an exam: all neck veins, and the others that were examined or are missed by a criterion.
    init(_ exam: Exam) {
        observations = Dictionary(grouping: exam.measurements.observations, by: \.site)
        areas = Dictionary(
            exam.measurements.lumenAreas.map { (AreaKey(side: $0.side, level: $0.level, posture: $0.posture), $0) },
            uniquingKeysWith: { first, second in first.status == .examined ? first : second })
        let missing = Set(exam.assessment.criteria.flatMap { $0.missing.map(\.itemID) })
        self.missing = missing
        // Unless criterion 2 is met, it names every planned step of the skull that is not known.
        knowsAllSkullSteps = exam.assessment.criteria.contains { $0.criterion == .c2 && $0.outcome != .met }
        let seen = Set(exam.measurements.observations.map { Place($0.site) })
        let others = Self.otherPlaces.filter { place in
            seen.contains(place) || Posture.allCases.contains { missing.contains(place.site($0).id) }
        }
        let neck = Self.neckPlaces
        let odd = seen.subtracting(neck).subtracting(others).sorted { $0.name < $1.name }
        places = neck + others + odd
        hasIntracranial = places.contains { $0.vein.isIntracranial }
    }

    private static var neckPlaces: [Place] {
        [Side.right, .left].flatMap { side in
            [JugularLevel.j3, .j2, .j1].map {
                Place(vein: .internalJugular, side: side, level: $0, window: .neck)
            } + [Place(vein: .vertebral, side: side, level: nil, window: .neck)]
        }
    }

    private static var otherPlaces: [Place] {
        Vein.allCases.filter { $0.isIntracranial || $0 == .azygos }.flatMap { vein in
            [Side.right, .left].flatMap { side in
                AcousticWindow.allCases.map { Place(vein: vein, side: side, level: nil, window: $0) }
            }
        }
    }

    // MARK: Cells

    /// What a place showed in a posture.
    enum Cell {
        case notExamined
        /// No step of the exam, as far as the exam tells.
        case notPlanned
        case notAssessable(reason: String)
        /// No flow, with the three conditions under which that counts as absent.
        case absent
        /// No flow, but not under all conditions.
        case absenceUnproven
        case present(VeinObservation)
    }

    /// What a place showed in a posture; of several observations the most telling one.
    func cell(_ place: Place, _ posture: Posture) -> Cell {
        let found = observations[place.site(posture)] ?? []
        let examined = found.filter { $0.status == .examined }
        if let telling = examined.filter({ $0.flow == .present }).max(by: { Self.longest($0) < Self.longest($1) }) {
            return .present(telling)
        }
        let absences = examined.filter { $0.flow == .absent }
        if absences.contains(where: { $0.absence?.allHold == true }) { return .absent }
        if !absences.isEmpty { return .absenceUnproven }
        if let first = found.first(where: { $0.status == .notAssessable }) {
            return .notAssessable(reason: first.reason ?? "no reason recorded")
        }
        guard examined.isEmpty else { return .notAssessable(reason: "flow was not recorded") }
        return found.isEmpty && !mayBePlanned(place, posture) ? .notPlanned : .notExamined
    }

    /// Whether a site without an observation may have been planned: never claimed not to be where the exam is silent.
    private func mayBePlanned(_ place: Place, _ posture: Posture) -> Bool {
        if place.vein.isNeckVein || missing.contains(place.site(posture).id) { return true }
        // The azygos vein is never scored, so it is never among the missing items.
        return place.vein.isIntracranial && !knowsAllSkullSteps
    }

    /// Whether an area may have been planned: the criteria ask for all supine ones and for J2 sitting.
    func areaMayBePlanned(_ place: Place, _ posture: Posture) -> Bool {
        guard place.vein == .internalJugular, let level = place.level else { return false }
        let itemID = PlannedArea(side: place.side, level: level, posture: posture).itemID
        return posture == .supine || level == .j2 || missing.contains(itemID)
    }

    private static func longest(_ observation: VeinObservation) -> Double {
        observation.refluxes.map(\.durationSeconds).filter(\.isFinite).max() ?? 0
    }

    /// The area at a place in a posture; `nil` when it was not examined.
    func area(_ place: Place, _ posture: Posture) -> LumenArea? {
        guard place.vein == .internalJugular, let level = place.level else { return nil }
        return areas[AreaKey(side: place.side, level: level, posture: posture)]
    }

    /// Area supine minus area sitting at J2 of a side, mm2; `nil` when one of them is not known.
    func areaDifferenceMm2(_ side: Side) -> Double? {
        let key = { (posture: Posture) in AreaKey(side: side, level: .j2, posture: posture) }
        guard let supine = areas[key(.supine)]?.areaMm2, let sitting = areas[key(.sitting)]?.areaMm2 else { return nil }
        return supine - sitting
    }

    /// The areas that could not be assessed.
    var areasNotAssessable: [LumenArea] {
        Side.allCases.flatMap { side in
            JugularLevel.allCases.flatMap { level in
                Posture.allCases.compactMap { areas[AreaKey(side: side, level: level, posture: $0)] }
            }
        }.filter { $0.status == .notAssessable }
    }
}

extension ExamSite {
    /// The window through which the vein is looked at unless something else is said.
    fileprivate var usualWindow: AcousticWindow { ExamSite(vein, side, posture).window }
}
