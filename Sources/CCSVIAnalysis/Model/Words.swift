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

extension BreathingPhase {
    /// The phase in words: `end of expiration`.
    public var words: String {
        switch self {
        case .endExpiration: "end of expiration"
        case .endInspiration: "end of inspiration"
        case .expiration: "expiration"
        case .inspiration: "inspiration"
        case .breathHold: "breath held"
        }
    }
}

extension FlowMethod {
    /// The method in words: `area times mean velocity`.
    public var words: String {
        switch self {
        case .entered: "entered"
        case .areaTimesVelocity: "area times mean velocity of the gate"
        case .multigate: "multigate profile"
        case .automatic: "automatic"
        }
    }
}
