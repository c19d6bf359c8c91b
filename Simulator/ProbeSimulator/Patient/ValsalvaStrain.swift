/// A Valsalva manoeuvre at a site: begin, strain, release.
///
/// With the begin the blood runs back until the valve has closed, or leaks through it; then flow stops while the vein
/// is wide, and with the release it comes back faster than before. Breathing is held from begin to release.
public struct ValsalvaStrain: Sendable, Hashable, Codable {
    /// What the valve does.
    public enum Valve: String, Sendable, Hashable, Codable, CaseIterable {
        /// It closes: 0.22 to 0.78 s of backflow, 0.46 +/- 0.14 s.
        case competent
        /// It leaks: 1.23 to 6.15 s of backflow, 2.66 +/- 1.28 s.
        case incompetent
    }

    /// What the valve does.
    public var valve: Valve
    /// Begin of the strain since the start of the recording, seconds.
    public var beginSeconds: Double
    /// Length of the strain, seconds.
    public var strainSeconds: Double
    /// Area of the lumen in the strain over that before, 1 or above.
    public var areaFactor: Double
    /// Whether the patient strains in every recording; otherwise only when asked to.
    public var comesUnasked: Bool
    /// Speed of the backflow, mean over the lumen, cm/s; `nil` draws its peak as published.
    public var velocityCmPerS: Double?

    /// A strain from its fields.
    public init(
        valve: Valve = .competent, beginSeconds: Double = usualBeginSeconds,
        strainSeconds: Double = usualStrainSeconds, areaFactor: Double = usualAreaFactor, comesUnasked: Bool = false,
        velocityCmPerS: Double? = nil
    ) {
        self.valve = valve
        self.beginSeconds = beginSeconds
        self.strainSeconds = strainSeconds
        self.areaFactor = areaFactor
        self.comesUnasked = comesUnasked
        self.velocityCmPerS = velocityCmPerS
    }

    /// Begin when nothing else is said, seconds (project choice: after a quiet breath).
    public static let usualBeginSeconds = 5.0
    /// Length when nothing else is said, seconds (project choice: longer than the longest published leak of 6.15 s).
    public static let usualStrainSeconds = 8.0
    /// Widening when nothing else is said (project choice; a strain opens even the collapsed vein of a standing person,
    /// Gisolf 2004).
    public static let usualAreaFactor = 1.5
    /// Forward velocity right after the release over that at rest (project choice).
    static let overshoot = 1.8
    /// Time in which it falls to 1/e of its excess, seconds (project choice).
    static let overshootSeconds = 1.0

    /// Release since the start of the recording, seconds.
    public var endSeconds: Double { beginSeconds + strainSeconds }

    /// A published figure: mean, deviation and the range that was seen.
    private struct Published {
        var mean: Double
        var deviation: Double
        var range: ClosedRange<Double>

        func drawn(_ noise: inout SignalNoise) -> Double {
            min(max(mean + deviation * noise.gaussianPair().0, range.lowerBound), range.upperBound)
        }
    }

    /// Length of the backflow, seconds (Nedelmann 2005, J Neuroimaging, 100 valves of 50 healthy people).
    private var lengthSeconds: Published {
        switch valve {
        case .competent:
            Published(
                mean: FlowReversal.valveClosureMeanSeconds, deviation: FlowReversal.valveClosureDeviationSeconds,
                range: FlowReversal.valveClosureSeconds)
        case .incompetent: Published(mean: 2.66, deviation: 1.28, range: 1.23...6.15)
        }
    }

    /// Peak velocity of the backflow, cm/s (Nedelmann 2005).
    private var peakCmPerS: Published {
        switch valve {
        case .competent: Published(mean: 26.2, deviation: 11.1, range: 12...65)
        case .incompetent: Published(mean: 89.5, deviation: 39.3, range: 25...160)
        }
    }

    /// The backflow of one recording: length in seconds and speed in cm/s, mean over the lumen.
    ///
    /// - Parameters:
    ///   - key: names patient, site and take.
    ///   - maximumOverMean: of the site's profile, since the published velocity is a peak.
    func backflow(key: [String], maximumOverMean: Double) -> (seconds: Double, velocityCmPerS: Double) {
        var noise = SignalNoise(key + ["strain"])
        let seconds = lengthSeconds.drawn(&noise)
        let peak = peakCmPerS.drawn(&noise)
        // What still leaks at the release turns forward with it.
        return (
            min(seconds, strainSeconds - 2 * FlowWaveform.halfTransitionSeconds),
            velocityCmPerS ?? peak / maximumOverMean
        )
    }

    /// Factor of the forward velocity at a time: 0 in the strain, above 1 after it.
    func forwardFactor(atSeconds seconds: Double) -> Double {
        guard seconds >= beginSeconds else { return 1 }
        let sinceEnd = seconds - endSeconds
        guard sinceEnd > 0 else { return 0 }
        let rise = min(sinceEnd / FlowWaveform.releaseSeconds, 1)
        return rise * (1 + (Self.overshoot - 1) * PortableMath.exponential(-sinceEnd / Self.overshootSeconds))
    }

    /// Whether a stretch of time touches the strain.
    func touches(from begin: Double, to end: Double) -> Bool {
        end > beginSeconds - FlowWaveform.releaseSeconds && begin < endSeconds + FlowWaveform.releaseSeconds
    }
}
