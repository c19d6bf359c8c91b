/// A vein or sinus that the exam looks at.
public enum Vein: String, Sendable, Hashable, Codable, CaseIterable {
    case internalJugular, vertebral
    case internalCerebral, basalRosenthal, greatCerebralGalen, deepMiddleCerebral
    case straightSinus, transverseSinus, cavernousSinus, superiorPetrosalSinus, inferiorPetrosalSinus
    case azygos

    /// Short form used in site ids: `ijv`, `vv`, `bvr`.
    public var code: String {
        switch self {
        case .internalJugular: "ijv"
        case .vertebral: "vv"
        case .internalCerebral: "icv"
        case .basalRosenthal: "bvr"
        case .greatCerebralGalen: "gcv"
        case .deepMiddleCerebral: "dmcv"
        case .straightSinus: "ss"
        case .transverseSinus: "ts"
        case .cavernousSinus: "cs"
        case .superiorPetrosalSinus: "sps"
        case .inferiorPetrosalSinus: "ips"
        case .azygos: "azv"
        }
    }

    /// Name for people: `internal jugular vein`.
    public var name: String {
        switch self {
        case .internalJugular: "internal jugular vein"
        case .vertebral: "vertebral vein"
        case .internalCerebral: "internal cerebral vein"
        case .basalRosenthal: "basal vein of Rosenthal"
        case .greatCerebralGalen: "great cerebral vein of Galen"
        case .deepMiddleCerebral: "deep middle cerebral vein"
        case .straightSinus: "straight sinus"
        case .transverseSinus: "transverse sinus"
        case .cavernousSinus: "cavernous sinus"
        case .superiorPetrosalSinus: "superior petrosal sinus"
        case .inferiorPetrosalSinus: "inferior petrosal sinus"
        case .azygos: "azygos vein"
        }
    }

    /// Whether the vein is one of the neck veins that criteria 1 and 4 are about.
    public var isNeckVein: Bool { self == .internalJugular || self == .vertebral }

    /// The windows through which the vein can be reached from outside.
    public var windows: [AcousticWindow] {
        switch self {
        case .internalJugular: [.neck, .suprasternal]
        case .vertebral: [.neck]
        case .azygos: [.intercostal, .suprasternal]
        default: [.transtemporal, .occipital]
        }
    }

    /// Whether the vein lies inside the skull and is reached through a bone window.
    public var isIntracranial: Bool {
        switch self {
        case .internalJugular, .vertebral, .azygos: false
        default: true
        }
    }
}

/// Side of the body; for midline veins the side of the acoustic window.
public enum Side: String, Sendable, Hashable, Codable, CaseIterable {
    case left, right
}

/// Level along the internal jugular vein: J1 at the junction and valve, J2 at the thyroid, J3 near the bifurcation.
///
/// clinical.md of the project's references, section 1.6: Springer 978-88-470-5465-3, chapter 3, captions.
public enum JugularLevel: String, Sendable, Hashable, Codable, CaseIterable {
    case j1, j2, j3
}

/// Where the probe is put.
public enum AcousticWindow: String, Sendable, Hashable, Codable, CaseIterable {
    case neck, transtemporal, occipital, intercostal, suprasternal
}

/// Position of the patient's head and body: 0 or 90 degrees.
public enum Posture: String, Sendable, Hashable, Codable, CaseIterable {
    case supine, sitting
}

/// What the patient does during a recording.
public enum Manoeuvre: String, Sendable, Hashable, Codable, CaseIterable {
    case quietBreathing, deepInspirations, valsalva, apnoea
}

/// One place of the exam: a vein, on a side, at a level, through a window, in a posture.
public struct ExamSite: Sendable, Hashable, Codable {
    /// The vein.
    public var vein: Vein
    /// The side of the vein, or of the window for midline veins.
    public var side: Side
    /// The level; only the internal jugular vein has one.
    public var level: JugularLevel?
    /// Where the probe is put.
    public var window: AcousticWindow
    /// The posture.
    public var posture: Posture

    /// A site from its parts.
    public init(
        _ vein: Vein, _ side: Side, level: JugularLevel? = nil, window: AcousticWindow? = nil, _ posture: Posture
    ) {
        self.vein = vein
        self.side = side
        self.level = level
        self.window =
            window ?? (vein.isIntracranial ? .transtemporal : vein == .azygos ? .intercostal : .neck)
        self.posture = posture
    }

    /// Stable id: `ijv.left.j2.supine`, `vv.right.sitting`, `bvr.left.transtemporal.supine`.
    public var id: String {
        var parts = [vein.code, side.rawValue]
        if let level { parts.append(level.rawValue) }
        if vein.isIntracranial || vein == .azygos { parts.append(window.rawValue) }
        parts.append(posture.rawValue)
        return parts.joined(separator: ".")
    }

    /// Name for people: `left internal jugular vein, J2, supine`.
    public var name: String {
        var text = "\(side.rawValue) \(vein.name)"
        if let level { text += ", \(level.rawValue.uppercased())" }
        if vein.isIntracranial || vein == .azygos { text += ", \(window.rawValue) window" }
        return text + ", \(posture.rawValue)"
    }
}
