/// Reverse flow that comes at a stated place in the breath or in the heart beat.
public struct FlowReversal: Sendable, Hashable, Codable {
    /// What the reversal stands for.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Reflux of a stated length.
        case reflux
        /// The short backflow while a competent valve closes.
        case valveClosure
        /// The brief backflow that is normal in the azygos vein in diastole.
        case diastolic
        /// The long backflow through an incompetent valve in a strain; only a `ValsalvaStrain` brings it.
        case valveLeak
    }

    /// What it stands for.
    public var kind: Kind
    /// Begin after the onset of inspiration, seconds; 0 where the heart sets the begin.
    public var onsetSeconds: Double
    /// Begin in every heart beat, as a share of it from the R wave on; `nil` = the breath sets the begin.
    public var heartPhase: Double?
    /// Length, seconds; for a valve closure its mean.
    public var lengthSeconds: Double
    /// Standard deviation of the length between breaths, seconds; 0 for reflux.
    public var lengthDeviationSeconds: Double
    /// Speed against the normal direction, mean over the lumen, cm/s, above 0.
    public var velocityCmPerS: Double
    /// The breaths in which it comes, counted from 1; `nil` = every one.
    public var breaths: [Int]?

    /// Shortest and longest backflow of a competent valve, seconds (Nedelmann 2005, 100 valves of 50 healthy people).
    public static let valveClosureSeconds = 0.22...0.78
    /// Mean length of a competent valve's backflow, seconds (Nedelmann 2005).
    public static let valveClosureMeanSeconds = 0.46
    /// Standard deviation of a competent valve's backflow, seconds (Nedelmann 2005).
    public static let valveClosureDeviationSeconds = 0.14
    /// Mean peak velocity of a competent valve's backflow, cm/s (Nedelmann 2005: 26.2 +/- 11.1).
    public static let valveClosureVelocityCmPerS = 26.2

    /// Reflux of a stated length.
    public static func reflux(
        onsetSeconds: Double, lengthSeconds: Double, velocityCmPerS: Double, breaths: [Int]? = nil
    ) -> FlowReversal {
        FlowReversal(
            kind: .reflux, onsetSeconds: onsetSeconds, lengthSeconds: lengthSeconds, lengthDeviationSeconds: 0,
            velocityCmPerS: velocityCmPerS, breaths: breaths)
    }

    /// The backflow of a competent valve, different in each breath.
    public static func valveClosure(
        onsetSeconds: Double, meanSeconds: Double = valveClosureMeanSeconds,
        deviationSeconds: Double = valveClosureDeviationSeconds, velocityCmPerS: Double = valveClosureVelocityCmPerS,
        breaths: [Int]? = nil
    ) -> FlowReversal {
        FlowReversal(
            kind: .valveClosure, onsetSeconds: onsetSeconds, lengthSeconds: meanSeconds,
            lengthDeviationSeconds: deviationSeconds, velocityCmPerS: velocityCmPerS, breaths: breaths)
    }

    /// A brief reversal in the same place of every heart beat: normal in the azygos vein (Morita 2010, MRI of ten healthy
    /// people).
    public static func diastolic(
        heartPhase: Double, lengthSeconds: Double, velocityCmPerS: Double, breaths: [Int]? = nil
    ) -> FlowReversal {
        FlowReversal(
            kind: .diastolic, onsetSeconds: 0, heartPhase: heartPhase, lengthSeconds: lengthSeconds,
            lengthDeviationSeconds: 0, velocityCmPerS: velocityCmPerS, breaths: breaths)
    }

    /// The longest that it may last in any breath, seconds.
    var longestSeconds: Double {
        lengthDeviationSeconds > 0 ? max(lengthSeconds, Self.valveClosureSeconds.upperBound) : lengthSeconds
    }

    /// Whether it comes in a breath, counted from 0.
    func comes(inBreath index: Int) -> Bool { breaths.map { $0.contains(index + 1) } ?? true }

    /// Its length in one breath, seconds; the key names patient, site and take.
    func seconds(inBreath index: Int, key: [String]) -> Double {
        guard lengthDeviationSeconds > 0 else { return lengthSeconds }
        var noise = SignalNoise(key + ["valve", String(index)])
        let drawn = lengthSeconds + lengthDeviationSeconds * noise.gaussianPair().0
        return min(max(drawn, Self.valveClosureSeconds.lowerBound), Self.valveClosureSeconds.upperBound)
    }
}
