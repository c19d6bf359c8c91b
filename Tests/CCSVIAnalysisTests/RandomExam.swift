import CCSVIAnalysis
import TestSupport

/// Exams made at random from a seed: every kind of finding, of absence and of missing.
struct RandomExam {
    private var generator: SeededGenerator

    init(seed: Int) { generator = SeededGenerator(seed: UInt64(seed)) }

    /// An exam in which anything can be found or missing.
    mutating func measurements() throws -> ExamMeasurements {
        let plan = try Fixture.plan()
        // Some exams are nearly complete and some nearly empty, so that every verdict comes up.
        let missing: Double = [0, 0.05, 0.3, 0.8][index(below: 4)]
        let abnormal: Double = [0.02, 0.2, 0.6][index(below: 3)]
        var exam = ExamMeasurements(
            observations: plan.plannedSites.compactMap { observation($0, missing: missing, abnormal: abnormal) },
            lumenAreas: plan.areas.compactMap { area($0, missing: missing, abnormal: abnormal) })
        // Some sinuses, which the protocol does not plan.
        for vein in [Vein.transverseSinus, .superiorPetrosalSinus, .straightSinus] where chance(0.3) {
            let site = ExamSite(vein, chance(0.5) ? .left : .right, chance(0.5) ? .supine : .sitting)
            exam.observations.append(known(site, abnormal: abnormal, unproven: 0))
        }
        for place in plan.lumenPlaces { addLumen(place, missing: missing, abnormal: abnormal, to: &exam) }
        addFindingsBeside(to: &exam)
        return exam
    }

    /// Flows and findings of other modalities, which nothing may count.
    private mutating func addFindingsBeside(to exam: inout ExamMeasurements) {
        for posture in Posture.allCases where chance(0.3) {
            exam.volumeFlows.append(
                VolumeFlow(site: ExamSite(.vertebral, .left, posture), mlPerMin: Double(index(below: 900))))
        }
        if chance(0.3) { exam.arterialInflowSupineMlPerMin = 700 }
        guard chance(0.3) else { return }
        exam.otherFindings.append(
            OtherFinding(
                modality: OtherModality.allCases[index(below: OtherModality.allCases.count)],
                vein: Vein.allCases[index(below: Vein.allCases.count)], side: chance(0.5) ? .left : .right,
                kind: OtherFindingKind.allCases[index(below: OtherFindingKind.allCases.count)],
                narrowingPercent: chance(0.5) ? Double(index(below: 101)) : nil, source: "Ferrara", date: "2012-05-01",
                reportNumber: "17"))
    }

    private mutating func addLumen(
        _ place: LumenPlace, missing: Double, abnormal: Double, to exam: inout ExamMeasurements
    ) {
        var inspection = LumenInspection(side: place.side, level: place.level)
        guard !chance(missing) else {
            if chance(0.3) { return }
            inspection.status = chance(0.5) ? .notExamined : .notAssessable
            inspection.reason = inspection.status == .notAssessable ? "behind the jaw" : nil
            exam.lumenInspections.append(inspection)
            return
        }
        if chance(0.9) { exam.lumenInspections.append(inspection) }
        guard chance(abnormal) else { return }
        let kind = LumenDefectKind.allCases[index(below: LumenDefectKind.allCases.count)]
        exam.lumenDefects.append(LumenDefect(side: place.side, level: place.level, kind: kind))
    }

    mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < share }

    mutating func index(below count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

    private mutating func observation(_ site: ExamSite, missing: Double, abnormal: Double) -> VeinObservation? {
        if chance(missing) {
            switch index(below: 3) {
            case 0: return nil
            case 1: return VeinObservation(site: site, status: .notExamined)
            default: return VeinObservation(site: site, status: .notAssessable, reason: "no window")
            }
        }
        return known(site, abnormal: abnormal, unproven: missing)
    }

    /// A site that was examined; with `unproven` 0 nothing about it stays open.
    mutating func known(_ site: ExamSite, abnormal: Double, unproven: Double) -> VeinObservation {
        var observation = VeinObservation(site: site, status: .examined, flow: .present)
        guard chance(abnormal) else { return observation }
        if !site.vein.isIntracranial, chance(0.4) {
            observation.flow = .absent
            let proven = !chance(unproven)
            observation.absence = AbsenceConditions(
                lowWallFilter: true, lowVelocityScale: proven, deepInspirations: true)
            return observation
        }
        for _ in 0..<(1 + index(below: 2)) {
            observation.refluxes.append(
                RefluxEpisode(
                    durationSeconds: [0.3, 0.5, 0.6, 0.88, 0.9, 2][index(below: 6)],
                    manoeuvre: Manoeuvre.allCases[index(below: 8) % Manoeuvre.allCases.count],
                    breathsSeen: chance(unproven) ? nil : index(below: 4)))
        }
        return observation
    }

    private mutating func area(_ plan: PlannedArea, missing: Double, abnormal: Double) -> LumenArea? {
        if chance(missing) {
            return chance(0.5)
                ? nil
                : LumenArea(
                    side: plan.side, level: plan.level, posture: plan.posture, status: .notAssessable,
                    reason: "behind the jaw", areaMm2: nil)
        }
        return known(plan, abnormal: abnormal)
    }

    /// An area that was measured.
    mutating func known(_ plan: PlannedArea, abnormal: Double) -> LumenArea {
        let mm2 = chance(abnormal) ? [10.0, 30, 31, 90][index(below: 4)] : plan.posture == .supine ? 80 : 20
        return LumenArea(side: plan.side, level: plan.level, posture: plan.posture, areaMm2: mm2)
    }

    /// The same exam with everything that was open made known at random.
    mutating func completed(_ exam: ExamMeasurements) throws -> ExamMeasurements {
        let plan = try Fixture.plan()
        var complete = exam
        for site in plan.plannedSites {
            let index = complete.observations.firstIndex { $0.site.id == site.id }
            guard index.map({ Self.isOpen(complete.observations[$0]) }) ?? true else { continue }
            let found = index.map { proven(complete.observations[$0]) } ?? known(site, abnormal: 0.5, unproven: 0)
            if let index { complete.observations[index] = found } else { complete.observations.append(found) }
        }
        for area in plan.areas {
            let index = complete.lumenAreas.firstIndex { $0.itemID == area.itemID }
            guard index.map({ complete.lumenAreas[$0].areaMm2 == nil }) ?? true else { continue }
            let found = known(area, abnormal: 0.5)
            if let index { complete.lumenAreas[index] = found } else { complete.lumenAreas.append(found) }
        }
        for place in plan.lumenPlaces {
            let isKnown = complete.lumenInspections.contains { $0.place == place && $0.status == .examined }
            guard !isKnown else { continue }
            complete.lumenInspections.removeAll { $0.place == place }
            addLumen(place, missing: 0, abnormal: 0.5, to: &complete)
            if !complete.lumenInspections.contains(where: { $0.place == place }) {
                complete.lumenInspections.append(LumenInspection(side: place.side, level: place.level))
            }
        }
        return complete
    }

    private static func isOpen(_ observation: VeinObservation) -> Bool {
        observation.status != .examined || observation.refluxes.contains { $0.breathsSeen == nil }
            || (observation.flow == .absent && observation.absence?.allHold != true)
    }

    /// What an open observation may turn out to be: breathing becomes known, an absence is proven or flow is found.
    private mutating func proven(_ observation: VeinObservation) -> VeinObservation {
        guard observation.status == .examined else { return known(observation.site, abnormal: 0.5, unproven: 0) }
        guard observation.flow == .present else {
            if chance(0.5) { return known(observation.site, abnormal: 0.5, unproven: 0) }
            var proven = observation
            proven.absence = AbsenceConditions(lowWallFilter: true, lowVelocityScale: true, deepInspirations: true)
            return proven
        }
        var proven = observation
        for index in proven.refluxes.indices where proven.refluxes[index].breathsSeen == nil {
            proven.refluxes[index].breathsSeen = self.index(below: 4)
        }
        return proven
    }
}
