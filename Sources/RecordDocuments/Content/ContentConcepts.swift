import CCSVIAnalysis

extension Vein {
    /// The vein's code.
    var concept: RecordConcept {
        switch self {
        case .internalJugular: .internalJugular
        case .vertebral: .vertebral
        case .internalCerebral: .internalCerebral
        case .basalRosenthal: .basalRosenthal
        case .greatCerebralGalen: .greatCerebralGalen
        case .deepMiddleCerebral: .deepMiddleCerebral
        case .straightSinus: .straightSinus
        case .transverseSinus: .transverseSinus
        case .cavernousSinus: .cavernousSinus
        case .superiorPetrosalSinus: .superiorPetrosalSinus
        case .inferiorPetrosalSinus: .inferiorPetrosalSinus
        case .azygos: .azygos
        }
    }

    /// The section of TID 5100 that it stands in (PS3.17 M.1: the neck veins belong to those of the upper extremity).
    var region: RecordConcept {
        switch self {
        case .internalJugular, .vertebral: .veinOfUpperExtremity
        case .azygos: .chest
        default: .intracranialVein
        }
    }

    /// Whether there is one on each side; of the others only the window has a side.
    var isPaired: Bool {
        switch self {
        case .greatCerebralGalen, .straightSinus, .azygos: false
        default: true
        }
    }
}

extension ExamSite {
    /// The side of the vein, or that it has none.
    var lateralityConcept: RecordConcept { vein.isPaired ? side.concept : .unilateral }
}

extension Side {
    var concept: RecordConcept { self == .left ? .left : .right }
}

extension JugularLevel {
    var concept: RecordConcept {
        switch self {
        case .j1: .levelJ1
        case .j2: .levelJ2
        case .j3: .levelJ3
        }
    }
}

extension AcousticWindow {
    var concept: RecordConcept {
        switch self {
        case .neck: .windowNeck
        case .transtemporal: .windowTranstemporal
        case .occipital: .windowOccipital
        case .intercostal: .windowIntercostal
        case .suprasternal: .windowSuprasternal
        }
    }
}

extension Posture {
    /// The two codes of a posture (PS3.16 CID 19, 20).
    var pairs: [ContentPair] {
        switch self {
        case .supine:
            [ContentPair(.patientOrientation, .recumbent), ContentPair(.patientOrientationModifier, .supine)]
        case .sitting: [ContentPair(.patientOrientation, .erect), ContentPair(.patientOrientationModifier, .sitting)]
        }
    }
}

extension Manoeuvre {
    /// What the patient did, as a condition of the acquisition (PS3.16 CID 91).
    var pair: ContentPair {
        switch self {
        case .quietBreathing: ContentPair(.functionalCondition, .quietBreathing)
        case .deepInspirations: ContentPair(.functionalCondition, .deepInspirations)
        case .valsalva: ContentPair(.functionalCondition, .valsalva)
        case .apnoea: ContentPair(.functionalCondition, .heldVentilation)
        }
    }
}

extension BreathingPhase {
    /// The phase as a code; breath that is held is a condition.
    var pair: ContentPair {
        switch self {
        case .endExpiration: ContentPair(.respiratoryCyclePoint, .endExpiration)
        case .endInspiration: ContentPair(.respiratoryCyclePoint, .endInspiration)
        case .expiration: ContentPair(.respiratoryCyclePoint, .expiration)
        case .inspiration: ContentPair(.respiratoryCyclePoint, .inspiration)
        case .breathHold: ContentPair(.functionalCondition, .heldVentilation)
        }
    }
}

extension AreaMethod {
    var concept: RecordConcept {
        switch self {
        case .entered: .methodEntered
        case .ellipse: .methodEllipse
        case .trace: .methodTrace
        case .automatic: .methodAutomatic
        }
    }
}

extension FlowMethod {
    var concept: RecordConcept {
        switch self {
        case .entered: .methodEntered
        case .areaTimesVelocity: .methodAreaTimesVelocity
        case .multigate: .methodMultigate
        case .automatic: .methodAutomatic
        }
    }
}

extension LumenDefectKind {
    var concept: RecordConcept {
        switch self {
        case .web: .defectWeb
        case .flap: .defectFlap
        case .septum: .defectSeptum
        case .membrane: .defectMembrane
        case .fillingDefect: .defectFillingDefect
        case .doubleChannel: .defectDoubleChannel
        case .malformedValve: .defectMalformedValve
        case .immobileValve: .defectImmobileValve
        case .extraluminalNarrowing: .defectExtraluminalNarrowing
        case .annulus: .defectAnnulus
        case .paradox: .defectParadox
        }
    }
}

extension LeafletMotion {
    var concept: RecordConcept {
        switch self {
        case .mobile: .leafletsMobile
        case .slightlyMobile: .leafletsSlightlyMobile
        case .immobile: .leafletsImmobile
        }
    }
}

extension FlowDirection {
    var concept: RecordConcept { self == .towards ? .towards : .away }
}

extension Criterion {
    var concept: RecordConcept {
        switch self {
        case .c1: .criterion1
        case .c2: .criterion2
        case .c3: .criterion3
        case .c4: .criterion4
        case .c5: .criterion5
        }
    }
}

extension CriterionOutcome {
    /// The outcome as a code: four different ones.
    var concept: RecordConcept {
        switch self {
        case .met: .present
        case .notMet: .absent
        case .notExamined: .notExamined
        case .notAssessable: .undetermined
        }
    }
}

extension Verdict {
    var concept: RecordConcept {
        switch self {
        case .positive: .verdictPositive
        case .negative: .verdictNegative
        case .borderline: .verdictBorderline
        case .indeterminate: .verdictIndeterminate
        }
    }
}

extension ExaminationStatus {
    /// Why a figure is missing that the place could have had.
    var absence: ContentAbsence {
        switch self {
        case .examined: .notMeasured
        case .notExamined: .notExamined
        case .notAssessable: .notAssessable
        }
    }

    /// What stands in a coded value's place; `nil` for an examined place.
    var openConcept: RecordConcept? {
        switch self {
        case .examined: nil
        case .notExamined: .notExamined
        case .notAssessable: .undetermined
        }
    }
}
