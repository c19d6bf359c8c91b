extension Manoeuvre {
    /// The manoeuvre in words: `deep inspirations`.
    public var words: String {
        switch self {
        case .quietBreathing: "quiet breathing"
        case .deepInspirations: "deep inspirations"
        case .valsalva: "Valsalva"
        case .apnoea: "apnoea"
        }
    }
}

extension LumenDefectKind {
    /// The defect in words: `double channel`.
    public var words: String {
        switch self {
        case .web: "web"
        case .flap: "flap"
        case .septum: "septum"
        case .membrane: "membrane"
        case .fillingDefect: "filling defect"
        case .doubleChannel: "double channel"
        case .malformedValve: "malformed valve"
        case .immobileValve: "immobile valve"
        case .extraluminalNarrowing: "extraluminal narrowing"
        case .annulus: "annulus"
        case .paradox: "paradox"
        }
    }
}
